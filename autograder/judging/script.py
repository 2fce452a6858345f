"""The calls that a suite makes of a function: the same for every submission, so sent together.

A test draws its cases from the seed, and hardly ever asks something because of an answer. So
the calls are written down while the reference solutions are judged, and a worker is then asked
all of them in one request. What a test asks beyond its script is asked by itself, as ever.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
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
    def encoded(self) -> EncodedCalls:
        return EncodedCalls(self.calls)


Scripts = defaultdict[tuple[str, str], Script]
"""By worker and function."""


class EncodedCalls:
    """Calls as the wire has them: JSON, and ``blob``, the bytes of all their tensors."""

    def __init__(self, calls: Sequence[ScriptedCall]) -> None:
        encoder = Encoder()
        self.calls: list[dict[str, Any]] = []
        self.places: list[tuple[int, int]] = []
        """Where in the blob the tensors of each call begin and end."""
        for call in calls:
            start = len(encoder.blob)
            encoder.begin()
            self.calls.append(
                {
                    "watch": call.watch,
                    # Its items one by one: as one value they would stand too deep.
                    "args": {"kind": "tuple", "items": [encoder.encode(a) for a in call.args]},
                    "kwargs": {key: encoder.encode(v) for key, v in call.kwargs.items()},
                }
            )
            self.places.append((start, len(encoder.blob)))
        self.blob = bytes(encoder.blob)


class Played:
    """A script and its outcomes, to be taken in order, each read when it is asked for."""

    def __init__(self, script: Script, digest: str, read: Sequence[Callable[[], Outcome]]) -> None:
        self.digest = digest
        """sha256 of all that was answered, bit by bit."""
        self._left = list(zip(script.calls, read, strict=True))

    def next(self) -> Outcome:
        """The next outcome in order. Raises WorkerLost when it can't be read."""
        return self._left.pop(0)[1]()

    def take(self, args: tuple[Any, ...], kwargs: dict[str, Any], watch: str) -> Outcome | None:
        """The outcome of this very call, or None when it is not in what is left of the script.

        Raises WorkerLost when it can't be read.
        """
        for place, (call, read) in enumerate(self._left):
            if call.is_for(args, kwargs, watch):
                # A test that ended early did not ask for those in between.
                del self._left[: place + 1]
                return read()
        return None


def _equal_with_nan(one: torch.Tensor, other: torch.Tensor) -> bool:
    return bool(((one == other) | (one.isnan() & other.isnan())).all())


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, torch.Tensor):
        return (
            isinstance(other, torch.Tensor)
            and (one.dtype, one.shape, one.device) == (other.dtype, other.shape, other.device)
            and (one.is_meta or torch.equal(one, other) or _equal_with_nan(one, other))
        )
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    return bool(one == other)
