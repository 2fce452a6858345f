"""Call a function with a limit on the time that it may take, on every system.

The call runs in a thread of its own. An endless loop in it is interrupted as far as Python can;
one that can't be is left behind. (Signals would do on Unix alone, and processes would cost a
second import of torch.)
"""

from __future__ import annotations

import ctypes
import faulthandler
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
PATIENCE = 2.0
"""How many limits to wait before the whole process is ended, see ``call_within``."""
INTERRUPT_SECONDS = 0.5


class TimeLimit:
    """A limit of ``seconds``; ``off`` turns it off while somebody debugs."""

    def __init__(self, seconds: float, *, may_end_process: bool = True) -> None:
        self.seconds = seconds
        self.off = False
        self.given_up: set[str] = set()
        """What did not come back once: it is not waited for again in this run."""
        self._left_behind: list[threading.Thread] = []
        self._may_end_process = may_end_process

    def call_within(self, call: Callable[[], Result]) -> Result:
        """Return ``call()``; it must not raise. Raises TimeoutError when it takes too long.

        A loop inside C code that never lets go of Python's lock stops every thread, this
        one too. Only ending the process helps there; faulthandler then names the line.
        """
        if self.off or sys.gettrace() is not None:
            return call()
        results: list[Result] = []
        thread = threading.Thread(target=lambda: results.append(call()), daemon=True)
        if self._may_end_process and sys.__stderr__ is not None:
            faulthandler.dump_traceback_later(
                PATIENCE * self.seconds + 5, exit=True, file=sys.__stderr__
            )
        try:
            thread.start()
            self._wait(thread)
        finally:
            faulthandler.cancel_dump_traceback_later()
        if thread.is_alive():
            self._interrupt(thread)
            raise TimeoutError
        return results[0]

    @property
    def left_behind(self) -> bool:
        """Does an endless loop still run? Python can't shut down in an orderly way then."""
        return any(thread.is_alive() for thread in self._left_behind)

    def _interrupt(self, thread: threading.Thread) -> None:
        """Raise SystemExit inside the thread; a loop that catches even that runs on."""
        self._left_behind.append(thread)
        ident = ctypes.c_ulong(thread.ident or 0)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(SystemExit))
        thread.join(INTERRUPT_SECONDS)

    def _wait(self, thread: threading.Thread) -> None:
        thread.join(self.seconds)
        while thread.is_alive() and self.off:
            # breakpoint() inside the call: somebody is reading, and takes their time.
            thread.join(1)
