"""``autograder build``: fresh or stale. In a copy, so that this checkout stays as it is."""

import shutil

import pytest

from autograder.authoring import build
from autograder.commands import build as command
from tests.commands.conftest import autograder
from tests.judging.private import ONE_TEST, write_suite


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A copy of what is built, and of what it is built from."""
    for folder in ("solutions", "exercises", "source", "autograder/hidden"):
        shutil.copytree(build.ROOT / folder, tmp_path / folder)
    shutil.copy(build.ROOT / "autograder/course.json", tmp_path / "autograder")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build.built_files, "__defaults__", (tmp_path, None))
    return tmp_path


def test_this_checkout_is_fresh():
    run = autograder("build", "--check")
    assert (run.code, run.err) == (0, "")
    assert run.out.endswith(" files are fresh.\n")


def test_a_fresh_copy(checkout, capsys):
    assert command.run_build(check=True) == 0
    assert command.run_build(check=False) == 0
    assert "wrote" not in capsys.readouterr().out


def test_a_stale_stub(checkout, capsys):
    stub = checkout / "exercises" / "shapes.py"
    stub.write_text(stub.read_text().replace("Count the axes", "Count all the axes"))
    changed = stub.read_text()
    assert command.run_build(check=True) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("autograder: exercises/shapes.py is stale; run `autograder build`. ")
    assert "Count all the axes of a tensor." in line
    assert stub.read_text() == changed


def test_building_mends_it(checkout, capsys):
    (checkout / "exercises" / "shapes.py").unlink()
    (checkout / "autograder" / "course.json").write_text("{}")
    assert command.run_build(check=False) == 0
    assert capsys.readouterr().out.splitlines() == [
        "wrote exercises/shapes.py",
        "wrote autograder/course.json",
        "8 files are fresh.",
    ]
    assert command.run_build(check=True) == 0


def test_a_solution_that_is_not_in_form(checkout, capsys):
    solution = checkout / "solutions" / "shapes.py"
    solution.write_text(solution.read_text().replace("### END SOLUTION", "### END", 1))
    for check in (True, False):
        assert command.run_build(check) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith("autograder: shapes.py, rank: its body stands between ")


def test_no_solutions(checkout, capsys):
    shutil.rmtree(checkout / "solutions")
    assert command.run_build(check=True) == 2
    assert "There are no solutions in " in capsys.readouterr().err


def test_a_stub_that_cannot_be_written(checkout, capsys):
    (checkout / "exercises" / "shapes.py").unlink()
    (checkout / "exercises" / "shapes.py").mkdir()
    assert command.run_build(check=False) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "exercises/shapes.py: Is a directory." in line


def test_a_private_suite_makes_the_course_stale_until_it_is_built_with_it(
    checkout, tmp_path, capsys
):
    suite = write_suite(tmp_path / "private")
    assert command.run_build(check=True, suite=suite) == 1
    for line in capsys.readouterr().err.splitlines():
        assert f"is stale; run `autograder build --suite {suite}`. " in line
    assert command.run_build(check=False, suite=suite) == 0
    assert command.run_build(check=True, suite=suite) == 0
    assert command.run_build(check=True) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "is no folder"),
        ("def test_rank(rank\n", "test_shapes.py line 1: "),
        (ONE_TEST.replace("points=2", "points=TWO"), "write its points as a number."),
    ],
)
def test_a_private_suite_that_cannot_be_used(checkout, tmp_path, capsys, text, words):
    suite = tmp_path / "private"
    if text:
        write_suite(suite, text)
    assert command.run_build(check=False, suite=suite) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line
