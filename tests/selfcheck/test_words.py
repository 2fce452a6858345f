"""A failure in words, as lines and on a terminal."""

import io

import pytest
from _pytest._io import TerminalWriter

from autograder.comparing.message import Message
from autograder.selfcheck.words import Failure, shortened

MESSAGE = Message(
    called="rank(float32 (28, 28))",
    came_back="int 784",
    expected="2",
    lesson="The rank is the number of axes: two for a picture, and one more for a stack of them.",
)


def failure(**fields):
    given = {"title": "A picture has rank 2", "message": MESSAGE, "mend_first": (), "where": ""}
    return Failure(**(given | fields))


def on_terminal(shown, width):
    file = io.StringIO()
    writer = TerminalWriter(file)
    writer.fullwidth = width
    shown.toterminal(writer)
    return file.getvalue()


def test_the_order_of_the_lines():
    shown = failure(mend_first=["accuracy", "is_3"], where="exercises/shapes.py:10")
    assert str(shown).splitlines() == [
        "A picture has rank 2",
        "called    rank(float32 (28, 28))",
        "came back int 784",
        "expected  2",
        f"lesson    {MESSAGE.lesson}",
        "first     get accuracy and is_3 right: this builds on them",
        "in        exercises/shapes.py:10",
    ]


def test_one_function_to_get_right_first():
    lines = str(failure(mend_first=["is_3"])).splitlines()
    assert lines[-1] == "first     get is_3 right: this builds on it"


def test_what_is_not_known_has_no_line():
    assert "first" not in str(failure())
    assert "in        " not in str(failure())


def test_a_traceback_comes_last():
    assert str(failure(traceback="File ...")).endswith("one more for a stack of them.\n\nFile ...")
    assert on_terminal(failure(traceback="File ..."), 100).endswith("\n\nFile ...\n")


def test_the_terminal_shows_the_same():
    assert on_terminal(failure(), 100) == f"{failure()}\n"


@pytest.mark.parametrize("width", [40, 80, 250])
def test_lines_fit_and_go_on_under_the_words(width):
    lines = on_terminal(failure(), width).splitlines()
    assert max(map(len, lines)) <= min(width, 100)
    assert all(line.startswith(" " * 10) for line in lines[5:])


def test_a_long_word_is_not_broken():
    place = "/".join(["a-long-folder-name"] * 8)
    assert f"in        {place}" in on_terminal(failure(where=place), 60)


@pytest.mark.parametrize(
    ("where", "line"), [("exercises/shapes.py:10", 10), ("exercises/shapes.py", 1)]
)
def test_in_one_line(where, line):
    expected = f"exercises/shapes.py:{line}: A picture has rank 2"
    assert str(failure(where=where).reprcrash) == expected


def test_a_long_print_is_cut():
    printed = "".join(f"line {number}\n" for number in range(100))
    assert shortened(printed).splitlines()[-2:] == ["line 5", "… and 94 lines more"]
    assert shortened("one line\n") == "one line\n"
