"""The course as data: units, functions, hints, points, in teaching order.

Everything here is read from ``course.json``, which ``autograder build`` writes from the
reference solutions and the suites. It holds no answer and no hidden test.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

COURSE_FILE = Path(__file__).with_name("course.json")
FIRST_ASSIGNMENT = "mnist_basics"
SUITE_VARIABLE = "AUTOGRADER_SUITE"
"""The environment variable for the folder of an instructor's own hidden tests."""
STUB_BODY = "raise NotImplementedError()"
"""The body of every stub. A function with this body is not attempted."""


class CourseError(Exception):
    """The course has no such thing, or its file is missing; the message says which."""


@dataclass(frozen=True, slots=True)
class Function:
    """One exercise. ``builds_on`` names the earlier functions that its reference calls."""

    name: str
    unit: str
    assignment: str
    signature: str
    summary: str
    task: str
    hints: tuple[str, ...]
    builds_on: tuple[str, ...]
    points: float


@dataclass(frozen=True, slots=True)
class Unit:
    """One module: its place in the lesson, its title and its functions."""

    name: str
    number: int
    title: str
    functions: tuple[Function, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """All units in teaching order."""

    units: tuple[Unit, ...]

    @property
    def functions(self) -> tuple[Function, ...]:
        return tuple(function for unit in self.units for function in unit.functions)

    @property
    def assignments(self) -> tuple[str, ...]:
        """The assignments, the graded core first."""
        names = {function.assignment for function in self.functions}
        return tuple(sorted(names, key=lambda name: (name != FIRST_ASSIGNMENT, name)))

    def of_assignment(self, assignment: str) -> tuple[Function, ...]:
        """The functions of one assignment, or of ``all``. Raises CourseError for another name."""
        if assignment == "all":
            return self.functions
        if assignment not in self.assignments:
            raise CourseError(
                f"There is no assignment {assignment!r}; "
                f"choose one of: {_listed([*self.assignments, 'all'])}."
            )
        return tuple(f for f in self.functions if f.assignment == assignment)

    def function(self, name: str) -> Function:
        """The function of this name. Raises CourseError when there is none."""
        for function in self.functions:
            if function.name == name:
                return function
        known = _listed(function.name for function in self.functions)
        raise CourseError(f"There is no exercise function {name!r}; the functions are: {known}.")

    def unit(self, name: str) -> Unit:
        """The unit of this name. Raises CourseError when there is none."""
        for unit in self.units:
            if unit.name == name:
                return unit
        raise CourseError(f"There is no unit {name!r}; the units are: {_listed(self.unit_names)}.")

    @property
    def unit_names(self) -> tuple[str, ...]:
        return tuple(unit.name for unit in self.units)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


@cache
def load_course(file: Path = COURSE_FILE) -> Course:
    """Read the course. Raises CourseError when its file is missing or damaged."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return Course(tuple(_unit(unit) for unit in data["units"]))
    except OSError as error:
        raise CourseError(
            f"{file.name} can't be read ({error.strerror}): run `autograder build`, or reinstall."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(
            f"{file.name} is damaged: run `autograder build`, or reinstall the kit."
        ) from error


def _unit(data: dict[str, Any]) -> Unit:
    functions = tuple(
        Function(
            **{
                **function,
                "unit": data["name"],
                "hints": tuple(function["hints"]),
                "builds_on": tuple(function["builds_on"]),
            }
        )
        for function in data["functions"]
    )
    return Unit(data["name"], data["number"], data["title"], functions)
