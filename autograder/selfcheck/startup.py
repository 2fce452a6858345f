"""Import torch quickly: most of the time that a self-check takes."""

from __future__ import annotations

import gc
import sys


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
