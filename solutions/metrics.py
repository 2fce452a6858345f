r"""# 8. Metrics: how good is it?

Assignment: mnist_basics

You have a classifier; now you need one number that tells a person how good it is. Count how often
it is right, on pictures that it has never seen.

## A metric is for people, a loss is for the machine

A *metric* is what you report and care about. The most common one is *accuracy*: the share of
answers that are right. With four answers, of which three agree with the truth, it is 0.75.

A *loss* is what training makes smaller. It has to react to the slightest change, because its
gradient says which way to go. Accuracy doesn't: make one pixel of the ideal 3 a tiny bit darker,
and most likely no picture changes sides. Accuracy stays exactly the same, its gradient is 0, and a
machine that follows gradients would never move. So a model is usually trained on one number and
judged by another. Nothing is trained in this unit, and a metric is all you need.

## Why a validation set

The templates were made from the training pictures. To test them on the same pictures would be like
an exam with the homework questions: someone who learned the answers by heart gets full marks and
may have understood nothing. Doing well on known data and badly on new data is called
*overfitting*, and only pictures that had no part in the work can show it. MNIST keeps some apart,
written by other people: 1,010 threes and 1,028 sevens. They are the *validation set*.

## Compare equal shapes

Accuracy compares predictions and targets one by one. They may be truth values or whole numbers, or
one of each: True counts as 1 and False as 0. But broadcasting lies in wait here. Say the
predictions are a column of shape `(4, 1)` and the targets a row of shape `(4,)`:

```python
targets = torch.tensor([True, False, False, True])
predictions = targets[:, None]               # the same answers, as a column
(predictions == targets).shape               # (4, 4)
```

All four answers are right. Yet the comparison pairs each prediction with each target, and of those
16 pairs only 8 agree: 0.5, and no error message. So `accuracy` refuses unequal shapes.

## Two accuracies and their mean

For the 3s, the right answer to "is it a 3?" is always True; for the 7s it is always False. The
classifier gets 926 of the 1,010 threes right, and 1,013 of the 1,028 sevens:

| pictures | right | accuracy |
|---|---|---|
| 3s | 926 of 1,010 | 0.9168 |
| 7s | 1,013 of 1,028 | 0.9854 |
| mean of the two | | 0.9511 |
| all in one pot | 1,939 of 2,038 | 0.9514 |

The mean gives both digits the same weight; the pot gives more to the digit with more pictures.
Here they hardly differ. With 10 threes among 1,000 sevens, a program that always says "7" would
have 0.99 in the pot, and a mean of 0.5. Most telling are the two apart: this classifier misses
84 threes and only 15 sevens.
"""

import torch

from exercises.classify import is_3


def accuracy(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    r"""The share of predictions that agree with the targets.

    ``predictions`` and ``targets``: bool or integer tensors, also one of each, of one shape.
    Result: a float tensor of shape ``()``. Unequal shapes raise ``ValueError``.

    Task: Refuse unequal shapes, then return the share of elements that are equal.

    Hints:
        1. `==` compares two tensors element by element and gives a bool tensor.
        2. A share is a mean in which every hit counts 1 and every miss 0.
        3. PyTorch takes no mean of bools. `.float()` turns them into ones and zeros.
        4. Before that, compare `predictions.shape` with `targets.shape`, and raise a
           `ValueError` if they differ.
    """
    ### BEGIN SOLUTION
    if predictions.shape != targets.shape:
        shapes = f"{tuple(predictions.shape)} and {tuple(targets.shape)}"
        raise ValueError(f"predictions and targets need the same shape, but have {shapes}")
    return (predictions == targets).float().mean()
    ### END SOLUTION


def accuracy_3_7(
    valid3: torch.Tensor, valid7: torch.Tensor, mean3: torch.Tensor, mean7: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    r"""Accuracy of ``is_3`` on the 3s, on the 7s, and the mean of the two.

    ``valid3``, ``valid7``: float ``(N, H, W)``, not always of the same N; ``mean3``,
    ``mean7``: float ``(H, W)``.
    Result: a tuple of three float tensors of shape ``()``, in the order of the first line.

    Task: Return the accuracy on the 3s, the accuracy on the 7s, and their mean.

    Hints:
        1. Call `is_3` on each of the two sets: it gives one bool for every picture.
        2. Then call `accuracy`. For the 3s every target is True; what is it for the 7s?
        3. `torch.ones_like` and `torch.zeros_like` make targets of the same shape, dtype and
           device as your predictions.
        4. The third number is the mean of the first two, whatever the sizes of the sets.
    """
    ### BEGIN SOLUTION
    found3, found7 = is_3(valid3, mean3, mean7), is_3(valid7, mean3, mean7)
    on_3s = accuracy(found3, torch.ones_like(found3))
    on_7s = accuracy(found7, torch.zeros_like(found7))
    return on_3s, on_7s, (on_3s + on_7s) / 2
    ### END SOLUTION
