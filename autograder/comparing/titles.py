"""What a test says of itself, in its docstring."""

from __future__ import annotations

import pytest


def title_and_lesson(item: pytest.Item) -> tuple[str, str]:
    """A test's docstring: its first line, and the rest as one paragraph."""
    text = getattr(getattr(item, "obj", None), "__doc__", None) or ""
    title, _, rest = text.strip().partition("\n")
    return title.strip(), " ".join(rest.split())
