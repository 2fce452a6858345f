"""Grade a class: hand submissions to judges, take the results as they come."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Sequence
from multiprocessing.connection import wait
from typing import Any

from autograder.intake.submission import Readable
from autograder.judging.crew import Crew, Slot
from autograder.judging.failures import MachineFailure, SlotLost
from autograder.judging.plan import Plan
from autograder.judging.receipt import not_graded
from autograder.judging.suite import HiddenTest, SuiteError

Result = dict[str, Any]


def grade_all(entrants: Sequence[Readable], plan: Plan, workers: int) -> Generator[Result]:
    """Yield each entrant's result, in the order in which they are done.

    Whoever could not be graded because the machine failed is tried once more, at the end.
    Close the iterator to stop early: every process is ended then. Raises SuiteError when the
    hidden suite is at fault, MachineFailure when judges or workers can't be started.
    """
    batch = _Batch(entrants, plan)
    try:
        batch.start(min(workers, len(entrants)))
        while slots := batch.busy:
            for connection in wait(list(slots)):
                result = batch.take(slots[connection])
                if result is not None:
                    yield result
    finally:
        batch.close()


class _Batch:
    """Who is waiting, and who is being graded where."""

    def __init__(self, entrants: Sequence[Readable], plan: Plan) -> None:
        self._plan = plan
        self._waiting = deque(entrants)
        self._tried: set[str] = set()
        self._tests: list[HiddenTest] = []
        self._crews: list[Crew] = []

    @property
    def busy(self) -> dict[Any, Slot]:
        """The slots with an entrant, by the connection to listen to."""
        slots = [slot for crew in self._crews for slot in crew.slots]
        return {slot.connection: slot for slot in slots if slot.entrant}

    def start(self, size: int) -> None:
        """Start so many more slots, and give each of them something to do."""
        crew = Crew(self._plan, size)
        self._crews.append(crew)
        for slot in crew.slots:
            self._give_next(slot)

    def take(self, slot: Slot) -> Result | None:
        """What a slot has to say, if it is a result for good."""
        said = slot.take()
        if isinstance(said, list):
            self._tests = said
            slot.ready = True
            return None
        if isinstance(said, str):
            raise SuiteError(said)
        entrant, slot.entrant = slot.entrant, None
        assert entrant is not None
        if isinstance(said, dict):
            result = said
        else:
            reason = said.reason if isinstance(said, SlotLost) else "a judge's process has ended"
            if not slot.ready:
                raise MachineFailure(reason)
            problem = f"the machine failed: {reason}; grade again"
            result = not_graded(entrant.student, self._plan, self._tests, problem)
        again = result["status"] == "not_graded" and entrant.student not in self._tried
        if again:
            self._tried.add(entrant.student)
            self._waiting.append(entrant)
        if isinstance(said, dict):
            self._give_next(slot)
        elif self._waiting:
            self.start(1)
        return None if again else result

    def _give_next(self, slot: Slot) -> None:
        if self._waiting:
            slot.give(self._waiting.popleft())

    def close(self) -> None:
        for crew in self._crews:
            crew.close()
