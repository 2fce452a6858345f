"""A grader that is ended at some moment, and all that it has started."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.processes import descendants

LONGEST = 60.0
"""Seconds that what a killed grader has started may take to end."""
_SUBREAPER = 36


@contextmanager
def adopted_orphans() -> Iterator[None]:
    """Whoever loses its parent below this process becomes a child of it, and can be seen."""
    libc = ctypes.CDLL(None)
    libc.prctl(_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(_SUBREAPER, 0, 0, 0, 0)


class Grading:
    """``autograder grade`` as a process of its own, with two workers."""

    def __init__(self, submitted: Path, out: Path) -> None:
        self._out = out
        self._before = descendants()
        command = [sys.executable, "-m", "autograder", "grade", str(submitted), "--out", str(out)]
        self._process = subprocess.Popen(
            [*command, "--workers", "2"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait_for(self, seconds: float, something: Callable[[], bool] = lambda: False) -> None:
        """Wait until ``something`` is there, or the run at its end, but no longer than this."""
        deadline = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < deadline and not something():
            time.sleep(0.0005)

    def wait_for_one_more(self, folder: str) -> None:
        """Wait until there is a file more in OUT's ``folder``, whole or not."""
        before = self._count(folder)
        self.wait_for(LONGEST, lambda: self._count(folder) > before)

    def _count(self, folder: str) -> int:
        place = self._out / folder
        return len(list(place.iterdir())) if place.is_dir() else 0

    def kill(self) -> None:
        """End the main process alone, and see that all the others end by themselves."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._see_all_end()

    def finish(self) -> None:
        """Let it come to its end."""
        assert self._process.wait() == 0
        self._see_all_end()

    def _see_all_end(self) -> None:
        deadline = time.monotonic() + LONGEST
        while left := descendants() - self._before:
            assert time.monotonic() < deadline, f"still running: {_commands(left)}"
            time.sleep(0.02)


def _commands(pids: set[int]) -> list[str]:
    found = []
    for pid in pids:
        with suppress(OSError):
            found.append(Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " "))
    return found
