"""The four lines that a student reads."""

import pytest

from autograder.comparing.message import Message, Wrong


def test_the_parts_stand_under_each_other():
    message = Message("rank(float32 (2,))", "None", "int 1", "Rank is the number of axes.")
    assert str(message) == (
        "called    rank(float32 (2,))\n"
        "came back None\n"
        "expected  int 1\n"
        "lesson    Rank is the number of axes."
    )


def test_a_part_that_is_empty_is_left_out():
    assert str(Message("", "None", "int 1")) == "came back None\nexpected  int 1"


def test_each_part_is_one_line_without_addresses_and_folders():
    message = Message("f()", "two\nlines \x1b[31m <X at 0x7fffaa>", "a file /home/anna/a.py")
    lines = str(message).splitlines()
    assert len(lines) == 3
    assert lines[1] == "came back two lines �[31m <X at 0x…>"
    assert lines[2] == "expected  a file a.py"


def test_a_message_that_goes_on_for_ever_is_cut():
    assert len(str(Message("f()", "x" * 10**6, "y"))) < 1_000


def test_whether_nothing_came_back():
    assert Message("f()", "nothing: it raised ValueError", "3").nothing_came_back
    assert not Message("f()", "None", "3").nothing_came_back


def test_wrong_is_an_assertion_error_that_carries_its_message():
    message = Message("f()", "None", "int 1")
    with pytest.raises(AssertionError, match="came back None") as caught:
        raise Wrong(message, timed_out=True)
    assert caught.value.message is message
    assert caught.value.timed_out
    assert not caught.value.lost
