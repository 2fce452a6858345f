"""Real forked workers as the judge sees them."""

import signal
import socket
import time
from contextlib import contextmanager

import pytest
import torch

from autograder.judging.failures import MachineFailure, WorkerLost
from autograder.judging.hand_in import HandIn
from autograder.judging.script import Script, ScriptedCall
from autograder.worker.serve import LENT

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


@contextmanager
def handed_in(server, code=LOOK_AROUND):
    """A worker with a module in it, and what asks it."""
    worker = server.fork()
    source = {"filename": "distance.py", "chunks": [code], "tolerant": False}
    header = {"sources": {"distance": source}, "units": UNITS, "aliases": {}, "replace": {}}
    hand_in = HandIn(worker, header, b"")
    assert hand_in.import_module("distance") == (None, [])
    yield hand_in
    worker.close()


@pytest.fixture
def hand_in(server):
    with handed_in(server) as hand_in:
        yield hand_in


def ask(hand_in, name, *args, watch="nothing", seconds=60.0):
    return hand_in.call("distance", name, ScriptedCall(args, {}, watch), seconds)


def test_a_worker_sees_nothing_of_the_kit(hand_in):
    seen = ask(hand_in, "modules").value
    assert {name.split(".")[1] for name in seen if "." in name} == {
        "worker",
        "observing",
        "notebook",
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
    with handed_in(server) as other:
        assert ask(other, "draws").value == ask(hand_in, "draws").value


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


def test_a_worker_killed_from_outside_is_the_machines_failure(server, monkeypatch):
    worker = server.fork()
    killed = {"by_itself": True, "code": -signal.SIGKILL, "cpu_seconds": 0.1}
    monkeypatch.setattr(server, "end", lambda pid, patience=0.0: killed)
    worker._connection.shutdown(socket.SHUT_RDWR)
    with pytest.raises(MachineFailure, match="enough memory"):
        worker.request({"op": "take"}, b"", 5)
    worker.hang_up()


def test_a_worker_that_hangs_up_and_lives_on_is_no_failure_of_the_machine(server):
    code = """
import os, stat, time

def hang_up():
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                os.close(fd)
        except OSError:
            pass
    time.sleep(60)
"""
    with (
        handed_in(server, code) as hand_in,
        pytest.raises(WorkerLost, match="broke off the connection"),
    ):
        ask(hand_in, "hang_up")


def test_arguments_are_lent_and_looked_at(server):
    code = "def change(a): a.mul_(2)\ndef keep(a): return a * 2\n"
    with handed_in(server, code) as hand_in:
        args = (torch.ones(2, 3),)
        assert ask(hand_in, "keep", *args, watch=LENT).arguments is None
        changed = ask(hand_in, "change", *args, watch=LENT)
        assert torch.equal(changed.arguments[0], torch.full((2, 3), 2.0))
        assert torch.equal(args[0], torch.ones(2, 3))


def test_all_calls_of_a_script_are_answered_in_order(server):
    code = "def double(a): return a * 2\n"
    script = Script([ScriptedCall((torch.full((2,), n),), {}, "nothing") for n in (1.0, 2.0, 3.0)])
    with handed_in(server, code) as hand_in:
        played = hand_in.play("distance", "double", script, 10)
        # The second is not asked for, as when a test ends early.
        first, third = (played.take(script.calls[n].args, {}, "nothing") for n in (0, 2))
        assert (first.value[0], third.value[0]) == (2.0, 6.0)
        assert played.take(script.calls[1].args, {}, "nothing") is None


def test_a_reply_whose_tensors_share_their_bytes_is_refused(server):
    code = """
import sys

serve = sys.modules["autograder.worker.serve"]

def forged(outcome, encoder):
    encoder.blob = bytearray(8)
    tensor = {"kind": "tensor", "dtype": "uint8", "shape": [8], "device": "cpu", "at": 0}
    return {"raised": None, "value": tensor, "arguments": tensor, "gradients": {"kind": "none"}}

serve.encode_outcome = forged

def f():
    pass
"""
    with (
        handed_in(server, code) as hand_in,
        pytest.raises(WorkerLost, match="not in the frame"),
    ):
        ask(hand_in, "f")
