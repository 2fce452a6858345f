"""The wheel is what a student installs: it checks their work, and gives nothing away."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.secrets import given_away, secret_lines

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel, built and unpacked as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed, folder, *arguments):
    """Run Python with the wheel's package in front of every other."""
    return subprocess.run(
        [sys.executable, "-P", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_it_holds_the_whole_kit_but_the_instructors_rooms(installed):
    rooms = {path.name for path in (installed / "autograder").iterdir() if path.is_dir()}
    assert {"mnist", "selfcheck", "worker"} <= rooms
    assert not {"hidden", "misconceptions"} & rooms
    assert not (installed / "solutions").exists()
    assert (installed / "autograder" / "course.json").is_file()
    assert len(list((installed / "autograder" / "mnist").glob("*.npz"))) == 10


def test_no_file_in_it_holds_a_solution_or_a_hidden_test(installed):
    secrets = secret_lines()
    files = [file for file in installed.rglob("*") if file.is_file()]
    assert [found for f in files for found in given_away(f.name, f.read_bytes(), secrets)] == []


def test_a_student_checks_their_work_with_it(installed, tmp_path):
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "solutions" / "stacking.py", tmp_path / "exercises")
    done = run(installed, tmp_path, "-m", "pytest", "exercises")
    assert done.returncode == 1
    assert "1/8 functions · 4/31 tests" in done.stdout
    assert "Next: rank in exercises/shapes.py" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["demo"], "hidden suites"),
        (["grade", "class", "--out", "out"], "hidden suites"),
        (["solution", "rank"], "instructor"),
        (["build"], "checkout"),
    ],
)
def test_what_only_a_checkout_can_do_says_so(installed, tmp_path, arguments, word):
    (tmp_path / "class").mkdir()
    done = run(installed, tmp_path, "-m", "autograder", *arguments)
    assert done.returncode == 2
    assert word in done.stderr
    assert len(done.stderr.splitlines()) == 1
