"""The pytest plugin that ``pytest exercises`` runs under; pyproject.toml loads it."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from pathlib import Path

import pytest

from autograder.course import FIRST_ASSIGNMENT, CourseError, load_course
from autograder.observing.outcome import CALL_SECONDS
from autograder.selfcheck.desk import Desk, FolderDesk
from autograder.selfcheck.last_words import LastWords
from autograder.selfcheck.limits import TimeLimit
from autograder.selfcheck.runner import SelfCheck
from autograder.selfcheck.summary import Summary

LONGEST_SECONDS = 86_400.0


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("exercises", "Threes & Sevens")
    group.addoption(
        "--assignment",
        default=FIRST_ASSIGNMENT,
        help="which exercises to check: an assignment's name, or all",
    )
    group.addoption("--seed", type=int, default=0, help="draw other test cases (default: 0)")
    group.addoption(
        "--call-seconds",
        type=_seconds,
        default=CALL_SECONDS,
        help=f"how long one call of your function may take (default: {CALL_SECONDS:g})",
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= LONGEST_SECONDS:
        raise argparse.ArgumentTypeError(f"must be more than 0, at most {LONGEST_SECONDS:g}")
    return seconds


def pytest_configure(config: pytest.Config) -> None:
    last_words = LastWords.on_stderr()
    if last_words:
        config.add_cleanup(last_words.close)
    debugged = bool(config.getoption("usepdb") or config.getoption("trace"))
    limit = TimeLimit(config.getoption("call_seconds"), last_words, off=debugged)
    try:
        course = load_course()

        def desk_for(folder: Path) -> Desk:
            return FolderDesk(folder, course, limit)

        check = SelfCheck(
            course, config.getoption("assignment"), config.getoption("seed"), limit, desk_for
        )
    except CourseError as error:
        raise pytest.UsageError(str(error)) from error
    config.args[:] = [beside(argument, course.unit_names) for argument in config.args]
    config.pluginmanager.register(check, "exercise_check")
    config.pluginmanager.register(Summary(check), "exercise_summary")


def beside(argument: str, units: Collection[str]) -> str:
    """For ``exercises/distance.py``, the file that a student edits, the tests beside it."""
    file = Path(argument)
    # "." has no name that could be another's.
    if file.stem not in units:
        return argument
    tests = file.with_name(f"test_{file.name}")
    return str(tests) if tests.is_file() else argument
