"""How long a submission is waited for: a class must not be held up by one of its members."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from autograder.observing.outcome import Outcome

HOPELESS_AFTER = 2
"""After so many calls that never came back, and none that did, a function isn't called again."""
FUNCTION_SECONDS = 60.0
"""All calls of one function together: many slow ones must not hold up a class."""
SUBMISSION_SECONDS = 300.0
"""All that is run of one submission, imports included."""


class Patience:
    """What calls of one submission's functions have cost so far."""

    def __init__(self) -> None:
        self._losses: defaultdict[str, list[Outcome]] = defaultdict(list)
        self._returned: set[str] = set()
        self._spent: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def spend(self, name: str = "") -> Iterator[None]:
        """Count the time of a call of function ``name``; without one, of an import."""
        started = time.monotonic()
        try:
            yield
        finally:
            self._spent[name] += time.monotonic() - started

    def count(self, name: str, outcome: Outcome) -> None:
        """Take note of how a call of function ``name`` ended."""
        if outcome.lost:
            self._losses[name].append(outcome)
        else:
            self._returned.add(name)

    def why_hopeless(self, name: str) -> Outcome | None:
        """The outcome of a call that isn't worth making any more, or None."""
        losses = self._losses[name]
        if name not in self._returned and len(losses) >= HOPELESS_AFTER:
            last = losses[-1]
            return Outcome(lost=f"not tried again: {last.lost}", timed_out=last.timed_out)
        if self._spent[name] > FUNCTION_SECONDS:
            reason = f"all calls of {name} together took more than {FUNCTION_SECONDS:g} seconds"
        elif sum(self._spent.values()) > SUBMISSION_SECONDS:
            reason = f"all that was handed in ran for more than {SUBMISSION_SECONDS:g} seconds"
        else:
            return None
        return Outcome(lost=reason, timed_out=True)
