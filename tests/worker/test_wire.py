"""The wire: what goes in comes out, and nothing that a hostile other side sends does harm."""

import json
import math
import socket
import threading
import time
from collections import namedtuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.observing.outcome import Opaque
from autograder.worker import wire
from autograder.worker.wire import (
    DEEPEST,
    HEAD,
    INTEGER_BITS,
    LARGEST_BLOB,
    LONGEST_HEADER,
    LONGEST_TEXT,
    Encoder,
    WireClosed,
    WireError,
    decode,
    receive,
    send,
)


def crossed(value):
    """``value`` after a trip to the other side, by way of real JSON."""
    encoder = Encoder()
    data = json.loads(json.dumps(encoder.encode(value)))
    return decode(data, bytes(encoder.blob))


def same(a, b):
    """The same in class, dtype, shape and every bit that shows; NaN is the same as NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, torch.Tensor):
        if (a.dtype, a.shape, a.device) != (b.dtype, b.shape, b.device):
            return False
        return a.device.type == "meta" or (
            torch.equal(a.isnan(), b.isnan()) and torch.equal(a.nan_to_num(), b.nan_to_num())
        )
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b or (a != a and b != b)


# What crosses unchanged


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        -(2**INTEGER_BITS) + 1,
        0.1,
        -0.0,
        math.nan,
        math.inf,
        -math.inf,
        "",
        "Zoë \ud800 \0",
        [],
        (),
        [1, (2.5, None), [torch.ones(2)]],
        torch.Size([2, 0, 3]),
        torch.Size([]),
        np.float32(0.1),
        np.bool_(True),
        np.int64(-3),
        np.arange(6.0).reshape(2, 3).T,
        np.zeros((0, 3), dtype=np.uint8),
        np.array([1.5, math.nan], dtype=np.float16),
    ],
    ids=repr,
)
def test_values_cross_unchanged(value):
    assert same(crossed(value), value)


@pytest.mark.parametrize("dtype", wire._DTYPES.values(), ids=str)
@pytest.mark.parametrize("shape", [(), (1,), (0,), (2, 0, 3), (3, 4), (2, 1, 3, 1)], ids=str)
def test_tensors_of_every_dtype_and_shape_cross_unchanged(dtype, shape):
    tensor = torch.randint(0, 2, shape, generator=torch.Generator().manual_seed(1)).to(dtype)
    assert same(crossed(tensor), tensor)


@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(12.0).reshape(3, 4).T,
        torch.arange(12.0)[::3],
        torch.arange(12.0).reshape(3, 4)[:1, 2],
        torch.arange(12.0).to(torch.bfloat16).reshape(3, 4)[:, 2],
        torch.ones(1).expand(5, 7),
        torch.ones(3, requires_grad=True),
        torch.ones(3, requires_grad=True) * 2,
        torch.tensor([1 + 2j]).conj().imag,
        torch.tensor([math.nan, math.inf, -math.inf]),
        torch.ones(2, 5, 9, device="meta"),
        torch.empty(0, 2**39, device="meta"),
    ],
    ids=lambda tensor: f"{tuple(tensor.shape)}",
)
def test_tensors_of_any_layout_cross_as_they_look(tensor):
    back = crossed(tensor)
    assert same(back, tensor.detach().clone())
    assert not back.requires_grad
    assert back.is_contiguous()


def test_a_tensor_that_came_can_be_changed():
    encoder = Encoder()
    data, blob = encoder.encode(torch.zeros(3)), bytes(encoder.blob)
    decode(data, blob).add_(1)
    assert torch.equal(decode(data, blob), torch.zeros(3))


def test_a_bool_tensor_holds_only_true_and_false():
    odd = torch.tensor([0, 1, 2, 255], dtype=torch.uint8).view(torch.bool)
    assert crossed(odd).view(torch.uint8).tolist() == [0, 1, 1, 1]
    assert crossed(np.array([0, 2], dtype=np.uint8).view(bool)).view(np.uint8).tolist() == [0, 1]


def test_numpy_dtypes_that_torch_lacks_become_float64():
    for array in (np.array([1, 2], dtype=np.uint16), np.array([1, 2], dtype=np.longdouble)):
        assert same(crossed(array), np.array([1.0, 2.0]))


def test_the_byte_order_of_another_machine():
    big_endian = np.array([1.0, 2.0], dtype=">f4")
    assert same(crossed(big_endian), np.array([1.0, 2.0], dtype=np.float32))


numbers = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text()
tensors = st.builds(
    lambda shape, dtype: torch.arange(math.prod(shape)).reshape(shape).to(dtype),
    st.lists(st.integers(0, 3), max_size=4),
    st.sampled_from(list(wire._DTYPES.values())),
)
values = st.recursive(
    numbers | tensors | tensors.map(lambda tensor: tensor.float().numpy()),
    lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple),
    max_leaves=12,
)


def depth(value):
    inner = [depth(item) for item in value] if isinstance(value, list | tuple) else []
    return 1 + max(inner, default=0)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(values.filter(lambda value: depth(value) <= DEEPEST))
def test_whatever_is_put_together_of_these_crosses_unchanged(value):
    back = crossed(value)
    # NumPy itself makes no difference between a scalar and an array without axes.
    assert same(back, crossed(back))
    assert same(_without_scalars(back), _without_scalars(value))


def _without_scalars(value):
    if isinstance(value, np.ndarray | np.generic):
        return np.asarray(value)
    if isinstance(value, list | tuple):
        return type(value)(map(_without_scalars, value))
    return value


# What is no data


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (len, "builtin_function_or_method"),
        (torch.nn.Linear(1, 1), "Linear"),
        ({"a": 1}, "dict"),
        ({1, 2}, "set"),
        (iter([1]), "list_iterator"),
        (1j, "complex"),
        (2**INTEGER_BITS, "int"),
        ("x" * (LONGEST_TEXT + 1), "str"),
        (torch.tensor([1j]), "Tensor"),
        (torch.eye(2).to_sparse(), "Tensor"),
        (torch.ones([1] * 40), "Tensor"),
        (torch.empty(2**30, 2**30, device="meta"), "Tensor"),
        (np.array([1j]), "ndarray"),
        (np.array(["0.5"]), "ndarray"),
        (np.array([None]), "ndarray"),
        (np.datetime64("2020-01-01"), "datetime64"),
        (type("X" * 500, (), {})(), "X" * 80),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_data_crosses_as_the_name_of_its_type(value, name):
    assert crossed(value) == Opaque(name)


def test_a_parameter_and_a_named_tuple_cross_as_what_they_are_made_of():
    assert same(crossed(torch.nn.Parameter(torch.ones(2))), torch.ones(2))
    found = crossed(torch.tensor([3.0, 5.0]).max(dim=0))
    assert same(found, (torch.tensor(5.0), torch.tensor(1)))
    assert crossed(namedtuple("Pair", "a b")(1, 2)) == (1, 2)


def test_a_deep_list_ends_in_the_name_of_its_type():
    deep = [1]
    for _ in range(100):
        deep = [deep]
    back, levels = crossed(deep), 0
    while isinstance(back, list):
        (back,), levels = back, levels + 1
    assert back == Opaque("list")
    assert levels == DEEPEST


def test_a_list_that_holds_itself_comes_to_an_end():
    ring = []
    ring.append(ring)
    assert isinstance(crossed(ring), list)


@pytest.mark.parametrize("width", [1_000, 20])
def test_a_short_list_that_stands_for_billions_is_refused(width):
    many = [0] * width
    for _ in range(DEEPEST - 2):
        many = [many] * width
    with pytest.raises(WireError, match="too many values"):
        Encoder().encode(many)


@pytest.mark.parametrize(
    "huge",
    [
        torch.zeros(1).expand(10**11),
        np.broadcast_to(np.float32(1), (10**11,)),
        [torch.zeros(1).expand(LARGEST_BLOB // 4 + 1)],
    ],
    ids=["tensor", "array", "list"],
)
def test_a_huge_view_of_a_small_thing_is_refused_before_it_is_copied(huge):
    with pytest.raises(WireError, match="too large"):
        Encoder().encode(huge)


# Answers that lie about themselves


def lies(*_args, **_more):
    raise SystemExit("this must not be called")


LIES = [
    "__iter__",
    "__len__",
    "__getitem__",
    "__eq__",
    "__hash__",
    "__bool__",
    "__float__",
    "__int__",
    "__index__",
    "__str__",
    "__repr__",
    "__array__",
    "hex",
    "bit_length",
]
TENSOR_LIES = [
    "detach",
    "contiguous",
    "reshape",
    "view",
    "numpy",
    "numel",
    "resolve_neg",
    "__torch_function__",
    "as_subclass",
]
PROPERTIES = ("shape", "dtype", "layout", "device", "is_nested", "itemsize", "__class__")


def liar(base, methods=(), properties=()):
    body = dict.fromkeys([*LIES, *methods], lies)
    return type("Liar", (base,), body | {name: property(lies) for name in properties})


@pytest.mark.parametrize(
    ("value", "honest"),
    [
        (liar(int, (), ["__class__"])(3), Opaque("Liar")),
        (liar(float, (), ["__class__"])(3.0), Opaque("Liar")),
        (liar(str, (), ["__class__"])("3"), Opaque("Liar")),
        (liar(list, (), ["__class__"])([1, 2]), [1, 2]),
        (liar(tuple, (), ["__class__"])([1, 2]), (1, 2)),
        (liar(object, (), ["__class__"])(), Opaque("Liar")),
    ],
    ids=["int", "float", "str", "list", "tuple", "object"],
)
def test_the_encoder_calls_no_method_of_a_subclass(value, honest):
    assert crossed(value) == honest


def test_the_encoder_calls_no_method_of_a_tensor_subclass():
    lying = torch.ones(2, 3).as_subclass(liar(torch.Tensor, TENSOR_LIES, PROPERTIES))
    assert same(crossed(lying), torch.ones(2, 3))


def test_the_encoder_calls_no_method_of_an_array_subclass():
    properties = ["shape", "dtype", "itemsize", "size", "__class__"]
    lying = np.ones((2, 3)).view(liar(np.ndarray, ["astype", "tobytes"], properties))
    assert same(crossed(lying), np.ones((2, 3)))


def test_a_list_that_never_ends_ends():
    class Endless(list):
        def __iter__(self):
            while True:
                yield 1

    assert crossed(Endless([1, 2])) == [1, 2]


def test_a_tensor_whose_numbers_only_its_own_code_knows_is_no_data():
    class Wrapper(torch.Tensor):
        @staticmethod
        def __new__(cls):
            return torch.Tensor._make_wrapper_subclass(cls, (2,))

        __torch_dispatch__ = classmethod(lies)

    assert crossed(Wrapper()) == Opaque("Wrapper")


# What the decoder refuses


def tensor(**changes):
    return {"kind": "tensor", "dtype": "float32", "shape": [2], "device": "cpu", "at": 0} | changes


BLOB = bytes(64)


def test_the_tensor_that_the_next_tests_spoil_is_sound():
    assert torch.equal(decode(tensor(), BLOB), torch.zeros(2))


@pytest.mark.parametrize(
    "change",
    [
        {"shape": [-1]},
        {"shape": [-1, -2]},
        {"shape": [0, -1]},
        {"shape": [1.0]},
        {"shape": [True]},
        {"shape": ["2"]},
        {"shape": [None]},
        {"shape": "2"},
        {"shape": None},
        {"shape": {"0": 2}},
        {"shape": [17]},
        {"shape": [2**62, 2**62]},
        {"shape": [10**300] * 32},
        {"shape": [0, 2**62, 2**62]},
        {"shape": [0, 10**30]},
        {"shape": [1] * 33},
        {"shape": [99] * 1_000_000},
        {"shape": [0, 10**30], "device": "meta"},
        {"shape": [2**41], "device": "meta"},
        {"at": -4},
        {"at": 57},
        {"at": 10**30},
        {"at": 0.0},
        {"at": math.nan},
        {"at": None},
        {"at": True},
        {"dtype": "complex64"},
        {"dtype": "object"},
        {"dtype": ["float32"]},
        {"dtype": None},
    ],
    ids=lambda change: json.dumps(change)[:60],
)
@pytest.mark.parametrize("kind", ["tensor", "array"])
def test_a_tensor_that_does_not_fit_its_frame(change, kind):
    if kind == "array" and "device" in change:
        change = {**change, "device": "cpu"}
    with pytest.raises(WireError):
        decode(tensor(kind=kind, **change), BLOB)


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "none",
        [],
        {},
        {"kind": "pickle", "value": "x"},
        {"kind": None},
        {"kind": ["list"]},
        {"kind": {"kind": "none"}},
        {"kind": math.nan},
        {"kind": "x" * 10**6},
        {"kind": "bool", "value": 1},
        {"kind": "bool"},
        {"kind": "int", "value": True},
        {"kind": "int", "value": 1.0},
        {"kind": "int", "value": math.inf},
        {"kind": "int", "value": "1"},
        {"kind": "int", "value": 2**INTEGER_BITS},
        {"kind": "int", "value": 10**4_000},
        {"kind": "float", "value": 1.0},
        {"kind": "float", "value": math.nan},
        {"kind": "float", "value": "one"},
        {"kind": "float", "value": "0x1p99999"},
        {"kind": "str", "value": 1},
        {"kind": "str", "value": None},
        {"kind": "list"},
        {"kind": "list", "items": {}},
        {"kind": "list", "items": "abc"},
        {"kind": "list", "items": [5]},
        {"kind": "tuple", "items": [None]},
        {"kind": "size", "items": [{"kind": "float", "value": "0x1p0"}]},
        {"kind": "size", "items": [{"kind": "bool", "value": True}]},
        {"kind": "size", "items": [{"kind": "int", "value": 2**63}]},
        {"kind": "opaque"},
        {"kind": "opaque", "type": 5},
        {"kind": "opaque", "type": None},
    ],
    ids=lambda data: repr(data)[:60],
)
def test_what_no_encoder_writes(data):
    with pytest.raises(WireError):
        decode(data, BLOB)


def test_two_tensors_that_share_bytes():
    # A few small entries that all name one large tensor would fill the judge's memory.
    for second in (0, 4, 7):
        with pytest.raises(WireError, match="not in the frame"):
            decode({"kind": "list", "items": [tensor(), tensor(at=second)]}, BLOB)
    beside = decode({"kind": "list", "items": [tensor(), tensor(at=8)]}, BLOB)
    assert len(beside) == 2


def test_too_many_values(monkeypatch):
    monkeypatch.setattr(wire, "MOST_VALUES", 10)
    none = {"kind": "none"}
    assert decode({"kind": "list", "items": [none] * 10}, b"") == [None] * 10
    with pytest.raises(WireError):
        decode({"kind": "list", "items": [none] * 11}, b"")


def test_too_deep():
    data = {"kind": "none"}
    for _ in range(DEEPEST + 1):
        data = {"kind": "list", "items": [data]}
    assert decode(data, b"") is not None
    with pytest.raises(WireError):
        decode({"kind": "tuple", "items": [data]}, b"")


def test_a_long_name_of_a_type_is_cut():
    assert decode({"kind": "opaque", "type": "x" * 10**6}, b"") == Opaque("x" * 80)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["tensor", "list"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.fixed_dictionaries(
            {
                "kind": st.sampled_from(
                    ["list", "size", "tensor", "array", "int", "float", "opaque"]
                )
            },
            optional={
                "items": st.lists(inner, max_size=3),
                "value": inner,
                "type": inner,
                "dtype": st.sampled_from(["float32", "bool", "bfloat16", "x"]),
                "shape": st.lists(st.integers(-2, 2**70) | inner, max_size=3),
                "device": st.sampled_from(["cpu", "meta", "cuda"]),
                "at": st.integers(-8, 2**70) | inner,
            },
        )
    ),
    max_leaves=10,
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(json_values, st.binary(max_size=40))
def test_whatever_json_comes_it_is_a_value_or_a_wire_error(data, blob):
    try:
        value = decode(data, blob)
    except WireError:
        return
    assert value is None or isinstance(
        value,
        bool | int | float | str | list | tuple | torch.Tensor | np.ndarray | np.generic | Opaque,
    )


# Frames


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def soon():
    return time.monotonic() + 20


def test_a_frame_arrives_whole(ends):
    ours, theirs = ends
    blob = bytes(range(256)) * 20_000
    writer = threading.Thread(target=send, args=(theirs, {"id": 7, "text": "Zoë"}, blob))
    writer.start()
    assert receive(ours, soon()) == ({"id": 7, "text": "Zoë"}, blob)
    writer.join()


def test_frames_arrive_in_order(ends):
    ours, theirs = ends
    for number in range(3):
        send(theirs, {"id": number})
    assert [receive(ours, soon())[0]["id"] for _ in range(3)] == [0, 1, 2]


def test_a_frame_that_is_too_large_is_not_sent_at_all(ends, monkeypatch):
    ours, theirs = ends
    monkeypatch.setattr(wire, "LONGEST_HEADER", 100)
    monkeypatch.setattr(wire, "LARGEST_BLOB", 100)
    for header, blob in (({"text": "x" * 100}, b""), ({}, bytes(101))):
        with pytest.raises(WireError, match="too large"):
            send(theirs, header, blob)
    send(theirs, {"id": 1})
    assert receive(ours, soon()) == ({"id": 1}, b"")


@pytest.mark.parametrize(
    "sizes", [(LONGEST_HEADER + 1, 0), (0, LARGEST_BLOB + 1), (2**32 - 1, 2**32 - 1)]
)
def test_a_frame_that_says_it_is_too_large_is_not_read(ends, sizes):
    ours, theirs = ends
    theirs.sendall(HEAD.pack(*sizes))
    with pytest.raises(WireError, match="too large"):
        receive(ours, soon())


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"5",
        b"NaN",
        b'"text"',
        b"\xff\xfe",
        b"\x80",
        b'{"a": 1} {"b": 2}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"count": ' + b"9" * 5_000 + b"}",
    ],
    ids=lambda header: repr(header[:20]),
)
def test_a_header_that_is_no_json_object(ends, header):
    ours, theirs = ends
    theirs.sendall(HEAD.pack(len(header), 0))
    writer = threading.Thread(target=theirs.sendall, args=(header,))
    writer.start()
    with pytest.raises(WireError):
        receive(ours, soon())
    writer.join()


@pytest.mark.parametrize("length", [0, 1, HEAD.size - 1, HEAD.size, HEAD.size + 3])
def test_the_other_side_goes_in_the_middle_of_a_frame(ends, length):
    ours, theirs = ends
    theirs.sendall((HEAD.pack(2, 10) + b"{}" + bytes(10))[:length])
    theirs.close()
    with pytest.raises(WireClosed, match="has gone"):
        receive(ours, soon())


def test_the_other_side_stops_in_the_middle_of_a_frame(ends):
    ours, theirs = ends
    theirs.sendall(HEAD.pack(2, 10) + b"{}" + bytes(9))
    with pytest.raises(TimeoutError):
        receive(ours, time.monotonic() + 0.05)


def test_a_deadline_that_has_passed(ends):
    with pytest.raises(TimeoutError):
        receive(ends[0], time.monotonic() - 1)
