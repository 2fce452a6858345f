"""What a worker replies is believed nothing: a reply that breaks the rules loses the worker."""

import socket
import threading

import pytest
import torch

from autograder.judging.failures import WorkerLost
from autograder.judging.hand_in import HandIn
from autograder.judging.script import Script, ScriptedCall
from autograder.judging.workers import Worker
from autograder.observing.outcome import Opaque, Raised
from autograder.observing.watch import LONGEST_MESSAGE
from autograder.worker.serve import LONGEST_PRINT
from autograder.worker.wire import Encoder, WireClosed, receive, send

NOTHING = {"kind": "none"}
FINE = {
    "raised": None,
    "value": {"kind": "int", "value": 3},
    "arguments": NOTHING,
    "count": None,
    "connected": None,
    "gradients": NOTHING,
    "printed": "",
}


@pytest.fixture
def replying():
    """Makes a hand-in whose worker gives these replies, one after the other, whatever is asked."""
    ends = []

    def make(*replies, blob=b""):
        ours, theirs = socket.socketpair()
        thread = threading.Thread(target=answer, args=(theirs, ({}, *replies), blob))
        thread.start()
        ends.append((ours, theirs, thread))
        return HandIn(Worker(None, 0, ours, None), {"sources": {}}, b"")

    yield make
    for ours, theirs, thread in ends:
        ours.close()
        thread.join()
        theirs.close()


def answer(connection, replies, blob):
    for reply in replies:
        try:
            request, _ = receive(connection)
        except WireClosed:
            return
        send(connection, {"id": request["id"], **reply}, blob)


def call(hand_in, watch="nothing"):
    return hand_in.call("shapes", "rank", ScriptedCall((1,), {}, watch), 30)


def outcome(**fields):
    return {"outcomes": [{**FINE, **fields}]}


def test_an_outcome_in_order_is_read(replying):
    found = call(replying(outcome(printed="hello\n", count=7, connected=[True, False])))
    assert (found.value, found.printed, found.count) == (3, "hello\n", 7)
    assert found.connected == (True, False)
    assert found.returned


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"outcomes": None},
        {"outcomes": {}},
        {"outcomes": "3"},
        {"outcomes": []},
        {"outcomes": [FINE, FINE]},
    ],
    ids=["nothing", "null", "an object", "words", "too few", "too many"],
)
def test_another_number_of_outcomes_loses_the_worker(replying, reply):
    with pytest.raises(WorkerLost, match="another number of answers"):
        call(replying(reply))


@pytest.mark.parametrize("odd", [None, 3, "fine", [FINE], True])
def test_an_outcome_that_is_no_object_loses_the_worker(replying, odd):
    with pytest.raises(WorkerLost, match="can't be read: not an outcome"):
        call(replying({"outcomes": [odd]}))


@pytest.mark.parametrize(
    "value",
    [
        *(None, 3, "three", [], {}),
        {"kind": "pickle", "value": "gASVAAAA"},
        {"kind": ["int"]},
        {"kind": "int", "value": "3"},
        {"kind": "int", "value": True},
        {"kind": "int", "value": 1 << 2000},
        {"kind": "bool", "value": 1},
        {"kind": "str", "value": 3},
        {"kind": "float", "value": 3.0},
        {"kind": "float", "value": "three"},
        {"kind": "list", "items": 3},
        {"kind": "list", "items": [3]},
        {"kind": "size", "items": [{"kind": "str", "value": "3"}]},
        {"kind": "opaque", "type": 3},
        {"kind": "tensor"},
        {"kind": "tensor", "dtype": "float32", "shape": [-1], "device": "cpu", "at": 0},
        {"kind": "tensor", "dtype": "float32", "shape": [100], "device": "cpu", "at": 0},
        {"kind": "tensor", "dtype": "object", "shape": [], "device": "cpu", "at": 0},
        {"kind": "array", "dtype": "float64", "shape": [1], "at": -8},
    ],
)
@pytest.mark.parametrize("field", ["value", "arguments", "gradients"])
def test_what_is_no_value_loses_the_worker(replying, field, value):
    with pytest.raises(WorkerLost, match="its answer can't be read"):
        call(replying(outcome(**{field: value})))


@pytest.mark.parametrize("field", ["value", "arguments", "gradients"])
def test_a_missing_value_loses_the_worker(replying, field):
    reply = outcome()
    del reply["outcomes"][0][field]
    with pytest.raises(WorkerLost, match="its answer can't be read"):
        call(replying(reply))


@pytest.mark.parametrize("count", [-1, 1 << 63, 2.5, "7", True, [7]])
def test_what_is_no_count_is_none(replying, count):
    assert call(replying(outcome(count=count))).count is None


@pytest.mark.parametrize("connected", [True, "yes", [1], [None], {"0": True}, 7])
def test_what_are_no_flags_is_none(replying, connected):
    assert call(replying(outcome(connected=connected))).connected is None


@pytest.mark.parametrize("field", ["arguments", "gradients"])
def test_what_is_no_tuple_is_none(replying, field):
    found = call(replying(outcome(**{field: {"kind": "list", "items": []}})))
    assert getattr(found, field) is None


@pytest.mark.parametrize("printed", [None, 3, ["hello"], {"text": "hello"}])
def test_what_are_no_words_was_not_printed(replying, printed):
    assert call(replying(outcome(printed=printed))).printed == ""


def test_only_the_beginning_of_what_was_printed_is_kept(replying):
    assert call(replying(outcome(printed="x" * 5000))).printed == "x" * LONGEST_PRINT


def test_an_exception_is_read(replying):
    raised = {"types": ["KeyError", "LookupError"], "message": "which?", "where": "a.py line 1"}
    found = call(replying(outcome(raised=raised)))
    assert found.raised == Raised(("KeyError", "LookupError"), "which?", "a.py line 1")
    assert not found.returned


@pytest.mark.parametrize(
    "raised",
    [
        *(3, "ValueError", ["ValueError"], True, {}),
        {"types": []},
        {"types": "ValueError"},
        {"types": [3]},
        {"types": None, "message": "why", "where": None},
    ],
)
def test_what_is_no_exception_loses_the_worker(replying, raised):
    with pytest.raises(WorkerLost, match="can't be read: not an exception"):
        call(replying(outcome(raised=raised)))


def test_an_exception_is_cut_to_what_one_reads(replying):
    long = {"types": ["E" * 500] * 100, "message": "m" * 100_000, "where": "w" * 100_000}
    raised = call(replying(outcome(raised=long))).raised
    assert (len(raised.types), len(raised.types[0])) == (20, 100)
    assert len(raised.message) == len(raised.where) == LONGEST_MESSAGE


@pytest.mark.parametrize("odd", [3, None, ["why"]])
def test_a_message_that_is_no_text_is_none(replying, odd):
    raised = call(replying(outcome(raised={"types": ["E"], "message": odd, "where": odd}))).raised
    assert raised == Raised(("E",), "", None)


def test_an_import_is_asked_for_once(replying):
    hand_in = replying({"raised": None, "failures": []})
    assert hand_in.import_module("shapes") == (None, [])
    assert hand_in.import_module("shapes") == (None, [])


@pytest.mark.parametrize("failures", [None, 3, "none", {}, []])
def test_what_is_no_list_of_failures_is_an_empty_one(replying, failures):
    hand_in = replying({"raised": None, "failures": failures})
    assert hand_in.import_module("shapes") == (None, [])


def test_only_the_first_failures_of_a_notebook_are_told(replying):
    failures = [{"types": ["E"], "message": str(n), "where": None} for n in range(50)]
    _, told = replying({"raised": None, "failures": failures}).import_module("shapes")
    assert [failure.message for failure in told] == ["0", "1", "2"]


@pytest.mark.parametrize("reply", [{"raised": 3}, {"failures": [3]}, {"failures": [{"types": 3}]}])
def test_an_import_that_ended_oddly_loses_the_worker(replying, reply):
    with pytest.raises(WorkerLost, match="its answer can't be read"):
        replying(reply).import_module("shapes")


def test_outcomes_are_read_one_by_one(replying):
    good, odd = FINE, {**FINE, "value": 3}
    script = Script([ScriptedCall((n,), {}, "nothing") for n in range(3)])
    played = replying({"outcomes": [good, odd, good]}).play("shapes", "rank", script, 30)
    assert played.next().value == 3
    with pytest.raises(WorkerLost):
        played.next()
    assert played.next().value == 3


def digest(hand_in):
    return hand_in.play("shapes", "rank", Script([ScriptedCall((1,), {}, "nothing")]), 30).digest


def test_equal_replies_have_one_digest(replying):
    assert digest(replying(outcome())) == digest(replying(outcome()))


@pytest.mark.parametrize(
    "change",
    [
        {"value": {"kind": "int", "value": 4}},
        {"printed": "x"},
        {"count": 1},
        {"unheard of": 1},
    ],
)
def test_another_reply_has_another_digest(replying, change):
    assert digest(replying(outcome(**change))) != digest(replying(outcome()))


def test_the_bytes_of_tensors_are_in_the_digest(replying):
    digests = set()
    for tensor in (torch.ones(2), torch.zeros(2)):
        encoder = Encoder()
        reply = outcome(value=encoder.encode(tensor))
        digests.add(digest(replying(reply, blob=bytes(encoder.blob))))
    assert len(digests) == 2


def test_what_is_no_data_is_only_a_name(replying):
    found = call(replying(outcome(value={"kind": "opaque", "type": "Model" * 100})))
    assert found.value == Opaque(("Model" * 100)[:80])
