"""The kit's own hidden tests, run in the process that holds the answers.

What a notebook's test cell, a fresh pytest and a bare fork use: nothing stands between the tests
and the student's code, which is quick, and lets that code see and change everything.
"""

from __future__ import annotations

import gc
import importlib
import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from autograder.course import load_course
from autograder.judging.judge import Judge, run_judge
from autograder.judging.suite import suite_files
from autograder.observing.outcome import Outcome
from autograder.observing.watch import describe_exception, watch
from autograder.worker.modules import ModuleSource, StudentModules

COURSE = load_course()
SEED = 0

_passed: dict[str, dict[str, float]] = {}


class InProcess:
    """Calls the answers here, where the tests run. ``find`` gives a function by its name."""

    def __init__(self, find: Callable[[str], Callable[..., Any]]) -> None:
        self._find = find

    def __enter__(self) -> InProcess:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def stand_on(self, name: str, failed: frozenset[str]) -> None:
        """Nothing: a function that builds on a wrong one is judged with the wrong one."""

    def again(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Outcome]:
        """Nothing: where all calls share one memory, a second one tells little."""
        return []

    def answers(self, name: str) -> None:
        """None, for unknown: every test is run for every submission."""

    def is_scripted(self, name: str) -> bool:
        return False

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], what: str) -> Outcome:
        try:
            function = self._find(name)
        except BaseException as error:
            return Outcome(raised=describe_exception(error))
        return watch(function, args, kwargs, what)


def unit_modules(folder: Path) -> StudentModules:
    """A submission's unit files, to be imported as ``exercises.<unit>``."""
    sources = {
        unit: ModuleSource(f"{unit}.py", ((folder / f"{unit}.py").read_text(encoding="utf-8"),))
        for unit in COURSE.unit_names
    }
    return StudentModules(sources, COURSE.unit_names)


def from_units(name: str) -> Callable[..., Any]:
    """The function as its unit's module defines it."""
    function: Callable[..., Any] = getattr(
        importlib.import_module(f"exercises.{COURSE.function(name).unit}"), name
    )
    return function


def points_passed(function: str, namespace: Mapping[str, Any]) -> dict[str, float]:
    """The points of each hidden test that ``function``, as it is in ``namespace``, passes."""
    passed: dict[str, float] = {}

    def work(judge: Judge) -> None:
        backend = InProcess(namespace.__getitem__)
        for test, verdict in judge.run(backend, frozenset({function})).items():
            if verdict.status == "passed":
                passed[test.name] = test.points

    name = f"test_{COURSE.function(function).unit}.py"
    with _silence(), _no_garbage():
        run_judge(Judge(COURSE, SEED, work), [f for f in suite_files() if f.name == name])
    return passed


def earned(function: str, namespace: Mapping[str, Any]) -> float:
    """For nbgrader: the points as the cell's last value, or an exception, which it takes for 0."""
    points = sum(points_passed(function, namespace).values())
    if not points:
        raise AssertionError(f"{function}: 0 points")
    return points


def require(function: str, test: str, namespace: Mapping[str, Any]) -> None:
    """For otter: raise unless the test is passed. The suite runs once a function, not a test."""
    if function not in _passed:
        _passed[function] = points_passed(function, namespace)
    assert test in _passed[function], test


@contextmanager
def _silence() -> Iterator[None]:
    """What an answer prints or warns of: nbgrader gives 0 for a cell that writes to stderr."""
    unheard = io.StringIO()
    with warnings.catch_warnings(), redirect_stdout(unheard), redirect_stderr(unheard):
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Keep the collector away from what is there already, which is all of torch.

    pytest collects garbage at its end: 0.3 s in each test cell, which the peers would have to pay
    for only because the tests that they are given here are pytest's.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
