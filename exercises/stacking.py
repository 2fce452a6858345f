r"""Stacking: many pictures, one tensor

Thousands of pictures of a 3 arrive as thousands of separate tables of numbers. Stacked into one
tensor, they can be averaged, compared and counted all at once, without a loop.
"""

import torch


def stack_images(images: list[torch.Tensor]) -> torch.Tensor:
    r"""Stack pictures into one float tensor, scaled to run from 0 to 1.

    ``images``: a list or tuple of N uint8 tensors ``(H, W)`` with values from 0 to 255.
    Result: float32 ``(N, H, W)``, the pictures in the order given, every value divided by 255.
    An empty list, or pictures of unequal shapes, raise an exception: ``ValueError``,
    ``RuntimeError`` or ``IndexError``.
    """
    # Your turn: stack the pictures along a new first axis and scale their values to run from 0
    # to 1.
    raise NotImplementedError()
