"""Start the fork servers of some slots: one process that imports torch once, for all of them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from autograder.judging.failures import MachineFailure
from autograder.judging.sandbox import Sandbox
from autograder.worker import __path__ as worker_path

ISOLATED = ("-s", "-P", "-W", "ignore")
"""Like ``-I``, but for the environment: ours is clean, and ``-I`` would ignore PYTHONHASHSEED."""

END_SECONDS = 10.0

_MALLOC = {
    # Memory in large pages: a fork copies a shorter table of them, and takes half as long.
    "hugetlb": 1,
    # A large tensor's memory is kept for the next one, and not fetched from the kernel anew.
    # glibc ignores a threshold above 32 MiB, and says nothing.
    "mmap_threshold": 32 << 20,
    "trim_threshold": 512 << 20,
}


class Nursery:
    """The process above the fork servers. They end when the judges hang up, and it with them."""

    def __init__(self, controls: Sequence[socket.socket], sandbox: Sandbox) -> None:
        """Start a fork server for each of ``controls``. Raises MachineFailure."""
        descriptors = [control.fileno() for control in controls]
        python = [sys.executable, *ISOLATED, worker_path[0], *map(str, descriptors)]
        try:
            self._process = subprocess.Popen(
                sandbox.command(python),
                # Nobody's own folder; in a sandbox there is another one.
                cwd=tempfile.gettempdir(),
                env=_environment(),
                pass_fds=descriptors,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            assert self._process.stdin is not None
            with self._process.stdin as pipe:
                pipe.write(json.dumps(sandbox.plan()).encode())
        except OSError as error:
            raise MachineFailure(f"no worker could be started: {error.strerror}") from error

    def close(self) -> None:
        """End it, and every fork server and worker, if the judges' hanging up has not."""
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _environment() -> dict[str, str]:
    """A clean environment: nothing of the instructor's reaches the student's code."""
    kept = {"PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH"}
    return {key: value for key, value in os.environ.items() if key in kept} | {
        # A folder that is nobody's: the worker's own is empty, and it may not write anyway.
        "HOME": "/nonexistent",
        "MPLBACKEND": "Agg",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "CUDA_VISIBLE_DEVICES": "",
        "PYTHONMALLOC": "malloc",
        "GLIBC_TUNABLES": ":".join(f"glibc.malloc.{name}={n}" for name, n in _MALLOC.items()),
    }
