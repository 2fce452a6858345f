"""Real forked workers as the judge sees them."""

import time

import pytest
import torch

from autograder.judging.failures import MachineFailure, WorkerLost
from autograder.judging.hand_in import HandIn

UNITS = ["distance"]
LOOK_AROUND = """
import importlib, os, sys
from pathlib import Path
import autograder
from autograder.selfcheck import check

done_by_hand = check("mnist_distance")

def modules():
    return sorted(name for name in sys.modules if name.split(".")[0] in ("autograder", "solutions"))

def importable(name):
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True

def paths():
    return [entry for entry in sys.path if (Path(entry or ".") / "autograder").exists()]

def environment():
    return sorted(os.environ)

def folder():
    return os.listdir(os.environ["HOME"])

def reads():
    try:
        return input()
    except EOFError:
        return "the end"

def talks():
    print("x" * 100_000)
    print("x" * 100_000, file=sys.stderr)
    os.write(1, b"x" * 100_000)
    return torch.get_num_threads()

def leave():
    os._exit(7)

def says(count):
    print("hello", count)

def endless():
    while True:
        pass

def fine():
    return 1

import random
import numpy as np
import torch
drawn = [random.random(), float(np.random.rand()), float(torch.rand(1))]

def draws():
    return drawn
"""


@pytest.fixture
def hand_in(server):
    """A worker with a module in it, and what asks it."""
    worker = server.fork()
    source = {"filename": "distance.py", "chunks": [LOOK_AROUND], "tolerant": False}
    header = {"sources": {"distance": source}, "units": UNITS, "aliases": {}, "replace": {}}
    hand_in = HandIn(worker, header, b"")
    assert hand_in.import_module("distance") == (None, [])
    yield hand_in
    worker.close()


def ask(hand_in, name, *args, seconds=60.0):
    return hand_in.call("distance", name, args, {}, "nothing", seconds)


def test_a_worker_sees_nothing_of_the_kit(hand_in):
    seen = ask(hand_in, "modules").value
    assert {name.split(".")[1] for name in seen if "." in name} == {
        "worker",
        "observing",
        "selfcheck",
    }
    for name in ("autograder.course", "autograder.hidden", "autograder.comparing", "solutions"):
        assert ask(hand_in, "importable", name).value is False
    assert ask(hand_in, "importable", "torch").value is True
    assert ask(hand_in, "paths").value == []


def test_a_worker_has_an_environment_of_its_own(hand_in):
    names = ask(hand_in, "environment").value
    assert "USER" not in names
    assert [name for name in names if "TOKEN" in name or "SSH" in name] == []
    assert ask(hand_in, "reads").value == "the end"
    assert ask(hand_in, "talks").value == 1


def test_every_worker_draws_the_same_numbers(server, hand_in):
    drawn = []
    for _ in range(2):
        worker = server.fork()
        source = {"filename": "distance.py", "chunks": [LOOK_AROUND], "tolerant": False}
        header = {"sources": {"distance": source}, "units": UNITS, "aliases": {}, "replace": {}}
        other = HandIn(worker, header, b"")
        other.import_module("distance")
        drawn.append(ask(other, "draws").value)
        worker.close()
    assert drawn[0] == drawn[1] == ask(hand_in, "draws").value


def test_what_a_call_prints_comes_back_and_only_the_beginning(hand_in):
    assert ask(hand_in, "says", 3).printed == "hello 3\n"
    assert ask(hand_in, "fine").printed == ""
    assert len(ask(hand_in, "talks").printed) == 1_000


def test_its_end_is_noticed(hand_in):
    with pytest.raises(WorkerLost, match=r"ended itself \(exit code 7\)") as caught:
        ask(hand_in, "leave")
    assert not caught.value.timed_out


def test_a_worker_that_never_answers_is_given_up(hand_in):
    assert ask(hand_in, "fine").value == 1
    started = time.monotonic()
    with pytest.raises(WorkerLost, match=r"no answer within 0\.5 seconds") as caught:
        ask(hand_in, "endless", seconds=0.5)
    assert caught.value.timed_out
    assert time.monotonic() - started < 30


def test_a_worker_killed_from_outside_is_the_machines_failure(server):
    worker = server.fork()
    server.end(worker._pid)
    # The server has forgotten it: as if somebody else had ended it.
    server_end = server.end
    server.end = lambda pid: {"code": -9, "cpu_seconds": 0.1}
    try:
        with pytest.raises(MachineFailure, match="enough memory"):
            worker.request({"op": "take"}, b"", 5)
    finally:
        del server.end
    assert server.end == server_end
    worker.hang_up()


def test_arguments_are_lent_and_looked_at(server):
    code = "def change(a): a.mul_(2)\ndef keep(a): return a * 2\n"
    worker = server.fork()
    source = {"filename": "distance.py", "chunks": [code], "tolerant": False}
    header = {"sources": {"distance": source}, "units": UNITS, "aliases": {}, "replace": {}}
    hand_in = HandIn(worker, header, b"")
    hand_in.import_module("distance")
    args = (torch.ones(2, 3),)
    kept = hand_in.call_on_lent("distance", "keep", args, 10)
    assert kept.arguments is args
    changed = hand_in.call_on_lent("distance", "change", args, 10)
    assert torch.equal(changed.arguments[0], torch.full((2, 3), 2.0))
    worker.close()
