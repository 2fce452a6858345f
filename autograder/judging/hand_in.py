"""One worker with one submission in it: its modules imported when needed, its functions called."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from typing import Any

from autograder.judging.failures import WorkerLost
from autograder.judging.script import EncodedCalls, Played, Script, ScriptedCall
from autograder.judging.workers import Worker
from autograder.observing.outcome import Outcome, Raised
from autograder.observing.watch import LONGEST_MESSAGE
from autograder.worker.serve import LENT, LONGEST_PRINT
from autograder.worker.wire import Decoder, WireError, decode

IMPORT_SECONDS = 30.0
MOST_FAILURES = 3


class HandIn:
    """A submission in a worker. Every method raises WorkerLost when the worker is lost."""

    def __init__(self, worker: Worker, header: Mapping[str, Any], references: bytes) -> None:
        """Hand the submission over: ``header`` as the worker's "take" has it."""
        self._worker = worker
        self._imported: dict[str, tuple[Raised | None, list[Raised]]] = {}
        worker.request({"op": "take", **header}, references, IMPORT_SECONDS)

    def import_module(self, module: str) -> tuple[Raised | None, list[Raised]]:
        """Run a module, once: what it raised, and what the cells of a notebook raised."""
        if module not in self._imported:
            request = {"op": "import", "module": module}
            reply, _ = self._worker.request(request, b"", IMPORT_SECONDS)
            failures = reply.get("failures")
            listed = failures[:MOST_FAILURES] if isinstance(failures, list) else []
            try:
                raised = _read_raised(reply.get("raised"))
                described = [r for r in map(_read_raised, listed) if r is not None]
            except WireError as error:
                raise _unreadable(error) from error
            self._imported[module] = raised, described
        return self._imported[module]

    def call(self, module: str, name: str, call: ScriptedCall, seconds: float) -> Outcome:
        """Call a function of an imported module, watching it."""
        return self.play(module, name, Script([call]), seconds).next()

    def play(self, module: str, name: str, script: Script, seconds: float) -> Played:
        """Make all calls of a script, which together may take ``seconds``."""
        encoded = script.encoded
        request = {"op": "call", "module": module, "function": name, "calls": encoded.calls}
        lent = self._worker.lend(encoded.blob)
        blob = b"" if lent else encoded.blob
        reply, data = self._worker.request({**request, "lent": lent}, blob, seconds)
        outcomes = reply.get("outcomes")
        if not isinstance(outcomes, list) or len(outcomes) != len(script.calls):
            raise WorkerLost("it gave another number of answers than it was asked for")
        changed = [
            self._changed(encoded, number) if lent and call.watch == LENT else None
            for number, call in enumerate(script.calls)
        ]
        decoder = Decoder(data)
        read = [
            partial(_read, outcome, decoder, code["args"], after)
            for outcome, code, after in zip(outcomes, encoded.calls, changed, strict=True)
        ]
        digest = sha256(repr((outcomes, changed)).encode())
        digest.update(data)
        return Played(script, digest.hexdigest(), read)

    def _changed(self, encoded: EncodedCalls, number: int) -> bytes | None:
        """The lent memory up to a call's arguments, if these have changed: seen by ourselves."""
        start, end = encoded.places[number]
        after = self._worker.lent(start, end)
        return None if after == encoded.blob[start:end] else bytes(start) + after


def _read(outcome: Any, decoder: Decoder, args: Any, changed: bytes | None) -> Outcome:
    """Read one outcome; of changed arguments no word of the worker's is taken."""
    found = _read_outcome(outcome, decoder)
    if changed is not None:
        found.arguments = decode(args, changed)
    return found


def _read_outcome(reply: Any, decoder: Decoder) -> Outcome:
    try:
        if not isinstance(reply, dict):
            raise WireError("not an outcome")
        printed = _text_or_none(reply.get("printed")) or ""
        raised = _read_raised(reply.get("raised"))
        if raised:
            return Outcome(raised=raised, printed=printed[:LONGEST_PRINT])
        # In the order in which they were encoded.
        return Outcome(
            value=decoder.decode(reply.get("value")),
            arguments=_tuple_or_none(decoder.decode(reply.get("arguments"))),
            count=_count_or_none(reply.get("count")),
            connected=_flags_or_none(reply.get("connected")),
            gradients=_tuple_or_none(decoder.decode(reply.get("gradients"))),
            printed=printed[:LONGEST_PRINT],
        )
    except WireError as error:
        raise _unreadable(error) from error


def _unreadable(error: WireError) -> WorkerLost:
    return WorkerLost(f"its answer can't be read: {error}")


def _read_raised(data: Any) -> Raised | None:
    if data is None:
        return None
    if not isinstance(data, dict):
        raise WireError("not an exception")
    types, message, where = data.get("types"), data.get("message"), data.get("where")
    if not (isinstance(types, list) and types and all(isinstance(name, str) for name in types)):
        raise WireError("not an exception")
    text = _text_or_none(message) or ""
    return Raised(
        tuple(name[:100] for name in types[:20]), text[:LONGEST_MESSAGE], _text_or_none(where)
    )


def _text_or_none(value: Any) -> str | None:
    return value[:LONGEST_MESSAGE] if isinstance(value, str) else None


def _count_or_none(value: Any) -> int | None:
    # An honest count of one call has at most some digits.
    return value if type(value) is int and 0 <= value < 2**63 else None


def _flags_or_none(value: Any) -> tuple[bool, ...] | None:
    if isinstance(value, list) and all(type(item) is bool for item in value):
        return tuple(value)
    return None


def _tuple_or_none(value: Any) -> tuple[Any, ...] | None:
    return value if isinstance(value, tuple) else None
