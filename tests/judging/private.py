"""A private suite: one hidden test of an instructor's own."""

from pathlib import Path

ONE_TEST = '''import pytest


@pytest.mark.rule("value", points=2)
def test_wide_stack(rank, draw, expect):
    """A wide stack has three axes too

    The rank has nothing to do with the size.
    """
    expect.value(rank(draw.images(2, 40, 90)), 3)
'''


def write_suite(folder: Path, text: str = ONE_TEST, name: str = "test_shapes.py") -> Path:
    """Write it into ``folder``, by default under a name that a hidden suite has too."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder
