"""A student's function as a test sees it: called here, run wherever the backend runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import torch

from autograder.comparing.message import NOTHING, Message, Wrong
from autograder.comparing.words import describe, describe_call
from autograder.observing.outcome import Outcome
from autograder.observing.tensors import map_tensors


class Backend(Protocol):
    """Where students' functions run: this process, a worker, a notebook's kernel."""

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], watch: str) -> Outcome:
        """Call function ``name`` once and say what happened; never raise for the student."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """One call and its outcome."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    outcome: Outcome

    @property
    def called(self) -> str:
        return describe_call(self.name, self.args, self.kwargs)

    @property
    def came_back(self) -> str:
        if self.outcome.lost:
            return f"{NOTHING}{self.outcome.lost}"
        if self.outcome.raised:
            return f"{NOTHING}it raised {self.outcome.raised}"
        return describe(self.outcome.value)

    @property
    def should_have_returned(self) -> str:
        # Not "a result" after an exception: a check that returns None gives none.
        return "no exception" if self.outcome.raised else "a result"

    def wrong(self, expected: str, came_back: str | None = None) -> Wrong:
        """Build the failure that says this call should have given ``expected``."""
        printed = self.outcome.printed
        message = Message(self.called, came_back or self.came_back, expected, printed=printed)
        wrong = Wrong(message, timed_out=self.outcome.timed_out, lost=self.outcome.lost is not None)
        wrong.__cause__ = self.outcome.error
        return wrong


class ExerciseFunction:
    """The fixture that a test names. Calling it gives the value, or fails the test in words."""

    def __init__(self, name: str, backend: Backend) -> None:
        self.__name__ = name
        self._backend = backend
        self.last: Call | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        call = self.observe("nothing", *args, **kwargs)
        if not call.outcome.returned:
            raise call.wrong(expected=call.should_have_returned)
        return call.outcome.value

    def observe(self, watch: str, *args: Any, **kwargs: Any) -> Call:
        """Call the function while watching it, and hand back the outcome whatever it is."""
        # A copy goes out, as over a wire: what an answer does to its arguments must cost it
        # the rule in_place, and not spoil what the test compares with.
        sent = map_tensors(args, torch.Tensor.clone)
        outcome = self._backend.call(self.__name__, sent, kwargs, watch)
        self.last = Call(self.__name__, args, kwargs, outcome)
        return self.last
