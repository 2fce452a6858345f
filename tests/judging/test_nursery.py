"""The process above the fork servers: a clean start, a tried lock, and nothing left behind."""

import socket
import sys
import tempfile
from contextlib import closing

import pytest

from autograder.judging import nursery
from autograder.judging.failures import MachineFailure, ServerLost
from autograder.judging.nursery import Nursery
from autograder.judging.sandbox import LIMITS, Sandbox, find_sandbox
from autograder.judging.workers import ForkServer, fork_server

if sys.platform == "win32":
    pytest.skip("grading needs Linux or macOS", allow_module_level=True)

UNLOCKED = Sandbox((), ())


@pytest.fixture
def desks(tmp_path, monkeypatch):
    """Where the folders of workers are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_nothing_of_the_instructors_environment_reaches_a_worker(monkeypatch):
    monkeypatch.setenv("AUTOGRADER_TOKEN", "secret")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    environment = nursery._environment()
    assert "secret" not in environment.values()
    assert "PYTHONPATH" not in environment
    assert environment["HOME"] == "/nonexistent"


def test_what_a_program_needs_to_start_stays(monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/somewhere")
    environment = nursery._environment()
    assert environment["LD_LIBRARY_PATH"] == "/somewhere"
    assert "PATH" in environment


def test_one_nursery_serves_several_slots_and_ends_when_the_judges_hang_up(desks):
    (one, first), (two, second) = socket.socketpair(), socket.socketpair()
    with first, second:
        started = Nursery([first, second], find_sandbox())
    servers = [ForkServer(one), ForkServer(two)]
    with closing(one), closing(two):
        workers = []
        for server in servers:
            server.wait_until_ready()
            workers.append(server.fork())
        for worker in workers:
            worker.close()
    started.close()
    assert started._process.returncode is not None
    assert list(desks.iterdir()) == []


def test_a_nursery_that_does_not_end_by_itself_is_ended(monkeypatch, desks):
    monkeypatch.setattr(nursery, "END_SECONDS", 0.1)
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            started = Nursery([theirs], UNLOCKED)
        # The judge is still there.
        started.close()
    assert started._process.returncode is not None
    assert list(desks.iterdir()) == []


def test_a_python_that_can_not_be_started_is_the_machines_failure(monkeypatch, desks):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(MachineFailure, match="no worker could be started: No such"):
        Nursery([theirs], UNLOCKED)
    assert list(desks.iterdir()) == []


class Leaky(Sandbox):
    """Stops less than it promises."""

    def plan(self):
        return {**super().plan(), "refused": ["open a socket"]}


def test_a_lock_that_does_not_hold_stops_everything():
    with (
        pytest.raises(ServerLost, match="a locked worker could still open a socket"),
        fork_server(Leaky((LIMITS,), ())),
    ):
        pytest.fail("a worker could have been forked")


class Broken(Sandbox):
    """Starts a Python that ends at once."""

    def command(self, python):
        return [python[0], "-c", ""]


def test_a_nursery_that_ends_at_once_is_a_lost_server():
    with pytest.raises(ServerLost, match="no worker started"), fork_server(Broken((), ())):
        pytest.fail("a worker could have been forked")
