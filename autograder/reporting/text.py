"""How scores, statuses and strangers' words are written in every report."""

import re
from typing import Any

from autograder.sources import is_unseen

# All but what is plainly visible; only these characters have to be looked at one by one.
_UNUSUAL = re.compile(r"[^ -~\n\t]+")
_UNUSUAL_IN_A_LINE = re.compile(r"[^ -~]+")


def number(value: float) -> str:
    """A score as people write it: 17, 17.5; twelve digits hide the noise of binary sums."""
    return f"{value:.12g}"


def score_text(result: dict[str, Any]) -> str:
    """A result in a word: "17.5/30", or "unreadable", "not graded" where nothing was judged."""
    if result["status"] != "graded":
        return in_words(result["status"])
    return out_of(result["score"], result["max_score"])


def out_of(score: float, max_score: float) -> str:
    """Points and all that there are, such as "17.5/30"."""
    return f"{number(score)}/{number(max_score)}"


def in_words(status: str) -> str:
    """A status as people read it: "not graded" for `not_graded`."""
    return status.replace("_", " ")


def visible(text: str) -> str:
    """The text with each character that can't be seen as its Python escape; line ends stay.

    What a student's code printed may hold anything: colour codes, NUL, a bidi override that
    turns "failed" around. Escapes show it honestly, and do no harm where they are shown.
    """
    return _UNUSUAL.sub(_escaped, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """As `visible`, with line ends and tabs escaped too: for names, which stand in a line."""
    return _UNUSUAL_IN_A_LINE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return "".join(ascii(c)[1:-1] if is_unseen(c) else c for c in match.group())
