"""The hidden suites: which files, and what each test says of itself.

The kit's own can be read by anyone, so an instructor may add a private folder of such files.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.comparing.titles import function_of, title_and_lesson
from autograder.course import Course
from autograder.files import files_digest

HIDDEN = Path(__file__).resolve().parents[1] / "hidden"
EXERCISES = HIDDEN.parents[1] / "exercises"
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


def suite_files(private: Path | None = None, hidden: Path = HIDDEN) -> list[Path]:
    """The suite's test files: the kit's, then those in ``private``.

    Raises SuiteError when there are none of the kit's, as in what students install, or when
    ``private`` is no such folder.
    """
    files = _test_files(hidden)
    if not files:
        raise SuiteError(
            f"There are no hidden suites in {hidden}: grading needs a checkout of the kit, "
            "not the wheel that students install."
        )
    return files if private is None else [*files, *private_files(private)]


def private_files(folder: Path) -> list[Path]:
    """The test files in an instructor's own folder. Raises SuiteError when it can't be used."""
    # os.path: a ring of links is no folder either. Whole, for judges may work elsewhere.
    place = Path(os.path.realpath(folder))
    if not place.is_dir():
        raise SuiteError(f"The suite {folder} is no folder; give one with test_*.py files in it.")
    if place == HIDDEN:
        raise SuiteError(
            f"The suite {folder} is the kit's own, which is always there; leave it out."
        )
    if place.is_relative_to(EXERCISES):
        raise SuiteError(f"The suite {folder} lies in {EXERCISES}, which students get; move it.")
    if (place / "conftest.py").exists():
        raise SuiteError(
            f"{folder / 'conftest.py'} would not be read; put what it defines into the test files."
        )
    files = _test_files(place)
    if not files:
        raise SuiteError(f"The suite {folder} holds no test_*.py file.")
    for file in files:
        try:
            file.read_bytes()
        except OSError as error:
            raise SuiteError(f"{file} can't be read: {error.strerror}.") from error
    return files


def _test_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("test_*.py") if not file.is_dir())


def suite_digest(files: Iterable[Path]) -> str:
    """sha256 over the names and bytes of the files."""
    return files_digest((file.name, file) for file in files)


def describe_items(
    items: Sequence[pytest.Item], files: Iterable[Path], course: Course
) -> list[tuple[pytest.Item, HiddenTest]]:
    """What each of the tests collected from ``files`` says of itself.

    Raises SuiteError when one says too little, when a file holds none, or when two tests of a
    function have one name: in a result nobody could tell them apart.
    """
    described = [(item, describe_item(item, course)) for item in items]
    empty = sorted(set(files) - {item.path for item in items})
    if empty:
        raise SuiteError(f"{empty[0]}: there is no test in it.")
    known: dict[tuple[str, str], pytest.Item] = {}
    for item, test in described:
        first = known.setdefault((test.function, test.name), item)
        if first is not item:
            raise SuiteError(
                f"{test.name} ({test.function}) stands in {first.path} and again in {item.path}; "
                "rename one of the two."
            )
    return described


def describe_item(item: pytest.Item, course: Course) -> HiddenTest:
    """Read a collected test. Raises SuiteError when it says too little of itself."""
    # Not pytest's name for it, which has no file where it isn't one of the kit's.
    where = f"{item.path}, {item.name}"
    marker = item.get_closest_marker("rule")
    if marker is None or len(marker.args) != 1 or marker.args[0] not in RULES:
        raise SuiteError(f'{where}: say @pytest.mark.rule("value", points=1), or another rule.')
    points = marker.kwargs.get("points", 0)
    if type(points) not in (int, float) or not 0 <= points < math.inf:
        raise SuiteError(f"{where}: its points are {points!r}; write a number from 0 up.")
    title, lesson = title_and_lesson(item)
    if not title:
        raise SuiteError(f"{where}: its docstring's first line is its title; it has none.")
    function = function_of(item, course)
    if function is None:
        raise SuiteError(f"{where}: name the function under test as a fixture.")
    return HiddenTest(item.name, function, marker.args[0], float(points), title, lesson)
