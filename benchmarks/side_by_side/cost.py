"""What commands cost: wall time, processor time and memory of everything they started."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

PR_SET_CHILD_SUBREAPER = 36
ORPHANS_END_SECONDS = 10.0

# For a process that uses the modules of this folder.
WITH_HELPERS = {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}
# ru_maxrss counts bytes on macOS, and kibibytes elsewhere.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall and processor time, and the largest process in bytes."""

    wall: float
    cpu: float
    largest: int

    def __add__(self, other: Cost) -> Cost:
        """The cost of one after the other."""
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.largest, other.largest))


NOTHING = Cost(0.0, 0.0, 0)


@dataclass(frozen=True, slots=True)
class Command:
    """A module of this Python to run, where, and with which further environment."""

    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)


def cost_of(*commands: Command, allowed: Sequence[int] = (0,)) -> Cost:
    """Run the commands, all at once, and say what they cost together.

    Processor time and memory are those of every process that the commands started, as
    ``os.wait4`` gives them. Exits with the end of its output when a command ends with a code
    that is not ``allowed``.
    """
    used = []
    began = time.perf_counter()
    with _started(commands) as running:
        for process, log in running:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in allowed:
                give_up(process, log)
            used.append(usage)
        wall = time.perf_counter() - began
    return cost_from(wall, [*used, *used_by_orphans()])


def cost_from(wall: float, used: Sequence[resource.struct_rusage]) -> Cost:
    """The cost of processes that took ``wall`` seconds all together."""
    cpu = sum(usage.ru_utime + usage.ru_stime for usage in used)
    return Cost(wall, cpu, max(usage.ru_maxrss for usage in used) * RSS_UNIT)


def adopt_orphans() -> None:
    """Have processes whose parent has ended become this one's, where Linux can do that.

    A sandbox may end before what ran in it, whose cost would then be nobody's.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def used_by_orphans() -> list[resource.struct_rusage]:
    """What they used, once they have ended, for which they have a few seconds."""
    used: list[resource.struct_rusage] = []
    deadline = time.monotonic() + ORPHANS_END_SECONDS
    with suppress(ChildProcessError):
        while time.monotonic() < deadline:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
            if pid:
                used.append(usage)
            else:
                time.sleep(0.01)
    return used


@contextmanager
def _started(commands: Sequence[Command]) -> Iterator[list[tuple[subprocess.Popen[bytes], Path]]]:
    """Start the commands; whatever happens, none of them is left running."""
    running: list[tuple[subprocess.Popen[bytes], Path]] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            for number, command in enumerate(commands):
                log = Path(folder, str(number))
                running.append((start(command, log), log))
            yield running
        finally:
            for process, _ in running:
                if process.returncode is None:
                    process.kill()
                    process.wait()


def start(command: Command, log: Path) -> subprocess.Popen[bytes]:
    """Start one command; what it prints goes to the file ``log``."""
    adopt_orphans()
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", *command.arguments],
            cwd=command.folder,
            env=environment(command.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def environment(further: Mapping[str, str]) -> dict[str, str]:
    """This environment, with bytecode cached and no pytest plugin that happens to be there.

    This Python's folder stands first on the path: nbgrader calls ``alembic`` by its name.
    """
    dropped = ("PYTEST_ADDOPTS", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {**kept, "PATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **further}


def give_up(process: subprocess.Popen[bytes], log: Path) -> NoReturn:
    """Exit with what a failed command said last."""
    shown = " ".join(map(str, list(process.args)[1:]))  # type: ignore[arg-type]
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-30:])
    sys.exit(f"{shown}\nended with code {process.returncode}:\n{tail}")
