r"""# 2. Stacking: many pictures, one tensor

Assignment: mnist_basics

Thousands of pictures of a 3 arrive as thousands of separate tables of numbers. Stacked into one
tensor, they can be averaged, compared and counted all at once, without a loop.

## Everything is an array

To a computer a grey picture is a table of whole numbers, one for each pixel. In MNIST 0 is empty
paper and 255 is full ink. This is a picture of 2 by 2 pixels:

```python
picture = torch.tensor([[0, 51], [102, 255]], dtype=torch.uint8)
```

There is no line or curve in it, and no "3". The same holds for other things you may want to learn
from: a sound is a row of air pressures, a colour photo is three tables, a sentence becomes a row
of word numbers. Once everything is an array of numbers, one library can work on all of it.

## Array and tensor

NumPy calls such a block of numbers an *array*, PyTorch calls it a *tensor*. Both have a
rectangular shape and one type for all their numbers, and most of what you write for one works for
the other. A tensor can do two things that an array cannot: it can live on a graphics card (a
GPU), where thousands of pixels are worked on at the same time, and it can remember how it was
computed, so that PyTorch can find its gradient. Deep learning needs both.

A tensor is strict in return: it has no ragged rows. Pictures of different sizes do not fit into
one tensor, and PyTorch raises an error rather than guess what you meant.

## A new axis

A Python list is a row of pigeonholes: it knows how many pictures it has, and nothing about what is
in them. To add up a list of pictures you need a loop. Stacking copies the pictures into one block
with a new first axis, the number of the picture. Two pictures of shape `(28, 28)` become one
tensor of shape `(2, 28, 28)`, and `stack[1]` is the second picture again.

Concatenating is something else: `torch.cat` joins along an axis that is there already. Two
pictures of shape `(28, 28)` become one tall picture of shape `(56, 28)`.

## From whole numbers to floats

`uint8` stores a number from 0 to 255 in one byte. That saves memory, and it is a trap for
arithmetic, because results that do not fit wrap around like the clock at midnight:

```python
bright = torch.tensor([200, 1], dtype=torch.uint8)
bright + bright      # 144 and 2: 400 did not fit
bright - 2           # 198 and 255: there is no -1
```

The mean is no use either: PyTorch refuses to take it of whole numbers. So we turn the pixels into
floats, and divide by 255 to have them run from 0 (no ink) to 1 (full ink). The picture above
becomes 0, 0.2, 0.4 and 1. Distances between such pictures also stay between 0 and 1, which makes
them easy to read. Plain `float` means `float32` in PyTorch: enough digits for pixels, and half the
memory of `float64`.
"""

import torch


def stack_images(images: list[torch.Tensor]) -> torch.Tensor:
    r"""Stack pictures into one float tensor, scaled to run from 0 to 1.

    ``images``: a list or tuple of N uint8 tensors ``(H, W)`` with values from 0 to 255.
    Result: float32 ``(N, H, W)``, the pictures in the order given, every value divided by 255.
    An empty list, or pictures of unequal shapes, raise an exception: ``ValueError``,
    ``RuntimeError`` or ``IndexError``.

    Task: Stack the pictures along a new first axis and scale their values to run from 0 to 1.

    Hints:
        1. You need no loop: one PyTorch function turns a list of tensors into one tensor.
        2. Joining the pictures along an axis they already have is `torch.cat`. You want a new
           axis, so look up `torch.stack`.
        3. `torch.stack` refuses empty lists and unequal shapes for you. It keeps the type, though:
           the result is still uint8.
        4. Turn the stacked tensor into floats with `.float()`; the division comes after that.
    """
    ### BEGIN SOLUTION
    return torch.stack(images).float() / 255
    ### END SOLUTION
