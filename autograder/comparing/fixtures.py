"""The fixtures that public and hidden tests are written in.

Who runs the tests (the self-check, the judge) registers this module, a plugin made by
``function_fixtures``, and sets ``config.stash[BENCH]``.
"""

from __future__ import annotations

import types
from collections.abc import Iterable
from functools import cache
from typing import Protocol

import pytest
import torch

from autograder.comparing.draw import Draw
from autograder.comparing.expect import Expect
from autograder.comparing.function import Call, ExerciseFunction
from autograder.mnist import load


class Bench(Protocol):
    """What a run of tests needs to know: its seed, and where a function runs."""

    seed: int

    def function(self, name: str, request: pytest.FixtureRequest) -> ExerciseFunction:
        """Give the function under test, or skip or fail the test that asks for it."""
        ...


BENCH = pytest.StashKey[Bench]()
CALLS = pytest.StashKey[ExerciseFunction]()


def function_fixtures(names: Iterable[str]) -> types.ModuleType:
    """Make a plugin with one fixture for each exercise function, named like it."""
    plugin = types.ModuleType("exercise_functions")
    for name in names:
        setattr(plugin, name, _function_fixture(name))
    return plugin


def _function_fixture(name: str) -> object:
    @pytest.fixture(name=name)
    def function(request: pytest.FixtureRequest) -> ExerciseFunction:
        made = request.config.stash[BENCH].function(name, request)
        request.node.stash[CALLS] = made
        return made

    return function


@pytest.fixture
def expect(request: pytest.FixtureRequest) -> Expect:
    """What the test expects of the function it names."""

    def last_call() -> Call | None:
        function = request.node.stash.get(CALLS, None)
        return function.last if function else None

    return Expect(last_call)


@pytest.fixture
def draw(request: pytest.FixtureRequest) -> Draw:
    """Cases drawn from the run's seed."""
    return Draw(request.config.stash[BENCH].seed, f"{request.path.stem}::{request.node.name}")


@cache
def pictures(digit: int, split: str) -> torch.Tensor:
    """The pictures of one digit, float32 ``(N, 28, 28)`` in [0, 1]. Shared: not to be changed."""
    return load([digit], split)[0]


@cache
def template(digit: int) -> torch.Tensor:
    """The ideal digit, float32 ``(28, 28)``. Shared: not to be changed."""
    return pictures(digit, "train").mean(0)


def warm_up() -> None:
    """Read the pictures that the fixtures give, once for all processes forked later."""
    for digit in (3, 7):
        pictures(digit, "valid")
        template(digit)


# Each test gets its own copy: an answer that changes its arguments must not spoil the next test.


@pytest.fixture
def threes() -> torch.Tensor:
    """The training 3s: float32 (6131, 28, 28) in [0, 1]."""
    return pictures(3, "train").clone()


@pytest.fixture
def sevens() -> torch.Tensor:
    """The training 7s: float32 (6265, 28, 28) in [0, 1]."""
    return pictures(7, "train").clone()


@pytest.fixture
def valid3() -> torch.Tensor:
    """The validation 3s: float32 (1010, 28, 28) in [0, 1]."""
    return pictures(3, "valid").clone()


@pytest.fixture
def valid7() -> torch.Tensor:
    """The validation 7s: float32 (1028, 28, 28) in [0, 1]."""
    return pictures(7, "valid").clone()


@pytest.fixture
def mean3() -> torch.Tensor:
    """The ideal 3: float32 (28, 28)."""
    return template(3).clone()


@pytest.fixture
def mean7() -> torch.Tensor:
    """The ideal 7: float32 (28, 28)."""
    return template(7).clone()
