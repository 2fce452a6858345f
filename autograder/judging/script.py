"""The calls that a suite makes of a function: the same for every submission, so sent together.

A test draws its cases from the seed, and hardly ever asks something because of an answer. So
the calls are written down while the reference solutions are judged, and a worker is then asked
all of them in one request. What a test asks beyond its script is asked by itself, as ever.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch

from autograder.observing.outcome import Outcome
from autograder.worker.wire import Encoder


@dataclass(frozen=True, slots=True)
class ScriptedCall:
    """One call of one function, as the backend was asked for it."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    watch: str

    def is_for(self, args: tuple[Any, ...], kwargs: dict[str, Any], watch: str) -> bool:
        return self.watch == watch and _equal(self.kwargs, kwargs) and _equal(self.args, args)


@dataclass
class Script:
    """All calls that one of a submission's workers gets for one function, in order."""

    calls: list[ScriptedCall] = field(default_factory=list)

    @cached_property
    def encoded(self) -> tuple[list[dict[str, Any]], bytes]:
        """The calls as the wire has them, and the bytes of all their tensors."""
        encoder = Encoder()
        calls = [encoded_call(encoder, c.args, c.kwargs, c.watch) for c in self.calls]
        return calls, bytes(encoder.blob)


Scripts = defaultdict[tuple[str, str], Script]
"""By worker and function."""


class Played:
    """A script's outcomes, to be taken in order."""

    def __init__(self, script: Script | None = None, outcomes: Sequence[Outcome] = ()) -> None:
        self._left = list(zip(script.calls, outcomes, strict=True)) if script else []

    def take(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], watch: str
    ) -> Outcome | None:
        """The outcome of this very call, or None when it is not in what is left of the script."""
        for place, (call, outcome) in enumerate(self._left):
            if call.is_for(args, kwargs, watch):
                # A test that ended early did not ask for those in between.
                del self._left[: place + 1]
                return outcome
        return None


def encoded_call(
    encoder: Encoder, args: tuple[Any, ...], kwargs: dict[str, Any], watch: str
) -> dict[str, Any]:
    """One call as the wire has it."""
    encoder.begin()
    return {
        "watch": watch,
        # Its items one by one: as one value they would stand a level deeper than a result may.
        "args": {"kind": "tuple", "items": [encoder.encode(arg) for arg in args]},
        "kwargs": {key: encoder.encode(value) for key, value in kwargs.items()},
    }


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, torch.Tensor):
        return (
            isinstance(other, torch.Tensor)
            and (one.dtype, one.shape, one.device) == (other.dtype, other.shape, other.device)
            and (one.is_meta or torch.equal(one, other))
        )
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    return bool(one == other)
