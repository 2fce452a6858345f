"""Each layer of a lock by itself: what it stops, seen from a child that is locked with it."""

import ctypes
import os
import resource
import select
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from autograder.judging.system_calls import NoSeccomp, compiled_filter
from autograder.worker.landlock import make_ruleset
from autograder.worker.lock import (
    CPU_SECONDS,
    DESCRIPTORS,
    SCRATCH_BYTES,
    Lock,
    die_with_the_parent,
)
from tests.worker import children
from tests.worker.children import in_a_child, locked

pytestmark = children.linux

REFUSED = "PermissionError"
ACCOUNT = 64_990
"""An account that nothing belongs to."""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")


def filtered(threads=False):
    try:
        return Lock(program=compiled_filter(threads))
    except NoSeccomp as missing:
        pytest.skip(f"{missing}")


def fork():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def start_a_thread():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


# No layer


def test_without_a_layer_everything_works():
    found = locked(Lock(), fork, start_a_thread, lambda: socket.socket().close())
    assert found == [None, None, None]


def test_every_descriptor_but_one_is_closed(tmp_path):
    with (tmp_path / "grades").open("w") as file:
        found = locked(Lock(), lambda: os.write(file.fileno(), b"100"))
    assert found == "OSError"
    assert (tmp_path / "grades").read_text() == ""


def test_no_program_that_is_started_gains_rights():
    def status():
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(line.split()[1] for line in lines if line.startswith("NoNewPrivs"))

    assert locked(Lock(), status) == "1"


@as_root
def test_root_keeps_no_capability(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a hidden test")
    os.chown(secret, ACCOUNT, ACCOUNT)
    secret.chmod(0o600)
    assert locked(Lock(), secret.read_text, lambda: os.setuid(ACCOUNT)) == [REFUSED, REFUSED]


# Landlock


@children.landlock
def test_landlock_stops_reading_and_writing(tmp_path):
    (tmp_path / "secret").write_text("a hidden test")
    lock = Lock(ruleset=make_ruleset([]))
    found = locked(
        lock, (tmp_path / "secret").read_text, lambda: (tmp_path / "new").write_text("mine")
    )
    assert found == [REFUSED, REFUSED]


# seccomp


def test_seccomp_stops_sockets_and_pairs_of_them():
    found = locked(
        filtered(),
        lambda: socket.socket(),
        lambda: socket.socket(socket.AF_UNIX),
        lambda: socket.socketpair(),
    )
    assert found == [REFUSED] * 3


def test_seccomp_stops_forks_and_programs():
    found = locked(filtered(), fork, lambda: os.execv("/bin/true", ["true"]))
    assert found == [REFUSED, REFUSED]


def test_seccomp_stops_signals_even_to_oneself():
    found = locked(
        filtered(), lambda: os.kill(os.getppid(), 0), lambda: os.kill(os.getpid(), signal.SIGTERM)
    )
    assert found == [REFUSED, REFUSED]


def test_seccomp_starts_threads_only_where_they_are_counted():
    assert locked(filtered(threads=False), start_a_thread) == "RuntimeError"
    assert locked(filtered(threads=True), start_a_thread, fork) == [None, REFUSED]


def test_seccomp_leaves_reading(tmp_path):
    (tmp_path / "page").write_text("for all")
    assert locked(filtered(), (tmp_path / "page").read_text) == "for all"


def test_seccomp_leaves_the_wire_but_nothing_out_of_band():
    here, there = socket.socketpair()
    lock = filtered()

    def talk(theirs):
        # Descriptor 0 stays open.
        os.dup2(here.fileno(), 0)
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=0)
        lock.close(keep=theirs)
        sent = wire.send(b"x")
        with pytest.raises(PermissionError):
            wire.send(b"x", socket.MSG_OOB)
        with pytest.raises(PermissionError):
            wire.recv(1, socket.MSG_OOB)
        return sent

    assert in_a_child(talk) == 1
    assert there.recv(2) == b"x"


def test_seccomp_can_not_be_taken_off():
    def allow_everything():
        libc = ctypes.CDLL(None, use_errno=True)
        return libc.prctl(22, 0, 0, 0, 0) == 0

    assert locked(filtered(), allow_everything) is False


# Limits


def test_memory_is_limited_beyond_what_a_worker_is_born_with():
    found = locked(
        Lock(limits=True),
        lambda: len(bytearray(SCRATCH_BYTES // 8)),
        lambda: len(bytearray(SCRATCH_BYTES * 9 // 8)),
    )
    assert found == [SCRATCH_BYTES // 8, "MemoryError"]


def test_open_files_are_limited():
    def open_many():
        return [os.dup(1) for _ in range(DESCRIPTORS)]

    assert locked(Lock(limits=True), open_many) == "OSError"


def test_no_file_can_grow(tmp_path):
    (tmp_path / "page").touch()
    found = locked(Lock(limits=True), lambda: (tmp_path / "page").write_text("x"))
    assert found == "OSError"
    assert (tmp_path / "page").read_text() == ""


def test_computing_and_core_dumps_are_limited():
    found = locked(
        Lock(limits=True),
        lambda: resource.getrlimit(resource.RLIMIT_CPU),
        lambda: resource.getrlimit(resource.RLIMIT_CORE),
    )
    assert found == [[CPU_SECONDS, CPU_SECONDS], [0, 0]]


def test_a_limit_can_not_be_raised_again():
    def raise_it():
        resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS + 1, DESCRIPTORS + 1))

    assert locked(Lock(limits=True), raise_it) == "ValueError"


def test_threads_are_limited_to_what_the_account_may_have():
    # The kernel never counts root's.
    user = ACCOUNT if os.geteuid() == 0 else None
    assert locked(Lock(user=user, threads=1, limits=True), start_a_thread) == "RuntimeError"


def test_a_worker_goes_first_when_memory_runs_out():
    score = Path("/proc/self/oom_score_adj")
    assert locked(Lock(limits=True), score.read_text) == "1000\n"


# Accounts


@as_root
def test_a_worker_of_roots_becomes_another_account_for_good(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a hidden test")
    secret.chmod(0o600)
    found = locked(
        Lock(user=ACCOUNT),
        lambda: [*os.getresuid(), *os.getresgid(), *os.getgroups()],
        secret.read_text,
        lambda: os.setuid(0),
    )
    assert found == [[ACCOUNT] * 6, REFUSED, REFUSED]


def test_each_slot_has_an_account_of_its_own():
    lock = Lock(user=ACCOUNT)
    assert [lock.for_slot(number).user for number in (0, 1, 5)] == [
        ACCOUNT,
        ACCOUNT + 1,
        ACCOUNT + 5,
    ]


def test_a_slot_has_the_lock_of_all_others():
    lock = Lock(ruleset=3, program=b"program", user=None, threads=64, limits=True)
    assert lock.for_slot(2) == lock


# From a plan


def test_a_plan_without_a_layer_makes_a_lock_without_it():
    plan = {
        "readable": [],
        "writable": [],
        "program": "",
        "user": None,
        "threads": None,
        "limits": True,
    }
    assert Lock.from_plan(plan) == Lock(limits=True)


@children.landlock
def test_a_plan_says_what_can_be_read(tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "note").write_text("for all")
    (tmp_path / "secret").write_text("a hidden test")
    plan = {
        "readable": [str(tmp_path / "open")],
        "writable": [],
        "program": "",
        "user": None,
        "threads": None,
        "limits": False,
    }
    lock = Lock.from_plan(plan)
    found = locked(lock, (tmp_path / "open" / "note").read_text, (tmp_path / "secret").read_text)
    assert found == ["for all", REFUSED]


# Ends


def test_a_layer_that_does_not_take_is_an_error():
    assert in_a_child(lambda theirs: Lock(program=b"no program").close(keep=theirs)) == "OSError"


def test_a_child_ends_when_its_parent_ends():
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        _parent_that_ends(theirs)
    os.close(theirs)
    os.waitpid(pid, 0)
    with os.fdopen(ours, "rb", buffering=0) as pipe:
        assert pipe.read(1) == b"x"
        # Its end of the pipe closes when it has gone.
        ready, _, _ = select.select([pipe], [], [], 30)
        assert ready
        assert pipe.read(1) == b""


def _parent_that_ends(theirs):
    listening, said = os.pipe()
    if os.fork() == 0:
        die_with_the_parent()
        os.write(said, b"x")
        os.write(theirs, b"x")
        time.sleep(60)
        os._exit(0)
    os.read(listening, 1)
    os._exit(0)
