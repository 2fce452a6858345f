"""What commands say to the person at the terminal."""

from __future__ import annotations

import sys
import textwrap

WIDTH = 100


INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""


def problem(sentence: str) -> None:
    """Say in one sentence, on standard error, what is wrong and what to do."""
    print(f"autograder: {sentence}", file=sys.stderr)


def os_problem(error: OSError, path: object) -> str:
    """An operating system's error as a sentence about ``path``."""
    return f"{path}: {error.strerror or error}."


def wrapped(text: str, indent: int = 0) -> str:
    """``text`` in lines that fit a terminal; all but the first begin ``indent`` columns in."""
    return textwrap.fill(
        text,
        WIDTH,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
