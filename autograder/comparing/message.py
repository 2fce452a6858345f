"""The words for a wrong answer: what was called, what came back, what was expected, why."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.comparing.words import mask, shorten


@dataclass(frozen=True, slots=True)
class Message:
    """One wrong answer in words. ``lesson`` comes from the test's docstring."""

    called: str
    came_back: str
    expected: str
    lesson: str = ""

    def __str__(self) -> str:
        lines = {
            "called": self.called,
            "came back": self.came_back,
            "expected": self.expected,
            "lesson": self.lesson,
        }
        return "\n".join(
            f"{label:<9} {mask(shorten(text))}" for label, text in lines.items() if text
        )


class Wrong(AssertionError):
    """A student's answer is wrong; ``message`` says how. ``timed_out``: it never came back."""

    def __init__(self, message: Message, *, timed_out: bool = False, lost: bool = False) -> None:
        super().__init__(str(message))
        self.message = message
        self.timed_out = timed_out
        self.lost = lost
