"""The released notebook is nbgrader's own; the wheel is the same each time."""

import json
import os
import shutil

import pytest

from autograder.authoring.build import ROOT
from autograder.authoring.released import released_files, wheel
from autograder.authoring.source import SourceError
from autograder.course import STUB_BODY
from tests.nbgrader_course import NbgraderCourse

NOTEBOOK = "mnist_basics.ipynb"


@pytest.fixture
def course(tmp_path):
    """A copy of the course: its source notebook and its settings."""
    shutil.copytree(ROOT / "source", tmp_path / "source")
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    return tmp_path


def test_it_is_what_nbgrader_makes(tmp_path):
    course = NbgraderCourse(tmp_path)
    course.run("generate_assignment", "mnist_basics")
    made = course.released("mnist_basics").read_bytes()
    assert released_files("mnist_basics", ROOT) == {NOTEBOOK: made}


def test_every_answer_is_a_stub_and_every_hidden_test_gone(course):
    text = released_files("mnist_basics", course)[NOTEBOOK].decode()
    sources = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    assert sum(STUB_BODY in source for source in sources) == 8
    assert "BEGIN" not in text
    assert "grade(" not in text


def test_neither_the_course_nor_the_environment_changes(course):
    before = sorted(course.rglob("*")), dict(os.environ)
    released_files("mnist_basics", course)
    assert (sorted(course.rglob("*")), dict(os.environ)) == before


def test_pictures_beside_the_notebook_come_along_but_no_hidden_file(course):
    source = course / "source" / "mnist_basics"
    (source / "pictures").mkdir()
    (source / "pictures" / "three.png").write_bytes(b"PNG")
    (source / ".DS_Store").write_bytes(b"junk")
    assert set(released_files("mnist_basics", course)) == {NOTEBOOK, "pictures/three.png"}


def test_a_notebook_that_nbgrader_refuses(course):
    notebook = course / "source" / "mnist_basics" / NOTEBOOK
    notebook.write_text(notebook.read_text().replace("### END SOLUTION", "### END"))
    with pytest.raises(SourceError, match=r"^nbgrader can't release mnist_basics: \S.*$"):
        released_files("mnist_basics", course)


@pytest.mark.parametrize("config", ["c = ", "1 / 0", None], ids=["syntax", "error", "missing"])
def test_settings_that_cannot_be_used(course, config):
    file = course / "nbgrader_config.py"
    file.unlink() if config is None else file.write_text(config)
    with pytest.raises(SourceError, match=r"^nbgrader_config\.py can't be used: \S.*$"):
        released_files("mnist_basics", course)


def test_the_wheel_is_the_same_each_time():
    name, content = wheel(ROOT)
    assert name.startswith("threes_and_sevens-")
    assert wheel(ROOT) == (name, content)
