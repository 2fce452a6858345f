"""Which processes a test has started, directly or not."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def descendants() -> set[int]:
    """All processes below this one that run."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                parents[int(stat.parent.name)] = int(parent)
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}
