"""A limit on the time of one call. Endless loops here wait for events, so nothing is timed."""

import sys
import threading

import pytest

from autograder.selfcheck.limits import TimeLimit

NOW = 0.01
"""Seconds: too short for a call that never ends, and no test waits for more."""


def where_it_ran() -> threading.Thread:
    return threading.current_thread()


class Stubborn:
    """Loops until it is told to stop, whatever exception is thrown at it."""

    def __init__(self) -> None:
        self.may_end = threading.Event()

    def __call__(self) -> str:
        while not self.may_end.is_set():
            try:
                while not self.may_end.is_set():
                    pass
            except BaseException:
                pass
        return "late"


def test_the_value_of_the_call():
    assert TimeLimit(60).call_within(lambda: [1, 2], "rank") == [1, 2]


def test_a_call_runs_in_a_thread_of_its_own():
    assert TimeLimit(60).call_within(where_it_ran, "rank") is not threading.main_thread()


def test_an_endless_loop_is_interrupted():
    def endless() -> None:
        while True:
            pass

    limit = TimeLimit(NOW)
    with pytest.raises(TimeoutError):
        limit.call_within(endless, "rank")
    assert not limit.left_behind


def test_a_loop_that_catches_everything_is_left_behind():
    limit, stubborn = TimeLimit(NOW), Stubborn()
    before = set(threading.enumerate())
    with pytest.raises(TimeoutError):
        limit.call_within(stubborn, "rank")
    assert limit.left_behind
    stubborn.may_end.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(60)
    assert not limit.left_behind


def test_ctrl_c_leaves_no_loop_unnoticed(monkeypatch):
    """Somebody presses Ctrl-C while the main thread waits for a loop that can't be stopped."""
    limit, stubborn = TimeLimit(60), Stubborn()

    def interrupted(_done: threading.Event) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(limit, "_wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        limit.call_within(stubborn, "rank")
    assert limit.left_behind
    stubborn.may_end.set()


def test_off():
    limit = TimeLimit(NOW, off=True)
    assert limit.call_within(where_it_ran, "rank") is threading.main_thread()


def test_off_while_a_debugger_is_open():
    limit = TimeLimit(60)
    limit.switch_off()
    assert limit.call_within(where_it_ran, "rank") is threading.main_thread()
    limit.switch_back()
    assert limit.call_within(where_it_ran, "rank") is not threading.main_thread()


def test_pdb_on_the_command_line_keeps_it_off():
    limit = TimeLimit(60, off=True)
    limit.switch_off()
    limit.switch_back()
    assert limit.off


class Clock:
    """Stands for the end of a call, which comes after a number of waits."""

    def __init__(self, waits: int) -> None:
        self.waits = waits
        self.asked: list[float] = []

    def wait(self, seconds: float) -> bool:
        self.asked.append(seconds)
        return len(self.asked) == self.waits


def test_a_debugger_opened_inside_of_a_call_stops_the_clock():
    """breakpoint(): the call goes on for as long as somebody reads."""
    limit, clock = TimeLimit(60), Clock(waits=4)
    limit.switch_off()
    limit._wait(clock)
    assert clock.asked == [60, 1, 1, 1]


def test_without_a_debugger_the_clock_runs_once():
    limit, clock = TimeLimit(60), Clock(waits=4)
    limit._wait(clock)
    assert clock.asked == [60]


def test_a_traced_thread_is_being_debugged():
    def trace(*_args: object) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        thread = TimeLimit(NOW).call_within(where_it_ran, "rank")
    finally:
        sys.settrace(before)
    assert thread is threading.main_thread()
