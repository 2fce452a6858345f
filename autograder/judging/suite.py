"""The hidden suites: which files, and what each test says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.comparing.titles import function_of, title_and_lesson
from autograder.course import Course
from autograder.files import files_digest

HIDDEN = Path(__file__).resolve().parents[1] / "hidden"
RULES = (
    "value",
    "shape",
    "type",
    "dtype",
    "vectorised",
    "in_place",
    "device",
    "graph",
    "errors",
)
RULE_MARKER = "rule(name, points): what a hidden test checks, and what it is worth"


class SuiteError(Exception):
    """The hidden suite itself is at fault; the message says where."""


@dataclass(frozen=True, slots=True)
class HiddenTest:
    """One hidden test. ``title`` and ``lesson`` are its docstring's first line and the rest."""

    name: str
    function: str
    rule: str
    points: float
    title: str
    lesson: str


def suite_files(folder: Path = HIDDEN) -> list[Path]:
    """The suite's test files. Raises SuiteError when there are none, as in a student's kit."""
    files = sorted(folder.glob("test_*.py"))
    if not files:
        raise SuiteError(
            f"There are no hidden suites in {folder}: grading needs a checkout of the kit, "
            "not the wheel that students install."
        )
    return files


def suite_digest(files: Iterable[Path]) -> str:
    """sha256 over the names and bytes of the files."""
    return files_digest((file.name, file) for file in files)


def describe_item(item: pytest.Item, course: Course) -> HiddenTest:
    """Read a collected test. Raises SuiteError when it says too little of itself."""
    marker = item.get_closest_marker("rule")
    if marker is None or not marker.args or marker.args[0] not in RULES:
        raise SuiteError(
            f'{item.nodeid}: say @pytest.mark.rule("value", points=1), or another rule.'
        )
    title, lesson = title_and_lesson(item)
    if not title:
        raise SuiteError(f"{item.nodeid}: its docstring's first line is its title; it has none.")
    function = function_of(item, course)
    if function is None:
        raise SuiteError(f"{item.nodeid}: name the function under test as a fixture.")
    points = float(marker.kwargs.get("points", 0))
    return HiddenTest(item.name, function, marker.args[0], points, title, lesson)
