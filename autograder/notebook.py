"""What a notebook imports: ``check`` for students, ``grade`` for nbgrader's hidden tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from autograder.course import CourseError, load_course
from autograder.reporting.cells import Card, graded_card
from autograder.reporting.text import number
from autograder.selfcheck.notebook import HERE, check_names

VALIDATING = "validate"
"""What nbgrader calls its run of the visible tests alone, in the variable NBGRADER_EXECUTION."""


class Sentence(CourseError):
    """Something a reader of the notebook should know; it shows its sentence, no traceback."""

    def _render_traceback_(self) -> list[str]:
        # IPython asks an exception for this before it prints a traceback.
        return [str(self)]


class Points:
    """A cell's value. nbgrader takes its text, a number, for the points that the cell earns."""

    def __init__(self, score: float, share: float, what: str) -> None:
        self.score = score
        self.share = share
        self._what = what

    def __repr__(self) -> str:
        return number(self.score)

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": f"{self.share:.0%} of {self._what}"}


def check(
    function: str | Callable[..., Any] | None = None, names: Mapping[str, Any] | None = None
) -> Points:
    """Run the public tests of one function, or of all, on what this notebook defines.

    ``function`` is a name or the function itself; ``names`` are the definitions to look in,
    by default those of the caller. Shows what is wrong and how far one has come, and returns
    the function's points times the share of its public tests that pass.
    Raises Sentence for a name that is no exercise, and when nbgrader validates and nothing passes.
    """
    if names is None:
        names = sys._getframe(1).f_globals
    try:
        found = check_names(function, names)
    except CourseError as error:
        raise Sentence(str(error)) from None
    wrong = [([failure.title], failure.table) for failure in found.failures]
    _show(Card(wrong, found.progress.lines(lambda _name: HERE)))
    share = found.progress.share
    full = sum(function.points for function in found.progress.functions)
    if not share and os.environ.get("NBGRADER_EXECUTION") == VALIDATING:
        # nbgrader takes some zeros for full points, but never an exception.
        raise Sentence("None of the public tests passes yet.")
    return Points(full * share, share, "the public tests pass")


def grade(function: str) -> Points:
    """Run the hidden tests of ``function`` on the cells that this kernel has run so far.

    For nbgrader's hidden cells: the judge sits in a process of its own, as in ``autograder
    grade``, and gives the same points for the same cells.
    Raises Sentence for 0 points, and where there are no hidden tests.
    """
    from autograder.judging.kernel import NotGraded, result_of

    try:
        known = load_course().function(function)
        result = result_of(_cells_so_far(), known.assignment)
    except (CourseError, NotGraded) as error:
        raise Sentence(str(error)) from None
    [graded] = [found for found in result["functions"] if found["name"] == function]
    _show(graded_card(graded, result["notes"]))
    if not graded["score"]:
        raise Sentence(f"{function}: 0 of {number(graded['max_score'])} points.")
    return Points(graded["score"], graded["score"] / graded["max_score"], "the points")


def _show(card: Card) -> None:
    """Below the cell in a notebook; printed elsewhere."""
    if _shell() is None:
        print(card)
        return
    from IPython.display import display

    display(card)


def _cells_so_far() -> list[str]:
    shell = _shell()
    if shell is None:
        raise Sentence("grade() reads the cells of a notebook: there is none here.")
    return list(shell.history_manager.input_hist_raw)[1:]


def _shell() -> Any:
    # Whoever runs in a notebook has imported IPython already.
    interactive = sys.modules.get("IPython")
    return interactive.get_ipython() if interactive else None
