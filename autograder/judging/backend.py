"""Run one submission's functions in worker processes, started when needed, renewed when lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from autograder.attempts import definitions_only, is_bound, mentions
from autograder.comparing.words import mask, shorten
from autograder.course import Course
from autograder.intake.submission import Source, Submission
from autograder.judging.layout import NOTEBOOK, Layout
from autograder.judging.references import compiled_references
from autograder.judging.worker_process import START_SECONDS, WorkerLost, WorkerProcess
from autograder.observing.outcome import CALL_SECONDS, Outcome, Raised
from autograder.observing.tensors import tensors_in
from autograder.observing.watch import LONGEST_MESSAGE
from autograder.worker.wire import Encoder, WireError, decode

IMPORT_SECONDS = 30.0
FAILURES_NOTED = 3
HOPELESS_AFTER = 2
"""After so many calls that never came back, and none that did, a function isn't called again."""


class WorkerBackend:
    """Where a submission's functions run; use as a context manager, which ends the worker.

    Before a function is judged, ``stand_on`` says which earlier functions failed: a fresh
    worker then gets right versions of those that the student's code uses.
    """

    def __init__(
        self, submission: Submission, layout: Layout, course: Course, seconds: float = CALL_SECONDS
    ) -> None:
        self._submission = submission
        self._layout = layout
        self._course = course
        self._seconds = seconds
        self._worker: WorkerProcess | None = None
        self._ready_for_meta = False
        self._only_definitions = False
        self.notes: list[str] = []
        """Sentences for the student about what was odd when the code ran."""
        self._replaced: frozenset[str] = frozenset()
        self._imported: dict[str, Outcome] = {}
        self._broken: dict[str, Outcome] = {}
        self._losses: defaultdict[str, list[Outcome]] = defaultdict(list)
        self._returned: set[str] = set()

    def __enter__(self) -> WorkerBackend:
        return self

    def __exit__(self, *_error: object) -> None:
        self._drop()

    def stand_on(self, name: str, failed: Collection[str]) -> None:
        """Make ready to judge ``name``, after the earlier functions ``failed``."""
        used = frozenset(
            earlier
            for earlier in failed
            if earlier != name
            and any(mentions(earlier, source.chunks) for source in self._submission.sources)
        )
        if used != self._replaced:
            self._drop()
            self._replaced = used

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], watch: str) -> Outcome:
        """Call function ``name`` in the worker. Raises MachineFailure when the machine fails."""
        if name not in self._returned and len(self._losses[name]) >= HOPELESS_AFTER:
            last = self._losses[name][-1]
            return Outcome(lost=f"not tried again: {last.lost}", timed_out=last.timed_out)
        module = self._layout.homes[self._course.function(name).unit]
        try:
            imported = self._import(module)
            if not imported.returned:
                return imported
            outcome = self._request_call(name, module, args, kwargs, watch)
        except WorkerLost as loss:
            self._drop()
            outcome = Outcome(lost=loss.reason, timed_out=loss.timed_out)
        if outcome.lost:
            self._losses[name].append(outcome)
        else:
            self._returned.add(name)
        return outcome

    def _request_call(
        self, name: str, module: str, args: tuple[Any, ...], kwargs: dict[str, Any], watch: str
    ) -> Outcome:
        encoder = Encoder()
        header = {
            "op": "call",
            "function": name,
            "module": module,
            "watch": watch,
            "args": [encoder.encode(arg) for arg in args],
            "kwargs": {key: encoder.encode(value) for key, value in kwargs.items()},
        }
        header["args"] = {"kind": "tuple", "items": header["args"]}
        worker = self._running()
        if not self._ready_for_meta and any(t.device.type == "meta" for t in tensors_in(args)):
            # The first operation on meta imports half of torch: not on the student's time.
            worker.request({"op": "warm"}, b"", START_SECONDS)
            self._ready_for_meta = True
        reply, data = worker.request(header, bytes(encoder.blob), self._seconds)
        try:
            return _read_outcome(reply, data)
        except WireError as error:
            raise WorkerLost(f"its answer can't be read: {error}") from error

    def _import(self, module: str) -> Outcome:
        """Run the module once a worker. One that hangs or kills its worker is not tried again."""
        if module in self._broken:
            return self._broken[module]
        if self._worker is None or module not in self._imported:
            try:
                reply, _ = self._running().request(
                    {"op": "import", "module": module}, b"", IMPORT_SECONDS
                )
                raised = _read_raised(reply.get("raised"))
                self._note_failures(module, reply.get("failures"))
            except WorkerLost as loss:
                self._drop()
                if module == NOTEBOOK and not self._only_definitions:
                    self._only_definitions = True
                    self.notes.append(
                        f"{self._origin(module)}: its cells never finished running "
                        f"({loss.reason}), so only its functions and imports were taken."
                    )
                    return self._import(module)
                loss_of_import = f"{self._origin(module)} never finished running: {loss.reason}"
                self._broken[module] = Outcome(lost=loss_of_import, timed_out=loss.timed_out)
                return self._broken[module]
            except WireError as error:
                raise WorkerLost(f"its answer can't be read: {error}") from error
            if raised:
                # The calls report the exception too, but not that it came before any call.
                self._note(
                    f"{self._origin(module)} could not be imported, so nothing in it could be "
                    f"called: it raised {mask(shorten(str(raised), 120))}."
                )
            self._imported[module] = Outcome(raised=raised)
        return self._imported[module]

    def _note_failures(self, module: str, failures: Any) -> None:
        """Cells of a notebook that raised: the next one was run all the same."""
        for failure in failures[:FAILURES_NOTED] if isinstance(failures, list) else []:
            raised = mask(shorten(str(_read_raised(failure)), 120))
            if module == NOTEBOOK:
                self._note(
                    f"{self._origin(module)}: a cell raised {raised}; the rest of it was not run."
                )

    def _note(self, sentence: str) -> None:
        # A module is run once more in every new worker.
        if sentence not in self.notes:
            self.notes.append(sentence)

    def _origin(self, module: str) -> str:
        return next(s.origin for s in self._submission.sources if s.name == module)

    def _running(self) -> WorkerProcess:
        if self._worker is None:
            # Kept before it is ready, so that an interrupt in these seconds ends it too.
            self._worker = WorkerProcess()
            self._worker.__enter__()
            self._hand_over(self._worker)
        return self._worker

    def _hand_over(self, worker: WorkerProcess) -> None:
        replace: dict[str, list[str]] = {}
        for name in sorted(self._replaced):
            for module in self._modules_of(name):
                replace.setdefault(module, []).append(name)
        code = compiled_references(self._replaced, self._course) if self._replaced else b""
        sources = {
            source.name: {
                "filename": source.origin,
                "chunks": self._chunks(source),
                "tolerant": source.name == NOTEBOOK,
            }
            for source in self._submission.sources
            if source.name not in self._broken
        }
        header = {
            "op": "take",
            "sources": sources,
            "units": list(self._course.unit_names),
            "aliases": {unit: home for unit, home in self._layout.homes.items() if unit != home},
            "replace": replace,
        }
        worker.request(header, code, IMPORT_SECONDS)

    def _modules_of(self, name: str) -> list[str]:
        """The function's home, and the other modules of the student's that define it too.

        Where the home has its own, a helper's function of that name may be quite another one.
        """
        unit = self._course.function(name).unit
        home = self._layout.homes.get(unit, unit)
        defining = {s.name for s in self._submission.sources if is_bound(name, s.chunks, own=True)}
        if home in defining:
            defining &= {*self._course.unit_names, NOTEBOOK}
        return sorted({home} | defining)

    def _chunks(self, source: Source) -> list[str]:
        reduced = self._only_definitions and source.name == NOTEBOOK
        return [definitions_only(c) if reduced else c for c in source.chunks]

    def _drop(self) -> None:
        if self._worker is not None:
            self._worker.close()
        self._worker = None
        self._ready_for_meta = False
        self._imported.clear()


def _read_outcome(reply: dict[str, Any], data: bytes) -> Outcome:
    raised = _read_raised(reply.get("raised"))
    if raised:
        return Outcome(raised=raised)
    arguments = decode(reply.get("arguments"), data)
    count = reply.get("count")
    connected = reply.get("connected")
    if type(count) is not int:
        count = None
    if not (isinstance(connected, list) and all(type(item) is bool for item in connected)):
        connected = None
    return Outcome(
        value=decode(reply.get("value"), data),
        arguments=arguments if isinstance(arguments, tuple) else None,
        count=count,
        connected=None if connected is None else tuple(connected),
    )


def _read_raised(data: Any) -> Raised | None:
    if data is None:
        return None
    if not isinstance(data, dict):
        raise WireError("not an exception")
    types, message, where = data.get("types"), data.get("message"), data.get("where")
    if not (isinstance(types, list) and types and all(isinstance(name, str) for name in types)):
        raise WireError("not an exception")
    text = message if isinstance(message, str) else ""
    return Raised(tuple(types[:20]), text[:LONGEST_MESSAGE], _text_or_none(where))


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) else None
