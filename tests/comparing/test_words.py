"""Values in words: one line, a number or two, and nothing that differs from run to run."""

from collections import namedtuple

import numpy as np
import pytest
import torch

from autograder.comparing.words import (
    LONGEST_TEXT,
    describe,
    describe_call,
    describe_expected,
    mask,
    shorten,
)
from autograder.observing.outcome import Opaque

Pair = namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (torch.tensor([0.25, 0.5]), "float32 (2,) 0.25, 0.5"),
        (torch.tensor(0.125, dtype=torch.float64), "float64 () 0.125"),
        (torch.arange(5.0), "float32 (5,) 0.0, 1.0, 2.0, …"),
        (torch.arange(4), "int64 (4,) 0, 1, 2, …"),
        (torch.tensor([True, False]), "bool (2,) True, False"),
        (torch.tensor([[1 / 3, 1e9], [-0.1, 0]]), "float32 (2, 2) 0.3333, 1e+09, -0.1, …"),
        (torch.tensor([float("nan"), float("inf")]), "float32 (2,) nan, inf"),
        (torch.ones(2, 3, device="meta"), "float32 (2, 3) on meta"),
        (torch.ones(0, 3), "float32 (0, 3)"),
        (torch.tensor([1j]), "complex64 (1,)"),
        (np.array([1.5], dtype=np.float32), "NumPy float32 (1,) 1.5"),
        (np.array(["x"]), "NumPy <U1 (1,)"),
        (np.float64(0.5), "NumPy float64 0.5"),
        (np.bool_(True), "NumPy bool True"),
        (None, "None"),
        (True, "bool True"),
        (3, "int 3"),
        (-(10**30), "int -100000000000000000…"),
        (0.1286, "float 0.1286"),
        (2.0, "float 2.0"),
        (1e-9, "float 1e-09"),
        (float("nan"), "float nan"),
        ("three", "the text 'three'"),
        (torch.Size([2, 3]), "torch.Size (2, 3)"),
        ([], "an empty list"),
        ((), "an empty tuple"),
        ([1, 2, 3, 4], "list of 4: 1, 2, 3, …"),
        ([True, 0.5], "list of 2: True, 0.5"),
        (tuple(torch.tensor([0.5, 0.25])), "tuple of 2 float32 (): 0.5, 0.25"),
        ([torch.ones(2), torch.ones(1)], "list of 2: float32 (2,) 1.0, 1.0; float32 (1,) 1.0"),
        ([None, "a"], "list of 2: None; the text 'a'"),
        ([[1, 2], [3]], "list of 2: list of 2: 1, 2; list of 1: 3"),
        ([[[1]]], "list of 1: list of 1"),
        (Pair(1, None), "Pair of 2: int 1; None"),
        ({"a": 1}, "a dict"),
        (int, "a type"),
        (len, "a builtin_function_or_method"),
        (Opaque("Linear"), "a Linear"),
        (Opaque("OrderedDict"), "an OrderedDict"),
    ],
)
def test_describe(value, text):
    assert describe(value) == text


def test_a_number_that_python_refuses_to_write_out():
    assert describe(10**5_000) == "int 2**16610"


def test_describe_begins_at_a_place():
    assert describe(torch.arange(9), start=5) == "int64 (9,) …, 5, 6, 7, …"
    assert describe(torch.arange(8).reshape(2, 4), start=7) == "int64 (2, 4) …, 7"


def test_describe_can_leave_the_numbers_out():
    assert describe(torch.arange(9), numbers=False) == "int64 (9,)"
    assert describe([torch.ones(2)] * 2, numbers=False) == "list of 2 float32 (2,)"


def test_describe_shows_the_odd_one_of_many():
    pictures = [torch.ones(28, 28)] * 13 + [torch.ones(1, 28)]
    shown = "list of 14: 13 times float32 (28, 28); float32 (1, 28)"
    assert describe(pictures, numbers=False) == shown


def test_describe_asks_an_answer_for_nothing_of_its_own():
    class Odd:
        @property
        def type_name(self):
            raise SystemExit

    assert describe(Odd()) == "an Odd"


@pytest.mark.parametrize("width", [1, 3])
def test_describe_of_a_list_that_holds_itself_comes_to_an_end(width):
    ring = []
    ring.extend([ring] * width)
    times = "" if width == 1 else f"{width} times "
    assert describe(ring).startswith(f"list of {width}: {times}list of {width}")


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (3, "3"),
        (0.5, "0.5"),
        (torch.tensor(0.5), "float32 () 0.5"),
        ((1, 2), "1, 2"),
        ((torch.tensor(0.5), torch.tensor(1.0)), "tuple of 2 float32 (): 0.5, 1.0"),
        ((torch.tensor(0.5), 1), "float32 () 0.5, 1"),
    ],
)
def test_what_a_test_expects_is_not_of_a_python_type(expected, text):
    assert describe_expected(expected) == text


def test_a_call_shows_shapes_and_never_pictures():
    called = describe_call(
        "ink_coverage",
        (torch.full((7, 5, 9), 0.123), [torch.full((2, 3), 9, dtype=torch.uint8)] * 3),
        {"threshold": 0.5},
    )
    assert called == (
        "ink_coverage(float32 (7, 5, 9), list of 3 uint8 (2, 3), threshold=float 0.5)"
    )


def test_a_call_shows_single_numbers():
    assert describe_call("rank", (torch.tensor(4.0),), {}) == "rank(float32 () 4.0)"
    assert describe_call("f", (3, None, (2, 3)), {}) == "f(int 3, None, tuple of 2: 2, 3)"


# Text of a stranger


def test_shorten_gives_one_line():
    assert shorten("  two\n\n\tlines \r here ") == "two lines here"


def test_shorten_cuts_a_long_text():
    assert shorten("x" * LONGEST_TEXT) == "x" * LONGEST_TEXT
    assert shorten("x" * (LONGEST_TEXT + 1)) == "x" * (LONGEST_TEXT - 1) + "…"
    assert shorten("abcdef", 4) == "abc…"


@pytest.mark.parametrize("character", ["\x1b", "\0", "\u202e", "\u200b", "\ud800", "\x7f"])
def test_shorten_takes_out_what_would_spoil_a_terminal(character):
    assert shorten(f"a{character}b") == "a�b"


def test_shorten_keeps_every_alphabet():
    assert shorten("Zoë Жанна 三 ✓") == "Zoë Жанна 三 ✓"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("<Linear object at 0x7f3a2b10>", "<Linear object at 0x…>"),
        ("No file /home/anna/work/data.csv", "No file data.csv"),
        ("in '/tmp/worker-x1y2/distance.py'", "in 'distance.py'"),
        (r"C:\Users\anna\distance.py is missing", "distance.py is missing"),
        ("/home/anna/a.py and /home/anna/b.py", "a.py and b.py"),
        ("exercises/distance.py:12", "exercises/distance.py:12"),
        ("a batch of 3/4 or 1/2", "a batch of 3/4 or 1/2"),
        ("see https://pytorch.org/docs/a.html", "see https://pytorch.org/docs/a.html"),
        ("shape (2, 3) / (3,)", "shape (2, 3) / (3,)"),
        ("0x1F", "0x1F"),
    ],
)
def test_mask_hides_what_differs_from_run_to_run(text, masked):
    assert mask(text) == masked
