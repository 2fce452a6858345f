"""Run the self-check from Python: for a command, or for a notebook."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.observing.outcome import CALL_SECONDS
from autograder.selfcheck.desk import Desk, FolderDesk
from autograder.selfcheck.last_words import LastWords
from autograder.selfcheck.limits import TimeLimit
from autograder.selfcheck.runner import SelfCheck


def check_files(
    tests: Sequence[Path],
    *,
    assignment: str,
    function: str | None = None,
    desk: Callable[[TimeLimit], Desk] | None = None,
    last_words: LastWords | None = None,
) -> SelfCheck:
    """Run public test files quietly and return the check with its progress and messages.

    ``desk`` says where the student's functions are; by default beside the test files.
    ``function`` limits the run to the tests of one function. With ``last_words`` the process
    may be ended, where an answer can't be stopped otherwise.
    """
    course = load_course()
    limit = TimeLimit(CALL_SECONDS, last_words)

    def desk_for(folder: Path) -> Desk:
        return desk(limit) if desk else FolderDesk(folder, course, limit)

    check = SelfCheck(course, assignment, 0, limit, desk_for, only=function)
    check.keeps_process = True
    arguments = [
        f"--config-file={os.devnull}",
        f"--rootdir={tests[0].parent}",
        "--noconftest",
        "--import-mode=importlib",
        "-p",
        "no:terminal",
        "-p",
        "no:cacheprovider",
        *map(str, tests),
    ]
    with _forgotten(test.stem for test in tests), _no_other_plugins():
        pytest.main(arguments, plugins=[check])
    return check


@contextmanager
def _no_other_plugins() -> Iterator[None]:
    """Whatever plugins are installed here, some of which can't do without a terminal."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        patched.delenv("PYTEST_ADDOPTS", raising=False)
        yield


@contextmanager
def _forgotten(modules: Iterable[str]) -> Iterator[None]:
    """Import these anew, and leave no trace: pytest would take one of that name as it is."""
    names = set(modules)
    before = {name: sys.modules.pop(name) for name in names & sys.modules.keys()}
    try:
        yield
    finally:
        for name in names & sys.modules.keys():
            del sys.modules[name]
        sys.modules.update(before)
