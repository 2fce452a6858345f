"""The system calls that a computation needs, by name; all others are refused in a worker.

A list of what is allowed, not of what is dangerous: nobody has to think of the next system
call that Linux gets. By name, so that it holds on every architecture that libseccomp knows.
"""

from __future__ import annotations

import errno
import tempfile
from typing import Any

_READING = """
    read readv pread64 preadv open openat openat2 close close_range lseek getdents64 getcwd chdir
    stat lstat fstat fstatat64 newfstatat statx access faccessat faccessat2 readlink readlinkat
    fadvise64 dup dup2 dup3
"""
_TALKING = "write writev poll ppoll select pselect6"
_MEMORY = "brk mmap munmap mprotect mremap madvise mincore membarrier"
_WAITING = """
    futex futex_waitv sched_yield nanosleep clock_nanosleep clock_gettime clock_getres
    gettimeofday time times restart_syscall
"""
_ONESELF = """
    getpid gettid getppid getuid geteuid getgid getegid getgroups getpgrp getrusage getrlimit
    getcpu sched_getaffinity getrandom uname sysinfo arch_prctl set_tid_address
    set_robust_list get_robust_list rseq
    rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack exit exit_group
"""
ALLOWED = tuple(" ".join((_READING, _TALKING, _MEMORY, _WAITING, _ONESELF)).split())

_CLONE_THREAD = 0x10000
# Out-of-band data is a part of the kernel of its own, that no worker needs.
_OUT_OF_BAND = 0x1
# What Python asks of every file that it opens: is it a terminal, don't hand it on.
_TERMINAL, _CLOSE_ON_EXEC, _KEEP_ON_EXEC, _BYTES_WAITING = 0x5401, 0x5451, 0x5450, 0x541B
# Copies of a descriptor, and its flags. Not who is sent a signal for it.
_HARMLESS_FCNTL = (0, 1, 2, 3, 4, 1030)


class NoSeccomp(Exception):
    """System calls can't be filtered here; the message says what is missing."""


def compiled_filter(threads: bool) -> bytes:
    """The filter as a program for the kernel; with ``threads`` a worker may start threads.

    Raises NoSeccomp where libseccomp is missing.
    """
    try:
        import pyseccomp
    except ImportError as error:
        raise NoSeccomp("the package pyseccomp is not installed") from error
    except (OSError, RuntimeError) as error:
        raise NoSeccomp("the library libseccomp is not installed") from error
    try:
        rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
        for name in ALLOWED:
            _allow(pyseccomp, rules, name)
        _allow_with_care(pyseccomp, rules, threads)
        with tempfile.TemporaryFile() as file:
            rules.export_bpf(file)
            file.seek(0)
            return file.read()
    except OSError as error:
        raise NoSeccomp(f"libseccomp could not make a filter ({error.strerror})") from error


def _allow_with_care(pyseccomp: Any, rules: Any, threads: bool) -> None:
    """Calls that are harmless with some arguments only."""

    def is_(place: int, value: int) -> Any:
        return pyseccomp.Arg(place, pyseccomp.EQ, value)

    for request in (_TERMINAL, _CLOSE_ON_EXEC, _KEEP_ON_EXEC, _BYTES_WAITING):
        _allow(pyseccomp, rules, "ioctl", is_(1, request))
    for command in _HARMLESS_FCNTL:
        _allow(pyseccomp, rules, "fcntl", is_(1, command))
    in_band = pyseccomp.Arg(3, pyseccomp.MASKED_EQ, _OUT_OF_BAND, 0)
    for name in ("recvfrom", "sendto"):
        _allow(pyseccomp, rules, name, in_band)
    # One's own limits may be looked at.
    _allow(pyseccomp, rules, "prlimit64", is_(0, 0), is_(2, 0))
    if threads:
        is_thread = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, _CLONE_THREAD)
        _allow(pyseccomp, rules, "clone", is_thread)
    # Its flags can't be looked into. "No such call" lets the C library fall back to clone.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")


def _allow(pyseccomp: Any, rules: Any, name: str, *arguments: Any) -> None:
    number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
    # Negative: this architecture, or this libseccomp, does not have it.
    if number >= 0:
        rules.add_rule(pyseccomp.ALLOW, name, *arguments)
