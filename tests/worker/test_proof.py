"""A lock is tried out: whatever a locked child can still do is said in words."""

import pytest

from autograder.judging.sandbox import BUBBLEWRAP, USER, Sandbox, find_sandbox
from autograder.worker.lock import Lock
from autograder.worker.proof import find_hole
from tests.worker import children

pytestmark = children.linux

ATTEMPTS = [
    "read the hidden tests",
    "write a file",
    "open a socket",
    "start a process",
    "send a signal",
]


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    """A folder of its own for whoever can write."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def plan(*refused):
    return {"secret": __file__, "refused": list(refused)}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_lock_that_stops_nothing_has_every_hole(attempt):
    assert find_hole(Lock(), plan(attempt)) == f"a locked worker could still {attempt}"


def test_what_no_layer_is_asked_to_stop_is_not_tried(desk):
    assert find_hole(Lock(), plan()) is None
    assert list(desk.iterdir()) == []


def test_the_first_hole_is_named():
    assert find_hole(Lock(), plan("send a signal", "open a socket")) == (
        "a locked worker could still open a socket"
    )


def test_the_lock_of_this_machine_holds():
    sandbox = find_sandbox()
    if not sandbox.locked:
        pytest.skip(f"workers can't be locked here: {'; '.join(sandbox.missing)}")
    # Without its namespaces, in which alone another account may reach Python.
    layers = tuple(layer for layer in sandbox.layers if layer not in (BUBBLEWRAP, USER))
    asked = Sandbox(layers, ()).plan()
    assert asked["refused"] == ATTEMPTS
    assert find_hole(Lock.from_plan(asked), asked) is None


@children.landlock
def test_a_lock_in_which_python_can_not_run_is_said_too():
    asked = {"readable": ["/nowhere"], "writable": [], "program": "", "user": None}
    lock = Lock.from_plan({**asked, "threads": None, "limits": False})
    assert find_hole(lock, plan()) == "a locked worker could not run (exit code 1)"


def test_a_layer_that_does_not_take_is_a_lock_that_does_not_run():
    hole = find_hole(Lock(program=b"no program"), plan())
    assert hole == "a locked worker could not run (exit code 1)"
