"""The worker's loop: take a request, run the student's code, send what happened as data."""

from __future__ import annotations

import contextlib
import importlib
import io
import marshal
import mmap
import socket
import types
from collections.abc import Callable, Mapping
from typing import Any

from autograder.observing.outcome import Outcome, Raised
from autograder.observing.watch import describe_exception, watch
from autograder.worker.modules import ModuleSource, StudentModules
from autograder.worker.wire import Encoder, WireClosed, WireError, decode, receive, send


LONGEST_PRINT = 1_000


def serve(connection: socket.socket, shared: mmap.mmap | None = None) -> None:
    """Answer requests until the judge hangs up.

    ``shared`` is memory that the judge can look into: arguments may stand there.
    """
    worker = _Worker(shared)
    with contextlib.redirect_stdout(worker.printed), contextlib.redirect_stderr(worker.printed):
        _answer_all(connection, worker)


def _answer_all(connection: socket.socket, worker: _Worker) -> None:
    while True:
        try:
            request, blob = receive(connection)
        except WireClosed:
            return
        reply, data = worker.answer(request, blob)
        try:
            send(connection, {"id": request["id"], **reply}, data)
        except WireError as error:
            send(connection, {"id": request["id"], **_not_sendable(error)})


class _Printed(io.TextIOBase):
    """What a student's code prints: the beginning of it."""

    def __init__(self) -> None:
        self._text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._text += text[: max(0, LONGEST_PRINT - len(self._text))]
        return len(text)

    def take(self) -> str:
        """What was printed since the last time."""
        text, self._text = self._text, ""
        return text


class _Worker:
    def __init__(self, shared: mmap.mmap | None) -> None:
        self._modules: StudentModules | None = None
        self._shared = shared
        self.printed = _Printed()

    def answer(self, request: dict[str, Any], blob: bytes) -> tuple[dict[str, Any], bytes]:
        if request["op"] == "take":
            return self._take(request, blob), b""
        if request["op"] == "import":
            return self._import(request["module"]), b""
        return self._call(request, blob)

    def _take(self, request: dict[str, Any], blob: bytes) -> dict[str, Any]:
        """Take a submission: sources, and compiled right versions of what it got wrong."""
        sources = {
            name: ModuleSource(source["filename"], tuple(source["chunks"]), source["tolerant"])
            for name, source in request["sources"].items()
        }
        self._modules = StudentModules(
            sources, request["units"], request["aliases"], _replacements(request, blob)
        )
        self._modules.__enter__()
        return {}

    def _import(self, module: str) -> dict[str, Any]:
        assert self._modules is not None
        try:
            importlib.import_module(f"exercises.{module}")
        except BaseException as error:
            return {"raised": encode_raised(describe_exception(error, self._modules.filenames))}
        failures = self._modules.failures.get(module, [])
        described = [describe_exception(error, self._modules.filenames) for error in failures]
        return {"raised": None, "failures": [encode_raised(raised) for raised in described]}

    def _call(self, request: dict[str, Any], blob: bytes) -> tuple[dict[str, Any], bytes]:
        assert self._modules is not None
        lent = self._shared if request["lent"] and self._shared is not None else blob
        args = decode(request["args"], lent, in_place=request["lent"] == "view")
        kwargs = {key: decode(value, lent) for key, value in request["kwargs"].items()}
        files = self._modules.filenames
        self.printed.take()
        try:
            function = _function(request["module"], request["function"])
        except BaseException as error:
            return encode_outcome(Outcome(raised=describe_exception(error, files)))
        reply, data = encode_outcome(watch(function, args, kwargs, request["watch"], files))
        return {**reply, "printed": self.printed.take()}, data


def _function(module: str, name: str) -> Any:
    names = importlib.import_module(f"exercises.{module}").__dict__
    if name not in names:
        raise NameError(f"{name} is not defined")
    return names[name]


def _replacements(
    request: dict[str, Any], blob: bytes
) -> Mapping[str, Mapping[str, Callable[..., Any]]]:
    if not blob:
        return {}
    namespace: dict[str, Any] = {"__name__": "right"}
    code: types.CodeType = marshal.loads(blob)
    exec(code, namespace)
    return {
        module: {name: namespace[name] for name in names}
        for module, names in request["replace"].items()
    }


def encode_raised(raised: Raised) -> dict[str, Any]:
    """An exception as JSON."""
    return {
        "types": [str(name)[:80] for name in raised.types[:20]],
        "message": raised.message,
        "where": raised.where,
    }


def encode_outcome(outcome: Outcome) -> tuple[dict[str, Any], bytes]:
    """An outcome as a reply; a result too large or too odd to send is the student's."""
    encoder = Encoder()
    try:
        reply = {
            "raised": outcome.raised and encode_raised(outcome.raised),
            "value": encoder.encode(outcome.value),
            "arguments": encoder.encode(outcome.arguments),
            "count": outcome.count,
            "connected": outcome.connected and list(outcome.connected),
            "gradients": encoder.encode(outcome.gradients),
        }
    except BaseException as error:
        # Looking at a result may run the student's code once more, exit() and all.
        return _not_sendable(error), b""
    return reply, bytes(encoder.blob)


def _not_sendable(error: BaseException) -> dict[str, Any]:
    """A reply whose value is no data. Not an exception: a test may be waiting for one."""
    reason = describe_exception(error).message
    value = {"kind": "opaque", "type": f"result that can't be sent back ({reason})"}
    return {"raised": None, "value": value, "arguments": {"kind": "none"}}
