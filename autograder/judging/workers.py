"""Workers as the judge sees them: forked on demand, asked one thing at a time, believed nothing."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from autograder.judging.failures import MachineFailure, ServerLost, WorkerLost
from autograder.judging.nursery import Nursery
from autograder.judging.sandbox import Sandbox
from autograder.worker.lock import CPU_SECONDS
from autograder.worker.packets import receive_packet, send_packet
from autograder.worker.wire import WireClosed, WireError, receive, send

START_SECONDS = 120.0
"""How long a fork server may take to import torch: only a sick machine exceeds it."""
SERVER_SECONDS = 30.0
DYING_SECONDS = 2.0
"""How long a worker that has hung up may take to die."""
SHARED_BYTES = 16 << 20
"""Memory in which arguments are lent to a worker; pages that nobody writes to cost nothing."""


class ForkServer:
    """The judge's end of a fork server's control socket."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    def wait_until_ready(self) -> None:
        """Wait for torch to be imported and the lock to be tried out.

        Raises ServerLost when no server comes, or when its lock does not hold.
        """
        answer = self._receive(START_SECONDS, "no worker started: see `autograder doctor`")
        if "problem" in answer:
            raise ServerLost(str(answer["problem"]))

    def fork(self) -> Worker:
        """Fork a worker. Raises MachineFailure when the machine can't."""
        ours, theirs = socket.socketpair()
        shared = _shared_memory()
        with theirs:
            lent = [theirs.fileno()] if shared is None else [theirs.fileno(), shared]
            answer = self._ask({"op": "fork"}, lent)
        worker = Worker(self, answer.get("pid", 0), ours, shared)
        if "problem" in answer:
            worker.hang_up()
            raise MachineFailure(str(answer["problem"]))
        return worker

    def end(self, pid: int, patience: float = 0.0) -> dict[str, Any]:
        """End a worker, if it lives on for ``patience`` seconds, and say how it ended.

        The answer has ``by_itself``, its exit ``code`` and its ``cpu_seconds``.
        """
        return self._ask({"op": "end", "pid": pid, "patience": patience})

    def _ask(self, order: dict[str, Any], lent: Sequence[int] = ()) -> dict[str, Any]:
        try:
            send_packet(self._control, order, lent)
        except OSError as error:
            raise ServerLost("the fork server has gone") from error
        return self._receive(SERVER_SECONDS, "the fork server has gone")

    def _receive(self, seconds: float, problem: str) -> dict[str, Any]:
        self._control.settimeout(seconds)
        try:
            packet = receive_packet(self._control)
        except OSError as error:
            raise ServerLost(problem) from error
        if packet is None:
            raise ServerLost(problem)
        return packet[0]


class Worker:
    """One forked worker; ``close`` it when it is no longer needed."""

    def __init__(
        self, server: ForkServer, pid: int, connection: socket.socket, shared: int | None
    ) -> None:
        self._server = server
        self._pid = pid
        self._connection = connection
        self._shared = shared

    def lend(self, data: bytes) -> bool:
        """Put ``data`` where the worker finds lent arguments; False where there is no room."""
        if self._shared is None or not 0 < len(data) <= SHARED_BYTES:
            return False
        os.pwrite(self._shared, data, 0)
        return True

    def lent(self, start: int, end: int) -> bytes:
        """What stands there now, from byte ``start`` to ``end``."""
        assert self._shared is not None
        return os.pread(self._shared, end - start, start)

    def request(
        self, header: dict[str, Any], blob: bytes, seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        """Send one request and wait for its reply, at most ``seconds`` of wall-clock time.

        Raises WorkerLost when none comes; the worker is then of no further use.
        """
        # Not to be guessed: a reply written in advance would be taken for the next call's.
        number = secrets.token_hex(8)
        deadline = time.monotonic() + seconds
        try:
            self._check_silence()
            self._connection.settimeout(seconds)
            self._send({**header, "id": number}, blob)
            reply, data = receive(self._connection, deadline)
        except TimeoutError as error:
            raise WorkerLost(
                f"no answer within {seconds:g} seconds: an endless loop?", timed_out=True
            ) from error
        except (WireClosed, ConnectionError) as error:
            raise WorkerLost(self._obituary()) from error
        except WireError as error:
            raise WorkerLost(f"its answer can't be read: {error}") from error
        if reply.get("id") != number:
            raise WorkerLost("it answered something that was not asked")
        return reply, data

    def _check_silence(self) -> None:
        self._connection.settimeout(0)
        try:
            early = self._connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return
        if early:
            raise WorkerLost("it answered before it was asked")
        raise WireClosed("the other side has gone")

    def _send(self, header: dict[str, Any], blob: bytes) -> None:
        try:
            send(self._connection, header, blob)
        except WireClosed:
            raise
        except WireError as error:
            raise WorkerLost("what was handed in is too large to be run") from error

    def _obituary(self) -> str:
        """How it died. Raises MachineFailure when it was killed from outside."""
        ending = self._server.end(self._pid, DYING_SECONDS)
        self._pid = 0
        code = ending["code"]
        if not ending["by_itself"]:
            return "it broke off the connection"
        if code >= 0:
            return f"its process ended itself (exit code {code})"
        # The kernel's own count of them, which decides, runs a little ahead of this one.
        if ending["cpu_seconds"] >= 0.9 * CPU_SECONDS:
            return f"it computed for more than {CPU_SECONDS} seconds"
        if -code == signal.SIGKILL:
            # No worker can send itself this signal: its lock refuses it.
            raise MachineFailure("a worker was killed from outside: is there enough memory?")
        return f"its process was ended by signal {-code} ({_signal_name(-code)})"

    def close(self) -> None:
        """End it, and everything in it. Raises ServerLost when nobody can."""
        self.hang_up()
        if self._pid:
            pid, self._pid = self._pid, 0
            self._server.end(pid)

    def hang_up(self) -> None:
        """Close this side of the wire and of the shared memory."""
        self._connection.close()
        if self._shared is not None:
            os.close(self._shared)
            self._shared = None


@contextmanager
def fork_server(sandbox: Sandbox) -> Iterator[ForkServer]:
    """One fork server that is ready, and gone afterwards. Raises MachineFailure."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            nursery = Nursery([theirs], sandbox)
        try:
            server = ForkServer(ours)
            server.wait_until_ready()
            yield server
        finally:
            ours.close()
            nursery.close()


def _shared_memory() -> int | None:
    if sys.platform != "linux":
        return None
    try:
        memory = os.memfd_create("arguments")
        os.ftruncate(memory, SHARED_BYTES)
    except OSError as error:
        raise MachineFailure(f"no memory could be shared: {error.strerror}") from error
    return memory


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
