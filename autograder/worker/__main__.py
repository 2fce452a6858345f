"""Start a worker: ``python -s -P autograder/worker FD``, in a clean environment.

The worker is the untrusted side. It sees the standard library, torch, ``autograder.worker``
and ``autograder.observing``, and nothing else of the kit: an editable install would put the
whole repository, hidden suites included, within reach of one import.
"""

import gc
import os
import signal
import socket
import sys
import types
from pathlib import Path

HERE = Path(__file__).resolve().parent
KIT = HERE.parent
REPOSITORY = KIT.parent


def hide_the_kit() -> None:
    """Take the repository off the import path, and leave a package with two rooms in it."""
    sys.path[:] = [
        entry
        for entry in sys.path
        if entry and Path(entry).resolve() not in (REPOSITORY, KIT, HERE)
    ]
    sys.meta_path[:] = [finder for finder in sys.meta_path if not _is_editable(finder)]
    kit = types.ModuleType("autograder")
    kit.__path__ = []
    # A notebook ends its cells with check(...): in a worker these names do nothing.
    kit.__dict__["__getattr__"] = _inert
    sys.modules["autograder"] = kit
    for room in ("worker", "observing"):
        package = types.ModuleType(f"autograder.{room}")
        package.__path__ = [str(KIT / room)]
        sys.modules[f"autograder.{room}"] = package
    selfcheck = types.ModuleType("autograder.selfcheck")
    selfcheck.__dict__["__getattr__"] = _inert
    sys.modules["autograder.selfcheck"] = selfcheck


def _is_editable(finder: object) -> bool:
    return "editable" in f"{type(finder).__module__} {getattr(finder, '__name__', '')}".lower()


def _inert(name: str) -> object:
    if name.startswith("__"):
        raise AttributeError(name)
    return lambda *args, **kwargs: None


def keep_the_wire_to_itself() -> None:
    """Prints of a student go nowhere, and reading the keyboard finds it at its end."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)


def die_with_the_judge() -> None:
    """Ask Linux to end this process when its parent ends, however that happens."""
    if sys.platform == "linux":
        import ctypes

        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def main() -> None:
    die_with_the_judge()
    hide_the_kit()
    connection = socket.socket(fileno=int(sys.argv[1]))
    keep_the_wire_to_itself()
    # torch's many objects all stay: searching them for garbage is a quarter of the start.
    gc.disable()
    import torch

    gc.freeze()
    gc.enable()
    from autograder.worker.serve import serve

    torch.set_num_threads(1)
    serve(connection)


if __name__ == "__main__":
    main()
