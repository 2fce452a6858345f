"""What a test says of itself: its docstring, and the function that it names."""

from __future__ import annotations

import pytest

from autograder.course import Course


def title_and_lesson(item: pytest.Item) -> tuple[str, str]:
    """A test's docstring: its first line, and the rest as one paragraph."""
    text = getattr(getattr(item, "obj", None), "__doc__", None) or ""
    title, _, rest = text.strip().partition("\n")
    return title.strip(), " ".join(rest.split())


def function_of(item: pytest.Item, course: Course) -> str | None:
    """The exercise function that a test names first, or None."""
    names = {function.name for function in course.functions}
    return next((name for name in getattr(item, "fixturenames", ()) if name in names), None)
