"""What a worker is given: sources, and right versions only of what failed and is used."""

import marshal

import pytest

from autograder.course import load_course
from autograder.intake.submission import Source, Submission
from autograder.judging.layout import NOTEBOOK, find_layout
from autograder.judging.packing import Packer, Taken

COURSE = load_course()
IS_3 = "from exercises.distance import mnist_distance\n\ndef is_3(x, a, b):\n    return x\n"


def packer(*cells, **texts):
    sources = [Source(name, (text,), f"{name}.py") for name, text in texts.items()]
    if cells:
        sources.append(Source(NOTEBOOK, cells, "n.ipynb"))
    submission = Submission("anna", tuple(sources), (), (), None, "")
    return Packer(submission, find_layout(submission, COURSE), COURSE)


def test_only_functions_that_the_code_mentions_are_used():
    names = ["mnist_distance", "mean_template"]
    assert packer(classify=IS_3).used_among(names) == {"mnist_distance"}


def test_without_replacements_no_reference_is_packed():
    header, code = packer(classify=IS_3).pack(frozenset(), (), Taken.ALL)
    assert (header["replace"], code) == ({}, b"")
    assert header["sources"]["classify"]["chunks"] == [IS_3]


def test_a_replacement_comes_compiled_for_the_functions_home():
    header, code = packer(classify=IS_3).pack(frozenset({"mnist_distance"}), (), Taken.ALL)
    assert header["replace"] == {"distance": ["mnist_distance"]}
    assert "mnist_distance" in marshal.loads(code).co_names


def test_a_copy_in_another_unit_is_replaced_too():
    copied = IS_3.replace(
        "from exercises.distance import mnist_distance", "def mnist_distance(): 0"
    )
    both = packer(classify=copied, distance="def mnist_distance(a, b): 1")
    header, _ = both.pack(frozenset({"mnist_distance"}), (), Taken.ALL)
    assert header["replace"] == {
        "classify": ["mnist_distance"],
        "distance": ["mnist_distance"],
    }


def test_a_broken_module_stays_behind():
    header, _ = packer(classify=IS_3, shapes="1 / 0").pack(frozenset(), {"shapes"}, Taken.ALL)
    assert list(header["sources"]) == ["classify"]


@pytest.mark.parametrize(
    ("taken", "kept"),
    [
        (Taken.ALL, "while True: pass\nx = 1\ny = train()"),
        (Taken.DEFINITIONS, "x = 1\ny = train()"),
        (Taken.NO_CALLS, "x = 1"),
    ],
)
def test_of_a_notebook_that_never_ends_comes_less_and_less(taken, kept):
    cell = "while True: pass\nx = 1\ny = train()"
    header, _ = packer(cell).pack(frozenset(), (), taken)
    assert header["sources"][NOTEBOOK]["chunks"] == [kept]


def test_a_notebook_stands_for_its_units():
    header, _ = packer("def rank(tensor):\n    return tensor.dim()").pack(
        frozenset(), (), Taken.ALL
    )
    assert header["aliases"]["shapes"] == NOTEBOOK
