"""Call a function with a limit on the time that it may take, on every system.

The call runs in a thread of its own. An endless loop in it is interrupted as far as Python can;
one that can't be is left behind. (Signals would do on Unix alone, and processes would cost a
second import of torch.)
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import NoReturn, TypeVar

from autograder.selfcheck.last_words import LastWords

Result = TypeVar("Result")
PATIENCE = 2.0
"""How many limits to wait before the whole process is ended."""
INTERRUPT_SECONDS = 0.5


class TimeLimit:
    """A limit of ``seconds`` for each call; none while it is ``off``.

    With ``last_words`` the whole process may be ended where nothing else helps.
    """

    def __init__(
        self, seconds: float, last_words: LastWords | None = None, *, off: bool = False
    ) -> None:
        self.seconds = seconds
        self.off = self._off_at_first = off
        self.given_up: set[str] = set()
        """What did not come back once: it is not waited for again in this run."""
        self._left_behind: list[threading.Event] = []
        self._last_words = last_words

    def call_within(self, call: Callable[[], Result], what: str) -> Result:
        """Return ``call()``; it must not raise. Raises TimeoutError when it takes too long.

        ``what`` is in the last words: the call, and where to look.
        """
        if self.off or _debugging():
            return call()
        results: list[Result] = []
        done = threading.Event()

        def run() -> None:
            try:
                # SystemExit is how a call that is late is interrupted.
                with suppress(SystemExit):
                    results.append(call())
            finally:
                done.set()

        thread = threading.Thread(target=run, daemon=True)
        late = False
        try:
            with self._may_end_in(what):
                thread.start()
                self._wait(done)
        finally:
            # Also when somebody presses Ctrl-C.
            late = not done.is_set()
            if late:
                self._interrupt(thread, done)
        if late:
            raise TimeoutError
        return results[0]

    def switch_off(self) -> None:
        """Somebody opened a debugger, perhaps inside of a call: they take their time."""
        self.off = True
        faulthandler.cancel_dump_traceback_later()

    def switch_back(self) -> None:
        """The debugger is closed again."""
        self.off = self._off_at_first

    @property
    def left_behind(self) -> bool:
        """Does an endless loop still run? Python can't shut down in an orderly way then."""
        return not all(done.is_set() for done in self._left_behind)

    def _may_end_in(self, what: str) -> AbstractContextManager[None]:
        if self._last_words is None:
            return nullcontext()
        words = f"Python ended in the middle of {what}: look there for an endless loop, or a crash."
        return self._last_words.ready(words, PATIENCE * self.seconds + 5)

    def _interrupt(self, thread: threading.Thread, done: threading.Event) -> None:
        """Raise SystemExit inside the thread; a loop that catches even that runs on."""
        self._left_behind.append(done)
        ident = ctypes.c_ulong(thread.ident or 0)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(SystemExit))
        done.wait(INTERRUPT_SECONDS)

    def _wait(self, done: threading.Event) -> None:
        # Not thread.join: after Ctrl-C in it, Python 3.11 takes the thread for finished.
        finished = done.wait(self.seconds)
        while not finished and self.off:
            finished = done.wait(1)


def end_process(code: int) -> NoReturn:
    """Leave at once: a thread that still runs would crash Python's orderly way out."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _debugging() -> bool:
    """Does a debugger follow this thread? It could not follow the call into another one."""
    if sys.version_info >= (3, 12) and sys.monitoring.get_tool(sys.monitoring.DEBUGGER_ID):
        return True
    return sys.gettrace() is not None
