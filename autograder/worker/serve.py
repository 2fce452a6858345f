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
LENT = "lent"
"""A watch that is the judge's own: it looks at the arguments in the memory that it lent."""


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
            # Of several calls none is answered then: the judge asks them one by one.
            alone = len(request["calls"]) == 1
            outcomes = [_not_sendable(error)] if alone else []
            send(connection, {"id": request["id"], "outcomes": outcomes})


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
        """Make some calls of one function, one after the other."""
        lent = request["lent"]
        memory = self._shared if lent and self._shared is not None else blob
        encoder = Encoder()
        outcomes = []
        for call in request["calls"]:
            args = decode(call["args"], memory, in_place=lent)
            kwargs = {key: decode(value, memory) for key, value in call["kwargs"].items()}
            self.printed.take()
            outcome = self._outcome(request["module"], request["function"], args, kwargs, call)
            described = encode_outcome(outcome, encoder)
            outcomes.append({**described, "printed": self.printed.take()})
        return {"outcomes": outcomes}, bytes(encoder.blob)

    def _outcome(
        self,
        module: str,
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        call: dict[str, Any],
    ) -> Outcome:
        assert self._modules is not None
        files = self._modules.filenames
        try:
            function = _function(module, name)
        except BaseException as error:
            return Outcome(raised=describe_exception(error, files))
        what = "nothing" if call["watch"] == LENT else call["watch"]
        return watch(function, args, kwargs, what, files)


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


def encode_outcome(outcome: Outcome, encoder: Encoder) -> dict[str, Any]:
    """An outcome as JSON; a result too large or too odd to send is the student's.

    The bytes of its tensors join those that ``encoder`` has.
    """
    encoder.begin()
    try:
        return {
            "raised": outcome.raised and encode_raised(outcome.raised),
            "value": encoder.encode(outcome.value),
            "arguments": encoder.encode(outcome.arguments),
            "count": outcome.count,
            "connected": outcome.connected and list(outcome.connected),
            "gradients": encoder.encode(outcome.gradients),
        }
    except BaseException as error:
        # Looking at a result may run the student's code once more, exit() and all.
        return _not_sendable(error)


def _not_sendable(error: BaseException) -> dict[str, Any]:
    """A reply whose value is no data. Not an exception: a test may be waiting for one."""
    reason = describe_exception(error).message
    value = {"kind": "opaque", "type": f"result that can't be sent back ({reason})"}
    nothing = {"kind": "none"}
    return {"raised": None, "value": value, "arguments": nothing, "gradients": nothing}
