"""Import torch quickly, which is most of the time that any of our processes takes to start."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable


def import_torch(then: Callable[[], None] = lambda: None) -> None:
    """Import torch, and do ``then``, with Python's garbage collector out of the way.

    torch makes hundreds of thousands of objects, and nearly all of them stay until the process
    ends. Searching them for garbage takes a third of the import's time, and as long again at the
    end. Frozen, they also stay shared with processes that are forked later. A process that has
    torch already is left alone: its objects are not ours to freeze.
    """
    if "torch" in sys.modules:
        return
    collecting = gc.isenabled()
    gc.disable()
    try:
        import torch  # noqa: F401

        then()
    finally:
        if collecting:
            gc.enable()
    gc.freeze()
