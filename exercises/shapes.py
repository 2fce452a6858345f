r"""Shapes: what is this tensor?

Before you compute with a tensor, look at it: how many axes has it, how long is each, and what kind
of numbers are inside? Most mistakes in deep learning are a wrong answer to one of these questions.
"""

import torch


def rank(tensor: torch.Tensor) -> int:
    r"""Count the axes of a tensor.

    ``tensor``: any tensor, of any shape.
    Result: a Python ``int``, 0 for a scalar tensor.
    """
    # Your turn: return the number of axes, not the number of values.
    raise NotImplementedError()


def check_image_stack(tensor: torch.Tensor) -> None:
    r"""Refuse a tensor that is not a stack of images.

    ``tensor``: should be floating, ``(N, H, W)`` with N of at least 1, all values in [0, 1].
    Result: ``None`` for such a tensor. Otherwise ``ValueError``, with a message that names what
    was found: the rank, or the dtype, or the value that is too small or too large. No image at
    all and NaN are refused too. Only the first fault has to be named.
    """
    # Your turn: raise a ValueError that says what is wrong, or return nothing when all is well.
    raise NotImplementedError()
