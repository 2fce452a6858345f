"""The self-check for functions that are defined in a notebook."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.attempts import is_stub
from autograder.course import FIRST_ASSIGNMENT, Course, CourseError, load_course
from autograder.observing.outcome import Outcome
from autograder.selfcheck.desk import observe, within
from autograder.selfcheck.limits import TimeLimit
from autograder.selfcheck.runner import SelfCheck
from autograder.selfcheck.session import check_files

KIT = Path(__file__).resolve().parents[2]
HERE = "this notebook"


class NotebookDesk:
    """The functions of a notebook: whatever its names are bound to now."""

    def __init__(self, names: Mapping[str, Any], limit: TimeLimit) -> None:
        self._names = names
        self._limit = limit

    def problem(self, name: str) -> str | None:
        return None

    def attempted(self, name: str) -> bool:
        return name in self._names and not _is_stub_function(self._names[name])

    def where(self, name: str) -> str:
        return HERE

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], watch: str) -> Outcome:
        function = self._names[name]
        code = getattr(function, "__code__", None)
        cells = {code.co_filename} if code else set()
        outcome = within(
            lambda: observe(function, args, kwargs, watch, cells),
            name,
            self.where(name),
            self._limit,
        )
        if outcome.raised and outcome.raised.where:
            # The file name that a kernel gives a cell says nothing to its reader.
            line = outcome.raised.where.rpartition(" ")[2]
            outcome.raised = replace(outcome.raised, where=f"line {line} of its cell")
        return outcome

    def close(self) -> None:
        pass


def check_names(function: str | Callable[..., Any] | None, names: Mapping[str, Any]) -> SelfCheck:
    """Run the public tests of one function, or of all, on the functions among ``names``.

    ``function`` is a name or the function itself. Raises CourseError for what is no exercise.
    """
    course = load_course()
    name = function if isinstance(function, str | None) else _name_of(function, names, course)
    if name is None:
        wanted = course.of_assignment(FIRST_ASSIGNMENT)
        assignment = FIRST_ASSIGNMENT
    else:
        wanted = (course.function(name),)
        assignment = wanted[0].assignment
    units = dict.fromkeys(function.unit for function in wanted)
    return check_files(
        [_tests() / f"test_{unit}.py" for unit in units],
        assignment=assignment,
        function=name,
        desk=lambda limit: NotebookDesk(names, limit),
    )


def _name_of(function: Callable[..., Any], names: Mapping[str, Any], course: Course) -> str:
    """The exercise that is bound to this function, which may be a lambda."""
    bound = (known.name for known in course.functions if names.get(known.name) is function)
    return next(bound, getattr(function, "__name__", str(function)))


def _tests() -> Path:
    """The nearest folder of public tests: above the notebook, or else the kit's own."""
    here = Path.cwd()
    for folder in (here, *here.parents, KIT):
        if any((folder / "exercises").glob("test_*.py")):
            return folder / "exercises"
    raise CourseError(
        f"The public tests are not found: there is no folder exercises in {here} or above it."
    )


def _is_stub_function(function: Any) -> bool:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        # No source, as for a built-in or functools.partial: then it is no stub.
        return False
    return is_stub(tree.body[0])
