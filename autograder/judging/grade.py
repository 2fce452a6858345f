"""Grade a class: hand submissions to judge processes, write each result as it comes."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from autograder.course import load_course
from autograder.judging.intake import Entrant, find_submissions
from autograder.judging.result import build_result
from autograder.judging.receipt import receipt
from autograder.judging.slot import Plan, serve_slot
from autograder.judging.suite import SuiteError, suite_digest
from autograder.reporting.feedback import write_feedback
from autograder.reporting.files import student_file, write_atomically
from autograder.reporting.grades import write_grades


class Slot:
    """One judge process and the entrant it is busy with."""

    def __init__(self, plan: Plan) -> None:
        # spawn: a judge starts clean, and works the same on every system.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=serve_slot, args=(plan, theirs), daemon=False)
        self._process.start()
        theirs.close()
        self.entrant: Entrant | None = None

    def give(self, entrant: Entrant) -> None:
        self.entrant = entrant
        with suppress(BrokenPipeError):
            self.connection.send(entrant)

    def take(self) -> dict[str, Any] | None:
        """The result of the entrant, or None when the judge process has died."""
        try:
            answer = self.connection.recv()
        except (EOFError, ConnectionError):
            return None
        if isinstance(answer, str):
            raise SuiteError(answer)
        result: dict[str, Any] = answer
        return result

    def close(self, patience: float = 15.0) -> None:
        """Hang up, and end the process if it does not end itself."""
        self.connection.close()
        self._process.join(patience)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def grade_class(
    submitted: Path,
    out: Path,
    plan: Plan,
    workers: int,
    *,
    started: Callable[[int], None] = lambda count: None,
    finished: Callable[[dict[str, Any]], None] = lambda result: None,
) -> list[dict[str, Any]]:
    """Grade everything under ``submitted`` and write results, feedback and grades to ``out``.

    Each result is written before the next is waited for, so that nothing done is lost.
    Returns the results by student name. Raises IntakeError for what can't be a class,
    SuiteError when the suite is at fault, OSError when ``out`` can't be written.
    """
    entrants = find_submissions(submitted, load_course().unit_names, plan.assignment)
    for folder in ("results", "feedback"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    started(len(entrants))
    results: list[dict[str, Any]] = []
    try:
        for result in _results(entrants, plan, min(workers, len(entrants))):
            results.append(result)
            _write(result, out)
            finished(result)
    finally:
        results.sort(key=lambda result: result["student"])
        if results:
            write_grades(results, out / "grades.csv")
    return results


def _write(result: dict[str, Any], out: Path) -> None:
    student = result["student"]
    write_atomically(student_file(out / "results", student, ".json"), to_json_bytes(result))
    write_feedback(result, student_file(out / "feedback", student, ".html"))


def _results(
    entrants: Sequence[Entrant], plan: Plan, workers: int
) -> Iterator[dict[str, Any]]:
    """Yield results in the order in which they are done."""
    waiting = deque(entrants)
    slots = [Slot(plan) for _ in range(workers)]
    try:
        for slot in slots:
            slot.give(waiting.popleft())
        while busy := {slot.connection: slot for slot in slots if slot.entrant}:
            for connection in wait(list(busy)):
                assert isinstance(connection, Connection)
                slot = busy[connection]
                entrant = slot.entrant
                assert entrant is not None
                slot.entrant = None
                result = slot.take()
                if result is None:
                    slot.close()
                    slots.remove(slot)
                    result = _not_graded(entrant, plan)
                    if waiting:
                        slot = Slot(plan)
                        slots.append(slot)
                if waiting:
                    slot.give(waiting.popleft())
                yield result
    finally:
        for slot in slots:
            slot.close()


def _not_graded(entrant: Entrant, plan: Plan) -> dict[str, Any]:
    """The result when the judge process itself died: the machine's fault, never a zero."""
    functions = load_course().of_assignment(plan.assignment)
    return build_result(
        entrant.student,
        plan.assignment,
        functions,
        [],
        {},
        receipt("", suite_digest(plan.suite), plan.seed),
        status="not_graded",
        problem="the machine failed: the judge's process ended while grading; grade again",
    )
