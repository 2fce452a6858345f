r"""Templates: the ideal 3

Nobody has ever drawn the perfect 3, but you can compute it: lay all the 3s on top of each other
and take the mean of every pixel. The result is the *template* that new pictures are compared with.
"""

import torch


def mean_template(stack: torch.Tensor) -> torch.Tensor:
    r"""Average a stack of pictures into one ideal picture.

    ``stack``: float ``(N, H, W)``.
    Result: ``(H, W)``, each pixel the mean of that pixel over the N pictures, in the dtype of
    the stack. The stack itself stays as it is.
    """
    # Your turn: take the mean over the pictures, so that one picture is left.
    raise NotImplementedError()
