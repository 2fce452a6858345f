"""What commands say to the person at the terminal."""

from __future__ import annotations

import sys


def problem(sentence: str) -> None:
    """Say in one sentence, on standard error, what is wrong and what to do."""
    print(f"autograder: {sentence}", file=sys.stderr)


def os_problem(error: OSError, path: object) -> str:
    """An operating system's error as a sentence about ``path``."""
    return f"{path}: {error.strerror or error}."
