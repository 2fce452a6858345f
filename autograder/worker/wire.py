"""The wire between judge and worker: frames of a JSON header and raw tensor bytes.

Nothing is pickled. Whoever decodes believes nothing: every size is bounded and every shape is
checked against the bytes that came. Raises WireError for a frame that breaks these rules.
"""

from __future__ import annotations

import json
import math
import mmap
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from autograder.observing.outcome import Opaque

HEAD = struct.Struct(">II")
LONGEST_HEADER = 8 * 2**20
LARGEST_BLOB = 64 * 2**20
LONGEST_TEXT = 10_000
MOST_VALUES = 100_000
"""Values in one result, each element of a list counted: as many as a header has room for."""
DEEPEST = 8
MOST_AXES = 32
MOST_ELEMENTS = 2**40
INTEGER_BITS = 1024

_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        torch.bool,
        torch.uint8,
        torch.int8,
        torch.int16,
        torch.int32,
        torch.int64,
        torch.float16,
        torch.bfloat16,
        torch.float32,
        torch.float64,
    )
}
_NUMPY_KINDS = "biuf"


class WireError(Exception):
    """A frame that is too large, torn, or not what the protocol allows."""


class WireClosed(WireError):
    """The other side has gone."""


def send(connection: socket.socket, header: dict[str, Any], blob: bytes = b"") -> None:
    """Send one frame. Raises WireError when it is larger than the other side would take."""
    text = json.dumps(header).encode()
    if len(text) > LONGEST_HEADER or len(blob) > LARGEST_BLOB:
        raise WireError("the frame is too large")
    connection.sendall(HEAD.pack(len(text), len(blob)) + text)
    if blob:
        connection.sendall(blob)


def receive(
    connection: socket.socket, deadline: float | None = None
) -> tuple[dict[str, Any], bytes]:
    """Receive one frame; ``deadline`` is in seconds of ``time.monotonic()``.

    Raises TimeoutError when the deadline passes, WireClosed when the other side has gone.
    """
    header_size, blob_size = HEAD.unpack(_exactly(connection, HEAD.size, deadline))
    if header_size > LONGEST_HEADER or blob_size > LARGEST_BLOB:
        raise WireError("the frame is too large")
    try:
        header = json.loads(_exactly(connection, header_size, deadline))
    except (ValueError, RecursionError) as error:
        raise WireError("the header is no JSON") from error
    if not isinstance(header, dict):
        raise WireError("the header is no object")
    return header, bytes(_exactly(connection, blob_size, deadline))


def _exactly(connection: socket.socket, size: int, deadline: float | None) -> bytearray:
    data = bytearray()
    while len(data) < size:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            connection.settimeout(left)
        try:
            part = connection.recv(min(size - len(data), 2**20))
        except ConnectionError as error:
            raise WireClosed("the other side has gone") from error
        if not part:
            raise WireClosed("the other side has gone")
        data += part
    return data


class Encoder:
    """Encodes values to JSON, collecting tensor bytes in ``blob``.

    A value is taken by its class and by the methods of torch, NumPy and Python themselves: a
    subclass may lie in its own, raise in them, or never return.
    """

    def __init__(self) -> None:
        self.blob = bytearray()
        self.begin()

    def begin(self) -> None:
        """Begin a next value, which may be as large as the last."""
        self._left = MOST_VALUES

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Return ``value`` as JSON; what is not data becomes the name of its type.

        Raises WireError when it is too large.
        """
        # Counted, since a short list of lists of one list can stand for billions.
        self._left -= 1
        if self._left < 0:
            raise WireError("it holds too many values")
        kind = type(value)
        if value is None:
            return {"kind": "none"}
        if kind is bool or (kind is str and len(value) <= LONGEST_TEXT):
            return {"kind": kind.__name__, "value": value}
        if kind is int and value.bit_length() <= INTEGER_BITS:
            return {"kind": "int", "value": value}
        if kind is float:
            return {"kind": "float", "value": value.hex()}
        if issubclass(kind, torch.Tensor):
            return self._tensor(value)
        if issubclass(kind, np.ndarray | np.generic):
            return self._array(value)
        if issubclass(kind, list | tuple) and depth < DEEPEST:
            return self._items(value, depth)
        return _opaque(value)

    def _tensor(self, value: torch.Tensor) -> Any:
        tensor = _without_subclass(value)
        if tensor is None or tensor.layout != torch.strided or tensor.is_nested:
            return _opaque(value)
        name = str(tensor.dtype).removeprefix("torch.")
        shape = list(tensor.shape)
        device = tensor.device.type
        if name not in _DTYPES or device not in ("cpu", "meta") or not _can_be_sent(shape):
            return _opaque(value)
        data: dict[str, Any] = {"kind": "tensor", "dtype": name, "shape": shape, "device": device}
        if device == "cpu":
            # Before it is copied: an expanded tensor is larger than what it is stored in.
            self._make_room(tensor.numel() * tensor.itemsize)
            # NumPy has no bfloat16; as int16 its bytes stay the same.
            known = tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor
            data["at"] = self._append(known.resolve_neg().numpy().tobytes())
        return data

    def _array(self, value: Any) -> Any:
        array = np.asarray(value)
        if array.dtype.kind not in _NUMPY_KINDS or not _can_be_sent(array.shape):
            return _opaque(value)
        self._make_room(array.size * max(array.itemsize, np.dtype(np.float64).itemsize))
        if array.dtype.name not in _DTYPES:
            array = array.astype(np.float64)
        data = array.astype(array.dtype.newbyteorder("="), copy=False).tobytes()
        return {
            "kind": "array",
            "dtype": array.dtype.name,
            "shape": list(array.shape),
            "at": self._append(data),
        }

    def _items(self, value: Any, depth: int) -> Any:
        base = list if issubclass(type(value), list) else tuple
        kind = "size" if type(value) is torch.Size else base.__name__
        items = base.__iter__(value)
        return {"kind": kind, "items": [self.encode(item, depth + 1) for item in items]}

    def _make_room(self, size: int) -> None:
        if len(self.blob) + size > LARGEST_BLOB:
            raise WireError("it is too large")

    def _append(self, data: bytes) -> int:
        # A copy of each tensor at a multiple of 8, so that it can be read in place.
        self.blob += b"\0" * (-len(self.blob) % 8)
        start = len(self.blob)
        self.blob += data
        return start


def _without_subclass(value: torch.Tensor) -> torch.Tensor | None:
    """The tensor as torch itself sees it, or None when only its own code knows its numbers."""
    if type(value).__torch_dispatch__ is not torch.Tensor.__torch_dispatch__:
        return None
    with torch._C.DisableTorchFunctionSubclass():
        tensor = torch.Tensor.detach(value)
        plain = type(tensor) is torch.Tensor
        return tensor if plain else torch.Tensor.as_subclass(tensor, torch.Tensor)


def _can_be_sent(shape: Sequence[int]) -> bool:
    if len(shape) > MOST_AXES or any(size < 0 for size in shape):
        return False
    return math.prod(max(size, 1) for size in shape) <= MOST_ELEMENTS


def _opaque(value: Any) -> Any:
    return {"kind": "opaque", "type": str(type(value).__name__)[:80]}


def decode(data: Any, blob: bytes | mmap.mmap, *, in_place: bool = False) -> Any:
    """Rebuild a value. Raises WireError for anything that the encoder would not write.

    With ``in_place`` its tensors are views of the blob's own memory, not copies.
    """
    return Decoder(blob, in_place).decode(data)


class Decoder:
    """Rebuilds values in the order of their bytes.

    No byte of the blob is read twice, as no encoder would ask for it: a short reply could
    otherwise stand for gigabytes.
    """

    def __init__(self, blob: bytes | mmap.mmap, in_place: bool = False) -> None:
        self._blob = blob
        self._in_place = in_place
        self._read = 0
        self._left = 0

    def decode(self, data: Any) -> Any:
        """Rebuild the next value. Raises WireError as ``decode`` does."""
        # One value more and one deeper than the encoder: a call's arguments stand in a tuple.
        self._left = MOST_VALUES + 1
        return self._value(data)

    def _value(self, data: Any, depth: int = 0) -> Any:
        self._left -= 1
        if not isinstance(data, dict) or depth > DEEPEST + 1 or self._left < 0:
            raise WireError("not a value")
        kind = data.get("kind")
        if kind == "none":
            return None
        if kind in ("bool", "str"):
            return _plain(data.get("value"), {"bool": bool, "str": str}[kind])
        if kind == "int":
            return _int(data.get("value"))
        if kind == "float":
            return _float(data.get("value"))
        if kind in ("tensor", "array"):
            return self._tensor(data)
        if kind in ("list", "tuple", "size"):
            items = [self._value(item, depth + 1) for item in _plain(data.get("items"), list)]
            return _size(items) if kind == "size" else items if kind == "list" else tuple(items)
        if kind == "opaque":
            return Opaque(_plain(data.get("type"), str)[:80])
        raise WireError(f"no kind of value: {str(kind)[:40]!r}")

    def _tensor(self, data: dict[str, Any]) -> Any:
        dtype = _DTYPES.get(_plain(data.get("dtype"), str))
        shape = [_plain(size, int) for size in _plain(data.get("shape"), list)]
        if dtype is None or not _can_be_sent(shape):
            raise WireError("not a tensor")
        if data["kind"] == "tensor" and data.get("device") == "meta":
            return torch.empty(shape, dtype=dtype, device="meta")
        start, size = _plain(data.get("at"), int), math.prod(shape) * dtype.itemsize
        self._step(start, size)
        if self._in_place and size:
            count = size // dtype.itemsize
            tensor = torch.frombuffer(self._blob, dtype=dtype, count=count, offset=start)
        else:
            tensor = _from_bytes(bytearray(self._blob[start : start + size]), dtype)
        tensor = tensor.reshape(shape)
        if data["kind"] == "array":
            return tensor.numpy()[()] if dtype != torch.bfloat16 else tensor.float().numpy()[()]
        return tensor

    def _step(self, start: int, size: int) -> None:
        if start < self._read or start + size > len(self._blob):
            raise WireError("a tensor that is not in the frame")
        self._read = start + size


def _from_bytes(raw: bytearray, dtype: torch.dtype) -> torch.Tensor:
    if not raw:
        return torch.empty(0, dtype=dtype)
    if dtype == torch.bool:
        # Any byte but 0 and 1 is no bool: reading it as one would be undefined.
        return torch.frombuffer(raw, dtype=torch.uint8) != 0
    return torch.frombuffer(raw, dtype=dtype)


def _plain(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise WireError(f"not {kind.__name__}")
    return value


def _int(value: Any) -> int:
    number: int = _plain(value, int)
    if number.bit_length() > INTEGER_BITS:
        raise WireError("not an int")
    return number


def _float(text: Any) -> float:
    try:
        return float.fromhex(_plain(text, str))
    except (ValueError, OverflowError) as error:
        raise WireError("not a float") from error


def _size(items: list[Any]) -> Any:
    if not all(type(item) is int and -(2**63) <= item < 2**63 for item in items):
        raise WireError("not a shape")
    return torch.Size(items)
