"""The one file that is handed in: what goes into it, and that the grader reads it."""

import zipfile

import pytest

from autograder.bundle.pack import is_pack, packed, read_back, write_pack
from autograder.intake.submission import NOTEBOOK

UNITS = ("shapes", "distance")
NAME = "mnist_basics"
ANSWER = "def rank(tensor):\n    return tensor.ndim\n"
CELLS = '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "import at_home"}]}'


@pytest.fixture
def desk(tmp_path):
    """A folder of exercises, with much in it that nobody wants to see."""
    files = {
        "README.md": "",
        "pyproject.toml": "",
        "kit/release.json": "{}",
        "kit/newer/exercises/shapes.py": "",
        "exercises/shapes.py": ANSWER,
        "exercises/distance.py": "import torch\n\nfrom exercises.shapes import rank\n",
        "exercises/test_shapes.py": "",
        "exercises/digits.csv": "1,2,3",
        "exercises/scribbles.py": "",
        "exercises/.hidden.py": "",
        "exercises/__pycache__/shapes.pyc": "",
        ".autograder/hints.json": "{}",
        f"{NAME}.ipynb": CELLS,
        f"{NAME}.zip": "",
        "other.ipynb": CELLS,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def names(desk):
    return set(packed(desk, UNITS, NAME).files)


MINE = {"exercises/shapes.py", "exercises/distance.py", f"{NAME}.ipynb"}


def test_the_units_and_the_notebook_and_nothing_else(desk):
    assert names(desk) == MINE


@pytest.mark.parametrize(
    "line",
    [
        "import helpers",
        "import helpers as h",
        "from helpers import *",
        "from exercises.helpers import half",
        "from exercises import helpers",
        "from . import helpers",
        "from .helpers import half",
        "import exercises.helpers",
        "def late():\n    import helpers",
    ],
)
def test_a_helper_that_a_unit_imports(desk, line):
    (desk / "exercises" / "helpers.py").write_text("")
    (desk / "exercises" / "shapes.py").write_text(f"{line}\n{ANSWER}")
    assert "exercises/helpers.py" in names(desk)


def test_helpers_of_helpers_and_of_the_notebook(desk):
    (desk / "exercises" / "shapes.py").write_text("import one\n")
    (desk / "exercises" / "one.py").write_text("import two\n")
    (desk / "exercises" / "two.py").write_text("import one\n")
    (desk / "at_home.py").write_text("")
    added = {"exercises/one.py", "exercises/two.py", "at_home.py"}
    assert names(desk) >= added


def test_a_file_that_has_the_name_of_a_unit_is_no_helper(desk):
    (desk / "shapes.py").write_text("")
    assert "shapes.py" not in names(desk)


def test_a_folder_that_is_imported_is_named(desk):
    (desk / "exercises" / "tools").mkdir()
    (desk / "exercises" / "tools" / "half.py").write_text("")
    (desk / "exercises" / "shapes.py").write_text("from tools.half import half\n")
    found = packed(desk, UNITS, NAME)
    assert found.folders == ["tools"]
    assert not any("tools" in name for name in found.files)


@pytest.mark.parametrize("text", ["def rank(:\n", "\0", "import helpers\ndef rank(:\n"])
def test_a_file_that_is_no_python_is_packed_all_the_same(desk, text):
    (desk / "exercises" / "shapes.py").write_text(text)
    assert names(desk) >= MINE


def test_what_is_missing_is_left_out(desk):
    (desk / "exercises" / "shapes.py").unlink()
    (desk / f"{NAME}.ipynb").unlink()
    assert names(desk) == {"exercises/distance.py"}


def test_the_same_files_give_the_same_bytes(tmp_path):
    files = {"exercises/shapes.py": b"one", f"{NAME}.ipynb": b"two"}
    for name, content in (("a", files), ("b", dict(reversed(files.items())))):
        write_pack(content, tmp_path / f"{name}.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert {info.date_time[0] for info in archive.infolist()} == {1980}


def test_the_grader_reads_what_was_packed(desk):
    out = desk / "pack.zip"
    write_pack(packed(desk, UNITS, NAME).files, out)
    submission = read_back(out, UNITS, NAME)
    assert {source.name for source in submission.sources} == {*UNITS, NOTEBOOK}
    assert (submission.faults, submission.notes, submission.problem) == ((), (), None)


def test_a_helper_that_the_grader_will_not_take_is_told_of(desk):
    (desk / "torch.py").write_text("")
    write_pack(packed(desk, UNITS, NAME).files, desk / "pack.zip")
    [note] = read_back(desk / "pack.zip", UNITS, NAME).notes
    assert note.startswith("A file was left out: torch.py has the name of an installed library")


def test_its_own_packs_are_known(tmp_path):
    write_pack({"a.py": b""}, tmp_path / "own.zip")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.py", "")
    (tmp_path / "text.zip").write_text("no zip")
    found = {file.name: is_pack(file) for file in tmp_path.iterdir()}
    assert found == {"own.zip": True, "other.zip": False, "text.zip": False}
