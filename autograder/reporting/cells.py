"""What a notebook shows below a cell: of a check at home, and of graded tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.reporting.feedback import environment, lost_tests
from autograder.reporting.text import in_words, number


@dataclass(frozen=True, slots=True)
class Card:
    """``wrong``: the titles and the message of each thing that is not right yet.

    ``summary`` are the lines below. A notebook shows it in HTML, everything else as text.
    """

    wrong: Sequence[tuple[Sequence[str], str]]
    summary: Sequence[str]

    def __str__(self) -> str:
        parts = ["\n".join([*titles, message]) for titles, message in self.wrong]
        return "\n\n".join([*parts, "\n".join(self.summary)])

    @property
    def html(self) -> str:
        """Escaped: what a stranger's answer printed or raised is in it."""
        return environment().get_template("cell.html.j2").render(card=self)

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, str]:
        # What IPython asks a shown object for.
        return {"text/plain": str(self), "text/html": self.html}


def graded_card(function: dict[str, Any], notes: Sequence[str] = ()) -> Card:
    """The card of one function of a result."""
    wrong = [
        (
            [f"{t['title']}  ({number(t['score'])} of {number(t['max_score'])})" for t in tests],
            message,
        )
        for message, tests in lost_tests(function)
    ]
    points = f"{number(function['score'])} of {number(function['max_score'])} points"
    return Card(wrong, [*notes, f"{function['name']}: {in_words(function['status'])}, {points}"])
