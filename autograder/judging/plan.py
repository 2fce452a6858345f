"""What a class is graded with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CALL_SECONDS = 10.0
"""The wall-clock limit of one call of a student's function."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The same for every submission: assignment, seed, suite files, seconds a call."""

    assignment: str
    seed: int
    suite: tuple[Path, ...]
    seconds: float = CALL_SECONDS
