"""``autograder solution``: only after one's own answer passes."""

import subprocess
import sys

import pytest

from autograder.commands.solution import run_solution
from tests.selfcheck.conftest import make_desk


@pytest.fixture
def solved(tmp_path, monkeypatch):
    """A student's folder where everything is right."""
    monkeypatch.chdir(tmp_path)
    return make_desk(tmp_path, solved=True)


@pytest.fixture
def stubs(tmp_path, monkeypatch):
    """A student's folder where nothing has been done."""
    monkeypatch.chdir(tmp_path)
    return make_desk(tmp_path, solved=False)


NOT_YET = (
    "autograder: rank does not pass yet; the solution comes after that. "
    "Try `pytest exercises/test_shapes.py -k rank` or `autograder hint rank`.\n"
)


def test_after_it_passes(stubs, capsys):
    """The student's own answer, and only this one, has to be right."""
    stubs.answer("rank", "return len(tensor.shape)")
    assert run_solution("rank") == 0
    printed = capsys.readouterr()
    assert printed.out == "def rank(tensor: torch.Tensor) -> int:\n    return tensor.ndim\n"
    assert printed.err == ""


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("return tensor.shape[0]", id="wrong"),
        pytest.param("return torch.tensor(tensor.ndim)", id="almost right"),
        pytest.param("exit()", id="exit"),
        pytest.param("return tensr", id="it raises"),
    ],
)
def test_not_before(solved, capsys, body):
    solved.answer("rank", body)
    assert run_solution("rank") == 1
    assert capsys.readouterr() == ("", NOT_YET)


def test_not_for_a_stub(stubs, capsys):
    assert run_solution("rank") == 1
    assert capsys.readouterr() == ("", NOT_YET)


def test_not_for_a_file_that_cannot_be_read(solved, capsys):
    solved.write("shapes.py", "def rank(tensor")
    assert run_solution("rank") == 1
    assert capsys.readouterr() == ("", NOT_YET)


def test_a_function_below_that_is_wrong(solved, capsys):
    """is_3 builds on mnist_distance and can't be right without it."""
    solved.answer("mnist_distance", "return (b - a).mean((-1, -2))")
    assert run_solution("is_3") == 1
    assert "is_3 does not pass yet" in capsys.readouterr().err


def test_without_solutions(solved, capsys, monkeypatch):
    """In a student's installation."""
    monkeypatch.setattr("autograder.authoring.build.ROOT", solved.root)
    assert run_solution("rank") == 2
    assert "the solutions are not part of this installation; ask" in capsys.readouterr().err


def test_in_another_folder(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_solution("rank") == 2
    assert capsys.readouterr().err == (
        "autograder: exercises/test_shapes.py is not here; go to the folder that holds exercises.\n"
    )


def test_an_unknown_name(solved, capsys):
    assert run_solution("rnak") == 2
    assert "There is no exercise function 'rnak'; the functions are: " in capsys.readouterr().err


def test_no_tests_left(solved, capsys):
    """Somebody emptied the file of public tests: nothing was shown to pass."""
    solved.write("test_shapes.py", "")
    assert run_solution("rank") == 1
    assert capsys.readouterr() == ("", NOT_YET)


# As a process: the way out of a loop that can't be stopped

ONE_SECOND = """
from autograder.selfcheck import session
session.CALL_SECONDS = 1
from autograder.cli import main
main(["solution", "rank"])
"""


def test_a_loop_that_catches_everything(solved):
    solved.answer(
        "rank",
        """
        while True:
            try:
                while True:
                    torch.ones(3).sum()
            except BaseException:
                pass
        """,
    )
    command = [sys.executable, "-c", ONE_SECOND]
    run = subprocess.run(command, cwd=solved.root, capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stdout, run.stderr) == (1, "", NOT_YET)
