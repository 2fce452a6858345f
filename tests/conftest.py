"""What tests of several rooms use: a real fork server, started once, and a student's desk."""

import shutil
from collections.abc import Iterator

import pytest

from autograder.judging.sandbox import find_sandbox
from autograder.judging.workers import ForkServer, fork_server
from tests.nbgrader_course import NbgraderCourse
from tests.selfcheck.conftest import StudentsDesk, make_desk


@pytest.fixture(scope="session")
def server() -> Iterator[ForkServer]:
    with fork_server(find_sandbox()) as server:
        yield server


@pytest.fixture
def stubs(tmp_path) -> StudentsDesk:
    """A desk where nothing has been done."""
    return make_desk(tmp_path, solved=False)


@pytest.fixture
def solved(tmp_path) -> StudentsDesk:
    """A desk where everything is right."""
    return make_desk(tmp_path, solved=True)


@pytest.fixture(scope="session")
def released(tmp_path_factory) -> NbgraderCourse:
    """A course whose assignment nbgrader has released; to be copied, not changed."""
    pytest.importorskip("nbgrader", reason="nbgrader is missing: pip install -e '.[instructor]'")
    course = NbgraderCourse(tmp_path_factory.mktemp("released"))
    course.run("generate_assignment", "mnist_basics")
    return course


@pytest.fixture
def course(released, tmp_path, monkeypatch) -> NbgraderCourse:
    """The same course, one for each test, and no settings of whoever runs the tests."""
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / ".jupyter"))
    course = NbgraderCourse(tmp_path / "course")
    shutil.copytree(released.root / "release", course.root / "release")
    shutil.copy(released.root / "gradebook.db", course.root)
    return course
