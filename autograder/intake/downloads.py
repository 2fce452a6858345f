"""The folders and zips in which learning systems hand a class's submissions out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from autograder.intake import canvas, moodle
from autograder.intake.parts import Collected, Part
from autograder.intake.trees import Kind, Tree
from autograder.sources import plain


class System(Protocol):
    """How one learning system names what it hands out."""

    TITLE: str

    def part_of(self, stored: str, kind: Kind) -> Part | None:
        """Whose this is, or None when it isn't one of the system's names."""

    def settle(self, parts: Sequence[Part], known: Collection[str]) -> Collected:
        """What counts of one student's parts."""


MOST_NAMED = 20

SYSTEMS: dict[str, System] = {"canvas": canvas, "moodle": moodle}


@dataclass(frozen=True, slots=True)
class Download:
    """All that counts of each owner, and sentences for the instructor."""

    collected: dict[str, Collected]
    notes: tuple[str, ...]


def sort_out(tree: Tree, system: System, known: Collection[str]) -> Download:
    """Give everything in ``tree`` to its owner, by the system's part of its name alone.

    An owner is name and number: two students may have one name. ``known`` are the file names
    that the course gives out. Raises OSError when the machine fails.
    """
    parts: dict[str, list[Part]] = {}
    left_out = []
    for stored, kind in tree.entries().items():
        part = system.part_of(stored, kind)
        if part is None:
            left_out.append(stored)
        else:
            parts.setdefault(part.owner, []).append(part)
    collected = {owner: system.settle(own, known) for owner, own in parts.items()}
    return Download(collected, tuple(_notes(system, collected, left_out)))


def _notes(
    system: System, collected: Mapping[str, Collected], left_out: Sequence[str]
) -> Iterator[str]:
    if left_out:
        yield f"left out, for {system.TITLE} names nothing like that: {_listed(left_out)}."
    late = [owner for owner, found in collected.items() if found.late]
    if late:
        yield f"handed in late, says {system.TITLE}: {_listed(late)}."


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{plain(name)}”" for name in names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown} and {len(names) - MOST_NAMED} more"


def system_of(entries: Mapping[str, Kind]) -> str | None:
    """The system that most of these names come from, if there is one.

    Most, for one student alone must not be able to make a class look like a download.
    """
    for name, system in SYSTEMS.items():
        parts = [part for entry in entries.items() if (part := system.part_of(*entry))]
        if 2 * len(parts) > len(entries):
            return name
    return None
