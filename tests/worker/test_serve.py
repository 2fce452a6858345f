"""The worker's loop: requests in, what happened out, as data."""

import json
import marshal
import socket
import sys
import textwrap
import threading
import time

import pytest
import torch

from autograder.observing.outcome import Opaque, Outcome
from autograder.worker import wire
from autograder.worker.serve import encode_outcome, serve
from autograder.worker.wire import Encoder, decode, receive, send

STUDENTS = ("exercises", "distance", "classify", "metrics")
UNITS = ["stacking", "distance", "classify", "metrics"]


class Judge:
    """The other side: sends requests to a worker and reads its replies."""

    def __init__(self, request):
        self.request = request

    def take(self, sources, aliases=None, replace=None, code=b""):
        """Hand over a submission; several texts of one module are the cells of a notebook."""
        listed = {
            name: {
                "filename": f"{name}.py",
                "chunks": [textwrap.dedent(chunk) for chunk in chunks],
                "tolerant": len(chunks) > 1,
            }
            for name, chunks in ((n, [t] if isinstance(t, str) else t) for n, t in sources.items())
        }
        header = {"op": "take", "sources": listed, "units": UNITS, "aliases": aliases or {}}
        self.request({**header, "replace": replace or {}}, code)

    def load(self, module):
        return self.request({"op": "import", "module": module}, b"")[0]

    def call(self, module, function, *args, watch="nothing", **kwargs):
        encoder = Encoder()
        call = {
            "watch": watch,
            "args": encoder.encode(args),
            "kwargs": {key: encoder.encode(value) for key, value in kwargs.items()},
        }
        replies, blob = self.call_all(module, function, [call], bytes(encoder.blob))
        return replies[0], blob

    def call_all(self, module, function, calls, blob=b""):
        """Some calls of one function in one request."""
        header = {"op": "call", "module": module, "function": function, "calls": calls}
        reply, blob = self.request({**header, "lent": ""}, blob)
        assert json.loads(json.dumps(reply)) == reply
        return reply["outcomes"], blob

    def value(self, module, function, *args, **kwargs):
        reply, blob = self.call(module, function, *args, **kwargs)
        assert reply["raised"] is None
        return decode(reply["value"], blob)


@pytest.fixture
def judge():
    """A judge, and a worker that runs in a thread of this process."""
    modules, finders = dict(sys.modules), list(sys.meta_path)
    ours, theirs = socket.socketpair()
    worker = threading.Thread(target=serve, args=(theirs,), daemon=True)
    worker.start()
    count = 0

    def request(header, blob):
        nonlocal count
        count += 1
        send(ours, {**header, "id": count}, blob)
        reply, data = receive(ours, time.monotonic() + 60)
        assert reply.pop("id") == count
        return reply, data

    yield Judge(request)
    ours.close()
    worker.join(60)
    assert not worker.is_alive()
    theirs.close()
    # A real worker ends with its process, and leaves nothing to tidy up.
    sys.meta_path[:] = finders
    for name in [n for n in sys.modules if n not in modules and n.split(".")[0] in STUDENTS]:
        del sys.modules[name]


# Taking and importing


def test_a_submission_is_taken_imported_and_called(judge):
    judge.take({"distance": "def mnist_distance(a, b):\n    return (a - b).abs().mean((-1, -2))"})
    assert judge.load("distance") == {"raised": None, "failures": []}
    a, b = torch.rand(3, 5, 9), torch.rand(5, 9)
    result = judge.value("distance", "mnist_distance", a, b)
    assert torch.equal(result, (a - b).abs().mean((-1, -2)))


def test_keywords_cross(judge):
    judge.take({"distance": "def f(a, *, threshold, batch_size): return a, threshold, batch_size"})
    arguments = {"threshold": 0.25, "batch_size": 64}
    assert judge.value("distance", "f", 1, **arguments) == (1, 0.25, 64)


def test_a_module_that_raises_says_where(judge):
    judge.take({"distance": "x = 1\nraise ValueError('no')", "metrics": "y = 1"})
    raised = judge.load("distance")["raised"]
    assert raised == {
        "types": ["ValueError", "Exception"],
        "message": "no",
        "where": "distance.py line 2",
    }
    assert judge.load("metrics")["raised"] is None


def test_the_cells_of_a_notebook_fail_one_by_one(judge):
    judge.take({"notebook": ["x = 1", "1 / 0", "def f(): return x"]}, {"distance": "notebook"})
    reply = judge.load("notebook")
    assert reply["raised"] is None
    assert [failure["types"][0] for failure in reply["failures"]] == ["ZeroDivisionError"]
    assert judge.value("distance", "f") == 1


def test_a_missing_module_or_name_is_an_exception(judge):
    judge.take({"distance": ""})
    assert judge.load("metrics")["raised"]["types"][0] == "ModuleNotFoundError"
    assert judge.call("metrics", "accuracy")[0]["raised"]["types"][0] == "ModuleNotFoundError"
    raised = judge.call("distance", "mnist_distance")[0]["raised"]
    assert (raised["types"][0], raised["message"]) == (
        "NameError",
        "mnist_distance is not defined",
    )


def test_a_module_that_can_not_be_imported_any_more_does_not_end_the_worker(judge):
    judge.take({"distance": "import sys\ndef f(): sys.modules[__name__] = None"})
    assert judge.value("distance", "f") is None
    for _ in range(2):
        assert judge.call("distance", "f")[0]["raised"]["types"][0] == "ModuleNotFoundError"


def test_several_calls_are_answered_one_by_one(judge):
    judge.take({"distance": "def f(a): return 12 / a"})
    calls = [
        {"watch": "nothing", "args": Encoder().encode((number,)), "kwargs": {}}
        for number in (3, 0, 4)
    ]
    first, second, third = judge.call_all("distance", "f", calls)[0]
    assert (first["value"], third["value"]) == (Encoder().encode(4.0), Encoder().encode(3.0))
    assert second["raised"]["types"][0] == "ZeroDivisionError"


# Right versions of earlier functions


def references(source):
    return marshal.dumps(compile(textwrap.dedent(source), "reference", "exec"))


def test_a_replacement_stands_in_for_what_failed(judge):
    code = references("""
        def helper(a, b): return (a - b).abs()
        def mnist_distance(a, b): return helper(a, b).mean()
    """)
    texts = {
        "distance": "def mnist_distance(a, b): return 'wrong'\ndef own(): return mnist_distance",
        "classify": "from distance import mnist_distance as d\ndef f(a, b): return d(a, b)",
    }
    judge.take(texts, replace={"distance": ["mnist_distance"]}, code=code)
    assert judge.value("classify", "f", torch.tensor(3.0), torch.tensor(1.0)) == 2
    assert judge.call("distance", "helper")[0]["raised"]["types"][0] == "NameError"


def test_without_code_nothing_is_replaced(judge):
    judge.take({"distance": "def mnist_distance(a, b): return 'wrong'"})
    assert judge.value("distance", "mnist_distance", 1, 2) == "wrong"


# Watching


def test_what_is_watched_comes_back(judge):
    judge.take({"distance": "def f(a, b):\n    a.sub_(b)\n    return a.abs().sum()"})
    a, b = torch.ones(2, 3), torch.full((2, 3), 0.5)
    reply, blob = judge.call("distance", "f", a, b, watch="arguments")
    left, same = decode(reply["arguments"], blob)
    assert torch.equal(left, torch.full((2, 3), 0.5))
    assert torch.equal(same, b)
    assert judge.call("distance", "f", a, b, watch="operations")[0]["count"] == 3
    assert judge.call("distance", "f", a, b, watch="bytecodes")[0]["count"] > 3
    assert judge.call("distance", "f", a, b)[0]["count"] is None


def test_the_graph_is_followed_in_the_worker(judge):
    judge.take({"distance": "def f(a, b): return (a - b.detach()).abs()"})
    reply, blob = judge.call("distance", "f", torch.ones(2), torch.zeros(2), watch="graph")
    assert reply["connected"] == [True, False]
    assert not decode(reply["value"], blob).requires_grad


def test_meta_tensors_cross(judge):
    judge.take({"distance": "def f(a, b): return (a - b).abs().mean((-1, -2))"})
    result = judge.value(
        "distance", "f", torch.ones(7, 3, 4).to("meta"), torch.ones(3, 4).to("meta")
    )
    assert result.is_meta
    assert result.shape == (7,)


# Answers that are trouble


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def f(): 1 / 0", "ZeroDivisionError"),
        ("def f(): raise SystemExit", "SystemExit"),
        ("def f(): raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def f(): return f()", "RecursionError"),
        ("def f(needed): pass", "TypeError"),
        ("f = 3", "TypeError"),
    ],
)
def test_an_exception_is_an_answer_like_any_other(judge, source, name):
    judge.take({"distance": source + "\ndef g(): return 1"})
    assert judge.call("distance", "f")[0]["raised"]["types"][0] == name
    assert judge.value("distance", "g") == 1


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ("torch.zeros(1).expand(10**11)", "it is too large"),
        ("[torch.zeros(2**20)] * 5", "it is too large"),
        ("nested", "it holds too many values"),
        ("Lying()", "no comment"),
    ],
)
def test_a_result_that_can_not_be_sent_is_the_answers_fault(judge, monkeypatch, result, reason):
    monkeypatch.setattr(wire, "LARGEST_BLOB", 2**24)
    source = f"""
        import torch
        nested = [0]
        for _ in range(7):
            nested = [nested] * 1000
        class Named(type):
            @property
            def __name__(cls):
                raise SystemExit("no comment")
        class Lying(metaclass=Named):
            pass
        def f(): return {result}
        def g(): return 1
    """
    judge.take({"distance": source})
    assert judge.value("distance", "f") == Opaque(f"result that can't be sent back ({reason})")
    assert judge.value("distance", "g") == 1


def test_a_reply_that_is_too_large_as_a_whole(judge, monkeypatch):
    monkeypatch.setattr(wire, "LONGEST_HEADER", 5_000)
    judge.take({"distance": "def f(): return list(range(1000))\ndef g(): return 1"})
    text = "result that can't be sent back (the frame is too large)"
    assert judge.value("distance", "f") == Opaque(text)
    assert judge.value("distance", "g") == 1


def test_a_result_that_can_not_be_sent_is_no_exception():
    # A test that waits for an exception must not take it for one.
    reply = encode_outcome(Outcome(value=torch.zeros(1).expand(10**11)), encoder := Encoder())
    assert reply["raised"] is None
    assert encoder.blob == b""


def test_the_worker_ends_when_the_judge_hangs_up():
    ours, theirs = socket.socketpair()
    with theirs:
        worker = threading.Thread(target=serve, args=(theirs,), daemon=True)
        worker.start()
        ours.close()
        worker.join(60)
        assert not worker.is_alive()
