"""The tensors inside arguments and results, and the graph between them."""

from collections import namedtuple

import pytest
import torch

from autograder.observing.tensors import gradient_reaches, map_tensors, tensors_in, with_gradients

Three = namedtuple("Three", "first second third")


def test_map_tensors_reaches_into_lists_tuples_and_dicts():
    one = torch.ones(())
    value = [one, (one, "text", [one]), {"key": one}, 5, None]
    assert map_tensors(value, lambda tensor: tensor.item() + 1) == [
        2.0,
        (2.0, "text", [2.0]),
        {"key": 2.0},
        5,
        None,
    ]


def test_map_tensors_makes_new_lists():
    value = [torch.ones(2)]
    assert map_tensors(value, torch.Tensor.clone) is not value


def test_map_tensors_leaves_a_shape_a_shape():
    shape = torch.Size([2, 3])
    assert map_tensors((shape,), torch.Tensor.clone) == (shape,)
    assert type(map_tensors(shape, torch.Tensor.clone)) is torch.Size


def test_tensors_in_gives_them_in_order():
    a, b, c, d = torch.eye(4)
    found = tensors_in([a, {"key": (b,)}, Three(c, None, 3), "text", d])
    assert [int(tensor.argmax()) for tensor in found] == [0, 1, 2, 3]


def test_tensors_in_a_result_of_torch_with_names():
    assert len(tensors_in(torch.ones(2, 3).max(dim=0))) == 2


def test_a_list_that_holds_itself_comes_to_an_end():
    ring = [torch.ones(1)]
    ring.append(ring)
    assert len(tensors_in(ring)) > 0


def test_with_gradients_copies_floating_tensors_only():
    picture, labels = torch.ones(2), torch.tensor([1, 2])
    copy, same = with_gradients((picture, labels))
    assert copy.requires_grad
    assert copy.is_leaf
    assert not picture.requires_grad
    assert same is labels
    with torch.no_grad():
        copy += 1
    assert torch.equal(picture, torch.ones(2))


@pytest.mark.parametrize(
    ("answer", "reached"),
    [
        (lambda a, b: (a - b).abs().mean(), (True, True)),
        (lambda a, b: a * 2, (True, False)),
        (lambda a, b: (a - b.detach()).abs(), (True, False)),
        (lambda a, b: a.detach() - b.detach(), (False, False)),
        (lambda a, b: torch.from_numpy((a - b).detach().numpy()), (False, False)),
        (lambda a, b: (a - b).sum().item(), (False, False)),
        (lambda a, b: None, (False, False)),
        (lambda a, b: [a.sum(), (b.sum(),)], (True, True)),
        (lambda a, b: a * 0 + b, (False, True)),
        (lambda a, b: torch.zeros(3, requires_grad=True), (False, False)),
        (lambda a, b: a > b, (False, False)),
    ],
)
def test_which_arguments_a_gradient_reaches(answer, reached):
    arguments = with_gradients((torch.tensor([0.5, 2.0, 3.0]), torch.tensor([1.0, 1.0, 5.0])))
    assert gradient_reaches(answer(*arguments), arguments) == reached


def test_a_result_whose_sum_is_always_the_same_leads_back_too():
    (table,) = with_gradients((torch.tensor([[1.0, 2.0], [3.0, 2.0]]),))
    percent = 100 * table / table.sum(0)
    assert gradient_reaches(percent, (table,)) == (True,)


def test_integer_arguments_are_passed_over():
    picture, labels = with_gradients((torch.ones(2, 3), torch.tensor([0, 1])))
    assert gradient_reaches(picture[labels].mean(), (picture, labels)) == (True,)


def test_a_graph_that_was_broken_in_place_does_not_lead_back():
    (picture,) = with_gradients((torch.ones(3),))
    squares = picture * 1
    result = squares.pow(2)
    squares += 1
    assert gradient_reaches(result, (picture,)) == (False,)
