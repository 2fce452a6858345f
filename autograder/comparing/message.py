"""The words for a wrong answer: what was called, what came back, what was expected, why."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.comparing.words import mask, shorten

NOTHING = "nothing: "
"""How ``came_back`` begins when there is no value; the reason follows."""


@dataclass(frozen=True, slots=True)
class Message:
    """One wrong answer in words. ``lesson`` comes from the test's docstring.

    ``printed`` is what the student's function printed, where that was caught.
    """

    called: str
    came_back: str
    expected: str
    lesson: str = ""
    printed: str = ""

    @property
    def nothing_came_back(self) -> bool:
        """Did the call end without any value?"""
        return self.came_back.startswith(NOTHING)

    @property
    def lines(self) -> dict[str, str]:
        """Each part in one line, by its label, in the order to read them in."""
        parts = {
            "called": self.called,
            "printed": self.printed,
            "came back": self.came_back,
            "expected": self.expected,
            "lesson": self.lesson,
        }
        return {label: mask(shorten(text)) for label, text in parts.items() if text}

    def __str__(self) -> str:
        return "\n".join(f"{label:<9} {line}" for label, line in self.lines.items())


class Wrong(AssertionError):
    """A student's answer is wrong; ``message`` says how. ``timed_out``: it never came back."""

    def __init__(self, message: Message, *, timed_out: bool = False, lost: bool = False) -> None:
        super().__init__(str(message))
        self.message = message
        self.timed_out = timed_out
        self.lost = lost
