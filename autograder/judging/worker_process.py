"""One worker process as the judge sees it: requests out, bounded replies in."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from typing import Any

from autograder.worker import __path__ as worker_path
from autograder.worker.wire import WireClosed, WireError, receive, send

START_SECONDS = 120.0
"""How long a worker may take to import torch: generous, since only a sick machine exceeds it."""

ISOLATED = ("-s", "-P", "-W", "ignore")
"""Like ``-I``, but for the environment: ours is clean, and ``-I`` would ignore PYTHONHASHSEED."""


class MachineFailure(Exception):
    """The machine, not the student, is why this submission can't be graded now."""


class WorkerLost(Exception):
    """The worker did not answer: it hung (``timed_out``), died, or broke the protocol."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.timed_out = timed_out


class WorkerProcess:
    """Starts a worker and talks to it; use as a context manager, which ends it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="worker-", ignore_cleanup_errors=True)
        # One name in every run: where it stands is masked in messages, its own name is not.
        desk = os.path.join(self._folder.name, "desk")  # noqa: PTH118 - as Popen takes it
        os.mkdir(desk)  # noqa: PTH102
        ours, theirs = socket.socketpair()
        self._connection = ours
        self._last_id = 0
        try:
            self._process = subprocess.Popen(
                [sys.executable, *ISOLATED, worker_path[0], str(theirs.fileno())],
                cwd=desk,
                env=_environment(desk),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            ours.close()
            self._folder.cleanup()
            raise MachineFailure(f"no worker could be started: {error.strerror}") from error
        finally:
            theirs.close()

    def __enter__(self) -> WorkerProcess:
        try:
            header, _ = receive(self._connection, time.monotonic() + START_SECONDS)
        except (WireError, TimeoutError) as error:
            self.close()
            raise MachineFailure("a worker did not start: is torch installed and whole?") from error
        if header != {"ready": True}:
            self.close()
            raise MachineFailure("a worker started wrongly")
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def request(
        self, header: dict[str, Any], blob: bytes, seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        """Send one request and wait for its reply, at most ``seconds`` of wall-clock time.

        Raises WorkerLost when none comes; the worker is then of no further use.
        """
        self._last_id += 1
        try:
            self._connection.settimeout(seconds)
            self._send({**header, "id": self._last_id}, blob)
            reply, data = receive(self._connection, time.monotonic() + seconds)
        except TimeoutError as error:
            raise WorkerLost(
                f"no answer within {seconds:g} seconds: an endless loop?", timed_out=True
            ) from error
        except (WireClosed, ConnectionError) as error:
            raise WorkerLost(self._obituary()) from error
        except WireError as error:
            raise WorkerLost(f"its answer can't be read: {error}") from error
        if reply.get("id") != self._last_id:
            raise WorkerLost("it answered something that was not asked")
        return reply, data

    def _send(self, header: dict[str, Any], blob: bytes) -> None:
        try:
            send(self._connection, header, blob)
        except WireClosed:
            raise
        except WireError as error:
            raise WorkerLost("what was handed in is too large to be run") from error

    def _obituary(self) -> str:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "it broke off the connection"
        if code < 0:
            return f"its process was ended by signal {-code} ({_signal_name(-code)})"
        return f"its process ended itself (exit code {code})"

    def close(self) -> None:
        """End the worker and everything it started in its own process group."""
        self._connection.close()
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            self._process.kill()
        self._process.wait()
        self._folder.cleanup()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


def _environment(folder: str) -> dict[str, str]:
    """A clean environment: nothing of the instructor's reaches the student's code."""
    kept = {"PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH"}
    return {key: value for key, value in os.environ.items() if key in kept} | {
        "HOME": folder,
        "TMPDIR": folder,
        "MPLBACKEND": "Agg",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "CUDA_VISIBLE_DEVICES": "",
    }
