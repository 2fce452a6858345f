"""Find out which layers can lock workers on this machine, and what to lock them with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autograder.judging.system_calls import NoSeccomp, compiled_filter
from autograder.worker.landlock import landlock_version
from autograder.worker.lock import THREADS

KIT = Path(__file__).resolve().parents[1]
BUBBLEWRAP, LANDLOCK, SECCOMP, LIMITS, USER = (
    "bubblewrap",
    "landlock",
    "seccomp",
    "limits",
    "user",
)

FIRST_USER = 64_100
"""As root, the workers of slot n run as account FIRST_USER + n, which owns nothing."""
TRIAL_SECONDS = 30

# Below these, next to Python itself, stands what a library may open when it is imported late.
_SYSTEM = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"),
    *("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo"),
)
_DEVICES = ("/dev/zero", "/dev/random", "/dev/urandom")


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The layers in use, by name, and a sentence for each that is missing and matters."""

    layers: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def locked(self) -> bool:
        return not self.missing

    def command(self, python: list[str]) -> list[str]:
        """The command line that starts ``python`` inside of the outermost layer."""
        return [*_bubblewrap(), *python] if BUBBLEWRAP in self.layers else python

    def plan(self) -> dict[str, Any]:
        """What the fork server is to lock its workers with, as JSON."""
        landlock, seccomp = LANDLOCK in self.layers, SECCOMP in self.layers
        threads = _thread_limit(self.layers)
        program = compiled_filter(threads is not None) if seccomp else b""
        refused = {
            "read the hidden tests": landlock or BUBBLEWRAP in self.layers,
            "write a file": landlock,
            "open a socket": seccomp,
            "start a process": seccomp,
            "send a signal": seccomp,
        }
        return {
            "readable": [*map(str, readable()), *_DEVICES] if landlock else [],
            "writable": ["/dev/null"],
            "program": b64encode(program).decode(),
            "user": FIRST_USER if USER in self.layers else None,
            "threads": threads,
            # As root, each slot has an account of its own anyway.
            "count_apart": BUBBLEWRAP in self.layers and USER not in self.layers,
            "limits": LIMITS in self.layers,
            "secret": str(Path(__file__)),
            "refused": [attempt for attempt, stopped in refused.items() if stopped],
        }


@cache
def find_sandbox() -> Sandbox:
    """Look at the machine. Starts a process or two, for a moment."""
    if sys.platform != "linux":
        return Sandbox((), (f"{sys.platform} has neither Landlock nor seccomp",))
    bubblewrap = _works(_bubblewrap()) if shutil.which("bwrap") else False
    landlock = landlock_version() > 0
    missing = []
    if not landlock:
        missing.append("this kernel has no Landlock (Linux 5.13 or newer has, where it is enabled)")
    try:
        compiled_filter(threads=False)
    except NoSeccomp as error:
        missing.append(f"system calls can't be filtered: {error}")
    found = {
        BUBBLEWRAP: bubblewrap,
        LANDLOCK: landlock,
        SECCOMP: len(missing) == (not landlock),
        LIMITS: True,
        USER: os.geteuid() == 0 and _works(_bubblewrap() if bubblewrap else [], FIRST_USER),
    }
    return Sandbox(tuple(name for name, there in found.items() if there), tuple(missing))


@cache
def readable() -> tuple[Path, ...]:
    """What a worker may read: Python, its packages and the system's libraries.

    Never the kit, which is imported before the lock closes.
    """
    schemes = ("stdlib", "platstdlib", "purelib", "platlib")
    paths = {Path(sysconfig.get_path(name)) for name in schemes}
    paths |= {Path(prefix, "lib") for prefix in (sys.base_prefix, sys.base_exec_prefix)}
    paths |= {Path(p) for p in sys.path if Path(p).name in ("site-packages", "dist-packages")}
    paths |= {Path(p) for p in os.environ.get("LD_LIBRARY_PATH", "").split(":") if p}
    paths |= set(map(Path, _SYSTEM))
    within = {path for path in paths if not paths.isdisjoint(path.parents)}
    return tuple(sorted(path for path in paths - within if path.exists()))


def exposed(secrets: Iterable[Path]) -> tuple[Path, Path] | None:
    """A secret that lies below a folder that workers may read, and that folder; or None."""
    for secret in secrets:
        for folder in readable():
            if Path(os.path.realpath(secret)).is_relative_to(os.path.realpath(folder)):
                return secret, folder
    return None


def _bubblewrap() -> list[str]:
    """The command that puts a fork server into namespaces of its own, with few files in them."""
    here, user = os.path.dirname, os.geteuid()
    python = [Path(sys.executable), Path(os.path.realpath(sys.executable))]
    seen = [
        *readable(),
        *python,
        Path(here(here(sys.executable)), "pyvenv.cfg"),
        KIT / "worker",
        KIT / "observing",
        # Where glibc looks whether it may ask for large pages.
        Path("/sys/kernel/mm/transparent_hugepage"),
    ]
    arguments = ["bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    arguments += ["--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    arguments += ["--cap-drop", "ALL"]
    if user == 0:
        # To become a worker's account, to end its processes, to start below a private home.
        for capability in ("SETUID", "SETGID", "KILL", "DAC_READ_SEARCH"):
            arguments += ["--cap-add", f"CAP_{capability}"]
    else:
        arguments += ["--unshare-user"]
    # Before the rest: Python itself may stand in the temporary folder.
    arguments += ["--proc", "/proc", "--dev", "/dev", "--perms", "0755", "--tmpfs", "/tmp"]
    # Made first and open to all: bubblewrap's own would be closed to a worker's account.
    for folder in sorted({parent for path in seen for parent in path.parents[:-1]}):
        arguments += ["--perms", "0755", "--dir", str(folder)]
    for path in seen:
        arguments += ["--ro-bind-try", str(path), str(path)]
    return [*arguments, "--dir", "/tmp/desk", "--chdir", "/tmp/desk"]


def _works(prefix: list[str], user: int | None = None) -> bool:
    """Does Python start behind ``prefix``, and can it still be read as another user?"""
    become = f"os.setgroups([]); os.setresgid({user}, {user}, {user})\n" if user else ""
    become += f"os.setresuid({user}, {user}, {user})\n" if user else ""
    code = f"import os\n{become}import ctypes, this\nopen(os.__file__).read(1)"
    try:
        done = subprocess.run(
            [*prefix, sys.executable, "-I", "-c", code],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TRIAL_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _thread_limit(layers: tuple[str, ...]) -> int | None:
    """How many threads the worker's account may have in all; None where that can't be limited.

    The kernel never counts root's. In namespaces of its own an account starts from none;
    elsewhere all that it runs on this machine counts too.
    """
    if USER in layers or (BUBBLEWRAP in layers and os.geteuid() != 0):
        return THREADS
    if os.geteuid() == 0 or LIMITS not in layers:
        return None
    return THREADS + _threads_of(os.getuid())


def _threads_of(user: int) -> int:
    count = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except (OSError, ValueError):
            continue
        if int(lines["Uid"].split()[0]) == user:
            count += int(lines["Threads"])
    return count
