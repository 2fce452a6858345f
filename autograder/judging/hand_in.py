"""One worker with one submission in it: its modules imported when needed, its functions called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.judging.failures import WorkerLost
from autograder.judging.script import Script, encoded_call
from autograder.judging.workers import Worker
from autograder.observing.outcome import Outcome, Raised
from autograder.observing.watch import LONGEST_MESSAGE
from autograder.worker.serve import LONGEST_PRINT
from autograder.worker.wire import Encoder, WireError, decode

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

    def call(
        self,
        module: str,
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        watch: str,
        seconds: float,
    ) -> Outcome:
        """Call a function of an imported module, watching it."""
        encoder = Encoder()
        call = encoded_call(encoder, args, kwargs, watch)
        [outcome] = self._ask(module, name, [call], encoder.blob, "copy", seconds)
        return outcome

    def play(self, module: str, name: str, script: Script, seconds: float) -> list[Outcome]:
        """Make all calls of a script, which together may take ``seconds``."""
        calls, blob = script.encoded
        return self._ask(module, name, calls, blob, "copy", seconds)

    def call_on_lent(
        self, module: str, name: str, args: tuple[Any, ...], seconds: float
    ) -> Outcome:
        """Call a function on arguments in memory that this process can look into.

        The outcome's ``arguments`` are ``args`` itself when not a byte there has changed, else
        what stands there now: no word of the worker's. Where no memory can be shared, the
        worker's word remains all there is.
        """
        encoder = Encoder()
        call = encoded_call(encoder, args, {}, "nothing")
        [outcome] = self._ask(module, name, [call], encoder.blob, "view", seconds)
        after = self._worker.lent(len(encoder.blob))
        unchanged = after is None or after == encoder.blob
        outcome.arguments = args if unchanged else decode(call["args"], after)
        return outcome

    def _ask(
        self,
        module: str,
        name: str,
        calls: list[dict[str, Any]],
        blob: bytes | bytearray,
        lent: str,
        seconds: float,
    ) -> list[Outcome]:
        """Ask for some calls, their arguments' bytes through shared memory where there is some."""
        request = {"op": "call", "module": module, "function": name, "calls": calls}
        if self._worker.lend(blob):
            reply, data = self._worker.request({**request, "lent": lent}, b"", seconds)
        else:
            reply, data = self._worker.request({**request, "lent": ""}, bytes(blob), seconds)
        outcomes = reply.get("outcomes")
        if not isinstance(outcomes, list) or len(outcomes) != len(calls):
            raise WorkerLost("it gave another number of answers than it was asked for")
        return [_read_outcome(outcome, data) for outcome in outcomes]


def _read_outcome(reply: Any, data: bytes) -> Outcome:
    try:
        if not isinstance(reply, dict):
            raise WireError("not an outcome")
        printed = _text_or_none(reply.get("printed")) or ""
        raised = _read_raised(reply.get("raised"))
        if raised:
            return Outcome(raised=raised, printed=printed[:LONGEST_PRINT])
        arguments = decode(reply.get("arguments"), data)
        return Outcome(
            value=decode(reply.get("value"), data),
            arguments=arguments if isinstance(arguments, tuple) else None,
            count=_count_or_none(reply.get("count")),
            connected=_flags_or_none(reply.get("connected")),
            gradients=_tuple_or_none(decode(reply.get("gradients"), data)),
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
