"""``autograder pack``: one file, and a word on everything in it that won't count."""

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.authoring.sample_class import solutions, stubs
from autograder.bundle.merge import merge
from autograder.bundle.release import Release
from autograder.commands.pack import run_pack
from tests.commands.conftest import autograder

NAME = "mnist_basics"


def notebook(*cells):
    """A notebook of these cells, in which a function finds the earlier ones without an import."""
    texts = ["".join(_without_own_imports(cell)) for cell in cells]
    return json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": t} for t in texts]})


def _without_own_imports(cell):
    return [line for line in cell.splitlines(True) if not line.startswith("from exercises")]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """The folder that a student was given, and works in."""
    files = {f"exercises/{name}": text.encode() for name, text in stubs().items()}
    files[f"{NAME}.ipynb"] = notebook(*stubs().values()).encode()
    merge(Release(frozenset({NAME}), files), tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def pack(capsys):
    """Packs; gives the exit code, and the lines on either stream."""

    def run(out=None, assignment=NAME):
        code = run_pack(assignment, out)
        printed = capsys.readouterr()
        return code, printed.out.splitlines(), printed.err.splitlines()

    return run


def solve(desk, *units):
    for unit in units:
        (desk / "exercises" / f"{unit}.py").write_text(solutions()[f"{unit}.py"])


def test_everything_solved(desk, pack):
    solve(desk, *(name.removesuffix(".py") for name in solutions()))
    code, out, err = pack()
    assert (code, err) == (0, [])
    assert "shapes      2/2  shapes.py" in out
    assert "8 of 8 functions are attempted." in out
    assert out[-1] == f"{desk / 'mnist_basics.zip'} holds 7 files. Hand in this one."


def test_untouched_stubs_do_not_hide_what_the_notebook_answers(desk, pack):
    (desk / f"{NAME}.ipynb").write_text(notebook(*solutions().values()))
    code, out, err = pack()
    assert (code, err) == (0, [])
    assert "shapes      2/2  mnist_basics.ipynb" in out


def test_from_a_folder_further_down(desk, pack, monkeypatch):
    solve(desk, "shapes")
    monkeypatch.chdir(desk / "exercises")
    assert pack()[0] == 0
    assert (desk / f"{NAME}.zip").is_file()


def test_nothing_attempted(desk, pack):
    code, out, err = pack()
    assert code == 1
    assert err == ["autograder: no function is attempted yet: this is worth no point."]
    assert "shapes      0/2  not attempted" in out
    assert out[-1].endswith("holds 7 files. Mend that, and pack again.")


def test_a_file_that_is_no_python(desk, pack):
    solve(desk, "shapes")
    (desk / "exercises" / "distance.py").write_text("def mnist_distance(a, b:\n")
    code, out, err = pack()
    assert code == 1
    assert err == ["autograder: distance.py line 1: '(' was never closed: def mnist_distance(a, b:"]
    assert "1 of 8" not in out
    assert (desk / f"{NAME}.zip").is_file()


def test_a_notebook_that_is_damaged(desk, pack):
    solve(desk, "shapes")
    (desk / f"{NAME}.ipynb").write_text("{")
    code, _, err = pack()
    assert code == 1
    assert len(err) == 1
    assert "mnist_basics.ipynb line 1 is not what a notebook holds" in err[0]


def test_a_cell_that_is_left_out(desk, pack):
    (desk / f"{NAME}.ipynb").write_text(notebook(*solutions().values(), "def late(:"))
    code, _, [note] = pack()
    assert code == 0
    assert note.startswith(
        "autograder: A cell was left out, and late with it: mnist_basics.ipynb, "
    )


def test_an_answer_that_does_not_count(desk, pack):
    solve(desk, "shapes")
    (desk / f"{NAME}.ipynb").write_text(notebook("def rank(tensor):\n    return 2\n"))
    code, _, err = pack()
    assert code == 0
    assert err == ["autograder: rank is answered twice: shapes.py counts, and not the notebook."]


def test_a_folder_that_is_imported(desk, pack):
    (desk / "exercises" / "tools").mkdir()
    (desk / "exercises" / "tools" / "half.py").write_text("")
    solve(desk, "shapes")
    file = desk / "exercises" / "shapes.py"
    file.write_text(f"from tools import half\n{file.read_text()}")
    _, _, [sentence] = pack()
    assert sentence.startswith("autograder: tools is a folder, and is left out")


def test_packing_again_replaces_the_pack(desk, pack):
    solve(desk, "shapes")
    pack()
    before = (desk / f"{NAME}.zip").read_bytes()
    pack()
    assert (desk / f"{NAME}.zip").read_bytes() == before
    solve(desk, "distance")
    assert pack()[0] == 0
    assert (desk / f"{NAME}.zip").read_bytes() != before


@pytest.mark.parametrize("content", [b"a story", b"PK\x05\x06" + bytes(18)])
def test_a_file_that_it_has_not_made_stays(desk, pack, content):
    solve(desk, "shapes")
    (desk / "mine.zip").write_bytes(content)
    code, out, err = pack(Path("mine.zip"))
    assert (code, out) == (2, [])
    assert len(err) == 1
    assert "mine.zip was not made by `autograder pack`, and stays as it is; choose" in err[0]
    assert (desk / "mine.zip").read_bytes() == content


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("pack.txt", "pack.txt has no name for a zip"),
        ("folder.zip", "folder.zip is a folder"),
    ],
)
def test_no_place_for_a_zip(desk, pack, out, words):
    (desk / "folder.zip").mkdir()
    code, _, [sentence] = pack(Path(out))
    assert code == 2
    assert words in sentence


def test_a_folder_that_is_not_there(desk, pack):
    code, _, [sentence] = pack(Path("nowhere") / "pack.zip")
    assert code == 1
    assert (
        sentence == "autograder: nothing was packed: nowhere/pack.zip: No such file or directory."
    )


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(desk, pack):
    desk.chmod(0o500)
    code, _, [sentence] = pack()
    desk.chmod(0o700)
    assert code == 1
    assert sentence.startswith("autograder: nothing was packed: ")


def test_nothing_to_hand_in(desk, pack):
    for file in [*(desk / "exercises").iterdir(), desk / f"{NAME}.ipynb"]:
        file.unlink()
    code, _, [sentence] = pack()
    assert code == 2
    assert "there is nothing to hand in" in sentence
    assert not (desk / f"{NAME}.zip").exists()


def test_elsewhere(tmp_path, pack, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, [sentence] = pack()
    assert code == 2
    assert "is not in a folder of exercises" in sentence


@pytest.mark.parametrize(
    ("assignment", "words"),
    [("mnist_basic", "There is no assignment 'mnist_basic'"), ("all", "one assignment at a time")],
)
def test_no_such_assignment(desk, pack, assignment, words):
    code, _, [sentence] = pack(assignment=assignment)
    assert code == 2
    assert words in sentence


def test_as_a_command_without_torch(desk, monkeypatch):
    """A pack takes no time: nothing that it needs imports torch."""
    solve(desk, "shapes")
    (desk / "no_torch").mkdir()
    (desk / "no_torch" / "torch.py").write_text("raise SystemExit('imported')")
    paths = [str(desk / "no_torch"), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    run = autograder("pack", "--out", "handed-in.zip", cwd=desk)
    assert (run.code, run.err) == (0, "")
    with zipfile.ZipFile(desk / "handed-in.zip") as archive:
        assert "exercises/shapes.py" in archive.namelist()
