"""Import torch quickly, which is most of the time that a self-check takes, and the right one."""

from __future__ import annotations

import gc
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


def import_torch() -> None:
    """Import torch with Python's garbage collector out of the way.

    torch makes hundreds of thousands of objects, and nearly all of them stay until the process
    ends. Searching them for garbage takes a third of the import's time, and as long again at the
    end. A process that has torch already is left alone: its objects are not ours to freeze.
    """
    if "torch" in sys.modules:
        return
    collecting = gc.isenabled()
    gc.disable()
    try:
        import torch  # noqa: F401
    finally:
        if collecting:
            gc.enable()
    gc.freeze()
