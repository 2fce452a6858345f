"""A folder of units: whatever stands in it, the student gets an answer in words."""

import sys

import pytest
import torch

from autograder.selfcheck.desk import FolderDesk
from autograder.selfcheck.limits import TimeLimit
from tests.selfcheck.conftest import COURSE


@pytest.fixture
def open_desk():
    """Opens the desk in a folder, and closes it after the test."""
    opened = []

    def make(students_desk, seconds=60.0):
        opened.append(FolderDesk(students_desk.exercises, COURSE, TimeLimit(seconds)))
        return opened[-1]

    yield make
    for desk in opened:
        desk.close()


def call(desk, name, *args):
    return desk.call(name, args, {}, "nothing")


# Files that can't be read


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(
            "def rank(tensor)\n    return 3\n",
            "exercises/shapes.py line 1: expected ':': def rank(tensor)",
            id="syntax error",
        ),
        pytest.param(
            b"rank = len\0\n",
            "exercises/shapes.py line 1 holds a NUL byte: it is no text, or was damaged; "
            "save it again.",
            id="NUL byte",
        ),
        pytest.param(
            b"\n# caf\xe9\n",
            "exercises/shapes.py line 2 is not UTF-8; save it as UTF-8.",
            id="Latin-1",
        ),
        pytest.param(
            "rank = len".encode("utf-16"),
            "exercises/shapes.py is saved as UTF-16; save it as UTF-8.",
            id="UTF-16",
        ),
    ],
)
def test_a_file_that_is_no_python(solved, content, problem):
    solved.write("shapes.py", content)
    lines = " ".join(solved.message("rank").split())
    assert lines == (
        "A picture has rank 2, a stack of pictures rank 3 "
        f"called rank came back nothing: {problem} expected a file that Python can read "
        "lesson Nothing in a file can run before Python can read all of it. in exercises/shapes.py"
    )


def test_a_folder_with_the_name_of_a_unit(solved):
    (solved.exercises / "shapes.py").unlink()
    (solved.exercises / "shapes.py").mkdir()
    assert "nothing: exercises/shapes.py can't be read: Is a directory." in solved.message("rank")


def test_a_broken_file_costs_only_its_own_functions(solved):
    solved.write("shapes.py", "def rank(tensor)")
    check = solved.check()
    done = [name for name, tally in check.progress.tallies.items() if tally.done]
    assert len(check.failures) == 1
    assert len(done) == 6


def test_a_missing_file_is_not_attempted(solved):
    (solved.exercises / "shapes.py").unlink()
    tally = solved.check("rank").progress.tallies["rank"]
    assert tally.in_words() == "not attempted"


# Files that can't be run


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("import pandsa", "ModuleNotFoundError: No module named 'pandsa' (shapes.py line 115)"),
        ("1 / 0", "ZeroDivisionError: division by zero (shapes.py line 115)"),
        ("import sys; sys.exit(0)", "SystemExit: 0 (shapes.py line 115)"),
        ("print(rnak)", "NameError: name 'rnak' is not defined"),
    ],
)
def test_the_file_itself_raises(solved, line, words):
    with (solved.exercises / "shapes.py").open("a") as file:
        file.write(f"{line}\n")
    assert f"nothing: it raised {words}" in " ".join(solved.message("rank").split())


def test_the_file_itself_never_ends(solved, open_desk):
    solved.write("shapes.py", "rank = len\nwhile True:\n    pass\n")
    desk = open_desk(solved, seconds=0.01)
    assert call(desk, "rank", torch.ones(2)).lost == (
        "exercises/shapes.py did not finish running: "
        "no answer within 0.01 seconds: an endless loop?"
    )


def test_what_did_not_come_back_is_not_waited_for_again(solved, open_desk):
    solved.answer("rank", "while True:\n    pass")
    desk = open_desk(solved, seconds=0.01)
    first, second = (call(desk, "rank", torch.ones(2)) for _ in range(2))
    assert first.timed_out
    assert second.timed_out
    assert "an endless loop?" in first.lost
    assert second.lost == "not tried again, since it did not come back before"


def test_a_name_that_the_file_never_binds(solved, open_desk):
    solved.write("shapes.py", "if False:\n    rank = len\n")
    outcome = call(open_desk(solved), "rank", torch.ones(2))
    assert str(outcome.raised) == "NameError: rank is not defined"


# Imports


def test_units_that_import_each_other(solved, open_desk):
    with (solved.exercises / "distance.py").open("a") as file:
        file.write("\nimport exercises.classify\n")
    desk = open_desk(solved)
    pictures = torch.zeros(4, 2, 2), torch.zeros(2, 2), torch.ones(2, 2)
    assert call(desk, "is_3", *pictures).value.tolist() == [True] * 4
    assert call(desk, "mnist_distance", *pictures[:2]).value.tolist() == [0.0] * 4


def test_a_unit_without_the_name_of_the_package(solved, open_desk):
    text = (solved.exercises / "classify.py").read_text()
    solved.write("classify.py", text.replace("from exercises.distance", "from distance"))
    assert call(open_desk(solved), "is_3", *torch.zeros(3, 2, 2)).value.item() is False


def test_a_helper_of_the_students_own(solved, open_desk):
    solved.write("helpers.py", "def rank(tensor):\n    return tensor.ndim + 0\n")
    solved.write("shapes.py", "from helpers import *\n")
    desk = open_desk(solved)
    assert desk.attempted("rank")
    assert call(desk, "rank", torch.ones(2, 2)).value == 2


def test_a_file_called_torch_hides_nothing(solved, open_desk):
    solved.write("torch.py", "raise SystemExit('not torch')\n")
    desk = open_desk(solved)
    assert call(desk, "mnist_distance", torch.ones(2, 2), torch.zeros(2, 2)).value == 1
    assert sys.modules["torch"] is torch


def test_the_students_own_functions_are_used_even_if_wrong(solved, open_desk):
    solved.answer("mnist_distance", "return torch.tensor(5.0)")
    outcome = call(open_desk(solved), "is_3", *torch.zeros(3, 2, 2))
    assert outcome.value.item() is False


def test_closing_leaves_python_as_it_was(solved):
    def state():
        return list(sys.meta_path), {name for name in sys.modules if "exercises" in name}

    before = state()
    desk = FolderDesk(solved.exercises, COURSE, TimeLimit(60))
    call(desk, "is_3", *torch.zeros(3, 2, 2))
    assert state() != before
    desk.close()
    assert state() == before


# Where things are


def test_where_a_function_is(solved, open_desk):
    desk = open_desk(solved)
    file, line = desk.where("check_image_stack").split(":")
    lines = (solved.exercises / "shapes.py").read_text().splitlines()
    assert file == "exercises/shapes.py"
    assert lines[int(line) - 1].startswith("def check_image_stack(")


def test_where_a_function_without_a_definition_belongs(solved, open_desk):
    solved.write("shapes.py", "rank = len\n")
    assert open_desk(solved).where("rank") == "exercises/shapes.py"


def test_attempted(stubs, open_desk):
    stubs.answer("rank", "return 0")
    desk = open_desk(stubs)
    assert desk.attempted("rank")
    assert not desk.attempted("check_image_stack")


def test_an_import_of_a_broken_file_says_what_is_wrong_with_it(solved, open_desk):
    solved.write("distance.py", "def mnist_distance(a, b)\n    return a\n")
    raised = open_desk(solved).call("is_3", (torch.ones(2, 2),) * 3, {}, "nothing").raised
    assert raised.types[0] == "ImportError"
    assert "exercises/distance.py line 1" in raised.message
