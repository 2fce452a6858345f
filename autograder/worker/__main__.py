"""Start fork servers: ``python -s -P autograder/worker FD...``, a slot for each descriptor.

This is the untrusted side, started in a clean environment before any secret is read. It sees
the standard library, torch, ``autograder.worker`` and ``autograder.observing``, and nothing
else of the kit: an editable install would put the whole repository, hidden suites included,
within reach of one import. What to lock workers with comes through standard input, as JSON.
"""

import json
import os
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
    for room in ("notebook", "selfcheck"):
        module = types.ModuleType(f"autograder.{room}")
        module.__dict__["__getattr__"] = _inert
        sys.modules[f"autograder.{room}"] = module
        setattr(kit, room, module)


def _is_editable(finder: object) -> bool:
    return "editable" in f"{type(finder).__module__} {getattr(finder, '__name__', '')}".lower()


def _inert(name: str) -> object:
    if name.startswith("__"):
        raise AttributeError(name)
    return lambda *args, **kwargs: None


def keep_the_terminal_out() -> None:
    """What a student writes to the terminal goes nowhere; the keyboard is at its end."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)


def main() -> None:
    plan = json.load(sys.stdin)
    hide_the_kit()
    keep_the_terminal_out()
    from autograder.worker.startup import warm_up

    warm_up()
    from autograder.worker.fork_server import serve_slot
    from autograder.worker.lock import Lock, count_threads_apart, die_with_the_parent
    from autograder.worker.packets import send_packet
    from autograder.worker.proof import find_hole

    die_with_the_parent()
    controls = [socket.socket(fileno=int(descriptor)) for descriptor in sys.argv[1:]]
    try:
        lock = Lock.from_plan(plan)
        hole = find_hole(lock.for_slot(0), plan)
    except OSError as error:
        hole = f"a lock could not be made: {error.strerror}"
    for number, control in enumerate(controls):
        if hole:
            send_packet(control, {"problem": hole})
        elif os.fork() == 0:
            for other in controls:
                if other is not control:
                    other.close()
            if plan["count_apart"]:
                count_threads_apart()
            serve_slot(control, lock.for_slot(number))
            os._exit(0)
    for control in controls:
        control.close()
    for _ in controls if not hole else ():
        os.wait()


if __name__ == "__main__":
    main()
