"""A judge beside a Jupyter kernel: it grades the cells that the kernel has run, as text.

``result_of`` is called in the kernel and asks a process of its own, which is started once and
ends with the kernel. The kernel runs a stranger's code, so no hidden test may be read in it.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autograder.course import SUITE_VARIABLE, load_course
from autograder.intake.submission import Reader, Submission
from autograder.judging.crew import Crew
from autograder.judging.failures import MachineFailure
from autograder.judging.plan import Plan
from autograder.judging.sandbox import find_sandbox
from autograder.judging.suite import HiddenTest, SuiteError, suite_files

STUDENT = "this notebook"


class NotGraded(Exception):
    """No points can be given here; the message says why."""


@dataclass(frozen=True, slots=True)
class Cells:
    """An entrant whose notebook has never been a file."""

    cells: tuple[str, ...]
    assignment: str
    student: str = STUDENT

    def read(self) -> Submission:
        reader = Reader(self.student, load_course().unit_names, self.assignment)
        reader.read_cells(self.cells, self.student)
        return reader.submission()


def result_of(cells: Sequence[str], assignment: str) -> dict[str, Any]:
    """The result of these cells. Raises NotGraded when the judge can't say."""
    process = _judge_of(assignment)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(list(cells)) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
    except (OSError, ValueError) as error:
        raise NotGraded("The judge's process has ended: grade this notebook again.") from error
    if "refused" in answer:
        raise NotGraded(answer["refused"])
    return answer


@cache
def _judge_of(assignment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", __name__, assignment],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def main(assignment: str) -> None:
    """Read cells from standard input, one JSON list a line, and write a result for each."""
    for answer in _answers(assignment):
        print(json.dumps(answer), flush=True)


def _answers(assignment: str) -> Iterator[dict[str, Any]]:
    try:
        # The kernel itself runs the same code, unlocked: what can't be locked here adds no risk.
        private = os.environ.get(SUITE_VARIABLE)
        suite = tuple(suite_files(Path(private) if private else None))
        plan = Plan(assignment, 0, suite, find_sandbox())
        with closing(Crew(plan, 1)) as crew:
            [slot] = crew.slots
            said = slot.take()
            if isinstance(said, list):
                said = _other_points(said, assignment) or said
            for line in sys.stdin if isinstance(said, list) else ():
                slot.give(Cells(tuple(json.loads(line)), assignment))
                said = slot.take()
                if not isinstance(said, dict):
                    break
                yield said if said["status"] != "not_graded" else {"refused": said["problem"]}
        yield {"refused": said if isinstance(said, str) else "The machine failed: grade again."}
    except (SuiteError, MachineFailure) as error:
        yield {"refused": str(error)}


def _other_points(tests: Sequence[HiddenTest], assignment: str) -> str | None:
    """Why nbgrader would show points out of a wrong number, if the tests are not the course's."""
    for function in load_course().of_assignment(assignment):
        points = sum(test.points for test in tests if test.function == function.name)
        if not math.isclose(points, function.points):
            return (
                f"{function.name} has {function.points:g} points in the course, and {points:g} in "
                f"the suites: run `autograder build` with the --suite that {SUITE_VARIABLE} names, "
                "and generate the assignment again."
            )
    return None


if __name__ == "__main__":
    main(sys.argv[1])
