"""What a result rests on: hashes of submission, suite and kit, and the versions in use."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograder.course import load_course
from autograder.files import files_digest
from autograder.judging.plan import Plan
from autograder.judging.references import SOLUTIONS
from autograder.judging.result import build_result
from autograder.judging.suite import HiddenTest, suite_digest

KIT = Path(__file__).resolve().parents[1]


@cache
def kit_digest() -> str:
    """sha256 over the kit's own code, the course and the references; not over the suites."""
    files = [
        file
        for file in [*KIT.rglob("*.py"), KIT / "course.json", *SOLUTIONS.glob("*.py")]
        if "hidden" not in file.relative_to(KIT.parent).parts and file.is_file()
    ]
    return files_digest((file.relative_to(KIT.parent).as_posix(), file) for file in sorted(files))


def receipt(submission: str, plan: Plan) -> dict[str, Any]:
    """Build the receipt of the submission with this digest, graded by ``plan``.

    It holds nothing that differs between two equal runs. ``sandbox`` lists the layers that
    locked the worker.
    """
    return {"submission": submission, **_of_the_run(plan)}


def not_graded(
    student: str, plan: Plan, tests: Iterable[HiddenTest], problem: str
) -> dict[str, Any]:
    """The result of whom the machine, or we, failed: never a zero. ``tests`` are all there are."""
    functions = load_course().of_assignment(plan.assignment)
    names = {function.name for function in functions}
    return build_result(
        student,
        plan.assignment,
        functions,
        [test for test in tests if test.function in names],
        {},
        receipt("", plan),
        status="not_graded",
        problem=problem,
    )


@cache
def _of_the_run(plan: Plan) -> dict[str, Any]:
    return {
        "suite": suite_digest(plan.suite),
        "kit": kit_digest(),
        "torch": version("torch"),
        "python": platform.python_version(),
        "seed": plan.seed,
        "sandbox": list(plan.sandbox.layers),
        "device": "cpu",
    }
