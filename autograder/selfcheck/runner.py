"""The self-check as a pytest plugin: fixtures, messages, progress and exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.comparing.titles import function_of
from autograder.course import Course
from autograder.mnist.errors import MnistError
from autograder.observing.startup import import_torch
from autograder.selfcheck.desk import Desk
from autograder.selfcheck.limits import TimeLimit, end_process
from autograder.selfcheck.progress import Progress
from autograder.selfcheck.startup import off_the_path
from autograder.selfcheck.words import Failure, failure_of, shortened
from autograder.worker.modules import PACKAGE

NOT_ATTEMPTED = "not attempted"
SAME_WAY = "failed the same way"
"""How pytest counts a failure that would say nothing new: it is not printed again."""


class SelfCheck:
    """Runs public tests against a desk. It keeps out of the way of every other test.

    ``desk_for`` gives the desk for the folder that a test file stands in.
    """

    def __init__(
        self,
        course: Course,
        assignment: str,
        seed: int,
        limit: TimeLimit,
        desk_for: Callable[[Path], Desk],
        *,
        only: str | None = None,
    ) -> None:
        self.seed = seed
        self.progress = Progress(course)
        self._course = course
        names = {function.name for function in course.of_assignment(assignment)}
        self._wanted = names & {only} if only else names
        self._limit = limit
        self._desk_for = desk_for
        self.open_desk: Desk | None = None
        self._folder: Path | None = None
        self._files: set[Path] = set()
        self._exit_code: int | None = None
        self._functions: dict[str, str] = {}
        self.alone = False
        """Are there no other tests than exercises in this run?"""
        self._causes: set[str] = set()
        self.keeps_process = False
        """Does the process go on after the run, as a notebook's kernel does?"""
        self.failures: list[Failure] = []
        """What failed, each cause once, for who shows it elsewhere."""

    # Collecting

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> None:
        """Register the fixtures when the first exercise is met: they import torch."""
        unit = file_path.stem.removeprefix("test_")
        if file_path.parent.name != PACKAGE or unit not in self._course.unit_names:
            return
        if not self._files:
            with off_the_path(file_path.parent):
                self._register_fixtures(parent.config)
        self._files.add(file_path)

    def _register_fixtures(self, config: pytest.Config) -> None:
        import_torch()
        from autograder.comparing import fixtures

        config.stash[fixtures.BENCH] = self
        names = [function.name for function in self._course.functions]
        config.pluginmanager.register(fixtures, "exercise_fixtures")
        config.pluginmanager.register(fixtures.function_fixtures(names), "exercise_functions")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        other = []
        for item in items:
            name = function_of(item, self._course) if item.path in self._files else None
            if name is None:
                continue
            self._functions[item.nodeid] = name
            # So that -k mnist_distance chooses the tests of that function.
            item.extra_keyword_matches.add(name)
            if name not in self._wanted:
                other.append(item)
        if other:
            config.hook.pytest_deselected(items=other)
            items[:] = [item for item in items if item not in other]
        self.alone = all(item.nodeid in self._functions for item in items)
        order = {function.name: place for place, function in enumerate(self._course.functions)}
        items.sort(key=lambda item: order.get(self._functions.get(item.nodeid, ""), -1))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count what will be run, so that -x does not make the rest look done."""
        if session.config.getoption("collectonly"):
            return
        for item in session.items:
            if item.nodeid in self._functions:
                self.progress.expect_test(self._functions[item.nodeid])

    # Running

    def function(self, name: str, request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
        """The fixture of a function: the student's own, or a skip when it is not attempted."""
        from autograder.comparing.function import ExerciseFunction
        from autograder.comparing.message import NOTHING, Message, Wrong

        desk = self.desk(request.path.parent)
        problem = desk.problem(name)
        if problem:
            lesson = "Nothing in a file can run before Python can read all of it."
            raise Wrong(Message(name, f"{NOTHING}{problem}", "a file that Python can read", lesson))
        if not desk.attempted(name):
            pytest.skip(f"{NOT_ATTEMPTED}: {desk.where(name)}")
        return ExerciseFunction(name, desk)

    def desk(self, folder: Path) -> Desk:
        """The desk for this folder; one is open at a time, since all answer to one name."""
        if self.open_desk is None or folder != self._folder:
            self.close()
            self.open_desk, self._folder = self._desk_for(folder), folder
        return self.open_desk

    def close(self) -> None:
        if self.open_desk is not None:
            self.open_desk.close()
        self.open_desk = None

    def pytest_enter_pdb(self) -> None:
        self._limit.switch_off()

    def pytest_leave_pdb(self) -> None:
        self._limit.switch_back()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Iterator[None]:
        report: pytest.TestReport = yield  # type: ignore[assignment]
        name = self._functions.get(item.nodeid)
        if name is None:
            return report  # type: ignore[return-value]
        if report.failed:
            # A fixture that fails because the file can't be read is a failed answer too.
            report.when = "call"
            self._put_into_words(item, call, report, name)
            report.sections = [(title, shortened(text)) for title, text in report.sections]
        if report.skipped and str(getattr(call.excinfo, "value", "")).startswith(NOT_ATTEMPTED):
            report.not_attempted = True  # type: ignore[attr-defined]
            self.progress.count(name, "not_attempted")
        elif report.failed:
            self.progress.count(name, "failed")
        elif report.passed and report.when == "call":
            self.progress.count(name, "passed")
        return report  # type: ignore[return-value]

    def _put_into_words(
        self,
        item: pytest.Item,
        call: pytest.CallInfo[None],
        report: pytest.TestReport,
        name: str,
    ) -> None:
        assert call.excinfo is not None
        error = call.excinfo.value
        if isinstance(error, MnistError):
            report.longrepr = str(error)
            self._say_once(report, str(error))
            return
        asked_for_more = item.config.getoption("tbstyle", "auto") in ("long", "native")
        failure = failure_of(
            item,
            error,
            mend_first=self.progress.unsound_below(name),
            where=self.open_desk.where(name) if self.open_desk else "",
            traceback=report.longreprtext if asked_for_more else "",
        )
        if failure is None:
            return
        report.longrepr = failure  # type: ignore[assignment]
        unit = self._course.function(name).unit
        if getattr(error, "timed_out", False):
            self._say_once(report, f"{unit}: timed out")
        elif failure.message.nothing_came_back:
            self._say_once(report, f"{unit}: {failure.message.came_back}")
        if not hasattr(report, "same_way"):
            self.failures.append(failure)

    def _say_once(self, report: pytest.TestReport, cause: str) -> None:
        """One typing error fails every test of a file. The terminal shows it once."""
        if cause in self._causes:
            report.same_way = True  # type: ignore[attr-defined]
        self._causes.add(cause)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        if getattr(report, "not_attempted", False):
            return NOT_ATTEMPTED, "-", "SKIPPED"
        if getattr(report, "same_way", False):
            return SAME_WAY, "F", "FAILED"
        return None

    # Ending

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Exit code 0 only when all that was asked for is done and right."""
        if session.exitstatus == pytest.ExitCode.OK and not self.progress.complete:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        self._exit_code = int(session.exitstatus)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        self.close()
        if self.left_behind and not self.keeps_process and self._exit_code is not None:
            end_process(self._exit_code)

    @property
    def left_behind(self) -> bool:
        """Does an endless loop still run? Then the process can only be ended at once."""
        return self._limit.left_behind
