"""The kit's hidden suites and an instructor's own are one suite; what is wrong with it is said."""

import pytest

from autograder.judging.judge import Judge, run_judge
from autograder.judging.suite import (
    EXERCISES,
    HIDDEN,
    SuiteError,
    suite_digest,
    suite_files,
)
from tests.judging.local import COURSE, judge_answers
from tests.judging.private import ONE_TEST, write_suite

GOOD = "def rank(tensor):\n    return tensor.dim()\n"


def collected(files):
    """Every test that a judge finds in these files."""
    judges = []
    run_judge(Judge(COURSE, 0, judges.append), files)
    return judges[0].tests


def refusal(files):
    with pytest.raises(SuiteError) as refused:
        run_judge(Judge(COURSE, 0, lambda judge: None), files)
    return str(refused.value)


def test_private_tests_stand_beside_the_hidden_ones_also_under_a_file_name_of_theirs(tmp_path):
    private = write_suite(tmp_path / "private")
    files = suite_files(private)
    assert files == [*suite_files(), private / "test_shapes.py"]
    before, after = collected(suite_files()), collected(files)
    [added] = [test for test in after if test not in before]
    assert (added.name, added.function, added.points) == ("test_wide_stack", "rank", 2.0)
    assert len(after) == len(before) + 1


def verdict_on(answer, private, seed=0):
    """How the one private test ends."""
    [verdicts] = judge_answers([("rank", answer)], seed, suite_files(private))
    [verdict] = [verdict for test, verdict in verdicts.items() if test.name == "test_wide_stack"]
    return verdict


def test_a_private_test_decides_like_a_hidden_one(tmp_path):
    private = write_suite(tmp_path / "private")
    narrow = "def rank(tensor):\n    return tensor.dim() if tensor.shape[-1] < 50 else 2\n"
    assert verdict_on(GOOD, private).status == "passed"
    assert verdict_on(narrow, private).status == "failed"


def test_it_draws_from_the_seed_and_not_from_its_place(tmp_path):
    """Another term's data; the same data on another machine."""
    text = ONE_TEST.replace("draw.images(2, 40, 90)", "draw.number(1, 10**6)")
    one, other = (write_suite(tmp_path / name, text) for name in ("one", "other"))
    echo = "def rank(number):\n    return number\n"
    assert verdict_on(echo, one).message == verdict_on(echo, other).message
    assert verdict_on(echo, one, seed=1).message != verdict_on(echo, one).message


def test_the_digest_is_of_private_tests_too(tmp_path):
    private = write_suite(tmp_path / "private")
    before = suite_digest(suite_files(private))
    assert before != suite_digest(suite_files())
    write_suite(private, ONE_TEST.replace("points=2", "points=3"))
    assert suite_digest(suite_files(private)) != before


# A folder that can't be used


def test_a_folder_that_is_none_or_holds_no_test_file(tmp_path):
    (tmp_path / "empty" / "test_folder.py").mkdir(parents=True)
    (tmp_path / "file").write_text("")
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    for name in ("missing", "file", "ring"):
        with pytest.raises(SuiteError, match=f"{name} is no folder"):
            suite_files(tmp_path / name)
    with pytest.raises(SuiteError, match=r"empty holds no test_\*\.py file"):
        suite_files(tmp_path / "empty")


def test_a_folder_that_everybody_has(tmp_path):
    with pytest.raises(SuiteError, match="the kit's own"):
        suite_files(HIDDEN)
    with pytest.raises(SuiteError, match="which students get"):
        suite_files(EXERCISES)
    (tmp_path / "link").symlink_to(EXERCISES)
    with pytest.raises(SuiteError, match="which students get"):
        suite_files(tmp_path / "link")


def test_a_file_that_cannot_be_read(tmp_path):
    private = write_suite(tmp_path / "private")
    (private / "test_gone.py").symlink_to(tmp_path / "gone.py")
    with pytest.raises(SuiteError, match=r"test_gone\.py can't be read"):
        suite_files(private)


def test_a_conftest_is_refused_for_it_would_not_be_read(tmp_path):
    private = write_suite(tmp_path / "private")
    (private / "conftest.py").write_text("raise SystemExit('it was read')")
    with pytest.raises(SuiteError, match=r"conftest\.py would not be read"):
        suite_files(private)
    # As above it, where it may be for something else.
    (private / "conftest.py").rename(tmp_path / "conftest.py")
    assert len(collected(suite_files(private))) > 1


def test_a_folder_with_a_name_that_pytest_takes_apart(tmp_path):
    files = suite_files(write_suite(tmp_path / "spring [1]"))
    assert "may hold no [ or ::" in refusal(files)


# Tests that can't be used


def test_two_tests_of_one_name_are_refused_with_both_files(tmp_path):
    text = ONE_TEST.replace("test_wide_stack", "test_scalar")
    said = refusal(suite_files(write_suite(tmp_path / "private", text, "test_mine.py")))
    assert said.startswith("test_scalar (rank) stands in ")
    assert str(HIDDEN / "test_shapes.py") in said
    assert str(tmp_path / "private" / "test_mine.py") in said


def test_one_name_for_two_functions_is_two_tests(tmp_path):
    other = ONE_TEST.replace("rank", "mean_template")
    private = write_suite(write_suite(tmp_path / "private"), other, "test_more.py")
    named = [test for test in collected(suite_files(private)) if test.name == "test_wide_stack"]
    assert [test.function for test in named] == ["rank", "mean_template"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (ONE_TEST, "x = 1\n", "there is no test in it."),
        (ONE_TEST, "def test_rank(rank\n", "'(' was never closed"),
        (ONE_TEST, "raise ValueError('at import')\n", "ValueError: at import"),
        ("points=2", 'points="2"', "its points are '2'; write a number from 0 up."),
        ("points=2", "points=-1", "its points are -1; write a number from 0 up."),
        ("points=2", 'points=float("nan")', "its points are nan; write a number from 0 up."),
        (", points=2", ", 2", "say @pytest.mark.rule"),
    ],
)
def test_a_file_or_a_test_at_fault_is_named(tmp_path, old, new, words):
    private = write_suite(tmp_path / "private", ONE_TEST.replace(old, new))
    said = refusal(suite_files(private))
    assert said.startswith(str(private / "test_shapes.py"))
    assert words in said


def test_a_file_that_ends_python_is_a_suite_at_fault(tmp_path):
    private = write_suite(tmp_path / "private", "raise SystemExit(3)\n")
    assert "ends Python" in refusal(suite_files(private))
