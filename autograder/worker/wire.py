"""The wire between judge and worker: frames of a JSON header and raw tensor bytes.

Nothing is pickled. Whoever decodes believes nothing: every size is bounded and every shape is
checked against the bytes that came. Raises WireError for a frame that breaks these rules.
"""

from __future__ import annotations

import json
import math
import socket
import struct
import time
from typing import Any

import numpy as np
import torch

HEAD = struct.Struct(">II")
LONGEST_HEADER = 32 * 2**20
LARGEST_BLOB = 256 * 2**20
DEEPEST = 8

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
    """Encodes values to JSON, collecting tensor bytes in ``blob``."""

    def __init__(self) -> None:
        self.blob = bytearray()

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Return ``value`` as JSON; what is not data becomes the name of its type."""
        if depth > DEEPEST:
            return self._opaque(value)
        if value is None:
            return {"kind": "none"}
        if type(value) in (bool, str):
            return {"kind": type(value).__name__, "value": value}
        if type(value) is int:
            return (
                self._opaque(value)
                if value.bit_length() > 1024
                else {"kind": "int", "value": value}
            )
        if type(value) is float:
            return {"kind": "float", "value": value.hex()}
        if isinstance(value, torch.Tensor):
            return self._tensor(value)
        if isinstance(value, np.ndarray | np.generic):
            return self._array(value)
        if isinstance(value, list | tuple):
            return self._items(value, depth)
        return self._opaque(value)

    def _tensor(self, value: torch.Tensor) -> Any:
        name = str(value.dtype).removeprefix("torch.")
        plain = value.layout == torch.strided and value.device.type in ("cpu", "meta")
        if name not in _DTYPES or not plain:
            return self._opaque(value)
        data: dict[str, Any] = {
            "kind": "tensor",
            "dtype": name,
            "shape": list(value.shape),
            "device": value.device.type,
        }
        if value.device.type == "cpu":
            flat = value.detach().contiguous().reshape(-1)
            data["at"] = self._append(flat.view(torch.uint8).numpy().tobytes())
        return data

    def _array(self, value: Any) -> Any:
        array = np.ascontiguousarray(value)
        name = array.dtype.name
        if array.dtype.kind not in _NUMPY_KINDS or name not in _DTYPES:
            array, name = array.astype(np.float64), "float64"
        # ascontiguousarray gives a scalar one axis: keep the shape it had.
        shape = list(np.shape(value))
        return {"kind": "array", "dtype": name, "shape": shape, "at": self._append(array.tobytes())}

    def _items(self, value: Any, depth: int) -> Any:
        kind = "size" if isinstance(value, torch.Size) else "list"
        kind = "tuple" if kind == "list" and isinstance(value, tuple) else kind
        return {"kind": kind, "items": [self.encode(item, depth + 1) for item in value]}

    def _opaque(self, value: Any) -> Any:
        return {"kind": "opaque", "type": str(type(value).__name__)[:80]}

    def _append(self, data: bytes) -> int:
        # A copy of each tensor at a multiple of 8, so that it can be read in place.
        self.blob += b"\0" * (-len(self.blob) % 8)
        start = len(self.blob)
        self.blob += data
        if len(self.blob) > LARGEST_BLOB:
            raise WireError("the result is too large")
        return start


def decode(data: Any, blob: bytes, depth: int = 0) -> Any:
    """Rebuild a value. Raises WireError for anything that the encoder would not write."""
    if not isinstance(data, dict) or depth > DEEPEST + 1:
        raise WireError("not a value")
    kind = data.get("kind")
    if kind == "none":
        return None
    if kind in ("bool", "str", "int"):
        return _plain(data.get("value"), {"bool": bool, "str": str, "int": int}[kind])
    if kind == "float":
        return _float(data.get("value"))
    if kind in ("tensor", "array"):
        return _decode_tensor(data, blob)
    if kind in ("list", "tuple", "size"):
        items = [decode(item, blob, depth + 1) for item in _plain(data.get("items"), list)]
        return _size(items) if kind == "size" else items if kind == "list" else tuple(items)
    if kind == "opaque":
        return Opaque(_plain(data.get("type"), str)[:80])
    raise WireError(f"no kind of value: {str(kind)[:40]!r}")


def _decode_tensor(data: dict[str, Any], blob: bytes) -> Any:
    dtype = _DTYPES.get(_plain(data.get("dtype"), str))
    shape = [_plain(size, int) for size in _plain(data.get("shape"), list)]
    if dtype is None or len(shape) > 32 or any(size < 0 for size in shape):
        raise WireError("not a tensor")
    count = math.prod(shape)
    if data["kind"] == "tensor" and data.get("device") == "meta":
        if count > 2**40:
            raise WireError("a shape too large")
        return torch.empty(shape, dtype=dtype, device="meta")
    start = _plain(data.get("at"), int)
    size = count * dtype.itemsize
    if start < 0 or size > LARGEST_BLOB or start + size > len(blob):
        raise WireError("a tensor that is not in the frame")
    if count == 0:
        tensor = torch.empty(shape, dtype=dtype)
    else:
        raw = bytearray(blob[start : start + size])
        tensor = torch.frombuffer(raw, dtype=torch.uint8 if dtype == torch.bool else dtype)
        # Any byte but 0 and 1 is no bool: reading it as one would be undefined.
        tensor = (tensor != 0 if dtype == torch.bool else tensor).reshape(shape)
    if data["kind"] == "array":
        return tensor.numpy()[()] if dtype != torch.bfloat16 else tensor.float().numpy()[()]
    return tensor


class Opaque:
    """A value that is no data (a function, a model, ...): only the name of its type crossed."""

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name


def _plain(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise WireError(f"not {kind.__name__}")
    return value


def _float(text: Any) -> float:
    try:
        return float.fromhex(_plain(text, str))
    except (ValueError, OverflowError) as error:
        raise WireError("not a float") from error


def _size(items: list[Any]) -> Any:
    if not all(type(item) is int and item >= 0 for item in items):
        raise WireError("not a shape")
    return torch.Size(items)
