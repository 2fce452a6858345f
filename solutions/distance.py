r"""# 6. Distance: how far apart are two pictures?

Assignment: mnist_basics

To say that a picture looks more like a 3 than like a 7, you need a number for how different two
pictures are. One line of PyTorch gives it for a pair of pictures, and for a thousand at once.

## Why plain differences cancel

Subtract two pictures and every pixel has a difference. It seems natural to average them, but look
at these two, which disagree as much as two pictures can:

```text
picture    template    difference
0 1        1 0         -1  1
1 0        0 1          1 -1
```

The mean difference is 0, which would mean "the same". Too much ink in one place pays for too
little in another; all that is left to compare is the *amount* of ink. The 3s have more of it than
the 7s on average (0.1415 against 0.1145), so with plain differences *every* picture comes out
nearer to the 3: all the 3s right and not a single 7. The sign has to go before the mean is taken.

## L1 and L2

There are two usual ways to lose the sign. Take the absolute value and then the mean: this is the
mean absolute difference, or *L1 norm*. Or square, take the mean, and undo the square with a root:
the root mean squared error (RMSE), or *L2 norm*. For the pair above both give 1.

They differ in what they punish. Compare two kinds of error in a 2 by 2 picture:

| difference in the four pixels | L1 | L2 |
|---|---|---|
| 0.25, 0.25, 0.25, 0.25 | 0.25 | 0.25 |
| 1, 0, 0, 0 | 0.25 | 0.5 |

To L1 the two are equally bad. The square makes small errors smaller (0.25 becomes 0.0625) and
leaves a full one at 1, so L2 forgives many little errors and minds one big one. Here you write L1.

## Why `mean((-1, -2))`

The mean should run over the pixels of each picture and leave the pictures apart. Given two axes,
`mean` removes both: `torch.ones(1010, 28, 28).mean((-1, -2))` has the shape `(1010,)`. A plain
`mean()` would melt all pictures into one number. Negative numbers count axes from the end, and
rows and columns are always the last two, whether one picture comes in, `(28, 28)`, or a whole
batch, `(1010, 28, 28)`. Counted from the front they are axes 0 and 1 of a picture, but 1 and 2 of a
batch.

## Broadcasting

How can `(1010, 28, 28)` minus `(28, 28)` work? PyTorch lines the shapes up from the right and
compares them axis by axis:

```text
batch      1010 28 28
template        28 28
result     1010 28 28
```

Two sizes fit if they are equal, or if one of them is 1; a missing axis counts as 1. An axis of
size 1 stretches to the size of the other, as if the template stood there 1010 times. Nothing is
copied: the same 784 numbers are read again and again. If two sizes differ and neither is 1, you
get an error, as for 1010 pictures against 1028.

The rule also does more than this. A batch of shape `(1010, 1, 28, 28)` against ten templates
`(10, 28, 28)` gives all the 10,100 differences, `(1010, 10, 28, 28)`. Whoever takes the mean over
the last two axes gets that for free.
"""

import torch


def mnist_distance(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    r"""Mean absolute difference (L1) between pictures.

    ``a`` and ``b``: float ``(..., H, W)``; the leading axes broadcast against each other.
    Result: one distance for each pair of pictures, shape ``(...)``: ``(H, W)`` against
    ``(H, W)`` gives ``()``, and ``(N, H, W)`` against ``(H, W)`` gives ``(N,)``, in the dtype
    of the pictures.

    Task: Take the mean of the absolute differences over the last two axes.

    Hints:
        1. Broadcasting already pairs every picture with the template: a minus sign is enough.
        2. Tensors have a method `.abs()`. Ask yourself whether it belongs before or after the
           mean.
        3. If you get one number for a whole batch, your mean ran over the batch as well.
        4. `.mean` takes a tuple of axes. Counted from the end, the columns are axis -1.
    """
    ### BEGIN SOLUTION
    return (a - b).abs().mean((-1, -2))
    ### END SOLUTION
