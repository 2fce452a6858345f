"""The self-check without a terminal, for a command or a notebook."""

import builtins
import os
import sys
import types

import pytest

from tests.selfcheck.conftest import COURSE


def test_everything_right(solved):
    check = solved.check()
    assert check.progress.complete
    assert check.failures == []
    assert len(check.progress.tallies) == len(COURSE.of_assignment("mnist_basics"))


def test_only_one_function(solved):
    solved.answer("check_image_stack", "return tensor")
    assert list(solved.check("rank").progress.tallies) == ["rank"]
    assert solved.check("rank").failures == []


def test_nothing_attempted(stubs):
    check = stubs.check()
    assert not check.progress.complete
    assert check.failures == []
    assert {tally.in_words() for tally in check.progress.tallies.values()} == {"not attempted"}


def test_a_message_for_each_failure(solved):
    solved.answer("rank", "return tensor.shape[0]")
    failures = solved.check("rank").failures
    assert [failure.title for failure in failures] == [
        "A picture has rank 2, a stack of pictures rank 3",
        "Three numbers in a row have rank 1, a single number rank 0",
    ]


def test_one_message_for_one_cause(solved):
    solved.answer("rank", "return tensr.ndim")
    assert len(solved.check("rank").failures) == 1


def test_it_is_quiet(solved, capfd):
    solved.answer("rank", "print('hello')\nreturn 9")
    solved.check("rank")
    assert capfd.readouterr() == ("", "")


def test_the_process_goes_on(solved, monkeypatch):
    """A notebook's kernel must outlive a loop that can't be stopped."""

    def ended(code):
        pytest.fail("the process was ended")

    monkeypatch.setattr(os, "_exit", ended)
    monkeypatch.setattr("autograder.selfcheck.session.CALL_SECONDS", 0.01)
    monkeypatch.setattr(builtins, "may_end", False, raising=False)
    solved.answer(
        "rank",
        """
        while not may_end:
            try:
                while not may_end:
                    pass
            except BaseException:
                pass
        """,
    )
    check = solved.check("rank")
    builtins.may_end = True
    assert "no answer within 0.01 seconds: an endless loop?" in str(check.failures[0])


def test_the_tests_are_read_anew(solved):
    solved.answer("rank", "return 7")
    assert len(solved.check("rank").failures) > 1
    test = 'def test_seven(rank, expect):\n    """It is 7"""\n    expect.value(rank(0), 7)\n'
    solved.write("test_shapes.py", test)
    assert solved.check("rank").failures == []


def test_a_module_of_the_same_name_is_in_nobodys_way(solved, monkeypatch):
    """As when a kernel, or a judge, has another test_shapes loaded."""
    other = types.ModuleType("test_shapes")
    monkeypatch.setitem(sys.modules, "test_shapes", other)
    assert solved.check("rank").progress.tallies["rank"].total == 3
    assert sys.modules["test_shapes"] is other


def test_a_project_file_further_up_changes_nothing(solved):
    """Options of the student's own, such as -x or a plugin that is not there, are not read."""
    (solved.root / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "--nope"\n')
    (solved.exercises / "conftest.py").write_text("raise SystemExit('not this one')\n")
    assert solved.check("rank").progress.complete
