"""A function that never comes back is given up; so is a submission that takes for ever."""

import pytest

from autograder.judging import patience
from autograder.judging.patience import Patience
from autograder.observing.outcome import Outcome

LOST = Outcome(lost="no answer within 10 seconds", timed_out=True)


def after(*outcomes):
    found = Patience()
    for outcome in outcomes:
        found.count("rank", outcome)
    return found


def test_after_two_losses_a_function_is_not_called_again():
    assert after(LOST).why_hopeless("rank") is None
    hopeless = after(LOST, LOST).why_hopeless("rank")
    assert hopeless.lost == "not tried again: no answer within 10 seconds"
    assert hopeless.timed_out


def test_a_function_that_came_back_once_is_worth_waiting_for():
    assert after(LOST, Outcome(value=1), LOST).why_hopeless("rank") is None


def test_another_function_is_not_to_blame():
    assert after(LOST, LOST).why_hopeless("accuracy") is None


@pytest.fixture
def clock(monkeypatch):
    """Time that passes when it is told to."""
    now = [0.0]
    monkeypatch.setattr(patience.time, "monotonic", lambda: now[0])

    def passes(seconds):
        now[0] += seconds

    return passes


def test_many_slow_calls_together_are_too_slow(clock):
    found = Patience()
    for _ in range(7):
        assert found.why_hopeless("rank") is None
        with found.spend("rank"):
            clock(9)
    assert "all calls of rank together took more than 60 seconds" in found.why_hopeless("rank").lost
    assert found.why_hopeless("accuracy") is None


def test_imports_count_for_the_submission(clock):
    found = Patience()
    for _ in range(11):
        assert found.why_hopeless("rank") is None
        with found.spend():
            clock(29)
    assert "ran for more than 300 seconds" in found.why_hopeless("rank").lost


def test_time_counts_even_when_the_worker_is_lost(clock):
    found = Patience()

    def lose_the_worker():
        with found.spend("rank"):
            clock(61)
            raise ValueError("lost")

    with pytest.raises(ValueError, match="lost"):
        lose_the_worker()
    assert found.why_hopeless("rank") is not None
