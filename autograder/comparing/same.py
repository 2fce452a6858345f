"""Did two calls with equal arguments end alike?"""

from __future__ import annotations

from autograder.comparing.numbers import as_numbers, close
from autograder.observing.outcome import Outcome


def same_answer(one: Outcome, other: Outcome) -> bool:
    """Did two calls end alike: both raised, or both gave the same numbers? NaN is like NaN."""
    if not (one.returned and other.returned):
        return one.raised is not None and other.raised is not None
    a, b = as_numbers(one.value), as_numbers(other.value)
    if a is None or b is None:
        return type(one.value) is type(other.value)
    if a.shape != b.shape:
        return False
    return bool((close(a, b) | (a.isnan() & b.isnan()) | (a == b)).all())
