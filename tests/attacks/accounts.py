"""Run a command as root and as an ordinary user, wherever Python and the checkout stand."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from autograder.judging.sandbox import find_sandbox

CHECKOUT = Path(__file__).resolve().parents[2]
NOBODYS = 64_999
"""A user id without an account: nothing on the machine belongs to it."""
ROOT, ORDINARY = "root", "ordinary user"

_SUBREAPER = 36


def why_not(account: str) -> str | None:
    """Why the tests can't be run as this account here, in a sentence; or None."""
    missing = find_sandbox().missing
    if missing:
        return f"strangers' code can't be locked up here: {'; '.join(missing)}"
    if account == ROOT and os.geteuid() != 0:
        return "grading as root can only be tested as root"
    if account == ORDINARY and os.geteuid() == 0:
        missing = [tool for tool in ("bwrap", "setpriv") if not shutil.which(tool)]
        if missing:
            return f"root can't become an ordinary user here: {' and '.join(missing)} not installed"
    return None


def prefix(account: str, place: Path) -> list[str]:
    """What to put before a command, so that ``account`` runs it and can write to ``place``."""
    if account == ROOT or os.geteuid() != 0:
        return []
    user = f"{NOBODYS}"
    become = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"]
    return ["bwrap", "--dev-bind", "/", "/", *_opened(_needed(), place), *become]


def has_namespaces(account: str, place: Path) -> bool:
    """Can this account put a process into namespaces of its own?"""
    own = ["bwrap", "--unshare-user", "--unshare-pid", "--ro-bind", "/", "/", "--proc", "/proc"]
    command = [*prefix(account, place), *own, "true"]
    return bool(shutil.which("bwrap")) and subprocess.run(command).returncode == 0


def give(account: str, *folders: Path) -> None:
    """Let ``account`` own these folders and all that is in them."""
    if account == ORDINARY and os.geteuid() == 0:
        for folder in folders:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, NOBODYS, NOBODYS, follow_symlinks=False)


def _needed() -> list[Path]:
    """What an ordinary user must be able to read: Python, its packages and the checkout."""
    return [Path(sys.prefix), Path(sys.base_prefix), CHECKOUT]


def _opened(needed: Iterable[Path], place: Path) -> list[str]:
    """bubblewrap's options that put what is ``needed`` below private folders within reach.

    A private folder (root's home, a folder of ``mktemp``) is covered by an empty one that is
    open to all, in which nothing stands but what is needed.
    """
    covered: dict[Path, None] = {}
    options: list[str] = []
    for path in (*needed, place):
        closed = next((p for p in reversed([path, *path.parents]) if _is_closed(p)), None)
        if closed is None:
            continue
        if closed not in covered:
            covered[closed] = None
            options += ["--perms", "0755", "--tmpfs", str(closed)]
        # bubblewrap's own would be private again.
        for between in reversed([p for p in path.parents if closed in p.parents]):
            options += ["--perms", "0755", "--dir", str(between)]
        for shown in path.iterdir() if closed == path else [path]:
            how = "--bind" if path == place else "--ro-bind"
            options += [how, str(shown), str(shown)]
    return options


def _is_closed(folder: Path) -> bool:
    return folder.is_dir() and not folder.stat().st_mode & 0o001


class Orphans:
    """Whatever a command started and left behind comes to this process, to be counted."""

    def __enter__(self) -> Orphans:
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
        self._before = _children()
        return self

    def __exit__(self, *_error: object) -> None:
        ctypes.CDLL(None).prctl(_SUBREAPER, 0, 0, 0, 0)

    def left(self) -> list[str]:
        """The command lines of processes that still run."""
        return [_command(pid) for pid in _children() - self._before]


def _children() -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == os.getpid() and state != "Z":
            found.add(int(stat.parent.name))
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return "a process that ended just now"
