"""How far a student has come: tallies, the progress line, and what is next."""

import pytest

from autograder.course import load_course
from autograder.selfcheck.progress import Progress, Tally


def here(name: str) -> str:
    return f"exercises/{name}.py:1"


@pytest.fixture
def progress():
    """Two tests of rank and one of is_3 are to be run."""
    progress = Progress(load_course())
    for function in ("is_3", "rank", "rank"):
        progress.expect_test(function)
    return progress


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(total=3, passed=3), "done"),
        (Tally(total=3, not_attempted=3), "not attempted"),
        (Tally(total=3), "not run"),
        (Tally(total=3, passed=1, failed=2), "1 of 3 tests"),
        (Tally(total=3, passed=2), "2 of 3 tests"),
        (Tally(total=1, failed=1), "0 of 1 test"),
    ],
)
def test_tally_in_words(tally, words):
    assert tally.in_words() == words


def test_tests_that_were_not_run_are_not_done(progress):
    progress.count("rank", "passed")
    assert not progress.complete
    assert progress.progress_line() == "████████░░░░░░░░░░░░░░░░ 0/2 functions · 1/3 tests"


def test_everything_done(progress):
    for function in ("rank", "rank", "is_3"):
        progress.count(function, "passed")
    assert progress.complete
    assert progress.next is None
    assert progress.lines(here) == [
        "shapes    rank  done",
        "classify  is_3  done",
        "",
        "████████████████████████ 2/2 functions · 3/3 tests",
    ]


def test_next_is_the_first_in_teaching_order(progress):
    progress.count("rank", "failed")
    progress.count("is_3", "failed")
    assert progress.lines(here)[-3:] == [
        "Next: rank in exercises/rank.py:1",
        "      Return the number of axes, not the number of values.",
        "      For a hint: autograder hint rank",
    ]


def test_every_task_fits_on_a_line(progress):
    for function in load_course().functions:
        assert len(f"      {function.task}") <= 100


def test_two_functions_of_one_unit_share_its_name(progress):
    progress.expect_test("check_image_stack")
    assert progress.lines(here)[:3] == [
        "shapes    rank               not run",
        "          check_image_stack  not run",
        "classify  is_3               not run",
    ]


def test_what_a_function_builds_on(progress):
    progress.expect_test("mnist_distance")
    assert progress.unsound_below("is_3") == ["mnist_distance"]
    progress.count("mnist_distance", "passed")
    assert progress.unsound_below("is_3") == []


def test_what_was_not_chosen_is_not_called_unsound(progress):
    assert progress.unsound_below("is_3") == []


def test_nothing_to_do():
    assert Progress(load_course()).progress_line() == "░" * 24 + " 0/0 functions · 0/0 tests"
