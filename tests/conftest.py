"""What tests of several rooms use: a real fork server, started once, and a student's desk."""

from collections.abc import Iterator

import pytest

from autograder.judging.sandbox import find_sandbox
from autograder.judging.workers import ForkServer, fork_server
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
