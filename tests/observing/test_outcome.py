"""What is known of one call."""

import pytest

from autograder.observing.outcome import Outcome, Raised


@pytest.mark.parametrize(
    ("raised", "text"),
    [
        (Raised(("ValueError", "Exception"), "too few"), "ValueError: too few"),
        (Raised(("SystemExit",), ""), "SystemExit"),
        (
            Raised(("TypeError",), "no tensor", "distance.py line 3"),
            "TypeError: no tensor (distance.py line 3)",
        ),
    ],
)
def test_an_exception_in_words(raised, text):
    assert str(raised) == text


def test_a_call_returned_unless_it_raised_or_was_lost():
    assert Outcome(value=None).returned
    assert not Outcome(raised=Raised(("ValueError",), "")).returned
    assert not Outcome(lost="no answer", timed_out=True).returned
