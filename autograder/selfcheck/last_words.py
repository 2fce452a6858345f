"""End a process that nothing else can stop, and still say where it was.

A loop inside C code may never let go of Python's lock: no other thread can run then, and none
can print. So a second, tiny process is told beforehand what to say, and says it if this one
ends in the middle of a call. (It also speaks up when an answer crashes Python.)
"""

from __future__ import annotations

import faulthandler
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SPEAKER = """
import sys
words = b""
for words in sys.stdin.buffer:
    pass
if words.strip():
    sys.stderr.buffer.write(b"\\n\\n" + words)
"""


class LastWords:
    """What to say on the standard error ``terminal``, a descriptor, should this process end."""

    def __init__(self, terminal: int) -> None:
        # A copy: pytest puts a file in its place while a test runs.
        self._terminal = os.dup(terminal)
        self._nowhere = os.open(os.devnull, os.O_WRONLY)
        self._speaker: subprocess.Popen[bytes] | None = None

    @classmethod
    def on_stderr(cls) -> LastWords | None:
        """On this process's standard error, if that is a terminal, a file or a pipe."""
        try:
            return cls(sys.stderr.fileno())
        except (AttributeError, OSError, ValueError):
            # An IDE's or a notebook's own window.
            return None

    @contextmanager
    def ready(self, words: str, seconds: float) -> Iterator[None]:
        """End the process with ``words`` and exit code 1 if the block takes longer than this."""
        self._tell(words)
        # Its traceback would be all about pytest, so it goes nowhere.
        faulthandler.dump_traceback_later(seconds, exit=True, file=self._nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
            self._tell("")

    def close(self) -> None:
        """Send the second process home."""
        if self._speaker is not None:
            self._speaker.communicate()
        os.close(self._terminal)
        os.close(self._nowhere)

    def _tell(self, words: str) -> None:
        # Where no second process can be had, the run ends all the same, without a word.
        with suppress(OSError):
            if self._speaker is None:
                self._speaker = subprocess.Popen(
                    [sys.executable, "-I", "-S", "-c", SPEAKER],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=self._terminal,
                    # Ctrl-C goes to every process that belongs to the terminal: not to this one.
                    start_new_session=True,
                    creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                )
            assert self._speaker.stdin is not None
            self._speaker.stdin.write(f"{words}\n".encode(errors="backslashreplace"))
            self._speaker.stdin.flush()
