"""Look once more, in another worker and by other means, at what a worker says of its own call.

What is observed inside a stranger's process can be forged there. So it is observed twice:

* *in_place*: the worker compares its arguments before and after; the second time they stand in
  memory that the judge itself looks into.
* *graph*: the worker asks autograd whether a gradient arrives; the second time it has to give
  the gradient itself, and the judge compares it with differences of the function's values.
* *vectorised*: tensor operations are counted in one worker, Python steps in another.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any

import torch

from autograder.comparing.numbers import as_numbers
from autograder.observing.outcome import Outcome
from autograder.observing.tensors import floating_in, map_tensors, weighted_sum

STEPS = {torch.float64: 2.0**-20, torch.float32: 2.0**-10}
"""How far to move an argument, by the result's dtype: further where there are fewer digits."""
SLACK = 0.05
"""By how much a gradient may differ from the differences, as a share of its length. Rounding stays
far below it; a gradient that points somewhere else differs by some ten times as much."""
MOSTLY = 0.5
"""The share of a gradient that must be finite."""

Observe = Callable[[str, tuple[Any, ...]], Outcome]
"""Calls the function under test, watching it: ``observe(watch, args)``."""


def gradients_hold(
    observe: Observe, renew: Callable[[], None], args: tuple[Any, ...]
) -> tuple[bool, ...]:
    """For each floating argument: does the function give the gradient of its own values?

    The derivative along a direction v is (f(x + hv) - f(x - hv)) / 2h. ``renew`` makes the
    function forget what it was called with: an answer that remembers loses *value* for that,
    and not *graph*.
    """
    for dtype in (torch.float64, torch.float32):
        points = map_tensors(args, partial(_beside, dtype=dtype, places=count()))
        outcome = observe("gradients", points)
        # An answer that can't take float64 loses another rule for that.
        if outcome.returned and isinstance(outcome.value, torch.Tensor):
            break
    floats, gradients = floating_in(points), outcome.gradients or ()
    if len(gradients) != len(floats):
        return tuple(False for _ in floats)
    exact = getattr(outcome.value, "dtype", None) == torch.float64
    step = STEPS[torch.float64 if exact else torch.float32]
    return tuple(
        _holds(observe, renew, points, argument, gradient, step)
        for argument, gradient in zip(floats, gradients, strict=True)
    )


def _beside(tensor: torch.Tensor, dtype: torch.dtype, places: Iterator[int]) -> torch.Tensor:
    """The same picture, a little aside: no two pixels are equal there, where slopes may jump."""
    aside = tensor.double() * (1 - 2**-6) + _noise(tensor, next(places)) * 2**-7
    return aside.to(dtype) if tensor.is_floating_point() else tensor


def _noise(tensor: torch.Tensor, place: int) -> torch.Tensor:
    """Numbers in [0, 1) for the tensor at this place among the arguments."""
    generator = torch.Generator().manual_seed(place)
    return torch.rand(tensor.shape, generator=generator, dtype=torch.float64)


def _holds(
    observe: Observe,
    renew: Callable[[], None],
    points: tuple[Any, ...],
    argument: torch.Tensor,
    gradient: Any,
    step: float,
) -> bool:
    """Is it, along the gradient itself and along a direction that nobody could know before?"""
    slope = as_numbers(gradient)
    if slope is None or slope.shape != argument.shape:
        return False
    # A root has no slope at 0, and an honest gradient says so with NaN: not looked at there.
    known = slope.isfinite()
    slope = torch.where(known, slope, 0.0)
    length = slope.norm()
    if not 0 < length < math.inf or known.double().mean() < MOSTLY:
        return False
    secret = torch.Generator().manual_seed(secrets.randbits(63))
    guess = torch.rand(slope.shape, generator=secret, dtype=torch.float64) * 2 - 1
    for direction in (slope / slope.abs().max(), torch.where(known, guess, 0.0)):
        found = _derivative(observe, renew, points, argument, direction, step)
        expected = (slope * direction).sum()
        if found is None or not (found - expected).abs() <= SLACK * (expected.abs() + length):
            return False
    return True


def _derivative(
    observe: Observe,
    renew: Callable[[], None],
    points: tuple[Any, ...],
    argument: torch.Tensor,
    direction: torch.Tensor,
    step: float,
) -> torch.Tensor | None:
    """The derivative of the function's values along ``direction``, by differences."""
    ahead, behind = (_moved(observe, points, argument, direction * h) for h in (step, -step))
    if ahead is not None and ahead == behind:
        renew()
        ahead = _moved(observe, points, argument, direction * step)
        renew()
        behind = _moved(observe, points, argument, direction * -step)
    return None if ahead is None or behind is None else (ahead - behind) / (2 * step)


def _moved(
    observe: Observe, points: tuple[Any, ...], argument: torch.Tensor, step: torch.Tensor
) -> torch.Tensor | None:
    """The weighted sum of the function's values, with one argument moved by ``step``."""

    def move(tensor: torch.Tensor) -> torch.Tensor:
        return (tensor + step).to(tensor.dtype) if tensor is argument else tensor

    numbers = as_numbers(observe("nothing", map_tensors(points, move)).value)
    return None if numbers is None else weighted_sum([numbers])
