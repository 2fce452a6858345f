"""A fork server takes orders: fork a worker, end it and say how, leave nobody behind."""

import os
import signal
import socket
import sys

import pytest

from autograder.worker.fork_server import serve_slot
from autograder.worker.lock import Lock
from autograder.worker.packets import receive_packet, send_packet
from autograder.worker.wire import receive, send

if sys.platform == "win32":
    pytest.skip("grading needs Linux or macOS", allow_module_level=True)

ONE = {"units": ["shapes"], "aliases": {}, "replace": {}}


class Slot:
    """A fork server in a child process, and the judge's end of its control socket."""

    def __init__(self):
        self.control, theirs = socket.socketpair()
        self.control.settimeout(30)
        self.pid = os.fork()
        if self.pid == 0:
            self._be_the_server(theirs)
        theirs.close()
        self.greeting = receive_packet(self.control)[0]

    def _be_the_server(self, theirs):
        try:
            self.control.close()
            serve_slot(theirs, Lock())
        finally:
            os._exit(0)

    def ask(self, order, lent=()):
        send_packet(self.control, order, lent)
        return receive_packet(self.control)[0]

    def fork(self):
        """A new worker's process, and the wire to it."""
        ours, theirs = socket.socketpair()
        ours.settimeout(30)
        with theirs:
            return self.ask({"op": "fork"}, [theirs.fileno()])["pid"], ours

    def end(self, pid, patience=0.0):
        return self.ask({"op": "end", "pid": pid, "patience": patience})

    def hang_up(self):
        """Close the control socket, and wait for the server's end."""
        self.control.close()
        return os.waitpid(self.pid, 0)[1]


@pytest.fixture
def slot():
    slot = Slot()
    yield slot
    if slot.control.fileno() >= 0:
        slot.hang_up()


def hand_in(wire, code):
    """Hand a worker one module, and have it imported; the answer may never come."""
    source = {"filename": "shapes.py", "chunks": [code], "tolerant": False}
    send(wire, {"op": "take", "id": "1", "sources": {"shapes": source}, **ONE})
    assert receive(wire)[0] == {"id": "1"}
    send(wire, {"op": "import", "id": "2", "module": "shapes"})


def gone(wire):
    """Has the worker's end of its wire closed?"""
    try:
        return wire.recv(1) == b""
    except ConnectionError:
        return True


def test_it_says_when_it_is_ready(slot):
    assert slot.greeting == {"ready": True}


def test_a_worker_answers_on_the_wire_that_came_along(slot):
    _, wire = slot.fork()
    with wire:
        hand_in(wire, "x = 1\n")
        assert receive(wire)[0] == {"id": "2", "raised": None, "failures": []}


def test_workers_know_nothing_of_each_other(slot):
    (one, first), (two, second) = slot.fork(), slot.fork()
    with first, second:
        assert one != two
        hand_in(first, "import sys\nsys.mark = 1\n")
        hand_in(second, "import sys\nassert not hasattr(sys, 'mark')\n")
        assert receive(second)[0]["raised"] is None


def test_a_worker_that_hangs_up_ends_by_itself(slot):
    pid, wire = slot.fork()
    wire.close()
    ended = slot.end(pid, patience=30)
    assert (ended["by_itself"], ended["code"]) == (True, 0)


def test_a_worker_that_lives_on_is_killed(slot):
    pid, wire = slot.fork()
    with wire:
        ended = slot.end(pid)
        assert (ended["by_itself"], ended["code"]) == (False, -signal.SIGKILL)
        assert gone(wire)


def test_patience_has_an_end(slot):
    pid, wire = slot.fork()
    with wire:
        assert slot.end(pid, patience=0.05)["by_itself"] is False


@pytest.mark.parametrize(
    ("code", "ending"),
    [
        ("import os\nos._exit(7)", 7),
        ("import os\nos.kill(os.getpid(), 11)", -signal.SIGSEGV),
    ],
)
def test_how_it_ended_is_told(slot, code, ending):
    pid, wire = slot.fork()
    with wire:
        hand_in(wire, code)
        ended = slot.end(pid, patience=30)
    assert (ended["by_itself"], ended["code"]) == (True, ending)


def test_how_much_it_computed_is_told(slot):
    pid, wire = slot.fork()
    code = "import time\nwhile time.process_time() < 0.3:\n    pass\n"
    with wire:
        hand_in(wire, code)
        receive(wire)
    assert slot.end(pid, patience=30)["cpu_seconds"] >= 0.25


def test_a_stranger_is_no_worker(slot):
    assert slot.end(os.getpid()) == {"problem": "there is no such worker"}


def test_an_ended_worker_is_no_worker(slot):
    pid, wire = slot.fork()
    wire.close()
    slot.end(pid)
    assert slot.end(pid) == {"problem": "there is no such worker"}


def test_no_worker_is_left_when_the_judge_hangs_up(slot):
    wires = [slot.fork()[1] for _ in range(3)]
    hand_in(wires[0], "while True:\n    pass\n")
    assert slot.hang_up() == 0
    assert all(map(gone, wires))
    for wire in wires:
        wire.close()


def test_no_worker_is_left_when_the_server_is_killed(slot):
    if sys.platform != "linux":
        pytest.skip("only Linux ends children with their parent")
    _, wire = slot.fork()
    with wire:
        os.kill(slot.pid, signal.SIGKILL)
        assert gone(wire)


def test_a_lock_that_does_not_take_leaves_no_worker():
    if sys.platform != "linux":
        pytest.skip("locks are made of what Linux has")
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        serve_slot(theirs, Lock(program=b"no program"))
        os._exit(0)
    theirs.close()
    with ours:
        ours.settimeout(30)
        receive_packet(ours)
        wire, other = socket.socketpair()
        wire.settimeout(30)
        with wire:
            with other:
                send_packet(ours, {"op": "fork"}, [other.fileno()])
            receive_packet(ours)
            assert gone(wire)
    os.waitpid(pid, 0)


def test_a_worker_is_a_session_of_its_own(slot):
    """Linux shares its processors among sessions: a busy worker takes nothing from another."""
    pid, wire = slot.fork()
    hand_in(wire, "x = 1")
    assert receive(wire)[0]["id"] == "2"
    assert os.getsid(pid) == pid
    slot.end(pid)
