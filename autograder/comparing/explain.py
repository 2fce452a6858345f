"""Whatever made a test fail, in the words of a message."""

from __future__ import annotations

from dataclasses import replace

from autograder.comparing.function import Call
from autograder.comparing.message import Message, Wrong
from autograder.comparing.words import shorten


def explain(
    error: BaseException | None, last: Call | None, title: str, lesson: str
) -> Message | None:
    """Say what was called, what came back, what was expected, and what the lesson says.

    Returns None when the test failed before it called the student's function: then it is
    the test that is broken.
    """
    if isinstance(error, Wrong):
        return replace(error.message, lesson=error.message.lesson or lesson)
    if last is None:
        return None
    expected = title
    if isinstance(error, AssertionError) and str(error):
        # A plain assert: pytest's first line says what was compared.
        expected = f"{title}: {shorten(str(error).splitlines()[0])}"
    return Message(last.called, last.came_back, expected, lesson, last.outcome.printed)
