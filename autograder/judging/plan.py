"""What a class is graded with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.observing.outcome import CALL_SECONDS


@dataclass(frozen=True, slots=True)
class Plan:
    """The same for every submission: assignment, seed, suite files, seconds a call."""

    assignment: str
    seed: int
    suite: tuple[Path, ...]
    seconds: float = CALL_SECONDS
