"""What a student reads when a test fails."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from autograder.comparing.titles import title_and_lesson

if TYPE_CHECKING:
    from autograder.comparing.message import Message

WIDTH = 100
INDENT = 10
PRINTED = 6
COLOURS = {"came back": "red", "expected": "green"}


@dataclass(frozen=True, slots=True)
class Headline:
    """A failure where there is one line for it, with the fields of pytest's own."""

    path: str
    lineno: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.lineno}: {self.message}"


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed test in words. pytest prints it through ``toterminal``; ``str`` is the same."""

    title: str
    message: Message
    mend_first: Sequence[str]
    """The functions under this one that are not done."""
    where: str
    traceback: str = ""

    @property
    def reprcrash(self) -> Headline:
        """Under the name that pytest looks for."""
        path, _, line = self.where.partition(":")
        return Headline(path, int(line or 1), self.title)

    @property
    def lines(self) -> dict[str, str]:
        """Each line by its label, in the order to read them in."""
        lines = dict(self.message.lines)
        if self.mend_first:
            them = "it" if len(self.mend_first) == 1 else "them"
            lines["first"] = f"get {' and '.join(self.mend_first)} right: this builds on {them}"
        if self.where:
            lines["in"] = self.where
        return lines

    @property
    def table(self) -> str:
        """The labelled lines, as long as they are."""
        return "\n".join(f"{label:<{INDENT}}{line}" for label, line in self.lines.items())

    def toterminal(self, writer: Any) -> None:
        """Print it as wide as pytest's terminal ``writer`` is."""
        writer.line(self.title, bold=True)
        for label, line in self.lines.items():
            colour = {COLOURS[label]: True} if label in COLOURS else {}
            writer.line(_wrapped(label, line, min(writer.fullwidth, WIDTH)), **colour)
        if self.traceback:
            writer.line(f"\n{self.traceback}")

    def __str__(self) -> str:
        lines = [_wrapped(label, line, WIDTH) for label, line in self.lines.items()]
        return "\n".join([self.title, *lines, *([f"\n{self.traceback}"] if self.traceback else [])])


def failure_of(
    item: pytest.Item, error: BaseException, mend_first: Sequence[str], where: str, traceback: str
) -> Failure | None:
    """The failure in words, or None when the test itself is broken."""
    from autograder.comparing.explain import explain
    from autograder.comparing.fixtures import CALLS

    function = item.stash.get(CALLS, None)
    title, lesson = title_and_lesson(item)
    message = explain(error, function.last if function else None, title, lesson)
    return None if message is None else Failure(title, message, mend_first, where, traceback)


def shortened(printed: str) -> str:
    """What an answer printed, without burying the message above it."""
    lines = printed.splitlines(keepends=True)
    more = len(lines) - PRINTED
    return printed if more <= 0 else "".join(lines[:PRINTED]) + f"… and {more} lines more\n"


def _wrapped(label: str, line: str, width: int) -> str:
    """A labelled line, its continuation under the words and not under the label."""
    return textwrap.fill(
        line,
        width,
        initial_indent=f"{label:<{INDENT}}",
        subsequent_indent=" " * INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
