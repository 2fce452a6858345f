"""What can go wrong while grading, and whose doing it is."""

from __future__ import annotations

from dataclasses import dataclass


class MachineFailure(Exception):
    """The machine, not the student, is why this submission can't be graded now."""


class BrokenTest(MachineFailure):
    """A hidden test raises something of its own, whatever it was answered."""


class ServerLost(MachineFailure):
    """The fork server has gone, and with it every worker of this slot to come."""


class WorkerLost(Exception):
    """The worker did not answer: it hung (``timed_out``), died, or broke the protocol."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.timed_out = timed_out


@dataclass(frozen=True, slots=True)
class SlotLost:
    """What a judge says last, when it can't go on: why."""

    reason: str
