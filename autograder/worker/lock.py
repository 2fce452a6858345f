"""A worker locks itself, after the fork and before it runs a line of a stranger's.

The layers overlap on purpose: none is enough alone. Landlock leaves UDP, fork and chmod;
seccomp leaves reading; both leave ``stat``, which the namespaces of bubblewrap close.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.worker.landlock import make_ruleset, restrict

SCRATCH_BYTES = 2 << 30
"""What a worker may allocate beyond what it is born with: torch alone maps gigabytes."""
CPU_SECONDS = 300
DESCRIPTORS = 64
THREADS = 16
"""For both workers of a submission: enough for a pool of the usual size. Where the processors
are shared out among threads, many busy ones push others' slow answers over their deadlines."""

_SET_PARENT_DEATH_SIGNAL, _SET_SECCOMP, _SET_NO_NEW_PRIVS = 1, 22, 38
_FILTER_MODE = 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


@dataclass(frozen=True, slots=True)
class Lock:
    """What a worker is locked with; made once, in the fork server, from what the judge sent.

    ``ruleset`` is Landlock's, ``program`` seccomp's; either is None where it isn't to be used.
    ``user`` is the account to become, for a fork server that is root. ``threads`` is how many
    its account may have, None where that can't be counted.
    """

    ruleset: int | None = None
    program: bytes | None = None
    user: int | None = None
    threads: int | None = None
    limits: bool = False

    @classmethod
    def from_plan(cls, plan: dict[str, Any]) -> Lock:
        """Make ready what ``plan`` asks for. Raises OSError when the kernel can't."""
        readable, program = plan["readable"], plan["program"]
        return cls(
            ruleset=make_ruleset(readable, plan["writable"]) if readable else None,
            program=b64decode(program) if program else None,
            user=plan["user"],
            threads=plan["threads"],
            limits=plan["limits"],
        )

    def for_slot(self, number: int) -> Lock:
        """Each slot's workers get an account of their own, and can't touch each other's."""
        user = None if self.user is None else self.user + number
        return Lock(self.ruleset, self.program, user, self.threads, self.limits)

    def close(self, keep: int) -> None:
        """Lock this process for good, all descriptors but ``keep`` (and 0, 1, 2) closed.

        Raises OSError when a layer does not take: then nothing may run here.
        """
        if self.limits:
            _be_the_first_to_go()
            _limit(self.threads)
        if self.user is not None:
            os.setgroups([])
            os.setresgid(self.user, self.user, self.user)
            os.setresuid(self.user, self.user, self.user)
        die_with_the_parent()
        if sys.platform == "linux":
            _drop_capabilities()
            _prctl(_SET_NO_NEW_PRIVS, 1)
        if self.ruleset is not None:
            restrict(self.ruleset)
        os.closerange(3, keep)
        os.closerange(keep + 1, max(keep + 1, 4096))
        if self.program is not None:
            _filter_system_calls(self.program)


def die_with_the_parent() -> None:
    """Ask Linux to end this process when its parent ends, however that happens."""
    if sys.platform == "linux":
        _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def count_threads_apart() -> None:
    """Let this slot's threads be counted by themselves, in a user namespace of its own.

    Without one, two slots of one account share its limit, and one student's threads could cost
    another's. Where the kernel allows no more namespaces, they do share it.
    """
    new_user_namespace = 0x10000000
    ctypes.CDLL(None).unshare(new_user_namespace)


def _be_the_first_to_go() -> None:
    """When memory runs out, it is a worker that the kernel should end, and not the judge."""
    # Without /proc, as in some containers, the limit on memory is there all the same.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _limit(threads: int | None) -> None:
    limits = {
        # Never absolute: what torch maps differs by version and machine.
        resource.RLIMIT_AS: _mapped_bytes() + SCRATCH_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    if threads is not None:
        limits[resource.RLIMIT_NPROC] = threads
    for limit, most in limits.items():
        _, hard = resource.getrlimit(limit)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(limit, (most, most))


def _mapped_bytes() -> int:
    pages = Path("/proc/self/statm").read_text().split()[0]
    return int(pages) * resource.getpagesize()


def _drop_capabilities() -> None:
    """Give up what root may do beyond its own files; for anybody else this changes nothing."""
    version_3 = 0x20080522
    header = _CapabilityHeader(version_3, 0)
    none = (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capset(ctypes.byref(header), none) != 0:
        raise OSError(ctypes.get_errno(), "capabilities could not be dropped")


def _filter_system_calls(program: bytes) -> None:
    instruction_bytes = 8
    filters = _Program(len(program) // instruction_bytes, program)
    _prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.byref(filters))


def _prctl(option: int, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]
    words += [ctypes.c_ulong(0)] * (4 - len(words))
    if libc.prctl(option, *words) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option} failed")
