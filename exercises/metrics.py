r"""Metrics: how good is it?

You have a classifier; now you need one number that tells a person how good it is. Count how often
it is right, on pictures that it has never seen.
"""

import torch

from exercises.classify import is_3


def accuracy(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    r"""The share of predictions that agree with the targets.

    ``predictions`` and ``targets``: bool or integer tensors, also one of each, of one shape.
    Result: a float tensor of shape ``()``. Unequal shapes raise ``ValueError``.
    """
    # Your turn: refuse unequal shapes, then return the share of elements that are equal.
    raise NotImplementedError()


def accuracy_3_7(
    valid3: torch.Tensor, valid7: torch.Tensor, mean3: torch.Tensor, mean7: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    r"""Accuracy of ``is_3`` on the 3s, on the 7s, and the mean of the two.

    ``valid3``, ``valid7``: float ``(N, H, W)``, not always of the same N; ``mean3``,
    ``mean7``: float ``(H, W)``.
    Result: a tuple of three float tensors of shape ``()``, in the order of the first line.
    """
    # Your turn: return the accuracy on the 3s, the accuracy on the 7s, and their mean.
    raise NotImplementedError()
