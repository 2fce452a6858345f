"""The judge: pytest in the trusted process, its suite collected once, run per submission."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pytest

from autograder.comparing import fixtures
from autograder.comparing.explain import explain
from autograder.comparing.fixtures import BENCH, function_fixtures
from autograder.comparing.function import Backend, Call, ExerciseFunction
from autograder.comparing.message import Wrong
from autograder.comparing.same import same_answer
from autograder.comparing.words import shorten
from autograder.course import Course
from autograder.judging.failures import BrokenTest, MachineFailure
from autograder.judging.result import Verdict
from autograder.judging.suite import (
    RULE_MARKER,
    HiddenTest,
    SuiteError,
    describe_items,
)
from autograder.observing.outcome import Outcome
from autograder.observing.tensors import tensors_in

MOST_KNOWN = 2_000
"""Different answers to a function whose verdicts are remembered."""
MOST_ASKED_AGAIN = 100_000
"""Numbers in the arguments of a call that is made once more."""


class JudgedBackend(Backend, Protocol):
    """A backend that can change what a function stands on, and ask twice."""

    def stand_on(self, name: str, failed: frozenset[str]) -> None: ...

    def again(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Sequence[Outcome]:
        """Make a call once more: later, and in a process that knows nothing of the first."""
        ...

    def answers(self, name: str) -> str | None:
        """A digest of all that the function answers to its suite; None when it isn't known."""
        ...

    def is_scripted(self, name: str) -> bool:
        """Did those answers decide everything?"""
        ...


class Judge:
    """A pytest plugin that runs the collected suite over one submission after another.

    ``work`` is called once, when the suite stands ready, with this judge.
    """

    def __init__(self, course: Course, seed: int, work: Callable[[Judge], None]) -> None:
        self.seed = seed
        self._course = course
        self._work = work
        self._items: list[tuple[pytest.Item, HiddenTest]] = []
        self._backend: JudgedBackend | None = None
        self._function: ExerciseFunction | None = None
        self._known: dict[str | None, dict[HiddenTest, Verdict]] = {}
        self.suite_error: str | None = None
        self.broken: BaseException | None = None
        """What ended the run early: not an answer's doing, nor a test's."""

    @property
    def tests(self) -> list[HiddenTest]:
        """Every hidden test, by function in teaching order."""
        return [test for _, test in self._items]

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", RULE_MARKER)
        config.addinivalue_line("markers", "gpu: runs on a CUDA device, for no points")
        config.stash[BENCH] = self
        names = [function.name for function in self._course.functions]
        config.pluginmanager.register(fixtures, "exercise_fixtures")
        config.pluginmanager.register(function_fixtures(names), "exercise_functions")

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Iterator[None]:  # the report, as pytest's hook wrappers return it
        report = yield
        if report.failed and self.suite_error is None:  # type: ignore[attr-defined]
            reason = str(report.longrepr).strip().splitlines()[-1].removeprefix("E ")  # type: ignore[attr-defined]
            self.suite_error = f"{collector.path}: {shorten(reason)}"
        return report

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        self.broken = excinfo.value
        return True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.suite_error is None:
            try:
                self._take_items(session)
            except SuiteError as error:
                self.suite_error = str(error)
        self._work(self)
        return True

    def _take_items(self, session: pytest.Session) -> None:
        order = {function.name: place for place, function in enumerate(self._course.functions)}
        files = map(Path, session.config.args)
        described = describe_items(session.items, files, self._course)
        self._items = sorted(described, key=lambda pair: order[pair[1].function])

    def function(self, name: str, request: pytest.FixtureRequest) -> ExerciseFunction:
        """The fixture of a function: a call of it goes to the submission's backend."""
        assert self._backend is not None
        self._function = ExerciseFunction(name, self._backend)
        return self._function

    def run(
        self, backend: AbstractContextManager[JudgedBackend], attempted: frozenset[str]
    ) -> dict[HiddenTest, Verdict]:
        """Judge the ``attempted`` functions, in teaching order, and say how each test ended.

        Raises MachineFailure when a test could not be run for a reason that is not the
        student's.
        """
        verdicts: dict[HiddenTest, Verdict] = {}
        with backend as self._backend:
            for function in self._course.functions:
                items = [(i, t) for i, t in self._items if t.function == function.name]
                if function.name in attempted and items:
                    self._backend.stand_on(function.name, self._unsound(function.name, verdicts))
                    verdicts |= self._judge(function.name, items)
        return verdicts

    def _judge(
        self, name: str, items: Sequence[tuple[pytest.Item, HiddenTest]]
    ) -> dict[HiddenTest, Verdict]:
        """The verdicts on one function; equal answers get those that were found before.

        A test asks and compares, and knows nothing but the answers. Only *graph* asks more than
        its script, in places that nobody knows beforehand, and is judged each time.
        """
        assert self._backend is not None
        answers = self._backend.answers(name)
        known = self._known.get(answers, {})
        found = self._run_items([(item, test) for item, test in items if test not in known])
        if not known and answers is not None and self._backend.is_scripted(name):
            while len(self._known) >= MOST_KNOWN:
                del self._known[next(iter(self._known))]
            self._known[answers] = {t: v for t, v in found.items() if t.rule != "graph"}
        return {test: known.get(test) or found[test] for _, test in items}

    def _run_items(
        self, items: Sequence[tuple[pytest.Item, HiddenTest]]
    ) -> dict[HiddenTest, Verdict]:
        # With the next one named, pytest sets a test file up once and not for each of its tests.
        following = [*(item for item, _ in items), None][1:]
        verdicts, calls = {}, {}
        for (item, test), after in zip(items, following, strict=True):
            verdicts[test] = self._run_item(item, test, after)
            if test.rule == "value" and verdicts[test].good and self._function:
                calls[test] = self._function.last
        # After all others, so that an answer that depends on how often it was called shows.
        for test, call in calls.items():
            contradiction = self._contradiction(call) if call else None
            if contradiction:
                verdicts[test] = self._failed(contradiction, test, call)
        return verdicts

    def _unsound(self, name: str, verdicts: dict[HiddenTest, Verdict]) -> frozenset[str]:
        """The functions before ``name`` that were not attempted or not passed."""
        passed = {test.function for test in verdicts} - {
            test.function for test, verdict in verdicts.items() if not verdict.good
        }
        names = [function.name for function in self._course.functions]
        judged = {test.function for test in self.tests}
        earlier = names[: names.index(name)]
        return frozenset(n for n in earlier if n not in passed and n in judged)

    def _run_item(self, item: pytest.Item, test: HiddenTest, after: pytest.Item | None) -> Verdict:
        self._function = None
        error = _run(item, after)
        if error is None:
            return Verdict("passed")
        if isinstance(error, pytest.skip.Exception):
            return Verdict("skipped", str(error))
        if isinstance(error, MachineFailure):
            raise error
        if isinstance(error, MemoryError | OSError):
            # A student's own OSError comes as data, never as an exception here.
            raise MachineFailure(str(error) or "the judge ran out of memory") from error
        return self._failed(error, test, self._function.last if self._function else None)

    def _contradiction(self, call: Call) -> Wrong | None:
        """A right value is asked for once more: an answer that changes between calls is none."""
        assert self._backend is not None
        # The real pictures are many, and other tests ask the same function for less.
        if sum(tensor.numel() for tensor in tensors_in(call.args)) > MOST_ASKED_AGAIN:
            return None
        for outcome in self._backend.again(call.name, call.args, call.kwargs):
            if not same_answer(call.outcome, outcome):
                expected = f"the same answer as before: {call.came_back}"
                return replace(call, outcome=outcome).wrong(expected)
        return None

    def _failed(self, error: BaseException, test: HiddenTest, last: Call | None) -> Verdict:
        message = explain(error, last, test.title, test.lesson)
        if message is None:
            reason = shorten(str(error), 120)
            if isinstance(error, pytest.FixtureLookupError):
                reason = f"there is no fixture {error.argname}"
            raise BrokenTest(f"the hidden test {test.name} is broken ({reason})") from error
        status = "failed"
        if isinstance(error, Wrong):
            status = "timeout" if error.timed_out else "error" if error.lost else "failed"
        return Verdict(status, str(message))


def _run(item: pytest.Item, after: pytest.Item | None) -> BaseException | None:
    """Set up, run and tear down one test, and return what it raised.

    pytest's own protocol would also write three reports a test, which nobody reads here.
    """
    item._initrequest()  # type: ignore[attr-defined]
    hooks = item.ihook
    try:
        try:
            hooks.pytest_runtest_setup(item=item)
            hooks.pytest_runtest_call(item=item)
        finally:
            hooks.pytest_runtest_teardown(item=item, nextitem=after)
    except (Exception, pytest.skip.Exception, pytest.fail.Exception) as error:
        return error
    return None


def run_judge(judge: Judge, files: list[Path]) -> None:
    """Run pytest once over the suite with this judge. Raises SuiteError when it can't collect."""
    os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    quiet = ["terminal", "cacheprovider", "capture", "logging", "faulthandler", "junitxml"]
    arguments = [
        f"--config-file={os.devnull}",
        f"--rootdir={files[0].parent}",
        "--noconftest",
        "--import-mode=importlib",
        "--strict-markers",
        *(argument for name in quiet for argument in ("-p", f"no:{name}")),
        *map(str, files),
    ]
    code = pytest.main(arguments, plugins=[judge])
    if isinstance(judge.broken, SystemExit):
        raise SuiteError("a hidden test file ends Python when it is imported.")
    if judge.broken:
        raise judge.broken
    if judge.suite_error:
        raise SuiteError(judge.suite_error)
    if code == pytest.ExitCode.USAGE_ERROR:
        # It takes a name apart at these signs.
        raise SuiteError(f"pytest can't find {files[-1]}; its folders' names may hold no [ or ::.")
