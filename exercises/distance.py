r"""Distance: how far apart are two pictures?

To say that a picture looks more like a 3 than like a 7, you need a number for how different two
pictures are. One line of PyTorch gives it for a pair of pictures, and for a thousand at once.
"""

import torch


def mnist_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    r"""Mean absolute difference (L1) between pictures.

    ``a`` and ``b``: float ``(..., H, W)``; the leading axes broadcast against each other.
    Result: one distance for each pair of pictures, shape ``(...)``: ``(H, W)`` against
    ``(H, W)`` gives ``()``, and ``(N, H, W)`` against ``(H, W)`` gives ``(N,)``, in the dtype
    of the pictures.
    """
    # Your turn: take the mean of the absolute differences over the last two axes.
    raise NotImplementedError()
