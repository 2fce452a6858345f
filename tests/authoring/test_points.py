"""Points a function, from the text of the hidden suites."""

import textwrap
from collections import Counter

import pytest

from autograder.authoring.points import points_by_function
from autograder.authoring.source import SourceError
from autograder.course import load_course
from autograder.judging.judge import Judge, run_judge
from autograder.judging.suite import suite_files

FUNCTIONS = ("rank", "accuracy")


def points(folder, text, name="test_shapes.py"):
    file = folder / name
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    return dict(points_by_function([file], FUNCTIONS))


def test_points_add_up(tmp_path):
    text = """
        @pytest.mark.rule("value", points=2)
        def test_a(rank): ...

        @pytest.mark.rule("shape", points=0.5)
        def test_b(draw, rank, accuracy, expect): ...

        @pytest.mark.rule("value", points=1)
        def test_c(accuracy): ...

        @pytest.mark.rule("value")
        def test_for_nothing(accuracy): ...

        def helper(rank): ...

        def test_of_something_else(draw): ...
    """
    assert points(tmp_path, text) == {"rank": 2.5, "accuracy": 1}


def test_a_parametrised_test_counts_once_for_each_case(tmp_path):
    text = """
        @pytest.mark.parametrize("count", [1, 2, 3])
        @pytest.mark.parametrize(("a", "b"), ((1, 2), pytest.param(3, 4)))
        @pytest.mark.rule("value", points=0.5)
        def test_a(rank, count, a, b): ...
    """
    assert points(tmp_path, text) == {"rank": 3}


@pytest.mark.parametrize("cases", ["CASES", "range(3)", "[*CASES, 1]", "[]"])
def test_cases_that_can_not_be_counted_in_the_text(tmp_path, cases):
    text = f"""
        @pytest.mark.parametrize("count", {cases})
        @pytest.mark.rule("value", points=1)
        def test_a(rank, count): ...
    """
    with pytest.raises(SourceError, match=r"test_shapes\.py, test_a: list the cases"):
        points(tmp_path, text)


@pytest.mark.parametrize("worth", ["'2'", "HALF", "1 / 2", "None"])
def test_points_that_are_no_number_in_the_text(tmp_path, worth):
    text = f"""
        @pytest.mark.rule("value", points={worth})
        def test_a(rank): ...
    """
    with pytest.raises(SourceError, match=r"test_shapes\.py, test_a: write its points"):
        points(tmp_path, text)


def test_a_suite_that_is_no_python(tmp_path):
    with pytest.raises(SourceError, match=r"test_shapes\.py line 1: "):
        points(tmp_path, "def test_a(rank")


def test_the_text_says_what_pytest_collects(monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "")
    course, collected = load_course(), Counter()

    def work(judge):
        for test in judge.tests:
            collected[test.function] += test.points

    run_judge(Judge(course, 0, work), suite_files())
    names = [function.name for function in course.functions]
    assert collected == points_by_function(suite_files(), names)
    assert collected == {function.name: function.points for function in course.functions}
