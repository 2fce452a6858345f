r"""# 3. Shapes: what is this tensor?

Assignment: mnist_basics

Before you compute with a tensor, look at it: how many axes has it, how long is each, and what kind
of numbers are inside? Most mistakes in deep learning are a wrong answer to one of these questions.

## Rank and shape

A tensor has *axes*. The *shape* says how long each axis is, and the *rank* says how many axes
there are. So the rank is the length of the shape.

| tensor | shape | rank |
|---|---|---|
| one accuracy | `()` | 0 |
| one row of pixels | `(28,)` | 1 |
| one picture | `(28, 28)` | 2 |
| the stack of training 3s | `(6131, 28, 28)` | 3 |
| a batch of 64 colour photos | `(64, 3, 224, 224)` | 4 |

Read a shape from the left as a path of choices: in a stack you first choose the picture, then the
row, then the column. `stack[5]` makes the first choice and leaves `(28, 28)`; `stack[5, 14, 14]`
makes all three and leaves `()`. A tensor of rank 0 is called a scalar. It holds one number, but it
is still a tensor.

The word *dimension* is best avoided, as it is used for two things. A point in space is called
three-dimensional because it has three numbers, yet as a tensor it has one axis:

```python
point = torch.tensor([4.0, 0.5, 2.0])   # shape (3,), rank 1
```

For the same reason `len` does not give the rank: `len(point)` is 3, the length of the first axis.

## The third question: the dtype

All numbers in a tensor are of one type, its `dtype`. Pixels come from a file as `torch.uint8`;
after scaling they are `torch.float32`. There are floats of other sizes, such as `torch.float16`
and `torch.float64`. They differ in the number of digits, and all of them can hold a pixel between
0 and 1.

## Check before you compute

A wrong tensor often does not crash. It gives a wrong answer, and you notice an hour later:

- The mean over the first axis of a stack is a picture. The mean over the first axis of one
  *picture* is a row of 28 numbers, and nobody complains.
- Pixels that were turned into floats but not divided by 255 make every distance 255 times too
  large.
- A single NaN ("not a number", what you get from 0 divided by 0) turns the mean of all pixels into
  NaN. It hides well: every comparison with NaN is false, so searching for values below 0 or above
  1 finds nothing.

That is why a careful program checks its input at the door. The check gives nothing back when all
is well, and otherwise raises a `ValueError`. A good message names what was expected *and* what
came, so that nobody has to guess:

```text
a stack of images has rank 3, but this tensor has rank 2
```
"""

import torch


def rank(tensor: torch.Tensor) -> int:
    r"""Count the axes of a tensor.

    ``tensor``: any tensor, of any shape.
    Result: a Python ``int``, 0 for a scalar tensor.

    Task: Return the number of axes, not the number of values.

    Hints:
        1. A picture has the shape `(28, 28)`: two axes, so its rank is 2.
        2. `tensor.shape` holds one number for each axis. How many does it hold?
        3. Python's `len` counts the entries of a shape; PyTorch also keeps the answer ready in an
           attribute, whose name is short for "number of dimensions".
    """
    ### BEGIN SOLUTION
    return tensor.ndim
    ### END SOLUTION


def check_image_stack(tensor: torch.Tensor) -> None:
    r"""Refuse a tensor that is not a stack of images.

    ``tensor``: should be floating, ``(N, H, W)`` with N of at least 1, all values in [0, 1].
    Result: ``None`` for such a tensor. Otherwise ``ValueError``, with a message that names what
    was found: the rank, or the dtype, or the value that is too small or too large. No image at
    all and NaN are refused too. Only the first fault has to be named.

    Task: Raise a ValueError that says what is wrong, or return nothing when all is well.

    Hints:
        1. Ask one question after the other: rank, dtype, is there an image, values. Each is an
           `if` with its own `raise ValueError(...)`.
        2. An f-string puts what you found into the message: `f"... has rank {tensor.ndim}"`.
        3. `tensor.is_floating_point()` is true for every kind of float.
        4. If the smallest value is at least 0 and the largest at most 1, so is all in between.
        5. With a NaN inside, the smallest and the largest are NaN as well, and comparing them is
           always false. So ask whether the values are good, and raise if `not`.
    """
    ### BEGIN SOLUTION
    if tensor.ndim != 3:
        raise ValueError(f"a stack of images has rank 3, but this tensor has rank {tensor.ndim}")
    if not tensor.is_floating_point():
        raise ValueError(f"pixels should be floats, but these are {tensor.dtype}")
    if tensor.numel() == 0:
        raise ValueError(f"there is no image in a stack of shape {tuple(tensor.shape)}")
    low, high = tensor.min().item(), tensor.max().item()
    if not 0 <= low <= high <= 1:  # with NaN every comparison is false, so it ends here too
        raise ValueError(f"pixels should lie between 0 and 1, but go from {low} to {high}")
    ### END SOLUTION
