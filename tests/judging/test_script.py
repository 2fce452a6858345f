"""Calls written down beforehand, and their outcomes taken as a test asks for them."""

import pytest
import torch

from autograder.judging.script import EncodedCalls, Played, Script, ScriptedCall
from autograder.observing.outcome import Outcome
from autograder.worker.wire import decode

PICTURE = torch.arange(6.0).reshape(2, 3)


def call(*args, watch="nothing", **kwargs):
    return ScriptedCall(args, kwargs, watch)


def is_for(one, other):
    return one.is_for(other.args, other.kwargs, other.watch)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (call(PICTURE), call(PICTURE.clone())),
        (call(torch.tensor([1.0, torch.nan])), call(torch.tensor([1.0, torch.nan]))),
        (call(PICTURE.to("meta")), call(PICTURE.to("meta"))),
        (call([PICTURE, PICTURE + 1]), call([PICTURE.clone(), PICTURE + 1])),
        (call([PICTURE, (1, "three")]), call([PICTURE, (1, "three")])),
        (call({"a": [PICTURE]}), call({"a": [PICTURE.clone()]})),
        (call(PICTURE, axis=1), call(PICTURE, axis=1)),
        (call(PICTURE, other=PICTURE), call(PICTURE, other=PICTURE.clone())),
        (call(PICTURE, watch="graph"), call(PICTURE, watch="graph")),
        (call(torch.empty(0, 28, 28)), call(torch.empty(0, 28, 28))),
        (call(None, True, 3, 2.5), call(None, True, 3, 2.5)),
        (call(), call()),
    ],
)
def test_a_call_is_for_equal_arguments(one, other):
    assert is_for(one, other)
    assert is_for(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (call(PICTURE), call(PICTURE + 1)),
        (call(PICTURE), call(PICTURE.double())),
        (call(PICTURE), call(PICTURE.reshape(3, 2))),
        (call(PICTURE), call(PICTURE.to("meta"))),
        (call(PICTURE.to("meta")), call(PICTURE[0].to("meta"))),
        (call(torch.tensor([1.0, torch.nan])), call(torch.tensor([1.0, 2.0]))),
        (call(torch.tensor([torch.nan, 1.0])), call(torch.tensor([1.0, torch.nan]))),
        (call(PICTURE), call(PICTURE.tolist())),
        (call(PICTURE), call(PICTURE, PICTURE)),
        (call([PICTURE]), call((PICTURE,))),
        (call([PICTURE]), call([PICTURE, PICTURE])),
        (call([PICTURE]), call([PICTURE + 1])),
        (call({"a": 1}), call({"b": 1})),
        (call(1), call(True)),
        (call(1), call(1.0)),
        (call(PICTURE, axis=1), call(PICTURE, axis=2)),
        (call(PICTURE, axis=1), call(PICTURE)),
        (call(PICTURE, watch="graph"), call(PICTURE)),
    ],
)
def test_a_call_is_for_no_other_arguments(one, other):
    assert not is_for(one, other)
    assert not is_for(other, one)


def played(*calls):
    """A script in which the outcome of each call is its place."""

    def outcome(number):
        return lambda: Outcome(value=number)

    return Played(Script(list(calls)), "", [outcome(number) for number in range(len(calls))])


def take(of, wanted):
    found = of.take(wanted.args, wanted.kwargs, wanted.watch)
    return None if found is None else found.value


def test_outcomes_are_taken_in_order():
    one, two = call(PICTURE), call(PICTURE + 1)
    of = played(one, two)
    assert [take(of, one), take(of, two)] == [0, 1]


def test_what_a_test_that_ended_early_did_not_ask_is_passed_over():
    calls = [call(n) for n in range(4)]
    of = played(*calls)
    assert [take(of, calls[0]), take(of, calls[2]), take(of, calls[3])] == [0, 2, 3]


def test_what_was_passed_over_is_not_there_any_more():
    one, two = call(1), call(2)
    of = played(one, two)
    assert take(of, two) == 1
    assert take(of, one) is None


def test_the_same_call_twice_has_two_outcomes():
    of = played(call(PICTURE), call(PICTURE))
    assert [take(of, call(PICTURE)) for _ in range(3)] == [0, 1, None]


def test_what_is_in_no_script_leaves_it_as_it_is():
    of = played(call(1))
    assert take(of, call(2)) is None
    assert take(of, call(1)) == 0


def test_the_same_arguments_watched_otherwise_are_another_call():
    of = played(call(1), call(1, watch="graph"))
    assert take(of, call(1, watch="graph")) == 1


def test_an_outcome_is_read_when_it_is_taken():
    read = []
    of = Played(Script([call(1), call(2)]), "", [lambda: read.append(1), lambda: read.append(2)])
    assert read == []
    of.take((2,), {}, "nothing")
    assert read == [2]


def test_next_gives_the_outcomes_one_by_one():
    of = played(call(1), call(2))
    assert [of.next().value, of.next().value] == [0, 1]


def test_a_script_is_encoded_once():
    script = Script([call(PICTURE)])
    assert script.encoded is script.encoded


def test_each_encoded_call_can_be_decoded_by_itself():
    calls = [call(PICTURE, [PICTURE + 1], factor=2), call(), call("three", PICTURE[0].clone())]
    encoded = EncodedCalls(calls)
    for code, one in zip(encoded.calls, calls, strict=True):
        args = decode(code["args"], encoded.blob)
        kwargs = {name: decode(value, encoded.blob) for name, value in code["kwargs"].items()}
        assert one.is_for(args, kwargs, code["watch"])


def test_the_places_say_where_each_calls_tensors_stand():
    numbers = [torch.full((3,), n) for n in (1.0, 2.0, 3.0)]
    encoded = EncodedCalls([call(numbers[0]), call("no tensor"), call(numbers[1], numbers[2])])
    last = 0
    for (start, end), held in zip(encoded.places, ([1.0], [], [2.0, 3.0]), strict=True):
        assert last <= start <= end <= len(encoded.blob)
        assert all(torch.tensor(n).numpy().tobytes() in encoded.blob[start:end] for n in held)
        last = end


def test_a_call_may_hold_as_many_values_as_one_alone():
    many = [0] * 60_000
    assert len(EncodedCalls([call(many), call(many)]).calls) == 2
