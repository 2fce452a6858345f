"""Answers in files and in the notebook: which of them count, said before they are handed in."""

import pytest

from autograder.bundle.advice import advice
from autograder.course import load_course
from autograder.intake.submission import NOTEBOOK, Source, Submission
from autograder.judging.layout import find_layout

COURSE = load_course()
STUB = "raise NotImplementedError()"


def define(name, body="return 1"):
    return f"def {name}(*_): {body}"


def advised(cells, **files):
    """The advice on a notebook of these cells beside these files, each a list of definitions."""
    sources = [Source(name, ("\n".join(text),), f"{name}.py") for name, text in files.items()]
    sources.append(Source(NOTEBOOK, tuple(cells), "mnist_basics.ipynb"))
    submission = Submission("anna", tuple(sources), (), (), None, "")
    return advice(submission, find_layout(submission, COURSE), COURSE.functions)


@pytest.mark.parametrize(
    ("in_file", "in_notebook"), [("return 1", STUB), (STUB, "return 1"), (STUB, STUB)]
)
def test_who_answers_in_one_place_needs_none(in_file, in_notebook):
    assert advised([define("rank", in_notebook)], shapes=[define("rank", in_file)]) == []


def test_an_answer_in_both_places():
    [sentence] = advised([define("rank")], shapes=[define("rank")])
    assert sentence == "rank is answered twice: shapes.py counts, and not the notebook."


def test_a_unit_that_is_answered_half_here_and_half_there():
    cells = [define("rank", STUB), define("check_image_stack")]
    file = [define("rank"), define("check_image_stack", STUB)]
    [sentence] = advised(cells, shapes=file)
    assert sentence.startswith("check_image_stack in the notebook does not count, since shapes.py")


def test_a_cell_that_builds_on_a_stub_of_the_notebooks():
    cells = [define("mnist_distance", STUB), define("is_3")]
    [sentence] = advised(cells, distance=[define("mnist_distance")])
    assert sentence == (
        "is_3 in the notebook can't use your mnist_distance, which is a stub there: put "
        "`from exercises.distance import mnist_distance` in its place."
    )


def test_what_is_a_stub_everywhere_is_still_to_be_done():
    cells = [define("mnist_distance", STUB), define("is_3")]
    assert advised(cells, distance=[define("mnist_distance", STUB)]) == []


def test_following_that_advice_is_enough():
    cells = ["from exercises.distance import mnist_distance", define("is_3")]
    assert advised(cells, distance=[define("mnist_distance")]) == []
