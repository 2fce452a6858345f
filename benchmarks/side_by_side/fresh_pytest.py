"""A pytest plugin that runs the hidden suites on one submission, in a process of its own.

SUBMISSION=folder POINTS=file.json python -m pytest -p side_by_side.fresh_pytest SUITE...
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from autograder.comparing import fixtures
from autograder.comparing.fixtures import BENCH, function_fixtures
from autograder.comparing.function import ExerciseFunction
from autograder.judging.suite import RULE_MARKER, describe_item
from side_by_side.same_checks import COURSE, SEED, InProcess, from_units, unit_modules


class OneSubmission:
    """What the fixtures need to know, and the points so far."""

    seed = SEED

    def __init__(self, folder: Path) -> None:
        self.modules = unit_modules(folder)
        self.points = {function.name: 0.0 for function in COURSE.functions}
        self._backend = InProcess(from_units)

    def function(self, name: str, request: pytest.FixtureRequest) -> ExerciseFunction:
        return ExerciseFunction(name, self._backend)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", RULE_MARKER)
    config.addinivalue_line("markers", "gpu: runs on a CUDA device, for no points")
    one = config.stash[BENCH] = OneSubmission(Path(os.environ["SUBMISSION"]))
    one.modules.__enter__()
    names = [function.name for function in COURSE.functions]
    config.pluginmanager.register(fixtures, "exercise_fixtures")
    config.pluginmanager.register(function_fixtures(names), "exercise_functions")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call" and report.passed:
        test = describe_item(item, COURSE)
        item.config.stash[BENCH].points[test.function] += test.points
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    points = session.config.stash[BENCH].points
    Path(os.environ["POINTS"]).write_text(json.dumps(points), encoding="utf-8")
