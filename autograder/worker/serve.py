"""The worker's loop: take a request, run the student's code, send what happened as data."""

from __future__ import annotations

import importlib
import marshal
import socket
import types
from collections.abc import Callable, Mapping
from typing import Any

import torch

from autograder.observing.outcome import Outcome, Raised
from autograder.observing.watch import describe_exception, watch
from autograder.worker.modules import ModuleSource, StudentModules
from autograder.worker.wire import Encoder, WireClosed, WireError, decode, receive, send


def serve(connection: socket.socket) -> None:
    """Answer requests until the judge hangs up."""
    worker = _Worker()
    send(connection, {"ready": True})
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


class _Worker:
    def __init__(self) -> None:
        self._modules: StudentModules | None = None

    def answer(self, request: dict[str, Any], blob: bytes) -> tuple[dict[str, Any], bytes]:
        if request["op"] == "take":
            return self._take(request, blob), b""
        if request["op"] == "warm":
            torch.ones(1, device="meta").add(1)
            return {}, b""
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
        args = decode(request["args"], blob)
        kwargs = {key: decode(value, blob) for key, value in request["kwargs"].items()}
        files = self._modules.filenames
        try:
            function = _function(request["module"], request["function"])
        except BaseException as error:
            return encode_outcome(Outcome(raised=describe_exception(error, files)))
        return encode_outcome(watch(function, args, kwargs, request["watch"], files))


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
