"""Grade a class: hand submissions to judge processes, take the results as they come."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any

from autograder.course import load_course
from autograder.intake.entrants import Entrant
from autograder.judging.plan import Plan
from autograder.judging.receipt import receipt
from autograder.judging.result import build_result
from autograder.judging.suite import HiddenTest, SuiteError, suite_digest
from autograder.judging.worker_process import MachineFailure


def _serve(plan: Plan, connection: Connection) -> None:
    # Imported in the judge's process: the parent has no need of torch.
    from autograder.judging.slot import serve_slot

    serve_slot(plan, connection)


class Slot:
    """One judge process and the entrant it is busy with."""

    def __init__(self, plan: Plan) -> None:
        # spawn: a judge starts clean, and works the same on every system.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(plan, theirs), daemon=False)
        # Ctrl-C goes to every process on the terminal, but it is for this one to handle.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self._process.start()
        except OSError as error:
            raise MachineFailure(f"no judge could be started: {error.strerror}") from error
        finally:
            signal.signal(signal.SIGINT, before)
            theirs.close()
        self.entrant: Entrant | None = None

    def give(self, entrant: Entrant) -> None:
        self.entrant = entrant
        with suppress(BrokenPipeError):
            self.connection.send(entrant)

    def take(self) -> dict[str, Any] | list[HiddenTest] | None:
        """The hidden tests, first; then a result; None when the judge process has died."""
        try:
            answer = self.connection.recv()
        except (EOFError, ConnectionError):
            return None
        if isinstance(answer, str):
            raise SuiteError(answer)
        result: dict[str, Any] | list[HiddenTest] = answer
        return result

    def close(self, patience: float = 15.0) -> None:
        """Hang up, which ends an idle judge; a busy one is interrupted."""
        self.connection.close()
        if self.entrant is not None:
            self._process.terminate()
        self._process.join(patience)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def grade_all(entrants: Sequence[Entrant], plan: Plan, workers: int) -> Generator[dict[str, Any]]:
    """Yield each entrant's result, in the order in which they are done.

    Close the iterator to stop early: every process is ended then. Raises SuiteError when the
    hidden suite is at fault, MachineFailure when no judge can be started.
    """
    waiting = deque(entrants)
    slots: list[Slot] = []
    tests: list[HiddenTest] = []
    try:
        for _ in range(min(workers, len(waiting))):
            slots.append(Slot(plan))
            slots[-1].give(waiting.popleft())
        while busy := {slot.connection: slot for slot in slots if slot.entrant}:
            for connection in wait(list(busy)):
                assert isinstance(connection, Connection)
                slot = busy[connection]
                entrant = slot.entrant
                assert entrant is not None
                result = slot.take()
                if isinstance(result, list):
                    tests = result
                    continue
                slot.entrant = None
                if result is None:
                    slot.close()
                    slots.remove(slot)
                    result = _not_graded(entrant, plan, tests)
                    if waiting:
                        slot = Slot(plan)
                        slots.append(slot)
                if waiting:
                    slot.give(waiting.popleft())
                yield result
    finally:
        for slot in slots:
            slot.close()


def _not_graded(entrant: Entrant, plan: Plan, tests: Sequence[HiddenTest]) -> dict[str, Any]:
    """The result when the judge process itself died: the machine's fault, never a zero."""
    functions = load_course().of_assignment(plan.assignment)
    return build_result(
        entrant.student,
        plan.assignment,
        functions,
        [test for test in tests if test.function in {function.name for function in functions}],
        {},
        receipt("", suite_digest(plan.suite), plan.seed),
        status="not_graded",
        problem="the machine failed: the judge's process ended while grading; grade again",
    )
