"""Mistakes that beginners make, and what they read about each."""

import re
from fnmatch import fnmatchcase

import pytest

MISTAKES = {
    "no return": (
        "stack_images",
        "torch.stack(images).float() / 255",
        "stack_images(list of 2 uint8 (2, 2))",
        "None: is a `return` missing?",
        "float32 (2, 2, 2) 0.0, 0.2, 0.4, …",
    ),
    "cat for stack": (
        "stack_images",
        "return torch.cat(images).float() / 255",
        "stack_images(list of 2 uint8 (2, 2))",
        "float32 (4, 2) 0.0, 0.2, 0.4, …",
        "float32 (2, 2, 2) 0.0, 0.2, 0.4, …",
    ),
    "whole numbers": (
        "stack_images",
        "return torch.stack(images)",
        "stack_images(list of 2 uint8 (2, 2))",
        "uint8 (2, 2, 2) 0, 51, 102, … (5 of 8 differ)",
        "float32 (2, 2, 2) 0.0, 0.2, 0.4, …",
    ),
    "a typing error": (
        "stack_images",
        "return torch.stak(images).float() / 255",
        "stack_images(list of 2 uint8 (2, 2))",
        (
            "nothing: it raised AttributeError: module 'torch' has no attribute 'stak' "
            "(stacking.py line *)"
        ),
        "no exception",
    ),
    "not called": (
        "rank",
        "return tensor.dim",
        "rank(float32 (28, 28))",
        "a builtin_function_or_method: are the brackets `()` of a call missing?",
        "2",
    ),
    "a tensor too many": (
        "rank",
        "return torch.tensor(tensor.ndim)",
        "rank(float32 (2, 2))",
        "int64 () 2",
        "a Python int",
    ),
    "print for raise": (
        "check_image_stack",
        "print('wrong rank')",
        "check_image_stack(float32 (28, 28))",
        "None",
        "to raise ValueError",
    ),
    "a message that says too little": (
        "check_image_stack",
        "if tensor.ndim != 3:\n    raise ValueError('wrong rank')",
        "check_image_stack(float32 (28, 28))",
        "the message 'wrong rank'",
        "a message that names 2",
    ),
    "the argument is changed": (
        "mean_template",
        "stack /= len(stack)\nreturn stack.sum(0)",
        "mean_template(float32 (2, 2, 2))",
        "argument 1 changed to float32 (2, 2, 2) 0.0, 0.25, 0.5, …",
        "argument 1 left as it was: float32 (2, 2, 2) 0.0, 0.5, 1.0, …",
    ),
    "differences cancel": (
        "mnist_distance",
        "return (a - b).mean((-1, -2))",
        "mnist_distance(float32 (2, 2), float32 (2, 2))",
        "float32 () 0.0",
        "1.0",
    ),
    "the right number in a wrong shape": (
        "mnist_distance",
        "return (a - b).abs().mean((-1, -2), keepdim=True)",
        "mnist_distance(float32 (2, 2), float32 (2, 2))",
        "float32 (1, 1) 1.0",
        "1.0, of shape ()",
    ),
    "a loop": (
        "mnist_distance",
        (
            "if a.ndim == 2:\n    return (a - b).abs().mean()\n"
            "return torch.stack([(picture - b).abs().mean() for picture in a])"
        ),
        "mnist_distance(float32 (50, 3, 4), float32 (3, 4))",
        "* tensor operations for N = 2, * for N = 50",
        "as much work for N = 50 as for N = 2: one operation on the batch",
    ),
    "if on a batch": (
        "is_3",
        "if mnist_distance(images, mean3) < mnist_distance(images, mean7):\n    return True",
        "is_3(float32 (2, 2, 2), float32 (2, 2), float32 (2, 2))",
        (
            "nothing: it raised RuntimeError: Boolean value of Tensor with more than one value is "
            "ambiguous (classify.py line *)"
        ),
        "no exception",
    ),
    "item": (
        "accuracy",
        (
            "if predictions.shape != targets.shape:\n    raise ValueError('shapes')\n"
            "return (predictions == targets).float().mean().item()"
        ),
        "accuracy(int64 (3,), int64 (3,))",
        "float 0.6667",
        "a tensor, kept in PyTorch from start to end",
    ),
    "no look at the shapes": (
        "accuracy",
        "return (predictions == targets).float().mean()",
        "accuracy(bool (4, 1), bool (4,))",
        "float32 () 0.5",
        "to raise ValueError",
    ),
    "pooled": (
        "accuracy_3_7",
        (
            "a = is_3(valid3, mean3, mean7).float()\nb = (~is_3(valid7, mean3, mean7)).float()\n"
            "return a.mean(), b.mean(), torch.cat([a, b]).mean()"
        ),
        "accuracy_3_7(float32 (2, 2, 2), float32 (4, 2, 2), float32 (2, 2), float32 (2, 2))",
        "tuple of 3 float32 (): 0.5, 1.0, 0.8333 (1 of 3 differ)",
        "0.5, 1.0, 0.75",
    ),
}


def parts(message: str) -> dict[str, str]:
    """The lines of a message by their labels, in order, each on one line again."""
    lines = message.replace(f"\n{' ' * 10}", " ").splitlines()[1:]
    return {line[:9].strip(): line[10:] for line in lines}


@pytest.mark.parametrize(
    ("function", "body", "called", "came_back", "expected"), MISTAKES.values(), ids=MISTAKES
)
def test_what_the_student_reads(solved, function, body, called, came_back, expected):
    solved.answer(function, body)
    shown = parts(solved.message(function))
    assert list(shown) == ["called", "came back", "expected", "lesson", "in"]
    assert shown["called"] == called
    assert fnmatchcase(shown["came back"], came_back)
    assert shown["expected"] == expected
    assert re.fullmatch(r"exercises/\w+\.py:\d+", shown["in"])


def test_a_function_whose_foundation_is_missing(stubs):
    """is_3 is right, and mnist_distance below it has not been attempted."""
    stubs.answer("is_3", "return mnist_distance(images, mean3) < mnist_distance(images, mean7)")
    (failure,) = stubs.check().failures
    shown = parts(str(failure))
    assert shown["came back"].startswith("nothing: it raised NotImplementedError (distance.py line")
    assert shown["first"] == "get mnist_distance right: this builds on it"
