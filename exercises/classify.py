r"""Classify: is it a 3?

You have an ideal 3, an ideal 7 and a distance. That is enough for a first classifier: call a
picture a 3 when it is nearer to the ideal 3 than to the ideal 7.
"""

import torch

from exercises.distance import mnist_distance


def is_3(images: torch.Tensor, mean3: torch.Tensor, mean7: torch.Tensor) -> torch.Tensor:
    r"""Tell for every picture whether it is nearer to the ideal 3 than to the ideal 7.

    ``images``: float ``(..., H, W)``; ``mean3`` and ``mean7``: float ``(H, W)``.
    Result: bool ``(...)``, True where the L1 distance to ``mean3`` is strictly the smaller.
    A tie is not a 3. One picture ``(H, W)`` gives a tensor of shape ``()``.
    """
    # Your turn: compare the distance to the ideal 3 with the distance to the ideal 7.
    raise NotImplementedError()
