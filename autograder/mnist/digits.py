"""The shipped pictures: one data file a digit, read as arrays or as tensors."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.mnist.errors import MnistError

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

DIGITS = tuple(range(10))
SPLITS = ("train", "valid")

DATA = Path(__file__).parent

# A file with wrong bytes in it fails in any of these ways, depending on where they are.
UNREADABLE = (
    OSError,
    EOFError,
    KeyError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


def images(digit: int, split: str) -> Tensor:
    """Every picture of one digit: uint8 ``(N, 28, 28)``, 0 for paper and 255 for ink.

    Raises ``ValueError`` for an unknown digit or split, ``MnistError`` when the data file is
    missing or damaged.
    """
    import torch

    pixels, _ = arrays(digit, split)
    return torch.from_numpy(pixels)


def load(digits: Iterable[int], split: str) -> tuple[Tensor, Tensor]:
    """The pictures of the digits, in the order asked for, and what they show.

    Returns float32 ``(N, 28, 28)`` in [0, 1] and int64 labels ``(N,)``: the digits themselves.
    Raises as ``images`` does, and ``ValueError`` when no digit is asked for.
    """
    import torch

    digits = list(digits)
    if not digits:
        raise ValueError(f"no digit was asked for; choose from {_listed(DIGITS)}")
    stacks = [images(digit, split) for digit in digits]
    sizes = torch.tensor([len(stack) for stack in stacks])
    labels = torch.tensor(digits, dtype=torch.int64).repeat_interleave(sizes)
    # In place: a second array of this size would take as long as all the reading.
    return torch.cat(stacks).float().div_(255), labels


def arrays(digit: int, split: str) -> tuple[np.ndarray, np.ndarray]:
    """The pictures of one digit without torch, which takes seconds to import.

    Returns uint8 pixels ``(N, 28, 28)`` and int32 indices ``(N,)``, rising: each picture's place
    in the original training or validation set. Raises as ``images`` does.
    """
    import numpy as np

    if digit not in DIGITS:
        raise ValueError(f"there is no digit {digit!r}; choose from {_listed(DIGITS)}")
    if split not in SPLITS:
        raise ValueError(f"there is no split {split!r}; choose from {_listed(SPLITS)}")
    path = DATA / f"{int(digit)}.npz"
    try:
        with np.load(path) as data:
            return data[split], data[f"{split}_index"]
    except UNREADABLE as error:
        raise MnistError(
            f"The data file {path} is missing or damaged, or may not be read; reinstall the kit "
            "with `pip install --force-reinstall --no-deps threes-and-sevens`."
        ) from error


def _listed(choices: Iterable[object]) -> str:
    return ", ".join(map(repr, choices))
