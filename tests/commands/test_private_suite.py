"""``grade --suite`` and ``regrade --suite``: an instructor's own tests count like the kit's."""

import csv
import shutil
import sys

import pytest

from autograder.course import SUITE_VARIABLE
from tests.commands.conftest import autograder, read_results
from tests.judging.private import ONE_TEST, write_suite

if sys.platform == "win32":
    pytest.skip("grading needs Linux or macOS", allow_module_level=True)

# Right in all that the kit's own tests ask; they have no picture so wide.
ANSWER = "def rank(tensor):\n    return 0 if 90 in tensor.shape else tensor.ndim\n"


def rank_of(out):
    [result] = read_results(out).values()
    [rank] = [function for function in result["functions"] if function["name"] == "rank"]
    return result, rank


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of one, graded with a private suite: the folder, and what was said."""
    folder = tmp_path_factory.mktemp("private")
    (folder / "submitted" / "anna").mkdir(parents=True)
    (folder / "submitted" / "anna" / "shapes.py").write_text(ANSWER)
    write_suite(folder / "suite")
    return folder, autograder(*grading(folder))


@pytest.fixture
def again(graded, tmp_path):
    """The same somewhere else, to be changed there."""
    return shutil.copytree(graded[0], tmp_path / "class")


def grading(folder, command="grade", suite="suite"):
    given = (command, folder / "submitted", "--out", folder / "out", "--workers", 1)
    return (*given, "--suite", folder / suite) if suite else given


def test_its_points_count_in_results_grades_and_feedback(graded):
    folder, run = graded
    assert run.code == 0
    result, rank = rank_of(folder / "out")
    [private] = [test for test in rank["tests"] if test["name"] == "test_wide_stack"]
    assert (private["status"], private["score"], private["max_score"]) == ("failed", 0, 2)
    assert (rank["score"], rank["max_score"], result["max_score"]) == (3, 5, 52)
    with (folder / "out" / "grades.csv").open() as file:
        [row] = csv.DictReader(file)
    assert (row["score"], row["max_score"]) == ("3", "52")
    assert "A wide stack has three axes too" in (folder / "out/feedback/anna.html").read_text()


def test_results_are_kept_until_the_suite_changes(again):
    # The environment variable is the same as the option.
    run = autograder(*grading(again, suite=None), environment={SUITE_VARIABLE: again / "suite"})
    assert "1 of 1 were graded before" in run.out
    write_suite(again / "suite", ONE_TEST.replace("points=2", "points=4"))
    run = autograder(*grading(again))
    assert "graded before" not in run.out
    assert rank_of(again / "out")[0]["max_score"] == 54


def test_a_regrade_shows_whom_a_mended_private_test_moves(again):
    assert "0 graded again" in autograder(*grading(again, "regrade")).out
    write_suite(again / "suite", ONE_TEST.replace("40, 90", "40, 91"))
    run = autograder(*grading(again, "regrade"))
    assert run.out.splitlines()[:2] == [
        "anna  3/52 -> 5/52  (+2)",
        "        +2 test_wide_stack (rank): A wide stack has three axes too",
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("3)\n", "4)\n", 1, "test_wide_stack (rank) fails the reference solution: "),
        ("draw, expect", "expect, sketch", 1, "is broken (there is no fixture sketch)."),
        ("test_wide_stack", "test_scalar", 1, "rename one of the two."),
    ],
)
def test_a_test_at_fault_is_one_sentence_and_costs_nobody_anything(again, old, new, code, words):
    before = rank_of(again / "out")
    write_suite(again / "suite", ONE_TEST.replace(old, new))
    run = autograder(*grading(again))
    [line] = run.err.splitlines()
    assert (run.code, words in line) == (code, True)
    assert rank_of(again / "out") == before


def test_a_suite_that_students_could_read_is_refused(again):
    shutil.copytree(again / "suite", again / "submitted" / "suite")
    run = autograder(*grading(again, suite="submitted/suite"))
    [line] = run.err.splitlines()
    assert (run.code, line.endswith("choose another place for --suite.")) == (2, True)


def test_a_missing_suite_is_wrong_usage(again):
    run = autograder(*grading(again, suite="missing"))
    [line] = run.err.splitlines()
    assert (run.code, "missing is no folder" in line) == (2, True)
