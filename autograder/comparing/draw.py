"""Draw test cases from the run's seed, so that no answer can be fitted to fixed inputs."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

import torch

Item = TypeVar("Item")
LEVELS = 256


class Draw:
    """Random tensors that depend on nothing but the seed and the test's own name."""

    def __init__(self, seed: int, test: str) -> None:
        digest = hashlib.sha256(f"{seed}:{test}".encode()).digest()
        number = int.from_bytes(digest[:8], "big") >> 1
        self._tensors = torch.Generator().manual_seed(number)
        self._numbers = random.Random(number)

    def images(self, *shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
        """Pictures of this shape with values in [0, 1], multiples of 1/256: exact in binary."""
        levels = torch.randint(0, LEVELS + 1, shape, generator=self._tensors)
        return levels.to(dtype) / LEVELS

    def pixels(self, *shape: int) -> torch.Tensor:
        """uint8 pictures of this shape."""
        return torch.randint(0, 256, shape, generator=self._tensors, dtype=torch.uint8)

    def flags(self, *shape: int) -> torch.Tensor:
        """A bool tensor of this shape."""
        return torch.randint(0, 2, shape, generator=self._tensors).bool()

    def integers(
        self, *shape: int, high: int = 10, dtype: torch.dtype = torch.int64
    ) -> torch.Tensor:
        """Integers from 0 to ``high`` - 1."""
        return torch.randint(0, high, shape, generator=self._tensors, dtype=dtype)

    def number(self, low: int, high: int) -> int:
        """A number between ``low`` and ``high``, both included."""
        return self._numbers.randint(low, high)

    def size(self) -> tuple[int, int]:
        """A height and a width, never equal: a swapped axis must show."""
        height, width = self._numbers.sample(range(3, 10), 2)
        return height, width

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in an order that varies with the seed."""
        return self._numbers.sample(list(items), len(items))
