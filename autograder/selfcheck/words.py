"""What a student reads when a test fails."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import pytest

WIDTH = 100


def failure_text(
    item: pytest.Item, error: BaseException, unsound_below: Sequence[str]
) -> str | None:
    """The failure in words, or None when the test itself is broken.

    ``unsound_below`` are the functions under this one that are not done: mend them first.
    """
    from autograder.comparing.explain import explain
    from autograder.comparing.fixtures import CALLS

    function = item.stash.get(CALLS, None)
    title, lesson = title_and_lesson(item)
    message = explain(error, function.last if function else None, title, lesson)
    if message is None:
        return None
    lines = [title, str(message)]
    if unsound_below:
        lines.append(f"{'first':<9} mend {' and '.join(unsound_below)}, which this builds on")
    return "\n".join(_wrapped(line) for line in "\n".join(lines).splitlines() if line)


def _wrapped(line: str) -> str:
    """A long line, its continuation under the words and not under the label."""
    return textwrap.fill(line, WIDTH, subsequent_indent=" " * 10, break_long_words=False)


def title_and_lesson(item: pytest.Item) -> tuple[str, str]:
    """A test's docstring: its first line, and the rest as one paragraph."""
    text = getattr(getattr(item, "obj", None), "__doc__", None) or ""
    title, _, rest = text.strip().partition("\n")
    return title.strip(), " ".join(rest.split())
