"""Results to report on, as the judge writes them."""

from collections.abc import Callable
from typing import Any

import pytest

Dicts = Callable[..., dict[str, Any]]


@pytest.fixture
def hidden_test() -> Dicts:
    """Makes one test of a function: passed, for one point, unless told otherwise."""

    def make(status: str = "passed", points: float = 1.0, **fields: Any) -> dict[str, Any]:
        return {
            "name": "test_batch",
            "title": "One distance for each picture of a batch",
            "rule": "value",
            "status": status,
            "score": points if status == "passed" else 0.0,
            "max_score": points,
            "message": "",
        } | fields

    return make


@pytest.fixture
def function(hidden_test: Dicts) -> Dicts:
    """Makes one function; its status and points follow from its tests."""

    def make(name: str = "mnist_distance", *tests: dict[str, Any], **fields: Any) -> dict[str, Any]:
        tests = tests or (hidden_test(),)
        statuses = {test["status"] for test in tests}
        return {
            "name": name,
            "unit": "distance",
            "status": statuses.pop() if len(statuses) == 1 else "failed",
            "score": sum(test["score"] for test in tests),
            "max_score": sum(test["max_score"] for test in tests),
            "diagnosis": None,
            "tests": list(tests),
        } | fields

    return make


@pytest.fixture
def result(function: Dicts) -> Dicts:
    """Makes the result of one student; score and full marks follow from the functions."""

    def make(student: str = "anna", *functions: dict[str, Any], **fields: Any) -> dict[str, Any]:
        functions = functions or (function(),)
        return {
            "schema": 1,
            "student": student,
            "assignment": "mnist_basics",
            "status": "graded",
            "score": sum(function["score"] for function in functions),
            "max_score": sum(function["max_score"] for function in functions),
            "functions": list(functions),
            "notes": [],
            "problem": None,
            "receipt": {
                "submission": "0123456789abcdef" * 4,
                "torch": "2.15.0",
                "seed": 0,
                "sandbox": [],
            },
        } | fields

    return make
