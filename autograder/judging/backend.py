"""Run one submission's functions in workers, forked when needed, renewed when lost."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from hashlib import sha256
from typing import Any

from autograder.comparing.words import mask, shorten
from autograder.course import Course
from autograder.intake.submission import Submission
from autograder.judging.failures import WorkerLost
from autograder.judging.hand_in import HandIn
from autograder.judging.layout import NOTEBOOK, Layout
from autograder.judging.packing import Packer, Taken
from autograder.judging.patience import Patience
from autograder.judging.script import Played, Script, ScriptedCall, Scripts
from autograder.judging.second_opinion import gradients_hold
from autograder.judging.workers import ForkServer, Worker
from autograder.observing.outcome import CALL_SECONDS, Outcome, Raised
from autograder.worker.serve import LENT


class WorkerBackend:
    """Where a submission's functions run; use as a context manager, which ends its workers.

    There are two workers at most, ``FIRST`` and ``SECOND``, which know nothing of each other:
    what the first one's process says of a call, the second has to confirm. Before a function
    is judged, ``stand_on`` says which earlier functions failed: fresh workers then get right
    versions of those that the student's code uses.
    """

    FIRST, SECOND = "first", "second"

    def __init__(
        self,
        submission: Submission,
        layout: Layout,
        course: Course,
        server: ForkServer,
        seconds: float = CALL_SECONDS,
        scripts: Scripts | None = None,
    ) -> None:
        self._submission = submission
        self._layout = layout
        self._course = course
        self._server = server
        self._seconds = seconds
        self._workers: dict[str, Worker] = {}
        self._hand_ins: dict[str, HandIn] = {}
        self._taken = Taken.ALL
        self.notes: list[str] = []
        """Sentences for the student about what was odd when the code ran."""
        self._replaced: frozenset[str] = frozenset()
        self._broken: dict[str, Outcome] = {}
        self._packer = Packer(submission, layout, course)
        self._patience = Patience()
        self._scripts = scripts
        self._played: dict[tuple[str, str], Played | None] = {}
        self._unscripted: set[str] = set()
        self.asked = Scripts(Script)
        """Without ``scripts``, every call that was made: the scripts for other submissions."""

    def __enter__(self) -> WorkerBackend:
        return self

    def __exit__(self, *_error: object) -> None:
        self._drop_all()

    def stand_on(self, name: str, failed: Collection[str]) -> None:
        """Make ready to judge ``name``, after the earlier functions ``failed``."""
        used = self._packer.used_among([earlier for earlier in failed if earlier != name])
        if used != self._replaced:
            self._drop_all()
            self._replaced = used
        # What was answered before is judged: nobody's replies may fill the memory.
        self._played.clear()

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], watch: str) -> Outcome:
        """Call function ``name`` in a worker. Raises MachineFailure when the machine fails.

        What is observed in the worker's own process is observed in two of them.
        """
        # Counted here, stepped through there: either alone could be forged in its process.
        who = self.SECOND if watch == "bytecodes" else self.FIRST
        outcome = self._ask(who, name, ScriptedCall(args, kwargs, watch))
        if watch == "arguments" and outcome.returned:
            return self._confirm_arguments(name, args, outcome)
        if watch == "graph" and outcome.returned:
            return self._confirm_graph(name, args, outcome)
        return outcome

    def again(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Outcome]:
        """Ask both workers what the first was asked before."""
        call = ScriptedCall(args, kwargs, "nothing")
        return [self._ask(who, name, call) for who in (self.FIRST, self.SECOND)]

    def answers(self, name: str) -> str | None:
        """A digest of all answers to the scripts of a function; None when there are not all.

        Two functions with one digest have answered alike, bit by bit, whatever was asked.
        """
        digest = sha256(name.encode())
        for who in (self.FIRST, self.SECOND):
            if self._scripts and (who, name) in self._scripts:
                played = self._play(who, name)
                if played is None:
                    return None
                digest.update(played.digest.encode())
        return digest.hexdigest() if self._scripts else None

    def is_scripted(self, name: str) -> bool:
        """Has nothing been asked of the function but what is in its scripts?"""
        return name not in self._unscripted

    def _confirm_arguments(self, name: str, args: tuple[Any, ...], first: Outcome) -> Outcome:
        second = self._ask(self.SECOND, name, ScriptedCall(args, {}, LENT))
        if not second.returned:
            return second
        if second.arguments is not None:
            first.arguments = second.arguments
        return first

    def _confirm_graph(self, name: str, args: tuple[Any, ...], first: Outcome) -> Outcome:
        def observe(watch: str, points: tuple[Any, ...]) -> Outcome:
            call = ScriptedCall(points, {}, watch)
            if watch == "nothing":
                # Where it goes is not to be known beforehand: never part of a script.
                return self._call(self.SECOND, name, call)
            return self._ask(self.SECOND, name, call)

        if first.connected and all(first.connected):
            renew = partial(self._drop, self.SECOND)
            first.connected = gradients_hold(observe, renew, args)
        return first

    def _ask(self, who: str, name: str, call: ScriptedCall) -> Outcome:
        """The outcome of a call: from the script, or else by calling."""
        if self._scripts is None:
            self.asked[who, name].calls.append(call)
        played = self._play(who, name)
        if played is not None:
            try:
                known = played.take(call.args, call.kwargs, call.watch)
            except WorkerLost as loss:
                return Outcome(lost=loss.reason)
            if known is not None:
                return known
        self._unscripted.add(name)
        return self._call(who, name, call)

    def _call(self, who: str, name: str, call: ScriptedCall) -> Outcome:
        return self._guarded(who, name, lambda h, module, s: h.call(module, name, call, s))

    def _play(self, who: str, name: str) -> Played | None:
        """All that the script asks of a function, asked at once when it is first needed."""
        if (who, name) not in self._played:
            self._played[who, name] = None
            script = self._scripts.get((who, name)) if self._scripts else None
            if script:

                def play(hand_in: HandIn, module: str, seconds: float) -> Outcome:
                    self._played[who, name] = hand_in.play(module, name, script, seconds)
                    return Outcome()

                # What is lost here is asked once more, call by call.
                self._guarded(who, name, play)
        return self._played[who, name]

    def _guarded(
        self, who: str, name: str, call: Callable[[HandIn, str, float], Outcome]
    ) -> Outcome:
        """Make one call, as long as there is hope that it comes back."""
        hopeless = self._patience.why_hopeless(name)
        if hopeless:
            return hopeless
        module = self._layout.homes[self._course.function(name).unit]
        try:
            with self._patience.spend():
                imported = self._import(who, module)
            if not imported.returned:
                return imported
            with self._patience.spend(name):
                outcome = call(self._hand_in(who), module, self._seconds)
        except WorkerLost as loss:
            self._drop(who)
            outcome = Outcome(lost=loss.reason, timed_out=loss.timed_out)
        self._patience.count(name, outcome)
        return outcome

    def _import(self, who: str, module: str) -> Outcome:
        """Run the module once a worker. One that hangs or kills its worker is not tried again."""
        if module in self._broken:
            return self._broken[module]
        try:
            raised, failures = self._hand_in(who).import_module(module)
        except WorkerLost as loss:
            self._drop(who)
            if module == NOTEBOOK and self._taken is not Taken.NO_CALLS:
                self._taken = Taken(self._taken + 1)
                self._drop_all()
                self._note(
                    f"{self._origin(module)}: its cells never finished running "
                    f"({loss.reason}), so only its functions and imports were taken."
                )
                return self._import(who, module)
            loss_of_import = f"{self._origin(module)} never finished running: {loss.reason}"
            self._broken[module] = Outcome(lost=loss_of_import, timed_out=loss.timed_out)
            return self._broken[module]
        self._note_failures(module, raised, failures)
        return Outcome(raised=raised)

    def _note_failures(self, module: str, raised: Raised | None, failures: list[Raised]) -> None:
        """A module that raised, or cells of a notebook that did: the next one was run anyhow."""
        origin = self._origin(module)
        if raised:
            # The calls report the exception too, but not that it came before any call.
            self._note(
                f"{origin} could not be imported, so nothing in it could be "
                f"called: it raised {mask(shorten(str(raised), 120))}."
            )
        for failure in failures if module == NOTEBOOK else []:
            words = mask(shorten(str(failure), 120))
            self._note(
                f"{origin}: a cell raised {words}; of the rest of it only functions and imports "
                "were taken."
            )

    def _note(self, sentence: str) -> None:
        # A module is run once more in every new worker.
        if sentence not in self.notes:
            self.notes.append(sentence)

    def _origin(self, module: str) -> str:
        return next(s.origin for s in self._submission.sources if s.name == module)

    def _hand_in(self, who: str) -> HandIn:
        if who not in self._hand_ins:
            # Kept before it is ready, so that an interrupt in between ends it too.
            self._workers[who] = self._server.fork()
            packed = self._packer.pack(self._replaced, self._broken, self._taken)
            self._hand_ins[who] = HandIn(self._workers[who], *packed)
        return self._hand_ins[who]

    def _drop(self, who: str) -> None:
        self._hand_ins.pop(who, None)
        worker = self._workers.pop(who, None)
        if worker is not None:
            worker.close()

    def _drop_all(self) -> None:
        for who in (self.FIRST, self.SECOND):
            self._drop(who)
