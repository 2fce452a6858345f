"""A course of two small units, to build in a folder of its own."""

from pathlib import Path

SHAPES = '''r"""# 3. Shapes: what is this tensor?

Assignment: mnist_basics

Before you compute with a tensor,
look at it.

## More

The lesson goes on, with `\\n` and code:

```python
def one(): ...


def two(): ...
```
"""

import torch


def rank(tensor: torch.Tensor) -> int:
    r"""Count the axes.

    ``tensor``: of any shape.
    Result: an ``int``.

    Task: Return the number of axes.

    Hints:
        1. It is an attribute.
        2. Its name begins with an "n"
           and ends with "dim".
    """
    ### BEGIN SOLUTION
    answer = tensor.ndim
    return answer
    ### END SOLUTION
'''

DISTANCE = '''r"""# 6. Distance: how far?

Assignment: mnist_basics

Two pictures.
"""

import torch

from exercises.shapes import rank


def mnist_distance(
    a: torch.Tensor, b: torch.Tensor
) -> torch.Tensor:
    r"""The distance.

    ``a`` and ``b``: pictures.

    Task: PyTorch can do it.

    Hints:
        1. Subtract.
    """
    ### BEGIN SOLUTION
    assert rank(a) == 2
    return (a - b).abs().mean()
    ### END SOLUTION


def rmse_distance(a, b):
    r"""The other distance.

    Assignment: mnist_beyond

    Result: a tensor.

    Task: Take the root.

    Hints:
        1. Square.
    """
    ### BEGIN SOLUTION
    return ((a - b) ** 2).mean().sqrt()
    ### END SOLUTION
'''

HIDDEN = '''import pytest


@pytest.mark.rule("value", points=2)
def test_secret_of_a_picture(rank, expect):
    """A secret title

    A secret lesson.
    """
    expect.value(rank(1), 2)


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.rule("shape", points=0.5)
def test_secret_cases(draw, rank, count): ...
'''


def write_course(root: Path, **changed: str) -> Path:
    """Write the course into ``root``; ``changed`` are other texts for its units."""
    for folder in ("solutions", "autograder/hidden"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for name, text in {"shapes": SHAPES, "distance": DISTANCE, **changed}.items():
        (root / "solutions" / f"{name}.py").write_text(text, encoding="utf-8")
    (root / "autograder/hidden/test_shapes.py").write_text(HIDDEN, encoding="utf-8")
    return root
