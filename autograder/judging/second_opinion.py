"""Look once more, in another worker and by other means, at what a worker says of its own call.

What is observed inside a stranger's process can be forged there. So it is observed twice:

* *in_place*: the worker compares its arguments before and after; the second time they stand in
  memory that the judge itself looks into.
* *graph*: the worker asks autograd whether a gradient arrives; the second time it has to give
  the gradient itself, and the judge compares it with differences of the function's values.
* *vectorised*: tensor operations are counted in one worker, Python steps in another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from autograder.comparing.numbers import as_numbers, close
from autograder.observing.outcome import Outcome
from autograder.observing.tensors import floating_in, map_tensors, weighted_sum

STEPS = {torch.float64: 2.0**-20, torch.float32: 2.0**-10}
"""How far to move an argument, by the result's dtype: further where there are fewer digits."""
SLACK = 0.05
"""By how much of its length a gradient may differ from the differences. Rounding stays far below
it; a gradient that points somewhere else differs by some ten times as much."""

Observe = Callable[[str, tuple[Any, ...]], Outcome]
"""Calls the function under test, watching it: ``observe(watch, args)``."""


def same_answer(one: Outcome, other: Outcome) -> bool:
    """Did two calls with equal arguments end alike? NaN is like NaN here."""
    if not (one.returned and other.returned):
        return one.raised is not None and other.raised is not None
    a, b = as_numbers(one.value), as_numbers(other.value)
    if a is None or b is None:
        return type(one.value) is type(other.value)
    if a.shape != b.shape:
        return False
    return bool((close(a, b) | (a.isnan() & b.isnan()) | (a == b)).all())


def gradients_hold(
    observe: Observe, renew: Callable[[], None], args: tuple[Any, ...]
) -> tuple[bool, ...]:
    """For each floating argument: does the function give the gradient of its own values?

    The derivative along a random direction v is (f(x + hv) - f(x - hv)) / 2h. ``renew`` makes
    the function forget what it was called with: an answer that remembers loses *value* for
    that, and not *graph*.
    """
    for dtype in (torch.float64, torch.float32):
        points = map_tensors(args, lambda tensor, dtype=dtype: _beside(tensor, dtype))
        outcome = observe("gradients", points)
        # An answer that can't take float64 loses another rule for that.
        if outcome.returned and isinstance(outcome.value, torch.Tensor):
            break
    floats, gradients = floating_in(points), outcome.gradients or ()
    if len(gradients) != len(floats):
        return tuple(False for _ in floats)
    step = STEPS.get(getattr(outcome.value, "dtype", None), STEPS[torch.float32])
    return tuple(
        _holds(observe, renew, points, argument, gradient, step)
        for argument, gradient in zip(floats, gradients, strict=True)
    )


def _beside(tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """The same picture, a little aside: no two pixels are equal there, where slopes may jump."""
    if not tensor.is_floating_point():
        return tensor
    return (tensor.double() * (1 - 2**-6) + _noise(tensor) * 2**-7).to(dtype)


def _noise(tensor: torch.Tensor) -> torch.Tensor:
    """Numbers in [0, 1), drawn for a tensor of this size."""
    generator = torch.Generator().manual_seed(tensor.numel())
    return torch.rand(tensor.shape, generator=generator, dtype=torch.float64)


def _holds(
    observe: Observe,
    renew: Callable[[], None],
    points: tuple[Any, ...],
    argument: torch.Tensor,
    gradient: Any,
    step: float,
) -> bool:
    slope = as_numbers(gradient)
    if slope is None or slope.shape != argument.shape:
        return False
    # A root has no slope at 0, and an honest gradient says so with NaN: not looked at there.
    known = slope.isfinite()
    if not bool(known.any()):
        return True
    slope = torch.where(known, slope, 0.0)
    direction = torch.where(known, _noise(argument.flatten()).view_as(argument) * 2 - 1, 0.0)
    moves = (direction * step, direction * -step)
    ahead, behind = (_moved(observe, points, argument, move) for move in moves)
    if ahead is not None and ahead == behind:
        renew()
        ahead = _moved(observe, points, argument, moves[0])
        renew()
        behind = _moved(observe, points, argument, moves[1])
    if ahead is None or behind is None:
        return False
    difference = (ahead - behind) / (2 * step)
    return bool((difference - (slope * direction).sum()).abs() <= SLACK * slope.norm())


def _moved(
    observe: Observe, points: tuple[Any, ...], argument: torch.Tensor, step: torch.Tensor
) -> torch.Tensor | None:
    """The weighted sum of the function's values, with one argument moved by ``step``."""

    def move(tensor: torch.Tensor) -> torch.Tensor:
        return (tensor + step).to(tensor.dtype) if tensor is argument else tensor

    numbers = as_numbers(observe("nothing", map_tensors(points, move)).value)
    return None if numbers is None else weighted_sum([numbers])
