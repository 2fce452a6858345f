"""Try the lock out before anything depends on it: a lock that nobody has tried is a hope."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.worker.lock import Lock

_WORKS, _HOLE = 0, 100
"""Exit codes: from ``_HOLE`` on, the number of the first attempt that should have failed."""


def find_hole(lock: Lock, plan: dict[str, Any]) -> str | None:
    """Lock a child, let it try what no worker may do, and say what it could do, or None.

    ``plan["refused"]`` names which of the attempts the layers in use must stop.
    """
    attempts = [name for name in _ATTEMPTS if name in plan["refused"]]
    pid = os.fork()
    if pid == 0:
        os._exit(_try_all(lock, plan, attempts))
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code == _WORKS:
        return None
    if code >= _HOLE:
        return f"a locked worker could still {attempts[code - _HOLE]}"
    return f"a locked worker could not run (exit code {code})"


def _try_all(lock: Lock, plan: dict[str, Any], attempts: list[str]) -> int:
    spare, _ = socket.socketpair()
    try:
        lock.close(keep=spare.fileno())
        # Python itself must still be readable: a library may be imported late.
        Path(os.__file__).read_bytes()
    except BaseException:
        return 1
    for number, name in enumerate(attempts):
        try:
            _ATTEMPTS[name](plan["secret"])
        except OSError:
            continue
        return _HOLE + number
    return _WORKS


def _read(secret: str) -> None:
    Path(secret).read_bytes()


def _write(_secret: str) -> None:
    Path("written-by-a-worker").write_text("x")


def _connect(_secret: str) -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


def _start_a_process(_secret: str) -> None:
    if os.fork() == 0:
        os._exit(0)


def _signal(_secret: str) -> None:
    os.kill(os.getppid(), 0)


_ATTEMPTS: dict[str, Callable[[str], None]] = {
    "read the hidden tests": _read,
    "write a file": _write,
    "open a socket": _connect,
    "start a process": _start_a_process,
    "send a signal": _signal,
}
