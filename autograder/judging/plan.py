"""What a class is graded with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.judging.sandbox import Sandbox
from autograder.observing.outcome import CALL_SECONDS


@dataclass(frozen=True, slots=True)
class Plan:
    """The same for every submission: assignment, seed, suite files, lock, seconds a call."""

    assignment: str
    seed: int
    suite: tuple[Path, ...]
    sandbox: Sandbox
    seconds: float = CALL_SECONDS
