"""A test's docstring is what the student reads."""

import pytest

from autograder.comparing.titles import title_and_lesson


class Item:
    """A collected test with this docstring."""

    def __init__(self, docstring: str | None) -> None:
        self.obj = type("Test", (), {"__doc__": docstring})


@pytest.mark.parametrize(
    ("docstring", "title", "lesson"),
    [
        ("Title", "Title", ""),
        ("Title\n\n    One line\n    and another.\n    ", "Title", "One line and another."),
        ("\n    Title below\n", "Title below", ""),
        (None, "", ""),
    ],
)
def test_title_and_lesson(docstring, title, lesson):
    assert title_and_lesson(Item(docstring)) == (title, lesson)
