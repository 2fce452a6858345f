"""The processes that grade: one that judges are forked from, one that workers are forked from."""

from __future__ import annotations

import multiprocessing
import signal
import socket
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from multiprocessing.connection import Connection
from typing import Any

from autograder.intake.submission import Readable
from autograder.judging.failures import MachineFailure
from autograder.judging.nursery import Nursery
from autograder.judging.plan import Plan

PATIENCE = 15.0
"""Seconds that a process gets to end by itself before it is killed."""


def _serve(
    plan: Plan, connections: Sequence[Connection], controls: Sequence[socket.socket]
) -> None:
    # Imported in the judges' process: this one has no need of torch.
    from autograder.observing.startup import import_torch

    import_torch()
    from autograder.judging.slot import serve_slots

    serve_slots(plan, connections, controls)


class Slot:
    """One judge with the fork server of its workers, and the entrant it is busy with."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.entrant: Readable | None = None
        self.ready = False

    def give(self, entrant: Readable) -> None:
        """Hand over the next submission. Whether the judge is still there, ``take`` tells."""
        self.entrant = entrant
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(entrant)

    def take(self) -> Any:
        """What the judge sends, as ``serve_slots`` says, or None when it has died."""
        try:
            return self.connection.recv()
        except (EOFError, ConnectionError):
            return None


class Crew:
    """Some slots, started together so that torch is imported once on either side."""

    def __init__(self, plan: Plan, size: int) -> None:
        """Start ``size`` slots. Raises MachineFailure when the machine can't."""
        # spawn: judges start clean, and alike on every system.
        context = multiprocessing.get_context("spawn")
        ours, theirs = zip(*(context.Pipe() for _ in range(size)), strict=True)
        judges, servers = zip(*(socket.socketpair() for _ in range(size)), strict=True)
        self.slots = [Slot(connection) for connection in ours]
        self._process = context.Process(target=_serve, args=(plan, theirs, judges))
        with ExitStack() as lent:
            for end in (*theirs, *judges, *servers):
                lent.callback(end.close)
            # First, and by a fresh start: nothing secret has been read in it, ever.
            self._nursery = Nursery(servers, plan.sandbox)
            try:
                self._start()
            except MachineFailure:
                # The nursery ends when nobody holds the other ends any more.
                lent.close()
                self._nursery.close()
                raise

    def _start(self) -> None:
        # Ctrl-C goes to every process on the terminal, but it is for this one to handle.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self._process.start()
        except OSError as error:
            raise MachineFailure(f"no judge could be started: {error.strerror}") from error
        finally:
            signal.signal(signal.SIGINT, before)

    def close(self) -> None:
        """Hang up, which ends idle judges; busy ones are interrupted. No process is left."""
        for slot in self.slots:
            slot.connection.close()
        if any(slot.entrant for slot in self.slots):
            self._process.terminate()
        self._process.join(PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._nursery.close()
