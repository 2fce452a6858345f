"""What a worker is given: a submission's sources, and right versions of what failed before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from autograder.attempts import definitions_only, is_bound, mentions
from autograder.course import Course
from autograder.intake.submission import Source, Submission
from autograder.judging.layout import NOTEBOOK, Layout
from autograder.judging.references import compiled_references


class Taken(IntEnum):
    """What is run of a notebook's cells: less, after a run that never ended."""

    ALL = 0
    DEFINITIONS = 1
    NO_CALLS = 2


@dataclass(frozen=True, slots=True)
class Packer:
    """Packs one submission."""

    submission: Submission
    layout: Layout
    course: Course

    def used_among(self, names: Collection[str]) -> frozenset[str]:
        """Those of the functions ``names`` that the student's code uses somewhere."""
        sources = self.submission.sources
        return frozenset(n for n in names if any(mentions(n, s.chunks) for s in sources))

    def pack(
        self, replaced: frozenset[str], without: Collection[str], taken: Taken
    ) -> tuple[dict[str, Any], bytes]:
        """The header of a "take" request, and the compiled right versions of ``replaced``.

        Modules ``without`` are left out; of a notebook comes what is ``taken``.
        """
        replace: dict[str, list[str]] = {}
        for name in sorted(replaced):
            for module in self._modules_of(name):
                replace.setdefault(module, []).append(name)
        code = compiled_references(replaced, self.course) if replaced else b""
        sources = {
            source.name: {
                "filename": source.origin,
                "chunks": _chunks(source, taken),
                "tolerant": source.name == NOTEBOOK,
            }
            for source in self.submission.sources
            if source.name not in without
        }
        homes = self.layout.homes
        header = {
            "sources": sources,
            "units": list(self.course.unit_names),
            "aliases": {unit: home for unit, home in homes.items() if unit != home},
            "replace": replace,
        }
        return header, code

    def _modules_of(self, name: str) -> list[str]:
        """The function's home, and the other modules of the student's that define it too.

        Where the home has its own, a helper's function of that name may be quite another one.
        """
        unit = self.course.function(name).unit
        home = self.layout.homes.get(unit, unit)
        sources = self.submission.sources
        defining = {s.name for s in sources if is_bound(name, s.chunks, own=True)}
        if home in defining:
            defining &= {*self.course.unit_names, NOTEBOOK}
        return sorted({home} | defining)


def _chunks(source: Source, taken: Taken) -> list[str]:
    if source.name != NOTEBOOK or taken is Taken.ALL:
        return list(source.chunks)
    return [definitions_only(c, calls=taken is Taken.DEFINITIONS) for c in source.chunks]
