"""Landlock by itself: what it opens, what it shuts, and what it leaves to the other layers."""

import os
import socket

import pytest

from autograder.worker import landlock
from autograder.worker.landlock import landlock_version, make_ruleset
from autograder.worker.lock import Lock
from tests.worker import children
from tests.worker.children import locked

pytestmark = [children.linux, children.landlock]

REFUSED = "PermissionError"


@pytest.fixture
def room(tmp_path):
    """A folder that may be read, and a secret beside it."""
    (tmp_path / "open" / "below").mkdir(parents=True)
    (tmp_path / "open" / "below" / "note").write_text("for all")
    (tmp_path / "secret").write_text("a hidden test")
    return tmp_path


def names(folder):
    return [path.name for path in folder.iterdir()]


def within(room, *writable):
    return Lock(make_ruleset([str(room / "open")], [str(path) for path in writable]))


def test_what_lies_below_a_readable_folder_can_be_read(room):
    below = room / "open" / "below"
    found = locked(within(room), (below / "note").read_text, lambda: names(below))
    assert found == ["for all", ["note"]]


def test_nothing_else_can_be_read_or_listed(room):
    found = locked(within(room), (room / "secret").read_text, lambda: names(room))
    assert found == [REFUSED, REFUSED]


def test_a_link_in_a_readable_folder_leads_nowhere_else(room):
    (room / "open" / "link").symlink_to(room / "secret")
    assert locked(within(room), (room / "open" / "link").read_text) == REFUSED


def test_a_single_readable_file_does_not_open_its_folder(room):
    lock = Lock(make_ruleset([str(room / "secret")]))
    found = locked(lock, (room / "secret").read_text, lambda: names(room))
    assert found == ["a hidden test", REFUSED]


def test_what_can_be_read_can_not_be_written_removed_or_renamed(room):
    note = room / "open" / "below" / "note"
    found = locked(
        within(room),
        lambda: note.write_text("mine"),
        note.unlink,
        lambda: note.rename(room / "open" / "mine"),
        lambda: (room / "open" / "new").touch(),
        (room / "open" / "folder").mkdir,
        lambda: (room / "open" / "link").symlink_to(note),
    )
    assert found == [REFUSED] * 6
    assert note.read_text() == "for all"


def test_only_a_writable_file_can_be_written(room):
    page = room / "page"
    page.touch()
    found = locked(
        within(room, page),
        lambda: page.open("r+").write("x"),
        lambda: (room / "other").write_text("x"),
    )
    assert found == [1, REFUSED]


def test_a_path_that_does_not_exist_is_left_out(room):
    lock = Lock(make_ruleset([str(room / "nowhere"), str(room / "open")]))
    assert locked(lock, (room / "open" / "below" / "note").read_text) == "for all"


def test_what_was_opened_before_stays_readable(room):
    def work(theirs):
        # As its standard input, which a lock does not close.
        os.dup2(os.open(room / "secret", os.O_RDONLY), 0)
        within(room).close(keep=theirs)
        return os.read(0, 100).decode()

    assert children.in_a_child(work) == "a hidden test"


def test_tcp_is_refused_where_the_kernel_can(room):
    if landlock_version() < 4:
        pytest.skip("this kernel's Landlock does not know TCP (Linux 6.7 does)")

    def connect(address):
        with socket.socket() as client:
            client.connect(address)

    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        assert locked(within(room), lambda: connect(address)) == REFUSED


def test_signals_to_processes_outside_are_refused_where_the_kernel_can(room):
    if landlock_version() < 6:
        pytest.skip("this kernel's Landlock does not know signals (Linux 6.12 does)")
    found = locked(within(room), lambda: os.kill(os.getppid(), 0), lambda: os.kill(os.getpid(), 0))
    assert found == [REFUSED, None]


def test_forks_and_udp_are_left_to_seccomp(room):
    def fork():
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        return os.waitpid(pid, 0)[1]

    def talk():
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()

    assert locked(within(room), fork, talk) == [0, None]


def test_a_kernel_without_landlock_has_version_0_and_makes_no_rules(monkeypatch):
    # A system call of a number that no kernel has.
    monkeypatch.setattr(landlock, "_CREATE_RULESET", 100_000)
    assert landlock_version() == 0
    with pytest.raises(OSError, match="not implemented"):
        make_ruleset(["/"])
