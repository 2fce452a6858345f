"""A fork server: one for each worker slot, with torch in it and not a line of a stranger's.

It takes its orders from one judge, as JSON in single packets: fork a worker that talks to the
judge through the socket that comes along, end a worker and say how it ended.
"""

from __future__ import annotations

import mmap
import os
import random
import signal
import socket
import time
from contextlib import suppress
from typing import Any, NoReturn

from autograder.worker.lock import Lock, die_with_the_parent
from autograder.worker.packets import receive_packet, send_packet
from autograder.worker.serve import serve


def serve_slot(control: socket.socket, lock: Lock) -> None:
    """Fork and end workers until the judge hangs up; none is left then."""
    die_with_the_parent()
    children: set[int] = set()
    with suppress(ConnectionError):
        send_packet(control, {"ready": True})
        while packet := receive_packet(control):
            order, descriptors = packet
            if order["op"] == "fork":
                send_packet(control, _fork(control, descriptors, lock, children))
            else:
                send_packet(control, _end(order["pid"], children, order["patience"]))
    for pid in list(children):
        _end(pid, children)


def _fork(
    control: socket.socket, descriptors: list[int], lock: Lock, children: set[int]
) -> dict[str, Any]:
    try:
        pid = os.fork()
    except OSError as error:
        return {"problem": f"no worker could be forked: {error.strerror}"}
    if pid == 0:
        _be_a_worker(control, descriptors, lock)
    for descriptor in descriptors:
        os.close(descriptor)
    children.add(pid)
    return {"pid": pid}


def _be_a_worker(control: socket.socket, descriptors: list[int], lock: Lock) -> NoReturn:
    """The child's whole life. Nothing of it may ever return into the server's loop."""
    try:
        control.close()
        # Linux shares its processors out among sessions, where it does (autogroup), and not
        # among threads: whoever starts many slows only themselves down.
        os.setsid()
        connection, shared = socket.socket(fileno=descriptors[0]), _mapped(descriptors[1:])
        lock.close(keep=connection.fileno())
        # Python draws a new seed in every fork; NumPy and torch go on from the server's.
        random.seed(0)
        serve(connection, shared)
    finally:
        os._exit(0)


def _mapped(descriptors: list[int]) -> mmap.mmap | None:
    """The memory that the judge can look into, where there is such memory."""
    return mmap.mmap(descriptors[0], 0) if descriptors else None


def _end(pid: int, children: set[int], patience: float = 0.0) -> dict[str, Any]:
    """End a worker and say how it ended, and after how much work.

    It gets ``patience`` seconds to end by itself, as one does that has just hung up.
    """
    if pid not in children:
        return {"problem": "there is no such worker"}
    deadline = time.monotonic() + patience
    ended = os.wait4(pid, os.WNOHANG)
    while not ended[0] and time.monotonic() < deadline:
        time.sleep(0.005)
        ended = os.wait4(pid, os.WNOHANG)
    by_itself = ended[0] == pid
    if not by_itself:
        os.kill(pid, signal.SIGKILL)
        ended = os.wait4(pid, 0)
    children.remove(pid)
    _, status, usage = ended
    return {
        "by_itself": by_itself,
        "code": os.waitstatus_to_exitcode(status),
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
    }
