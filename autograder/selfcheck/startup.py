"""Import the right torch: a student's own file of that name must not hide it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def off_the_path(folder: Path) -> Iterator[None]:
    """Import nothing from ``folder`` for a while: a student's torch.py must not hide torch.

    ``python -m pytest`` inside of a folder, and some editors, put it on Python's path.
    """
    before = sys.path[:]
    sys.path[:] = [entry for entry in before if Path(entry).resolve() != folder.resolve()]
    try:
        yield
    finally:
        sys.path[:] = before
