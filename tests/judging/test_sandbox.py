"""Which layers there are, what is missing in words, and what workers may read."""

import os
import site
import sys
from pathlib import Path

import pytest

from autograder.judging import sandbox
from autograder.judging.sandbox import (
    BUBBLEWRAP,
    FIRST_USER,
    KIT,
    LANDLOCK,
    LIMITS,
    SECCOMP,
    USER,
    Sandbox,
    exposed,
    find_sandbox,
    readable,
)
from autograder.judging.system_calls import NoSeccomp
from autograder.worker.lock import THREADS
from tests.worker import children


@pytest.fixture
def looks_again():
    """Let the machine be looked at anew, and once more when the test is over."""
    find_sandbox.cache_clear()
    readable.cache_clear()
    yield
    find_sandbox.cache_clear()
    readable.cache_clear()


def without_landlock(monkeypatch):
    monkeypatch.setattr(sandbox, "landlock_version", lambda: 0)


def without_seccomp(monkeypatch):
    def compiled_filter(threads):
        raise NoSeccomp("the package pyseccomp is not installed")

    monkeypatch.setattr(sandbox, "compiled_filter", compiled_filter)


# What there is


@children.linux
def test_limits_are_always_there():
    assert LIMITS in find_sandbox().layers


@children.linux
def test_nothing_missing_is_a_lock_with_both_layers_of_the_kernel():
    found = find_sandbox()
    assert found.locked == (not found.missing)
    assert found.locked == ({LANDLOCK, SECCOMP} <= set(found.layers))


@children.linux
def test_a_kernel_without_landlock_is_told_in_a_sentence(monkeypatch, looks_again):
    without_landlock(monkeypatch)
    found = find_sandbox()
    assert not found.locked
    assert LANDLOCK not in found.layers
    assert found.missing[0].startswith("this kernel has no Landlock")


@children.linux
def test_what_is_missing_for_seccomp_is_told_in_a_sentence(monkeypatch, looks_again):
    without_seccomp(monkeypatch)
    found = find_sandbox()
    assert not found.locked
    assert SECCOMP not in found.layers
    assert found.missing[-1] == (
        "system calls can't be filtered: the package pyseccomp is not installed"
    )


@children.linux
def test_two_missing_layers_are_two_sentences(monkeypatch, looks_again):
    without_landlock(monkeypatch)
    without_seccomp(monkeypatch)
    found = find_sandbox()
    assert len(found.missing) == 2
    assert {LANDLOCK, SECCOMP}.isdisjoint(found.layers)


@children.linux
def test_bubblewrap_is_one_layer_more_and_nothing_is_missing_without_it(monkeypatch, looks_again):
    missing = find_sandbox().missing
    find_sandbox.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    found = find_sandbox()
    assert BUBBLEWRAP not in found.layers
    assert found.missing == missing


@children.linux
def test_only_root_can_give_workers_an_account():
    if os.geteuid() != 0:
        assert USER not in find_sandbox().layers


def test_another_system_has_no_lock(monkeypatch, looks_again):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert find_sandbox() == Sandbox((), ("darwin has neither Landlock nor seccomp",))


# The plan


@children.linux
@pytest.mark.parametrize(
    ("layers", "refused"),
    [
        ((), []),
        ((LIMITS,), []),
        ((BUBBLEWRAP,), ["read the hidden tests"]),
        ((LANDLOCK,), ["read the hidden tests", "write a file"]),
        ((SECCOMP,), ["open a socket", "start a process", "send a signal"]),
    ],
)
def test_each_layer_has_something_to_refuse(layers, refused):
    if SECCOMP in layers and SECCOMP not in find_sandbox().layers:
        pytest.skip("system calls can't be filtered here")
    assert Sandbox(layers, ()).plan()["refused"] == refused


@children.linux
def test_a_layer_that_is_not_there_is_not_in_the_plan():
    plan = Sandbox((), ("nothing is there",)).plan()
    assert (plan["readable"], plan["program"]) == ([], "")
    assert plan["user"] is plan["threads"] is None
    assert plan["limits"] is plan["count_apart"] is False


@children.linux
def test_workers_of_root_get_accounts_and_may_start_threads():
    plan = Sandbox((BUBBLEWRAP, LIMITS, USER), ()).plan()
    assert (plan["user"], plan["threads"]) == (FIRST_USER, THREADS)
    assert plan["count_apart"] is False


@children.linux
def test_nothing_but_devices_stands_in_the_plan_beside_what_is_readable():
    plan = Sandbox((LANDLOCK,), ()).plan()
    assert [path for path in plan["readable"] if not path.startswith("/dev/")] == [
        str(path) for path in readable()
    ]
    assert plan["writable"] == ["/dev/null"]


def test_without_bubblewrap_python_is_started_as_it_is():
    assert Sandbox((LANDLOCK, SECCOMP), ()).command(["python", "x"]) == ["python", "x"]


def test_bubblewrap_stands_in_front():
    command = Sandbox((BUBBLEWRAP,), ()).command(["python", "x"])
    assert command[0] == "bwrap"
    assert command[-2:] == ["python", "x"]
    assert {"--unshare-net", "--unshare-pid", "--die-with-parent"} <= set(command)


def shown(command):
    """The paths that bubblewrap is told to show."""
    return [Path(command[i + 1]) for i, word in enumerate(command) if word == "--ro-bind-try"]


def test_bubblewrap_shows_the_workers_two_rooms_of_the_kit_alone():
    of_the_kit = [
        path for path in shown(Sandbox((BUBBLEWRAP,), ()).command([])) if path.is_relative_to(KIT)
    ]
    assert sorted(of_the_kit) == [KIT / "observing", KIT / "worker"]


# What workers may read


def test_a_python_in_the_temporary_folder_is_not_covered():
    """As in CI, and wherever somebody tries the kit out."""
    command = sandbox._bubblewrap()
    assert command.index("/tmp") < command.index(str(sandbox.readable()[0]))


def test_python_and_its_packages_can_be_read():
    for path in (os.__file__, pytest.__file__, site.__file__):
        assert any(Path(path).is_relative_to(folder) for folder in readable())


def test_the_kit_can_not_be_read():
    checkout = KIT.parent
    for folder in readable():
        assert not checkout.is_relative_to(folder)
        assert not folder.is_relative_to(KIT)


def test_nothing_of_a_home_can_be_read_but_a_python_that_lives_there():
    pythons = [Path(prefix) for prefix in (sys.prefix, sys.base_prefix, sys.base_exec_prefix)]
    for folder in readable():
        if folder.is_relative_to(Path.home()):
            assert any(folder.is_relative_to(python / "lib") for python in pythons)


def test_no_readable_folder_lies_in_another():
    paths = readable()
    assert not [one for one in paths for other in paths if one in other.parents]


def test_where_the_system_looks_for_libraries_can_be_read(monkeypatch, looks_again, tmp_path):
    (tmp_path / "cuda").mkdir()
    monkeypatch.setenv("LD_LIBRARY_PATH", f"{tmp_path / 'cuda'}:{tmp_path / 'gone'}")
    assert tmp_path / "cuda" in readable()
    assert tmp_path / "gone" not in readable()


# What would be exposed


def test_a_secret_beside_python_is_exposed():
    stdlib = Path(os.__file__).parent
    secret = stdlib / "submitted"
    found, folder = exposed([Path("/nowhere"), secret])
    assert found == secret
    assert secret.is_relative_to(folder)


def test_a_secret_elsewhere_is_not(tmp_path):
    assert exposed([tmp_path, tmp_path / "hidden"]) is None


def test_a_link_hides_nothing(monkeypatch, looks_again, tmp_path):
    (tmp_path / "libraries").mkdir()
    (tmp_path / "class").symlink_to(tmp_path / "libraries")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path / "libraries"))
    assert exposed([tmp_path / "class"]) == (tmp_path / "class", tmp_path / "libraries")


def test_the_hidden_suites_are_not_exposed():
    assert exposed([KIT / "hidden", KIT.parent / "solutions"]) is None
