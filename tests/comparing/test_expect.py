"""Every comparison that tests are written in: what it accepts, and what it does not.

The answers are those of SPEC.md, "What is accepted, and what costs points".
"""

import math
import sys
from collections import namedtuple

import numpy as np
import pytest
import torch

from autograder.comparing.message import Wrong
from autograder.observing.outcome import Opaque, Outcome, Raised
from tests.comparing.answers import Elsewhere, ExerciseFunction, expect_of, fixture

expect = expect_of()

A, B = torch.arange(24.0).reshape(2, 3, 4) / 256, torch.full((3, 4), 0.25)
RIGHT = (A - B).abs().mean((-1, -2))
Three = namedtuple("Three", "on_3s on_7s mean")


def rejected(check, *args, **kwargs):
    """The message with which a check rejects."""
    with pytest.raises(Wrong) as caught:
        check(*args, **kwargs)
    return caught.value.message


def elsewhere(**outcome):
    return ExerciseFunction("mnist_distance", Elsewhere(Outcome(**outcome)))


# value


@pytest.mark.parametrize(
    "result",
    [
        RIGHT,
        RIGHT.double(),
        RIGHT.clone().requires_grad_(),
        RIGHT.numpy(),
        RIGHT.tolist(),
        tuple(RIGHT.tolist()),
        list(RIGHT),
        [np.float32(number) for number in RIGHT.tolist()],
        RIGHT * (1 + 5e-5),
        RIGHT + 5e-7,
    ],
)
def test_value_takes_right_numbers_in_any_wrapper_and_dtype(result):
    expect.value(result, RIGHT)


@pytest.mark.parametrize(
    "result",
    [
        RIGHT * 1.001,
        RIGHT + 1e-3,
        -RIGHT,
        RIGHT.flip(0),
        torch.full((2,), math.nan),
        torch.tensor([float(RIGHT[0]), math.nan]),
        torch.full((2,), math.inf),
        RIGHT.tolist()[::-1],
    ],
)
def test_value_rejects_wrong_numbers(result):
    rejected(expect.value, result, RIGHT)


@pytest.mark.parametrize(
    "result",
    [
        RIGHT[:, None],
        RIGHT[None],
        RIGHT[:1],
        torch.cat([RIGHT, RIGHT]),
        [RIGHT.tolist()],
        RIGHT[0],
        float(RIGHT[0]),
        [],
    ],
)
def test_value_never_broadcasts(result):
    rejected(expect.value, result, RIGHT)


def test_value_never_broadcasts_where_all_numbers_agree():
    for shape in ((), (1,), (3,), (1, 3), (3, 1)):
        for other in ((), (1,), (3,), (1, 3), (3, 1)):
            if shape == other:
                expect.value(torch.ones(shape), torch.ones(other))
            else:
                rejected(expect.value, torch.ones(shape), torch.ones(other))


@pytest.mark.parametrize(
    "result",
    [None, "0.5", {}, len, 1j, Opaque("dict"), RIGHT.to("meta"), [RIGHT, None], RIGHT.to_sparse()],
)
def test_value_rejects_what_is_not_numbers(result):
    rejected(expect.value, result, RIGHT)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (2, 2),
        (torch.tensor(2), 2),
        (np.int64(2), 2),
        (2.0, 2),
        (True, True),
        (torch.tensor([1, 0]), torch.tensor([True, False])),
        (torch.tensor([True, False]), torch.tensor([1.0, 0.0])),
        ((RIGHT[0], RIGHT[1]), (RIGHT[0], RIGHT[1])),
        (RIGHT, (float(RIGHT[0]), float(RIGHT[1]))),
        ([0.5, 1.0, 0.75], (torch.tensor(0.5), torch.tensor(1.0), torch.tensor(0.75))),
    ],
)
def test_value_takes_whatever_the_test_writes_down(result, expected):
    expect.value(result, expected)


@pytest.mark.parametrize("expected", [None, "text", torch.ones(2, device="meta")])
def test_a_test_that_expects_no_numbers_is_broken(expected):
    with pytest.raises(TypeError, match="the test expects"):
        expect.value(RIGHT, expected)


def test_what_is_not_a_number_is_never_right():
    rejected(expect.value, torch.tensor(math.nan), torch.tensor(math.nan))


def test_value_shows_both_sides():
    message = rejected(expect.value, torch.tensor([0.5, 0.25]), torch.tensor([0.5, 0.75]))
    assert message.came_back == "float32 (2,) 0.5, 0.25 (1 of 2 differ)"
    assert message.expected == "float32 (2,) 0.5, 0.75"


def test_value_shows_the_first_number_that_differs():
    right = torch.arange(100.0)
    wrong = right.clone()
    wrong[60] = -1
    message = rejected(expect.value, wrong, right)
    assert message.came_back == "float32 (100,) …, -1.0, 61.0, 62.0, … (1 of 100 differ)"
    assert message.expected == "float32 (100,) …, 60.0, 61.0, 62.0, …"


def test_value_shows_shapes_when_these_differ():
    message = rejected(expect.value, torch.ones(2, 1), torch.ones(2))
    assert "(2, 1)" in message.came_back
    assert "(2,)" in message.expected


# shape


@pytest.mark.parametrize(
    ("result", "shape"),
    [
        (torch.ones(2, 3), (2, 3)),
        (torch.ones(()), ()),
        (torch.ones(2, device="meta"), (2,)),
        (torch.full((2,), math.nan), (2,)),
        (np.ones((2, 3)), (2, 3)),
        (np.float32(1), ()),
        (0.5, ()),
        ([1, 2], (2,)),
        ((torch.ones(()), torch.ones(()), torch.ones(())), (3,)),
    ],
)
def test_shape_is_exactly_this(result, shape):
    expect.shape(result, shape)


@pytest.mark.parametrize(
    ("result", "shape"),
    [
        (torch.ones(1), ()),
        (torch.ones(()), (1,)),
        (torch.ones(2, 1), (2,)),
        (torch.ones(1, 2), (2,)),
        (torch.ones(3, 2), (2, 3)),
        ([0.5], ()),
        ((torch.ones(1), torch.ones(1), torch.ones(1)), (3,)),
        (None, ()),
        ("", ()),
        (Opaque("dict"), ()),
        ([torch.ones(2), torch.ones(3)], (2,)),
    ],
)
def test_shape_is_not_nearly_this(result, shape):
    rejected(expect.shape, result, shape)


def test_shape_looks_at_nothing_else():
    expect.shape(torch.full((2,), -99, dtype=torch.int8), (2,))


# type


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        (torch.ones(2), torch.Tensor),
        (torch.ones((), dtype=torch.int8), torch.Tensor),
        (torch.nn.Parameter(torch.ones(2)), torch.Tensor),
        (3, int),
        (None, type(None)),
        ((torch.ones(()), torch.ones(())), tuple),
        (Three(torch.ones(()), torch.ones(()), torch.ones(())), tuple),
    ],
)
def test_type_is_of_this_kind(result, kind):
    expect.type(result, kind)


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        (np.ones(2), torch.Tensor),
        (0.5, torch.Tensor),
        ([torch.ones(2)], torch.Tensor),
        (None, torch.Tensor),
        (Opaque("Tensor"), torch.Tensor),
        (True, int),
        (3.0, int),
        (torch.tensor(3), int),
        (np.int64(3), int),
        (0, type(None)),
        ([], type(None)),
        ([torch.ones(()), torch.ones(())], tuple),
        ((torch.ones(()), 0.5), tuple),
        ((), tuple),
        (torch.ones(3), tuple),
        (torch.Size([3]), tuple),
    ],
)
def test_type_is_of_another_kind(result, kind):
    rejected(expect.type, result, kind)


def test_type_says_how_to_stay_in_pytorch():
    message = rejected(expect.type, np.ones(2, dtype=np.float32))
    assert message.came_back.startswith("NumPy float32")
    assert message.expected == "a tensor, kept in PyTorch from start to end"


def test_type_looks_at_nothing_else():
    expect.type(torch.full((7, 7), math.nan, dtype=torch.float16))


# dtype and floating


@pytest.mark.parametrize(
    "result",
    [
        torch.ones(2),
        torch.ones(2, device="meta"),
        (torch.ones(()), torch.ones(())),
        torch.ones(2, 3).max(dim=0).values,
        np.ones(2),
        0.5,
        [0.5, 1],
        [torch.ones(()), 0.5],
    ],
)
def test_dtype_is_asked_of_tensors_only(result):
    expect.dtype(result, torch.float32)
    expect.floating(result)


@pytest.mark.parametrize(
    "result",
    [
        torch.ones(2, dtype=torch.int64),
        torch.ones(2, dtype=torch.bool),
        (torch.ones(()), torch.ones((), dtype=torch.uint8)),
        [torch.ones((), dtype=torch.int64)],
        Three(*torch.ones(3, dtype=torch.int64)),
        None,
        "float32",
        [],
        (),
        {},
        len,
        Opaque("dict"),
    ],
)
def test_another_dtype_or_no_numbers_at_all(result):
    rejected(expect.dtype, result, torch.float32)
    rejected(expect.floating, result)


def test_dtype_tells_one_float_from_another():
    for result in (torch.ones(2).double(), torch.ones(2).half()):
        assert rejected(expect.dtype, result, torch.float32).expected == "float32"
        expect.floating(result)


def test_dtype_looks_at_nothing_else():
    expect.dtype(torch.full((3, 1), math.nan), torch.float32)


# unchanged


@pytest.mark.parametrize(
    "answer",
    [
        lambda a, b: (a - b).abs(),
        lambda a, b: a.clone().sub_(b),
        lambda a, b: a,
        lambda a, b: a.abs_().sum(),  # they are positive already
        lambda a, b: float(a.sum()),
        lambda a, b: a.requires_grad_().sum(),
    ],
)
def test_arguments_left_as_they_were(answer):
    expect.unchanged(fixture(answer), A, B)


@pytest.mark.parametrize(
    "answer",
    [
        lambda a, b: a.sub_(b),
        lambda a, b: b.fill_(0.5),
        lambda a, b: a.resize_(1),
        lambda a, b: a.t_() if a.dim() == 2 else a.transpose_(0, 1),
        lambda a, b: a.set_(a.double().float() + 1e-7),
    ],
)
def test_arguments_that_were_changed(answer):
    function = fixture(answer)
    message = rejected(expect_of(function).unchanged, function, A, B)
    assert message.came_back.startswith("argument ")


def test_unchanged_leaves_the_tests_own_tensors_alone():
    before = A.clone()
    function = fixture(lambda a, b: a.zero_())
    rejected(expect.unchanged, function, A, B)
    assert torch.equal(A, before)


@pytest.mark.parametrize(
    ("argument", "answer"),
    [
        (torch.tensor([math.nan, 1.0]), lambda t: t.nan_to_num_()),
        (torch.tensor([math.inf, 1.0]), lambda t: t.nan_to_num_()),
        (torch.tensor([1.0, 2.0]), lambda t: t.mul_(math.nan)),
        (torch.tensor([2**60]), lambda t: t.add_(1)),
        (torch.tensor([True, False]), lambda t: t.logical_not_()),
    ],
)
def test_a_change_that_numbers_would_hide(argument, answer):
    rejected(expect.unchanged, fixture(answer), argument)
    expect.unchanged(fixture(lambda t: t.sum()), argument)


def test_a_list_of_pictures_can_be_changed_in_several_ways():
    pictures = [torch.zeros(2, 2, dtype=torch.uint8), torch.ones(2, 2, dtype=torch.uint8)]
    expect.unchanged(fixture(lambda images: torch.stack(images)), pictures)
    for answer in (
        lambda images: images.pop().sum(),
        lambda images: (images.reverse(), images[0])[1],
        lambda images: images[1].mul_(0),
        lambda images: images.__setitem__(0, images[0].float()) or images[0],
    ):
        rejected(expect.unchanged, fixture(answer), pictures)


def test_unchanged_shows_the_change():
    pictures = torch.zeros(10)

    def answer(tensor):
        tensor[7] = 1
        return tensor.sum()

    message = rejected(expect.unchanged, fixture(answer), pictures)
    assert message.came_back == "argument 1 changed to float32 (10,) …, 1.0, 0.0, 0.0"
    assert message.expected == "argument 1 left as it was: float32 (10,) …, 0.0, 0.0, 0.0"


@pytest.mark.parametrize(
    "answer", [lambda t: None, lambda t: "done", lambda t: 1 / 0, lambda t: []]
)
def test_a_call_that_does_nothing_earns_nothing(answer):
    rejected(expect.unchanged, fixture(answer), A)


def test_nothing_back_is_for_functions_that_return_nothing():
    expect.unchanged(fixture(lambda t: None), A, nothing_back=True)
    rejected(expect.unchanged, fixture(lambda t: t.zero_()), A, nothing_back=True)
    rejected(expect.unchanged, fixture(lambda t: 1 / 0), A, nothing_back=True)


@pytest.mark.parametrize("arguments", [None, (), (A,), (A, B, B), (A, None), (A, B.to("meta"))])
def test_a_worker_that_says_nothing_sensible_of_the_arguments(arguments):
    function = elsewhere(value=RIGHT, arguments=arguments)
    rejected(expect.unchanged, function, A, B)


# vectorised


def pictures(count):
    return torch.ones(count, 3, 4), torch.zeros(3, 4)


@pytest.mark.parametrize(
    "answer",
    [
        lambda a, b: (a - b).abs().mean((-1, -2)),
        lambda a, b: torch.nn.functional.l1_loss(a, b.expand_as(a), reduction="none").mean((1, 2)),
        lambda a, b: abs(a.numpy() - b.numpy()).mean((-1, -2)),
        lambda a, b: torch.stack([(a[..., row, :] - b[row]).abs().mean(-1) for row in range(3)]),
    ],
)
def test_work_that_does_not_grow_with_the_pictures(answer):
    expect.vectorised(fixture(answer), pictures)


@pytest.mark.parametrize(
    "answer",
    [
        lambda a, b: torch.stack([(picture - b).abs().mean() for picture in a]),
        lambda a, b: torch.stack([(p - b).abs().mean() for p in a.unbind()]),
        lambda a, b: torch.stack(list(map(torch.dist, a.unbind(), [b] * len(a)))),
        lambda a, b: [sum(map(abs, row)) for row in (a - b).flatten(1).tolist()],
        lambda a, b: np.array([abs(p - b.numpy()).mean() for p in a.numpy()]),
        lambda a, b: torch.tensor(np.vectorize(lambda n: n + 1)(range(len(a)))),
    ],
)
def test_work_that_grows_with_the_pictures(answer):
    message = rejected(expect.vectorised, fixture(answer), pictures)
    assert "N = 2" in message.came_back
    assert "N = 50" in message.came_back


def test_what_the_first_call_alone_does_is_not_counted():
    done = []

    def answer(a, b):
        if not done:
            done.extend(number for number in range(10_000))
        return (a - b).abs().mean((-1, -2))

    expect.vectorised(fixture(answer), pictures)


@pytest.mark.parametrize("answer", [lambda a, b: None, lambda a, b: 1 / 0, lambda a, b: []])
def test_no_result_is_not_vectorised(answer):
    rejected(expect.vectorised, fixture(answer), pictures)


def test_an_answer_that_gives_another_value_while_it_is_watched():
    def answer(a, b):
        distances = (a - b).abs().mean((-1, -2))
        if sys.gettrace():
            return distances * 0
        return torch.tensor(distances.tolist())

    message = rejected(expect.vectorised, fixture(answer), pictures)
    assert message.expected.startswith("the same answer, watched or not: float32 (2,) 1.0, 1.0")


def test_an_answer_of_nan_is_the_same_while_it_is_watched():
    expect.vectorised(fixture(lambda a, b: (a - b).mean((-1, -2)) * math.nan), pictures)


def test_a_worker_that_gives_no_count():
    rejected(expect.vectorised, elsewhere(value=RIGHT), pictures)


# on_device


@pytest.mark.parametrize(
    "answer",
    [
        lambda a, b: (a - b).abs().mean((-1, -2)),
        lambda a, b: torch.where(a.mean((-1, -2)) > b.mean(), 1.0, 0.0),
        lambda a, b: torch.ones(len(a), device=a.device),
        lambda a, b: (a - b).detach().sum(),
    ],
)
def test_the_result_stays_on_the_device_of_the_arguments(answer):
    expect.on_device(fixture(answer), A, B)


@pytest.mark.parametrize(
    "answer",
    [
        lambda a, b: (a - b).cpu(),
        lambda a, b: (a - b).mean().item(),
        lambda a, b: torch.from_numpy((a - b).numpy()),
        lambda a, b: a - b if (a > b).any() else b,
        lambda a, b: (a - b) * torch.ones(3, 4),
        lambda a, b: torch.zeros(2),
        lambda a, b: [a - b],
        lambda a, b: None,
        lambda a, b: 0.5,
        lambda a, b: 1 / 0,
    ],
)
def test_the_result_leaves_the_device_of_the_arguments(answer):
    rejected(expect.on_device, fixture(answer), A, B)


def test_a_tuple_stays_on_the_device_with_all_its_tensors():
    def check(answer):
        expect.on_device(fixture(answer), A, kind=tuple)

    check(lambda a: (a.mean(), a.sum()))
    for answer in (
        lambda a: a.mean(),
        lambda a: [a.mean(), a.sum()],
        lambda a: (a.mean(), 0.5),
        lambda a: (a.mean(), torch.zeros(())),
        lambda a: (),
    ):
        rejected(check, answer)


def test_the_words_for_a_device_say_what_to_give_and_where_it_is():
    on_cpu = rejected(expect.on_device, fixture(lambda a: torch.zeros(2)), A)
    assert on_cpu.came_back == "float32 (2,) 0.0, 0.0, on another device"
    assert on_cpu.expected.startswith("a tensor on the arguments' device")
    no_tuple = rejected(expect.on_device, fixture(lambda a: a.mean()), A, kind=tuple)
    assert no_tuple.came_back == "float32 () on meta"
    assert no_tuple.expected.startswith("a tuple of tensors on the arguments' device")


def test_tensors_inside_lists_are_moved_too():
    expect.on_device(fixture(lambda images: torch.stack(images)), [B, B])
    rejected(expect.on_device, fixture(lambda images: images[0].cpu()), [B, B])


# in_graph


@pytest.mark.parametrize(
    "answer",
    [
        lambda a, b: (a - b).abs().mean((-1, -2)),
        lambda a, b: (a * b).sum().sqrt(),
        lambda a, b: 100 * (a + b) / (a + b).sum(0),
        lambda a, b: a.double() + b,
    ],
)
def test_the_result_is_in_the_graph_of_its_arguments(answer):
    expect.in_graph(fixture(answer), A + 1, B)


@pytest.mark.parametrize(
    ("answer", "lost"),
    [
        (lambda a, b: (a - b).detach(), "1 and 2"),
        (lambda a, b: (a.detach() - b).abs(), "1"),
        (lambda a, b: (a - b.detach()).abs(), "2"),
        (lambda a, b: torch.tensor((a - b).tolist()), "1 and 2"),
    ],
)
def test_no_gradient_reaches_an_argument(answer, lost):
    message = rejected(expect.in_graph, fixture(answer), A, B)
    assert message.came_back.endswith(f"no gradient reaches argument {lost}")


@pytest.mark.parametrize(
    "answer",
    [
        lambda a, b: (a - b).detach().numpy(),
        lambda a, b: (a - b).sum().detach().item(),
        lambda a, b: [(a - b).sum()],
        lambda a, b: None,
    ],
)
def test_what_is_no_tensor_has_no_graph(answer):
    message = rejected(expect.in_graph, fixture(answer), A, B)
    assert message.expected == "a tensor in the autograd graph of its arguments"


def test_no_grad_leaves_the_graph():
    @torch.no_grad()
    def answer(a, b):
        return (a - b).abs()

    rejected(expect.in_graph, fixture(answer), A, B)


def test_an_exception_is_not_in_the_graph():
    rejected(expect.in_graph, fixture(lambda a, b: (a - b).numpy()), A, B)


@pytest.mark.parametrize("connected", [None, (), (False, False), (True, False)])
def test_a_worker_that_says_nothing_sensible_of_the_graph(connected):
    rejected(expect.in_graph, elsewhere(value=RIGHT, connected=connected), A, B)


# raises and says


def refuses(message, error=ValueError):
    def answer(*_arguments):
        raise error(message)

    return fixture(answer)


def test_raises_gives_the_message():
    assert expect.raises(ValueError, refuses("rank 2, not 3"), A) == "rank 2, not 3"


def test_raises_takes_one_of_several_and_their_subclasses():
    errors = (ValueError, RuntimeError, IndexError)
    for error in (*errors, NotImplementedError, type("Mine", (ValueError,), {})):
        assert expect.raises(errors, refuses("no", error), A) == "no"


@pytest.mark.parametrize(
    "function",
    [
        fixture(lambda a: a),
        fixture(lambda a: None),
        fixture(lambda a: ValueError("returned, not raised")),
        refuses("no", TypeError),
        refuses("no", Exception),
        refuses("no", SystemExit),
        elsewhere(lost="no answer within 10 seconds", timed_out=True),
        elsewhere(raised=Raised(("TypeError", "Exception"), "ValueError")),
    ],
)
def test_raises_rejects_values_and_other_exceptions(function):
    assert "ValueError" in rejected(expect.raises, ValueError, function, A).expected


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("has rank 2", 2),
        ("rank=2, not 3", 2),
        ("2D", 2),
        ("rank-2 tensor", 2),
        ("(2,)", 2),
        ("has rank 2.", 2),
        ("a rank2 tensor", 2),
        ("is torch.int64", "int64"),
        ("largest value 1.5", 1.5),
        ("tensor(1.5000)", 1.5),
        ("1.50", 1.5),
        ("1.501", 1.5),
        ("smallest -0.25", -0.25),
        ("smallest: tensor(-0.2500)", -0.25),
        ("between -2.5e-01 and 1", -0.25),
        ("value 255.0", 255),
        ("2.55e+02", 255),
        ("0.25..1.5", 1.5),
        ("0.25..1.5", 0.25),
    ],
)
def test_says(message, word):
    expect.says(message, word)


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("", 2),
        ("wrong rank", 2),
        ("has rank 3", 2),
        ("has rank 12", 2),
        ("has rank 2.5", 2),
        ("float32 and int2", 2),
        ("is floating", "int64"),
        ("largest value 1.51", 1.5),
        ("largest value 15", 1.5),
        ("smallest 0.25", -0.25),
        ("between 0 and 1", 0.25),
    ],
)
def test_does_not_say(message, word):
    assert str(word) in rejected(expect.says, message, word).expected


# Words


def test_every_message_says_what_was_called():
    function = fixture(lambda a, b: (a - b).mean())
    checks = expect_of(function)
    result = function(A, B)
    for message in (
        rejected(checks.value, result, RIGHT),
        rejected(checks.shape, result, (2,)),
        rejected(checks.type, 0.5),
        rejected(checks.dtype, result, torch.float64),
        rejected(checks.raises, ValueError, function, A, B),
    ):
        assert message.called == "mnist_distance(float32 (2, 3, 4), float32 (3, 4))"
        assert message.expected


def test_a_check_without_a_call_still_has_words():
    assert rejected(expect.value, 1, 2).called == ""


def test_a_call_that_never_came_back_is_marked_as_such():
    function = elsewhere(lost="no answer within 10 seconds", timed_out=True)
    for check in (expect.unchanged, expect.on_device, expect.in_graph):
        with pytest.raises(Wrong) as caught:
            check(function, A)
        assert caught.value.timed_out
        assert caught.value.message.nothing_came_back
