"""The list of allowed system calls, as a locked child sees it."""

import ctypes
import fcntl
import os
import resource
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder.judging import system_calls
from autograder.judging.system_calls import NoSeccomp, compiled_filter
from autograder.worker.lock import Lock
from tests.worker import children
from tests.worker.children import locked

pytestmark = children.linux

INSTRUCTION_BYTES = 8


@pytest.fixture(scope="module")
def lock():
    try:
        return Lock(program=compiled_filter(threads=True))
    except NoSeccomp as missing:
        pytest.skip(f"{missing}")


def test_the_filter_is_a_program_of_whole_instructions(lock):
    assert lock.program
    assert len(lock.program) % INSTRUCTION_BYTES == 0


def test_the_same_filter_is_made_every_time(lock):
    assert compiled_filter(threads=True) == lock.program


def test_threads_make_a_difference(lock):
    assert compiled_filter(threads=False) != lock.program


def run_a_thread():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


ALLOWED = {
    "read": lambda: os.close(os.open(os.devnull, os.O_RDONLY)),
    "list": lambda: list(Path("/proc/self").iterdir()),
    "stat": lambda: Path("/").stat(),
    "allocate": lambda: bytearray(64 << 20),
    "sleep": lambda: time.sleep(0.001),
    "random": lambda: os.urandom(8),
    "clock": lambda: time.time(),
    "thread": run_a_thread,
    "who am I": lambda: (os.getpid(), os.getuid(), os.uname()),
    "is it a terminal": lambda: os.isatty(1),
    "copy a descriptor": lambda: os.dup(1),
    "don't hand it on": lambda: os.set_inheritable(1, False),
    "handle a signal": lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL),
}


@pytest.mark.parametrize("attempt", ALLOWED)
def test_a_computation_gets_what_it_needs(lock, attempt):
    assert locked(lock, lambda: [ALLOWED[attempt](), "done"][1]) == "done"


def system_call(number, *arguments):
    """Make a system call that Python has no name for."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments)) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


IO_URING_SETUP, PIDFD_OPEN, PIDFD_GETFD = 425, 434, 438
"""The same on every architecture, as all that came after Linux 5.1."""

NOTHING = Path("nowhere", "nothing")
"""So that no harm is done where something is not refused after all."""

REFUSED = {
    "socket": lambda: socket.socket(),
    "socketpair": lambda: socket.socketpair(),
    "fork": lambda: os.fork() or os._exit(0),
    "execve": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
    "kill": lambda: os.kill(os.getpid(), signal.SIGTERM),
    "kill a group": lambda: os.killpg(0, 0),
    "mkdir": lambda: NOTHING.mkdir(),
    "unlink": lambda: NOTHING.unlink(),
    "rename": lambda: NOTHING.rename("something"),
    "link": lambda: os.link(NOTHING, "copy"),
    "symlink": lambda: NOTHING.symlink_to("copy"),
    "chmod": lambda: NOTHING.chmod(0o777),
    "chown": lambda: os.chown(NOTHING, 0, 0),
    "utime": lambda: os.utime(NOTHING),
    "truncate": lambda: os.truncate(NOTHING, 0),
    "mkfifo": lambda: os.mkfifo(NOTHING),
    "xattr": lambda: os.setxattr(NOTHING, "user.mark", b"1"),
    "setuid": lambda: os.setuid(0),
    "setsid": lambda: os.setsid(),
    "nice": lambda: os.nice(1),
    "pipe": lambda: os.pipe(),
    "memfd": lambda: os.memfd_create("hidden"),
    "eventfd": lambda: os.eventfd(0),
    "affinity": lambda: os.sched_setaffinity(0, {0}),
    "limits of another": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE),
    "who is sent a signal": lambda: fcntl.fcntl(1, fcntl.F_SETOWN, os.getppid()),
    "type into the terminal": lambda: fcntl.ioctl(1, 0x5412, b"x"),
    "io_uring": lambda: system_call(IO_URING_SETUP, 1, 0),
    "pidfd": lambda: system_call(PIDFD_OPEN, os.getppid(), 0),
    "another's descriptors": lambda: system_call(PIDFD_GETFD, 3, 0, 0),
}


@pytest.mark.parametrize("attempt", REFUSED)
def test_whatever_else_is_refused(lock, attempt):
    assert locked(lock, REFUSED[attempt]) == "PermissionError"


def test_without_threads_even_those_are_refused():
    try:
        lock = Lock(program=compiled_filter(threads=False))
    except NoSeccomp as missing:
        pytest.skip(f"{missing}")
    assert locked(lock, run_a_thread) == "RuntimeError"


def test_a_missing_package_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    with pytest.raises(NoSeccomp, match="the package pyseccomp is not installed"):
        compiled_filter(threads=False)


def test_a_missing_library_is_told(monkeypatch, tmp_path):
    # So ends the import of pyseccomp where it finds no libseccomp.
    (tmp_path / "pyseccomp.py").write_text("raise RuntimeError('Unable to find libseccomp')\n")
    monkeypatch.delitem(sys.modules, "pyseccomp", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(NoSeccomp, match="the library libseccomp is not installed"):
        compiled_filter(threads=False)


def test_no_system_call_is_listed_twice():
    assert len(set(system_calls.ALLOWED)) == len(system_calls.ALLOWED)
