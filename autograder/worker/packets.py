"""The orders of a judge to its fork server, and the answers: JSON in single small packets."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from typing import Any

LONGEST_PACKET = 4096
MOST_DESCRIPTORS = 2


def send_packet(
    control: socket.socket, message: dict[str, Any], descriptors: Sequence[int] = ()
) -> None:
    """Send one message, with open descriptors. Raises OSError when the other side has gone."""
    socket.send_fds(control, [json.dumps(message).encode()], descriptors)


def receive_packet(control: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Receive one message and its descriptors; None when the other side has hung up.

    Each side waits for an answer before it says more, so a packet is never cut nor glued.
    """
    data, descriptors, _, _ = socket.recv_fds(control, LONGEST_PACKET, MOST_DESCRIPTORS)
    return (json.loads(data), descriptors) if data else None
