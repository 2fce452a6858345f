"""What tests of several rooms start once: a real fork server, locked as this machine can."""

from collections.abc import Iterator

import pytest

from autograder.judging.sandbox import find_sandbox
from autograder.judging.workers import ForkServer, fork_server


@pytest.fixture(scope="session")
def server() -> Iterator[ForkServer]:
    with fork_server(find_sandbox()) as server:
        yield server
