"""Whoever gives honest gradients keeps *graph*, however they are computed; forged ones lose it."""

import math

import pytest
import torch

from autograder.judging.second_opinion import gradients_hold
from autograder.observing.watch import watch

A = torch.linspace(0, 1, 60).reshape(5, 3, 4)
B = torch.linspace(1, 0, 12).reshape(3, 4)


def l1(a, b):
    return (a - b).abs().mean((-1, -2))


def opinion(function, args=(A, B), forge=None, renew=lambda: None):
    """What the judge thinks of ``function``, whose process may ``forge`` its gradients."""

    def observe(what, points):
        outcome = watch(function, points, {}, what)
        if what == "gradients" and forge and outcome.gradients:
            outcome.gradients = tuple(map(forge, outcome.gradients))
        return outcome

    return gradients_hold(observe, renew, args)


@pytest.mark.parametrize(
    "function",
    [
        l1,
        lambda a, b: ((a - b) ** 2).mean((-1, -2)).sqrt(),
        lambda a, b: torch.nn.functional.l1_loss(a, b.expand_as(a), reduction="none").mean((1, 2)),
        lambda a, b: torch.where(a > b, a - b, b - a).sum((-1, -2)) / 12,
        lambda a, b: torch.maximum(a, b).amax((-1, -2)),
        lambda a, b: torch.stack([(picture - b).norm() for picture in a]),
        lambda a, b: (a - b).abs().mean((-1, -2)).argsort() + l1(a, b),
        lambda a, b: ((a - b) ** 2).sqrt().mean((-1, -2)) * 1e-3,
        lambda a, b: 1e4 * l1(a, b),
    ],
    ids=["abs", "root", "loss", "where", "max", "loop", "sorted", "small", "large"],
)
def test_honest_gradients_hold(function):
    assert opinion(function) == (True, True)


def test_a_mean_of_pictures_has_its_gradient():
    assert opinion(lambda a: a.mean(0), (A,)) == (True,)


def test_a_root_at_zero_has_no_slope_and_is_not_looked_at_there():
    def root(stack):
        return ((stack - 0.5) ** 2 * (stack > 0.3)).sqrt().mean((-1, -2))

    slopes = watch(root, (A,), {}, "gradients").gradients[0]
    assert slopes.isnan().any()
    assert opinion(root, (A,)) == (True,)


def test_pixels_that_were_equal_are_looked_at_a_little_aside():
    def l1_by_choice(a, b):
        return torch.where(a > b, a - b, b - a).mean((-1, -2))

    black = torch.zeros(3, 4)
    assert opinion(l1_by_choice, (A, black)) == (True, True)
    assert opinion(l1_by_choice, (A[0] * black, black)) == (True, True)


def test_an_answer_that_takes_float32_only_is_asked_in_float32():
    def strict(a, b):
        if a.dtype != torch.float32:
            raise TypeError("float32 only")
        return l1(a, b)

    assert opinion(strict) == (True, True)


def test_an_answer_that_computes_in_float32_holds():
    assert opinion(lambda a, b: l1(a.float(), b.float())) == (True, True)


def test_an_argument_that_is_no_float_has_no_gradient():
    def chosen(pictures, places):
        return pictures[places].mean((-1, -2))

    assert opinion(chosen, (A, torch.tensor([0, 1, 2, 3, 4]))) == (True,)


def test_only_the_argument_without_its_gradient_is_lost():
    assert opinion(lambda a, b: l1(a, b.detach())) == (True, False)


@pytest.mark.parametrize(
    "forge",
    [
        torch.zeros_like,
        lambda g: torch.full_like(g, math.nan),
        lambda g: torch.full_like(g, math.inf),
        lambda g: torch.full_like(g, 1e300),
        lambda g: torch.full_like(g, 1e-300),
        torch.ones_like,
        lambda g: torch.rand(g.shape, generator=torch.Generator().manual_seed(1)) - 0.5,
        lambda g: g * 1.5,
        lambda g: g / 1.5,
        lambda g: -g,
        lambda g: g.flip(-1),
        lambda g: g[..., :-1],
        lambda g: g.sum(),
        lambda g: None,
        lambda g: "a gradient",
        lambda g: torch.where(torch.arange(g.shape[-1]) < 3, math.nan, g),
    ],
    ids=[
        *("zeros", "NaN", "endless", "huge", "tiny", "ones", "random", "longer", "shorter"),
        *("opposite", "turned around", "cut", "one number", "nothing", "words", "mostly NaN"),
    ],
)
def test_forged_gradients_do_not_hold(forge):
    assert opinion(l1, forge=forge) == (False, False)


def test_a_gradient_that_is_orthogonal_to_the_right_one_does_not_hold():
    other = torch.rand(A.shape, generator=torch.Generator().manual_seed(2), dtype=torch.float64)

    def orthogonal(gradient):
        return other - gradient * (other * gradient).sum() / (gradient * gradient).sum()

    def of_stack(a):
        return l1(a, B.to(a.dtype))

    assert opinion(of_stack, (A,)) == (True,)
    assert opinion(of_stack, (A,), forge=orthogonal) == (False,)


def test_the_right_gradient_with_another_one_added_does_not_hold():
    def added(gradient):
        noise = torch.rand(gradient.shape, generator=torch.Generator().manual_seed(3)) - 0.5
        return gradient + noise / noise.norm() * gradient.norm()

    assert opinion(l1, forge=added) == (False, False)


@pytest.mark.parametrize("gradients", [(), None, (B,), (A, B, B)], ids=["0", "none", "1", "3"])
def test_another_number_of_gradients_does_not_hold(gradients):
    def observe(what, points):
        outcome = watch(l1, points, {}, what)
        outcome.gradients = gradients
        return outcome

    assert gradients_hold(observe, lambda: None, (A, B)) == (False, False)


@pytest.mark.parametrize(
    "function",
    [lambda a, b: None, lambda a, b: 1 / 0, lambda a, b: l1(a, b).tolist(), lambda a, b: "far"],
)
def test_an_answer_without_a_tensor_has_no_gradients(function):
    assert opinion(function) == (False, False)


def test_values_that_no_argument_moves_have_no_gradient():
    def constant(a, b):
        return torch.ones(5) + 0 * l1(a, b)

    assert opinion(constant, forge=torch.ones_like) == (False, False)


def test_an_answer_that_remembers_is_asked_in_fresh_processes():
    first = {}
    renewed = []

    def remembers(a, b):
        return first.setdefault("answer", l1(a, b))

    def observe(what, points):
        if what == "gradients":
            return watch(l1, points, {}, what)
        return watch(remembers, points, {}, what)

    def renew():
        renewed.append(1)
        first.clear()

    assert gradients_hold(observe, renew, (A, B)) == (True, True)
    assert renewed


def test_an_honest_answer_needs_no_fresh_process():
    renewed = []
    assert opinion(l1, renew=lambda: renewed.append(1)) == (True, True)
    assert renewed == []
