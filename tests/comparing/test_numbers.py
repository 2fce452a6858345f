"""Whatever an answer returned, as numbers; never by broadcasting."""

from collections import namedtuple
from fractions import Fraction

import numpy as np
import pytest
import torch

from autograder.comparing.numbers import ABSOLUTE, RELATIVE, as_numbers, close
from autograder.observing.outcome import Opaque

THREE = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
Pair = namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    "value",
    [
        torch.tensor([1, 2, 3]),
        torch.tensor([1, 2, 3], dtype=torch.uint8),
        torch.tensor([1.0, 2, 3], dtype=torch.float16),
        torch.tensor([1.0, 2, 3], dtype=torch.bfloat16),
        torch.tensor([1.0, 2, 3], requires_grad=True),
        torch.nn.Parameter(torch.tensor([1.0, 2, 3])),
        torch.tensor([[1.0, 0], [2, 0], [3, 0]])[:, 0],
        np.array([1, 2, 3]),
        np.array([1, 2, 3], dtype=">i2"),
        [1, 2, 3],
        (1.0, 2, 3.0),
        [torch.tensor(1), 2.0, np.float32(3)],
        tuple(torch.tensor([1.0, 2, 3])),
        torch.Size([1, 2, 3]),
    ],
    ids=repr,
)
def test_every_wrapper_gives_the_same_numbers(value):
    numbers = as_numbers(value)
    assert numbers.dtype == torch.float64
    assert torch.equal(numbers, THREE)
    assert not numbers.requires_grad


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (torch.tensor(1.0), ()),
        (5, ()),
        (0.5, ()),
        (True, ()),
        (np.float64(0.5), ()),
        (np.bool_(True), ()),
        (np.array(0.5), ()),
        ([0.5], (1,)),
        ([], (0,)),
        ([[1, 2], [3, 4], [5, 6]], (3, 2)),
        ([torch.ones(2, 4), torch.ones(2, 4), torch.ones(2, 4)], (3, 2, 4)),
        (Pair(torch.ones(()), torch.ones(())), (2,)),
        ([torch.ones(1)], (1, 1)),
        (torch.ones(0, 3), (0, 3)),
    ],
    ids=repr,
)
def test_the_shape_is_exactly_that_of_the_answer(value, shape):
    assert tuple(as_numbers(value).shape) == shape


def test_truth_counts_as_one():
    assert as_numbers(torch.tensor([True, False])).tolist() == [1, 0]
    assert as_numbers([True, False]).tolist() == [1, 0]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "0.5",
        {"a": 1},
        {1, 2},
        len,
        1j,
        Fraction(1, 2),
        Opaque("dict"),
        torch.tensor([1j]),
        torch.eye(2).to_sparse(),
        torch.ones(2, device="meta"),
        np.array([1j]),
        np.array(["0.5"]),
        np.array([None]),
        np.array([1, 2], dtype=object),
        [1, None],
        [1, "2"],
        [torch.ones(2), torch.ones(3)],
        [torch.ones(()), torch.ones(1)],
        [[1, 2], [3]],
        [1, [2]],
        10**400,
        [1, 10**400],
    ],
)
def test_what_is_not_made_of_numbers(value):
    assert as_numbers(value) is None


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
def test_a_nested_tensor_has_no_shape_to_compare():
    assert as_numbers(torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])) is None


def test_a_list_that_holds_itself_is_not_made_of_numbers():
    ring = [1.0]
    ring.append(ring)
    assert as_numbers(ring) is None


def test_the_answer_itself_is_left_alone():
    answer = torch.ones(3, dtype=torch.float64)
    numbers = as_numbers(answer)
    assert torch.equal(numbers, answer)
    assert as_numbers(np.ones(3)).add_(1).tolist() == [2, 2, 2]


# Close


def one(number):
    return torch.tensor([number], dtype=torch.float64)


@pytest.mark.parametrize("right", [0.0, 1e-9, 0.3, -0.3, 1.0, 12_345.0])
def test_close_is_within_both_tolerances_and_no_further(right):
    room = ABSOLUTE + RELATIVE * abs(right)
    for sign in (-1, 1):
        assert close(one(right + sign * 0.99 * room), one(right)).all()
        assert not close(one(right + sign * 1.01 * room), one(right)).any()


def test_nan_is_close_to_nothing_not_even_to_itself():
    nan = one(float("nan"))
    for other in (nan, one(0.0), one(float("inf"))):
        assert not close(nan, other).any()
        assert not close(other, nan).any()


def test_infinity_is_close_to_itself_only():
    infinity = one(float("inf"))
    assert close(infinity, infinity).all()
    assert not close(infinity, -infinity).any()
    assert not close(one(1e300), infinity).any()


def test_close_says_which_elements_agree():
    assert close(THREE, THREE + torch.tensor([0, 1, 0])).tolist() == [True, False, True]


@pytest.mark.parametrize("shape", [(), (1,), (3, 1), (1, 3), (0,)])
def test_close_never_broadcasts(shape):
    with pytest.raises(ValueError, match="shapes differ"):
        close(torch.ones(shape, dtype=torch.float64), THREE)
