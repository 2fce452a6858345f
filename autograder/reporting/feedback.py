"""One result -> one HTML page for the student: what is right, what is not, and why."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from autograder.files import write_atomically
from autograder.reporting.files import student_file
from autograder.reporting.text import in_words, number, visible

if TYPE_CHECKING:
    from jinja2 import Environment

# Beside every word a sign, so that nobody has to tell colours apart. All are plain characters
# that every system font has, and none becomes an emoji on a phone.
_SIGNS = {
    "passed": "✓",
    "failed": "✗",
    "error": "!",
    "timeout": "…",
    "not_attempted": "○",
    "skipped": "-",
}
_LOST = ("failed", "error", "timeout")
# A judge's message is a table: a label and its padding take ten characters of each line.
_LABELLED = re.compile(r"(?:[a-z][a-z ]{8}| {9}) (?=\S)")
# A digest tells two hand-ins apart by its first twelve digits.
_DIGEST = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{20,}\b")


class Line(NamedTuple):
    """A line of a message; `label` is "called    " and the like, or empty."""

    label: str
    text: str


def write_feedback(result: dict[str, Any], folder: Path) -> Path:
    """Write the student's page into `folder` and return its path.

    Raises OSError when it can't be written.
    """
    path = student_file(folder, result["student"], ".html")
    write_atomically(path, feedback_page(result))
    return path


def feedback_page(result: dict[str, Any]) -> str:
    """The page of one result: self-contained, without scripts, to be mailed, uploaded, printed."""
    return (
        environment()
        .get_template("feedback.html.j2")
        .render(
            result=result,
            verdict=_verdict(result["functions"]),
            receipt={name: _short(value) for name, value in result["receipt"].items()},
        )
    )


@cache
def environment() -> "Environment":
    """Where the templates are; whatever they show is escaped and made visible."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader("autograder.reporting", "."),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["in_words"] = in_words
    found.globals |= {
        "sign": _SIGNS.__getitem__,
        "lost_tests": lost_tests,
        "message_lines": message_lines,
    }
    return found


def _shown(value: object) -> object:
    """Every value on its way into the page: applied here once, no place can forget it."""
    # Not isinstance: Markup is a str too, and is what the template itself has written.
    if type(value) is str:
        return visible(value)
    return number(value) if isinstance(value, float) else value


def lost_tests(function: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The tests that lost points, those with one message together: (message, tests).

    A file that can't be read fails all its tests with one sentence, which is worth saying once.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for test in function["tests"]:
        if test["status"] in _LOST:
            groups.setdefault(test["message"], []).append(test)
    return list(groups.items())


def message_lines(message: str) -> list[Line]:
    """The lines of a message, labels split off where the message is laid out as a table.

    So a long line that wraps on a phone goes on below its own text, not below the label.
    """
    lines = visible(message).split("\n")
    labels = [match.group() if (match := _LABELLED.match(line)) else "" for line in lines]
    # One line alone is a sentence that happens to begin like a label.
    if sum(map(bool, labels)) < 2:
        return [Line("", line) for line in lines]
    return [Line(label, line[len(label) :]) for label, line in zip(labels, lines, strict=True)]


def _verdict(functions: list[dict[str, Any]]) -> str:
    """The functions in a line, such as "5 of 8 functions passed, 2 failed, 1 not attempted"."""
    count = Counter(function["status"] for function in functions)
    passed = f"{count.pop('passed', 0)} of {len(functions)} functions passed"
    return ", ".join([passed, *(f"{count[s]} {in_words(s)}" for s in _SIGNS if count[s])])


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)
    return _DIGEST.sub(r"\1", text)
