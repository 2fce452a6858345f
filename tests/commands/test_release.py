"""``autograder release``: the folder that students get, used as they use it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.authoring.build import ROOT
from autograder.bundle.manifest import MANIFEST, read_manifest
from autograder.bundle.release import read_release
from autograder.commands.release import run_release
from tests.commands.conftest import autograder, read_results


@pytest.fixture(scope="module")
def given_out(tmp_path_factory):
    """What the command writes, and what it says."""
    folder = tmp_path_factory.mktemp("release") / "mnist_basics"
    return folder, autograder("release", "mnist_basics", "--to", folder)


@pytest.fixture
def desk(given_out, tmp_path):
    """A student's own copy."""
    return Path(shutil.copytree(given_out[0], tmp_path / "desk"))


@pytest.fixture(scope="module")
def student(given_out, tmp_path_factory):
    """Runs Python with the kit from the folder's wheel in front of every other."""
    site = tmp_path_factory.mktemp("site")
    [wheel] = (given_out[0] / "kit").glob("*.whl")
    shutil.unpack_archive(wheel, site, "zip")

    def run(folder, *arguments):
        return subprocess.run(
            [sys.executable, "-P", "-m", *map(str, arguments)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(site)},
            capture_output=True,
            text=True,
            timeout=300,
        )

    return run


@pytest.fixture
def made(given_out, monkeypatch):
    """To make a release takes seconds; here only where it goes is looked at."""
    release = read_release(given_out[0])
    monkeypatch.setattr("autograder.authoring.release.make_release", lambda _assignment: release)


def contents(folder):
    return {f: f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_it_says_what_it_wrote(given_out):
    folder, run = given_out
    files = read_manifest(folder).files
    assert (run.code, run.err) == (0, "")
    assert run.out == f"{len(files)} files were written to {folder}.\n"
    assert {f.relative_to(folder).as_posix() for f in contents(folder)} == {*files, MANIFEST}


def test_fresh_stubs_are_not_attempted(desk, student):
    run = student(desk, "pytest", "exercises")
    assert run.returncode == 1
    assert "0/8 functions · 0/31 tests" in run.stdout
    assert "Next: stack_images in exercises/stacking.py" in run.stdout


def test_what_an_update_put_aside_is_no_test_of_this_folder(desk, student):
    aside = desk / "kit" / "newer" / "exercises"
    aside.mkdir(parents=True)
    shutil.copy(desk / "exercises" / "test_shapes.py", aside)
    assert "0/8 functions · 0/31 tests" in student(desk, "pytest", ".").stdout


def test_from_the_first_answer_to_the_grade(desk, student, tmp_path):
    """Solved in that folder, packed with its kit, graded in the checkout."""
    shutil.copy(ROOT / "solutions" / "distance.py", desk / "exercises")
    run = student(desk, "pytest", "exercises", "-k", "mnist_distance")
    assert run.returncode == 0
    assert "1/1 functions · 5/5 tests" in run.stdout
    assert student(desk, "autograder", "hint", "rank").returncode == 0
    assert student(desk, "autograder", "pack", "--out", tmp_path / "anna.zip").returncode == 0
    (tmp_path / "class").mkdir()
    (tmp_path / "anna.zip").rename(tmp_path / "class" / "anna.zip")
    graded = autograder("grade", tmp_path / "class", "--out", tmp_path / "out", "--workers", 1)
    assert graded.code == 0
    [anna] = read_results(tmp_path / "out").values()
    assert {f["name"] for f in anna["functions"] if f["status"] == "passed"} == {"mnist_distance"}
    assert {f["status"] for f in anna["functions"]} == {"passed", "not_attempted"}


def test_what_only_a_checkout_can_do_says_so(desk, student):
    for arguments in (["grade", ".", "--out", "out"], ["release", "mnist_basics", "--to", "out"]):
        run = student(desk, "autograder", *arguments)
        assert (run.returncode, run.stdout) == (2, "")
        [sentence] = run.stderr.splitlines()
        assert "checkout" in sentence


def test_a_release_into_an_earlier_one_leaves_what_was_edited(made, desk, capsys):
    stub = desk / "exercises" / "distance.py"
    stub.write_text("my answer\n")
    (desk / "exercises" / "test_shapes.py").unlink()
    assert run_release("mnist_basics", desk) == 0
    assert capsys.readouterr().out == f"1 files were written to {desk}.\n"
    assert stub.read_text() == "my answer\n"
    assert (desk / "exercises" / "test_shapes.py").is_file()
    assert run_release("mnist_basics", desk) == 0
    assert capsys.readouterr().out == f"{desk} is up to date.\n"


def test_a_damaged_earlier_release(made, desk, capsys):
    (desk / MANIFEST).write_text("{")
    before = contents(desk)
    assert run_release("mnist_basics", desk) == 2
    [sentence] = capsys.readouterr().err.splitlines()
    assert f"{MANIFEST} is damaged; put back the one that you were given." in sentence
    assert contents(desk) == before


def test_a_file_in_place_of_the_folder(made, tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    assert run_release("mnist_basics", tmp_path / "file") == 2
    assert capsys.readouterr().err.startswith(f"autograder: {tmp_path / 'file'} is not a folder;")
    assert run_release("mnist_basics", tmp_path / "file" / "inside") == 1
    [sentence] = capsys.readouterr().err.splitlines()
    assert ": Not a directory. The same" in sentence
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(made, tmp_path, capsys):
    tmp_path.chmod(0o500)
    assert run_release("mnist_basics", tmp_path / "desk") == 1
    [sentence] = capsys.readouterr().err.splitlines()
    assert ": Permission denied. The same" in sentence


@pytest.mark.parametrize("folder", ["", "autograder/hidden"])
def test_the_checkout_itself_is_no_students_folder(folder, capsys):
    assert run_release("mnist_basics", ROOT / folder) == 2
    assert "belongs to the checkout itself" in capsys.readouterr().err


def test_no_such_assignment(tmp_path, capsys):
    assert run_release("mnist_basic", tmp_path / "desk") == 2
    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith("autograder: There is no assignment 'mnist_basic'; choose one of: ")
    assert not (tmp_path / "desk").exists()


@pytest.mark.parametrize("library", ["nbgrader.apps", "hatchling.builders.wheel"])
def test_a_library_is_missing(tmp_path, capsys, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    assert run_release("mnist_basics", tmp_path / "desk") == 2
    [sentence] = capsys.readouterr().err.splitlines()
    assert library in sentence
    assert sentence.endswith('run: pip install -e ".[instructor]"')
    assert not (tmp_path / "desk").exists()
