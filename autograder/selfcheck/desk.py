"""A student's desk: the folder with their files, and their functions run in this process."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from autograder.attempts import is_attempted, line_of
from autograder.course import Course
from autograder.observing.outcome import Outcome, Raised
from autograder.selfcheck.limits import TimeLimit
from autograder.sources import SourceProblem, read_python
from autograder.worker.modules import ModuleSource, StudentModules


class Desk(Protocol):
    """Where a student works: files, or a notebook."""

    def problem(self, name: str) -> str | None:
        """Why nothing of the file that holds function ``name`` can be run, or None."""
        ...

    def attempted(self, name: str) -> bool:
        """Does the student's source bind ``name`` by more than the stub?"""
        ...

    def where(self, name: str) -> str:
        """Where function ``name`` is, or belongs: ``exercises/distance.py:12``."""
        ...

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], watch: str) -> Outcome:
        """Call function ``name`` once and say what happened."""
        ...

    def close(self) -> None:
        """Leave Python's import system as it was."""
        ...


class FolderDesk:
    """The units in a folder, such as ``exercises``."""

    def __init__(self, folder: Path, course: Course, limit: TimeLimit) -> None:
        self._folder = folder
        self._course = course
        self._limit = limit
        self._texts, self._problems = _read_folder(folder)
        sources = {
            name: ModuleSource(str(folder / f"{name}.py"), (text,))
            for name, text in self._texts.items()
        }
        self._places: dict[str, str] = {}
        self._modules = StudentModules(sources, course.unit_names, problems=self._problems)
        self._modules.__enter__()

    def close(self) -> None:
        self._modules.__exit__()

    def problem(self, name: str) -> str | None:
        return self._problems.get(self._unit(name))

    def attempted(self, name: str) -> bool:
        others = {module: (text,) for module, text in self._texts.items()}
        return is_attempted(name, self._chunks(name), others)

    def where(self, name: str) -> str:
        if name not in self._places:
            file = self._shown(self._unit(name))
            line = line_of(name, self._chunks(name))
            self._places[name] = f"{file}:{line}" if line else file
        return self._places[name]

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], watch: str) -> Outcome:
        unit = self._unit(name)
        place = self.where(name)
        imported = within(lambda: _import(unit), f"{unit}.py", place, self._limit)
        if imported.timed_out:
            imported.lost = f"{self._shown(unit)} did not finish running: {imported.lost}"
        if not imported.returned:
            return self._located(imported)
        if name not in imported.value.__dict__:
            return Outcome(raised=Raised(("NameError",), f"{name} is not defined"))
        function = imported.value.__dict__[name]
        return within(
            lambda: observe(function, args, kwargs, watch, self._modules.filenames),
            name,
            place,
            self._limit,
        )

    def _located(self, outcome: Outcome) -> Outcome:
        from autograder.observing.watch import describe_exception

        if outcome.error is not None:
            outcome.raised = describe_exception(outcome.error, self._modules.filenames)
        return outcome

    def _unit(self, name: str) -> str:
        return self._course.function(name).unit

    def _chunks(self, name: str) -> tuple[str, ...]:
        text = self._texts.get(self._unit(name))
        return () if text is None else (text,)

    def _shown(self, unit: str) -> str:
        return f"{self._folder.name}/{unit}.py"


def within(call: Callable[[], Outcome], name: str, place: str, limit: TimeLimit) -> Outcome:
    """The outcome of ``call``, or that it took too long; ``name`` is then not waited for again.

    ``place`` is where to look when Python itself ends in the middle of it.
    """
    if name in limit.given_up:
        return Outcome(lost="not tried again, since it did not come back before", timed_out=True)
    try:
        return limit.call_within(call, f"{name} ({place})")
    except TimeoutError:
        limit.given_up.add(name)
        unit = "second" if limit.seconds == 1 else "seconds"
        lost = f"no answer within {limit.seconds:g} {unit}: an endless loop?"
        return Outcome(lost=lost, timed_out=True)


def observe(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    watch: str,
    own_files: set[str],
) -> Outcome:
    """Call and watch a function; imports torch when the first one is called."""
    from autograder.observing import watch as observing

    return observing.watch(function, args, kwargs, watch, own_files)


def _import(unit: str) -> Outcome:
    try:
        return Outcome(value=importlib.import_module(f"exercises.{unit}"))
    except BaseException as error:
        return Outcome(raised=Raised((type(error).__name__,), str(error)), error=error)


def _read_folder(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Every module in the folder as text, and what is wrong with those that are none."""
    texts: dict[str, str] = {}
    problems: dict[str, str] = {}
    for file in sorted(folder.glob("*.py")):
        if file.name.startswith("test_") or file.name == "conftest.py":
            continue
        try:
            texts[file.stem] = read_python(file.read_bytes(), f"{folder.name}/{file.name}")
        except SourceProblem as problem:
            problems[file.stem] = str(problem)
        except OSError as error:
            problems[file.stem] = f"{folder.name}/{file.name} can't be read: {error.strerror}."
    return texts, problems
