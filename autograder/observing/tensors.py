"""Find and change the tensors inside arguments and results."""

from __future__ import annotations

from collections.abc import Callable
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


def gradient_reaches(result: Any, arguments: Any) -> tuple[bool, ...]:
    """For each floating tensor in ``arguments``: does ``result`` lead back to it?

    A gradient that is zero everywhere does not count: nothing of the argument is in it.
    """
    leaves = [tensor for tensor in tensors_in(arguments) if tensor.is_floating_point()]
    outputs = [tensor for tensor in tensors_in(result) if tensor.requires_grad]
    if not outputs or not leaves:
        return tuple(False for _ in leaves)
    try:
        total = sum(_weighted_sum(output) for output in outputs)
        gradients = torch.autograd.grad(total, leaves, allow_unused=True)  # type: ignore[arg-type]
    except RuntimeError:
        return tuple(False for _ in leaves)
    return tuple(gradient is not None and bool((gradient != 0).any()) for gradient in gradients)


def _weighted_sum(output: torch.Tensor) -> torch.Tensor:
    # Unequal weights: the plain sum of shares or percentages is the same whatever went in.
    flat = output.reshape(-1)
    return (flat * torch.arange(1, len(flat) + 1, device=flat.device)).sum()
