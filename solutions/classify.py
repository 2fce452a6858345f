r"""# 7. Classify: is it a 3?

Assignment: mnist_basics

You have an ideal 3, an ideal 7 and a distance. That is enough for a first classifier: call a
picture a 3 when it is nearer to the ideal 3 than to the ideal 7.

## Two distances, one comparison

Nothing is learned here step by step and nothing is tuned. Measure a picture against both templates
and see which distance is smaller:

| picture | to the ideal 3 | to the ideal 7 | is it a 3? |
|---|---|---|---|
| a | 0.11 | 0.16 | True |
| b | 0.17 | 0.09 | False |
| c | 0.125 | 0.125 | False |

Picture c is exactly in between. A function needs an answer for that case as well, and it is better
to choose it than to leave it to chance: here "is it a 3?" means *strictly* nearer to the 3, so a
tie is not a 3. Real pictures hardly ever tie, but the tiny ones in tests easily do.

On average a validation 3 is 0.130 away from the ideal 3 and 0.160 away from the ideal 7. A
validation 7 is 0.159 away from the ideal 3 and 0.109 away from the ideal 7. The gap is clear on
average, and single pictures can still fall on the wrong side.

## A whole batch, without an if

An `if` looks at one truth value. A comparison of two tensors gives many: it compares element by
element, and the result is a tensor of dtype `torch.bool`.

```python
to_3 = torch.tensor([0.11, 0.17, 0.125])
to_7 = torch.tensor([0.16, 0.09, 0.125])
to_3 > to_7                       # False, True, False
```

Write `if` in front of such a comparison and PyTorch refuses, since it cannot tell which of the
three you mean. You don't need it: the comparison already *is* the answer for every picture. As the
distance takes any leading axes, so does the classifier. One picture gives a tensor with one truth
value and no axis, 1,010 pictures give 1,010 truth values, and you write no loop for it.

## Keep it a tensor

Python's own `True` looks the same on the screen, and a list of them or a NumPy array could be
counted just as well. A tensor is more useful to whoever comes next. It stays on the GPU if the
pictures were there, while `.item()`, `.tolist()` and `.numpy()` bring every number back to the
processor and wait for it. Keep the answer a tensor, and leave the conversion to the one who prints
it.

## What a baseline is for

Two means and a minus sign are quickly written and easily checked, and they do far better than
guessing. Such a first simple method is called a *baseline*: a mark on the wall. A model with many
layers and a long training has to reach above it. If that model gets 97 percent and two plain
means get 95, you know what the effort has bought.
"""

import torch

from exercises.distance import mnist_distance


def is_3(images: torch.Tensor, mean3: torch.Tensor, mean7: torch.Tensor) -> torch.Tensor:
    r"""Tell for every picture whether it is nearer to the ideal 3 than to the ideal 7.

    ``images``: float ``(..., H, W)``; ``mean3`` and ``mean7``: float ``(H, W)``.
    Result: bool ``(...)``, True where the L1 distance to ``mean3`` is strictly the smaller.
    A tie is not a 3. One picture ``(H, W)`` gives a tensor of shape ``()``.

    Task: Compare the distance to the ideal 3 with the distance to the ideal 7.

    Hints:
        1. You have written the distance already: call `mnist_distance` once for each template.
        2. Each call gives one distance for every picture, so no loop is needed.
        3. Comparing two tensors gives a bool tensor: that is the result, with no `if` around it.
        4. At a tie the answer is False. Which of the four signs for smaller and larger says so?
    """
    ### BEGIN SOLUTION
    return mnist_distance(images, mean3) < mnist_distance(images, mean7)
    ### END SOLUTION
