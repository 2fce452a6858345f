"""Two calls with equal arguments: which of their outcomes are alike."""

import numpy as np
import pytest
import torch

from autograder.comparing.same import same_answer
from autograder.observing.outcome import Opaque, Outcome, Raised

ONE = torch.tensor([0.25, 0.5])
ERROR, OTHER_ERROR = Raised(("ValueError",), "too few"), Raised(("KeyError",), "which?")


def value(of):
    return Outcome(value=of)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (value(ONE), value(ONE.clone())),
        (value(ONE), value(ONE * (1 + 1e-5))),
        (value(ONE), value(ONE.double())),
        (value(ONE), value(ONE.tolist())),
        (value(ONE), value(np.array([0.25, 0.5]))),
        (value(torch.tensor([1.0, torch.nan])), value(torch.tensor([1.0, torch.nan]))),
        (value(torch.tensor([torch.inf])), value(torch.tensor([torch.inf]))),
        (value(torch.empty(0)), value(torch.empty(0))),
        (value(True), value(torch.tensor(True))),
        (value((ONE, ONE)), value((ONE, ONE))),
        (value(None), value(None)),
        (value("three"), value("seven")),
        (value(Opaque("Model")), value(Opaque("Model"))),
        (Outcome(raised=ERROR), Outcome(raised=ERROR)),
        (Outcome(raised=ERROR), Outcome(raised=OTHER_ERROR)),
    ],
)
def test_alike(one, other):
    assert same_answer(one, other)
    assert same_answer(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (value(ONE), value(ONE + 0.01)),
        (value(ONE), value(ONE.flip(0))),
        (value(ONE), value(ONE[None])),
        (value(torch.tensor([1.0])), value(torch.tensor(1.0))),
        (value(torch.tensor([1.0, torch.nan])), value(torch.tensor([torch.nan, 1.0]))),
        (value(torch.tensor([torch.inf])), value(torch.tensor([-torch.inf]))),
        (value(torch.tensor([torch.nan])), value(torch.tensor([1.0]))),
        (value(ONE), value(None)),
        (value(None), value("three")),
        (value(ONE), value(Opaque("Model"))),
        (value(ONE), Outcome(raised=ERROR)),
        (value(None), Outcome(raised=ERROR)),
        (value(ONE), Outcome(lost="it exited")),
        (Outcome(raised=ERROR), Outcome(lost="it exited")),
        (Outcome(lost="it exited"), Outcome(lost="it exited")),
    ],
)
def test_not_alike(one, other):
    assert not same_answer(one, other)
    assert not same_answer(other, one)
