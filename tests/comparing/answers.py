"""Students' answers as tests see them, called in this process."""

from collections.abc import Callable
from typing import Any

from autograder.comparing.expect import Expect
from autograder.comparing.function import ExerciseFunction
from autograder.observing.outcome import Outcome
from autograder.observing.watch import watch


class Here:
    """A backend that calls one Python function."""

    def __init__(self, answer: Callable[..., Any]) -> None:
        self._answer = answer

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], what: str) -> Outcome:
        return watch(self._answer, args, kwargs, what)


class Elsewhere:
    """A backend that gives one outcome, whatever it is asked: a worker that is lost, or lies."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], what: str) -> Outcome:
        return self._outcome


def fixture(answer: Callable[..., Any], name: str = "mnist_distance") -> ExerciseFunction:
    """What a test gets for the name of an exercise function."""
    return ExerciseFunction(name, Here(answer))


def expect_of(function: ExerciseFunction | None = None) -> Expect:
    """The fixture ``expect`` of a test that names ``function``."""
    return Expect(lambda: function.last if function else None)
