"""Turn whatever an answer returned into numbers, without ever broadcasting."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

# SPEC: an answer is right within these. Loose enough for another order of summation in
# float32, tight enough that a wrong formula never slips through.
RELATIVE, ABSOLUTE = 1e-4, 1e-6


def as_numbers(value: Any) -> torch.Tensor | None:
    """Return ``value`` as a float64 tensor on the CPU, or None when it is not made of numbers.

    Takes tensors, NumPy arrays and scalars, Python numbers and lists or tuples of these;
    equal shapes inside a list are stacked, so three 0-dim tensors become shape ``(3,)``.
    """
    if isinstance(value, torch.Tensor):
        return _from_tensor(value)
    if isinstance(value, np.ndarray | np.generic):
        return _from_numpy(np.asarray(value))
    if isinstance(value, bool | int | float):
        return _from_python(value)
    if isinstance(value, list | tuple):
        try:
            return _from_items(value)
        except RecursionError:
            # A list that holds itself.
            return None
    return None


def _from_tensor(tensor: torch.Tensor) -> torch.Tensor | None:
    plain = tensor.layout == torch.strided and not tensor.is_complex() and not tensor.is_nested
    if tensor.device.type == "meta" or not plain:
        return None
    return tensor.detach().to(device="cpu", dtype=torch.float64)


def _from_numpy(array: np.ndarray) -> torch.Tensor | None:
    if array.dtype.kind not in "biuf":
        return None
    return torch.from_numpy(np.array(array, dtype=np.float64))


def _from_python(number: float) -> torch.Tensor | None:
    try:
        return torch.tensor(float(number), dtype=torch.float64)
    except OverflowError:
        return None


def _from_items(items: list[Any] | tuple[Any, ...]) -> torch.Tensor | None:
    if all(type(item) in (bool, int, float) for item in items):
        # One conversion for a plain row: a picture as nested lists has many of them.
        try:
            return torch.tensor([float(item) for item in items], dtype=torch.float64)
        except OverflowError:
            return None
    parts: list[torch.Tensor] = []
    for item in items:
        part = as_numbers(item)
        if part is None or (parts and part.shape != parts[0].shape):
            return None
        parts.append(part)
    return torch.stack(parts)


def close(result: torch.Tensor, expected: torch.Tensor) -> torch.Tensor:
    """Return, element by element, whether two float64 tensors of one shape agree.

    NaN agrees with nothing. Raises ValueError when the shapes differ.
    """
    if result.shape != expected.shape:
        raise ValueError(f"shapes differ: {tuple(result.shape)} and {tuple(expected.shape)}")
    return torch.isclose(result, expected, rtol=RELATIVE, atol=ABSOLUTE)
