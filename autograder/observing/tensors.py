"""Find and change the tensors inside arguments and results."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch

DEEPEST = 16
"""A result nested deeper than this holds itself, or is no result."""


def map_tensors(value: Any, change: Callable[[torch.Tensor], Any]) -> Any:
    """Return ``value`` with every tensor, also inside lists, tuples and dicts, changed."""
    if isinstance(value, torch.Tensor):
        return change(value)
    if type(value) in (list, tuple):
        return type(value)(map_tensors(item, change) for item in value)
    if type(value) is dict:
        return {key: map_tensors(item, change) for key, item in value.items()}
    return value


def tensors_in(value: Any, depth: int = 0) -> list[torch.Tensor]:
    """Return every tensor inside ``value``, in order; named tuples are tuples here."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple) and depth < DEEPEST:
        return [tensor for item in value for tensor in tensors_in(item, depth + 1)]
    return []


def with_gradients(value: Any) -> Any:
    """Return a copy of ``value`` whose floating tensors are leaves that require a gradient."""
    return map_tensors(
        value,
        lambda tensor: (
            tensor.detach().clone().requires_grad_() if tensor.is_floating_point() else tensor
        ),
    )


def gradients_of(result: Any, arguments: Any) -> tuple[torch.Tensor | None, ...]:
    """For each floating tensor in ``arguments``, the gradient of ``weighted_sum(result)``.

    None where ``result`` does not lead back to it.
    """
    leaves = floating_in(arguments)
    outputs = [tensor for tensor in tensors_in(result) if tensor.requires_grad]
    if not outputs or not leaves:
        return (None,) * len(leaves)
    try:
        total = weighted_sum(outputs)
        return torch.autograd.grad(total, leaves, allow_unused=True)
    except RuntimeError:
        return (None,) * len(leaves)


def gradient_reaches(result: Any, arguments: Any) -> tuple[bool, ...]:
    """For each floating tensor in ``arguments``: does ``result`` lead back to it?

    A gradient that is zero everywhere does not count: nothing of the argument is in it.
    """
    gradients = gradients_of(result, arguments)
    return tuple(gradient is not None and bool((gradient != 0).any()) for gradient in gradients)


def floating_in(value: Any) -> list[torch.Tensor]:
    """Every floating tensor inside ``value``, in order."""
    return [tensor for tensor in tensors_in(value) if tensor.is_floating_point()]


def weighted_sum(outputs: Iterable[torch.Tensor]) -> Any:
    """One number that depends on every element of every output.

    Unequal weights: the plain sum of shares or percentages is the same whatever went in.
    """
    return sum(_weighted(output.reshape(-1)) for output in outputs)


def _weighted(flat: torch.Tensor) -> torch.Tensor:
    return (flat * torch.arange(1, len(flat) + 1, device=flat.device)).sum()
