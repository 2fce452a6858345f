"""Do something in a child process, locked if need be, and hear how it went."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import pytest

from autograder.worker.landlock import landlock_version
from autograder.worker.lock import Lock

linux = pytest.mark.skipif(sys.platform != "linux", reason="locks are made of what Linux has")
landlock = pytest.mark.skipif(landlock_version() == 0, reason="this kernel has no Landlock")

Work = Callable[[], Any]


def in_a_child(work: Callable[[int], Any]) -> Any:
    """What ``work`` returns in a forked child, as JSON; or the name of the exception it raised.

    ``work`` gets the descriptor that the answer goes to, which it must not close.
    """
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        _answer(work, theirs)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    assert said, f"the child ended with {os.waitstatus_to_exitcode(status)} and said nothing"
    return json.loads(said)


def _answer(work: Callable[[int], Any], theirs: int) -> None:
    try:
        said = json.dumps(_tried(lambda: work(theirs)))
        os.write(theirs, said.encode())
    finally:
        os._exit(0)


def _tried(work: Work) -> Any:
    try:
        return work()
    except Exception as error:
        return type(error).__name__


def locked(lock: Lock, *attempts: Work) -> Any:
    """What each of the ``attempts`` comes to in a child with this lock, one after the other."""

    def work(theirs: int) -> Any:
        lock.close(keep=theirs)
        found = [_tried(attempt) for attempt in attempts]
        return found if len(found) > 1 else found[0]

    return in_a_child(work)
