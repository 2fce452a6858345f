"""The judge beside a kernel: cells to a result, in a process of its own."""

import subprocess
import sys
from contextlib import contextmanager

import pytest

from autograder.course import SUITE_VARIABLE, load_course
from autograder.judging import kernel
from autograder.judging.kernel import NotGraded, result_of
from tests.judging.private import ONE_TEST, write_suite

ASSIGNMENT = "mnist_basics"
IMPORT = "import torch\nfrom autograder.notebook import check, grade"
RANK = "def rank(tensor):\n    return tensor.ndim"


@pytest.fixture(scope="module", autouse=True)
def judge():
    """One process for all of these tests, as for all cells of a notebook."""
    yield
    process = kernel._judge_of(ASSIGNMENT)
    process.stdin.close()
    process.wait(30)
    kernel._judge_of.cache_clear()


def score_of(result, name):
    [function] = [f for f in result["functions"] if f["name"] == name]
    return function["score"]


def test_a_right_answer_earns_its_points():
    result = result_of([IMPORT, RANK], ASSIGNMENT)
    assert score_of(result, "rank") == load_course().function("rank").points


def test_the_cells_run_so_far_count_and_the_last_definition():
    result = result_of([IMPORT, RANK, "def rank(tensor):\n    return 9"], ASSIGNMENT)
    assert score_of(result, "rank") < load_course().function("rank").points


def test_a_cell_that_grades_is_no_part_of_the_answer():
    cells = [IMPORT, RANK, 'check("rank")\ngrade("rank")']
    assert score_of(result_of(cells, ASSIGNMENT), "rank") == load_course().function("rank").points


def test_cells_that_are_no_python_are_left_out_with_a_note():
    result = result_of([IMPORT, RANK, "def broken(:"], ASSIGNMENT)
    assert score_of(result, "rank") > 0
    assert "code cell 3" in result["notes"][0]


def test_no_cells_at_all():
    result = result_of([], ASSIGNMENT)
    assert result["score"] == 0


def test_no_judge_is_no_zero(monkeypatch):
    """As when the machine has killed it for want of memory."""
    dead = subprocess.Popen(
        [sys.executable, "-c", ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    dead.wait()
    monkeypatch.setattr(kernel, "_judge_of", lambda _assignment: dead)
    with pytest.raises(NotGraded, match="grade this notebook again"):
        result_of([IMPORT], ASSIGNMENT)


def test_a_reason_of_the_judges_is_passed_on(monkeypatch):
    code = "import json; print(json.dumps({'refused': 'There are no hidden suites.'}))"
    refusing = subprocess.Popen(
        [sys.executable, "-c", f"input(); {code}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    monkeypatch.setattr(kernel, "_judge_of", lambda _assignment: refusing)
    with pytest.raises(NotGraded, match="There are no hidden suites"):
        result_of([IMPORT], ASSIGNMENT)
    refusing.wait()


@contextmanager
def judge_with(suite, monkeypatch):
    """A judge of its own, started where an environment variable names a private suite."""
    monkeypatch.setenv(SUITE_VARIABLE, str(suite))
    process = kernel._judge_of.__wrapped__(ASSIGNMENT)
    monkeypatch.setattr(kernel, "_judge_of", lambda _assignment: process)
    yield
    process.stdin.close()
    process.wait(30)


def test_a_private_suite_is_named_by_an_environment_variable(tmp_path, monkeypatch):
    suite = write_suite(tmp_path / "private", ONE_TEST.replace("points=2", "points=0"))
    with judge_with(suite, monkeypatch):
        result = result_of([IMPORT, RANK], ASSIGNMENT)
    [rank] = [function for function in result["functions"] if function["name"] == "rank"]
    assert "test_wide_stack" in [test["name"] for test in rank["tests"]]


def test_points_that_the_notebooks_do_not_have_are_refused(tmp_path, monkeypatch):
    """nbgrader would show 5 of 3 points."""
    with (
        judge_with(write_suite(tmp_path / "private"), monkeypatch),
        pytest.raises(NotGraded, match="rank has 3 points in the course, and 5 in the suites"),
    ):
        result_of([IMPORT, RANK], ASSIGNMENT)


def test_a_private_suite_that_is_missing_is_said(tmp_path, monkeypatch):
    with (
        judge_with(tmp_path / "missing", monkeypatch),
        pytest.raises(NotGraded, match="missing is no folder"),
    ):
        result_of([IMPORT, RANK], ASSIGNMENT)
