"""The cells of a released notebook, by the ids under which nbgrader and Jupyter know them."""

from __future__ import annotations

SET_UP = "set-up"


def answer_cell_id(function: str) -> str:
    """The id of the cell in which ``function`` is to be written."""
    return function


def graded_cell_id(function: str) -> str:
    """The id of the cell in which ``function`` is graded, in notebook and gradebook."""
    return f"test-{function}"
