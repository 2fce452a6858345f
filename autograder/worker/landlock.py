"""Landlock: a Linux process gives up its access to files, for good, without being root.

Python has no binding of its own, and the three system calls have the same number on every
architecture. Documented in https://docs.kernel.org/userspace-api/landlock.html.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1

_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
# How many of the rights to files each version knows; the later ones are refused from there on.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
_NETWORK_RIGHTS, _NETWORK_SINCE = 0b11, 4
_SCOPES, _SCOPES_SINCE = 0b11, 6


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def landlock_version() -> int:
    """The version that this kernel offers, 0 for none."""
    try:
        return _call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def make_ruleset(readable: Iterable[str], writable: Iterable[str] = ()) -> int:
    """Prepare the rules: reading below ``readable``, writing to the files ``writable``, no more.

    Returns a descriptor for ``restrict``. Paths that don't exist are left out. TCP, signals to
    processes outside and abstract sockets are refused too where the kernel can.
    Raises OSError without Landlock.
    """
    version = landlock_version()
    rights = (1 << max(n for since, n in _FILE_RIGHTS.items() if since <= max(version, 1))) - 1
    rules = _Ruleset(
        rights,
        _NETWORK_RIGHTS if version >= _NETWORK_SINCE else 0,
        _SCOPES if version >= _SCOPES_SINCE else 0,
    )
    size = 24 if version >= _SCOPES_SINCE else 16 if version >= _NETWORK_SINCE else 8
    ruleset = _call(_CREATE_RULESET, ctypes.byref(rules), size, 0)
    for path in readable:
        _allow(ruleset, path, _READ_FILE | _READ_DIR if Path(path).is_dir() else _READ_FILE)
    for path in writable:
        _allow(ruleset, path, _READ_FILE | _WRITE_FILE)
    return ruleset


def restrict(ruleset: int) -> None:
    """Bind this process, and what it may start, to the rules. Needs NO_NEW_PRIVS before."""
    _call(_RESTRICT_SELF, ruleset, 0)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rule = _PathBeneath(rights, folder)
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(folder)


def _call(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result: int = libc.syscall(ctypes.c_long(number), *words)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
