r"""# 4. Templates: the ideal 3

Assignment: mnist_basics

Nobody has ever drawn the perfect 3, but you can compute it: lay all the 3s on top of each other
and take the mean of every pixel. The result is the *template* that new pictures are compared with.

## One pixel at a time

Take the pixel in the middle of the picture and ask all 6,131 training 3s how much ink they have
there. Their mean is the answer of the whole group. Do that for each of the 784 pixels and you have
a picture again. It is dark where the 3s agree, grey where they differ, and white where none of
them ever goes.

Here are three tiny pictures, and their mean:

```text
1 0      1 1      1 0.5        1    0.5
0 0      0 0      0.75 0       0.25 0
```

The upper left pixel is full in all three, so it stays 1. Only the third picture has ink in the
lower left, and the mean keeps a third of it.

Among the real 3s no pixel gets anywhere near 1. The darkest one has a mean of 0.78: people write
too differently to agree on any single spot.

## Why the mean?

A single 3 has its own slant, its own thickness, its own wobble. A template should have none of
these, only what the 3s share. In a mean, the habits of single writers are spread out until they
hardly show, and the common shape remains.

This can be said exactly: of all pictures there are, the mean is the one with the smallest sum of
squared differences to the whole stack. In that sense it is the centre of the 3s.

It also shows in practice. Pick one training 3 and one training 7 at random, use them as templates,
and sort the validation pictures by which one they are nearer to: over 200 such pairs, 81 percent
came out right on average. With the two means it is 95 percent.

## Which axis disappears?

A stack has the shape `(N, H, W)`. When you sum or average over an axis, that axis is gone from the
shape, and the others stay. You want to keep the rows and the columns, so the axis to lose is the
one that counts the pictures. With no axis named, all of them go: the mean of all the training 3s
is the single number 0.1415, the average ink of a 3. That is worth knowing, but it is no picture.

```python
stack = torch.ones(6, 2, 5)
stack.sum().shape      # (): everything in one number, 60
stack.sum(1).shape     # (6, 5): the rows are gone
stack.sum(2).shape     # (6, 2): the columns are gone
```

## Stay in PyTorch

You could loop over the pictures and add them up. The answer would be right, and slow: Python would
go round 6,131 times, where PyTorch is told once and does the rest in compiled code. The same goes
for a detour through NumPy or `.item()`. The two libraries agree on the numbers, but on the way out
the tensor leaves its GPU and forgets how it was computed, so that no gradient can find its way
back.
"""

import torch


def mean_template(stack: torch.Tensor) -> torch.Tensor:
    r"""Average a stack of pictures into one ideal picture.

    ``stack``: float ``(N, H, W)``.
    Result: ``(H, W)``, each pixel the mean of that pixel over the N pictures, in the dtype of
    the stack. The stack itself stays as it is.

    Task: Take the mean over the pictures, so that one picture is left.

    Hints:
        1. The result has the shape of one picture. Which of the three axes has to go?
        2. Tensors have a method `.mean()`. With no argument it averages everything into one
           number, which is too much.
        3. Like `.sum()`, `.mean()` takes the number of the axis to lose. Python counts from 0.
    """
    ### BEGIN SOLUTION
    return stack.mean(0)
    ### END SOLUTION
