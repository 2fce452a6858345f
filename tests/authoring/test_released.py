"""The released notebook is nbgrader's own; the wheel is the same each time."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.authoring.build import ROOT
from autograder.authoring.released import released_files, wheel
from autograder.authoring.source import SourceError
from autograder.course import STUB_BODY

pytest.importorskip("nbgrader", reason="a release is made with nbgrader")
SOURCE = ROOT / "source" / "mnist_basics"
NOTEBOOK = "mnist_basics.ipynb"


def test_it_is_what_nbgrader_makes(tmp_path):
    shutil.copytree(SOURCE, tmp_path / "source" / "mnist_basics")
    (tmp_path / "nbgrader_config.py").write_text(
        f'get_config().ClearSolutions.code_stub = {{"python": "{STUB_BODY}"}}\n'
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", "mnist_basics"],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        check=True,
        capture_output=True,
        timeout=300,
    )
    made = (tmp_path / "release" / "mnist_basics" / NOTEBOOK).read_bytes()
    assert released_files("mnist_basics", SOURCE) == {NOTEBOOK: made}


def test_every_answer_is_a_stub_and_every_hidden_test_gone():
    text = released_files("mnist_basics", SOURCE)[NOTEBOOK].decode()
    answers = [c for c in json.loads(text)["cells"] if c["metadata"].get("nbgrader")]
    stubs = [c for c in answers if STUB_BODY in "".join(c["source"])]
    assert len(stubs) == 8
    assert "BEGIN" not in text
    assert "grade(" not in text


def test_pictures_beside_the_notebook_come_along_but_no_hidden_file(tmp_path):
    source = Path(shutil.copytree(SOURCE, tmp_path / "mnist_basics"))
    (source / "pictures").mkdir()
    (source / "pictures" / "three.png").write_bytes(b"PNG")
    (source / ".DS_Store").write_bytes(b"junk")
    assert set(released_files("mnist_basics", source)) == {NOTEBOOK, "pictures/three.png"}


def test_no_setting_of_the_users_matters(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    (tmp_path / "nbgrader_config.py").write_text(
        'get_config().ClearSolutions.code_stub = {"python": "pass"}\n'
    )
    before = os.environ["PATH"]
    assert STUB_BODY in released_files("mnist_basics", SOURCE)[NOTEBOOK].decode()
    assert os.environ["PATH"] == before


def test_a_notebook_that_nbgrader_refuses(tmp_path):
    source = Path(shutil.copytree(SOURCE, tmp_path / "mnist_basics"))
    text = (source / NOTEBOOK).read_text()
    (source / NOTEBOOK).write_text(text.replace("### END SOLUTION", "### END"))
    with pytest.raises(SourceError, match=r"^nbgrader can't release mnist_basics: \S.*$"):
        released_files("mnist_basics", source)


def test_the_wheel_is_the_same_each_time():
    pytest.importorskip("hatchling", reason="the wheel is built with hatchling")
    name, content = wheel(ROOT)
    assert name.startswith("threes_and_sevens-")
    assert wheel(ROOT) == (name, content)
