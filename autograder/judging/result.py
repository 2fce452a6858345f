"""One submission's result: plain data, the same bytes for the same submission."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.course import Function
from autograder.judging.suite import HiddenTest

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one hidden test ended, and the words for the student."""

    status: str
    message: str = ""

    @property
    def good(self) -> bool:
        return self.status in ("passed", "skipped")


NOT_ATTEMPTED = Verdict("not_attempted")


def build_result(
    student: str,
    assignment: str,
    functions: Sequence[Function],
    tests: Sequence[HiddenTest],
    verdicts: Mapping[HiddenTest, Verdict],
    receipt: Mapping[str, Any],
    *,
    status: str = "graded",
    problem: str | None = None,
    notes: Iterable[str] = (),
) -> dict[str, Any]:
    """Build the result with every function and test of the assignment in it.

    A test without a verdict is not attempted. With status ``not_graded`` the score is None,
    never a zero, and ``problem`` says why.
    """
    listed = [_function_result(function, tests, verdicts) for function in functions]
    return {
        "schema": SCHEMA,
        "student": student,
        "assignment": assignment,
        "status": status,
        "problem": problem,
        "notes": list(notes),
        "score": None if status == "not_graded" else _total(listed, "score"),
        "max_score": _total(listed, "max_score"),
        "functions": listed,
        "receipt": dict(receipt),
    }


def _function_result(
    function: Function, tests: Sequence[HiddenTest], verdicts: Mapping[HiddenTest, Verdict]
) -> dict[str, Any]:
    own = [test for test in tests if test.function == function.name]
    found = [verdicts.get(test, NOT_ATTEMPTED) for test in own]
    listed = [_test_result(test, verdict) for test, verdict in zip(own, found, strict=True)]
    if all(verdict is NOT_ATTEMPTED for verdict in found):
        status = "not_attempted"
    else:
        status = "passed" if all(verdict.good for verdict in found) else "failed"
    return {
        "name": function.name,
        "unit": function.unit,
        "status": status,
        "score": _total(listed, "score"),
        # Without its tests, which a judge that died did not list, the course still knows.
        "max_score": _total(listed, "max_score") if listed else function.points,
        "diagnosis": None,
        "tests": listed,
    }


def _total(parts: Iterable[Mapping[str, Any]], key: str) -> float:
    return sum((part[key] for part in parts), 0.0)


def _test_result(test: HiddenTest, verdict: Verdict) -> dict[str, Any]:
    return {
        "name": test.name,
        "title": test.title,
        "rule": test.rule,
        "status": verdict.status,
        "score": test.points if verdict.status == "passed" else 0.0,
        "max_score": test.points,
        "message": verdict.message,
    }


def to_json(result: Mapping[str, Any]) -> str:
    """The result as it is written to ``results/<student>.json``, in one line."""
    return json.dumps(result, ensure_ascii=False) + "\n"
