"""Find, in what was handed in, the module in which each function is to be judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.attempts import is_attempted, is_bound
from autograder.course import Course, Unit
from autograder.intake.submission import NOTEBOOK, Source, Submission


@dataclass(frozen=True, slots=True)
class Layout:
    """``homes`` maps each unit that was handed in to the module in which it is judged.

    ``attempted`` are the functions to judge; ``notes`` are sentences for the student.
    """

    homes: Mapping[str, str]
    attempted: frozenset[str]
    notes: tuple[str, ...]


def find_layout(submission: Submission, course: Course) -> Layout:
    """Look for every unit: in its own file, then in the notebook, then in any other file."""
    sources = {source.name: source for source in submission.sources}
    homes: dict[str, str] = {}
    attempted: set[str] = set()
    notes: list[str] = []
    for unit in course.units:
        home = _home(unit, sources)
        if home is None:
            continue
        homes[unit.name] = home.name
        done = _attempted(unit, home, sources)
        attempted |= done
        if done and home.name not in (unit.name, NOTEBOOK):
            notes.append(
                f"{' and '.join(sorted(done))}: found in {home.origin}, "
                f"but belongs in {unit.name}.py."
            )
    return Layout(homes, frozenset(attempted), tuple(notes))


def _home(unit: Unit, sources: Mapping[str, Source]) -> Source | None:
    own = [sources[name] for name in (unit.name, NOTEBOOK) if name in sources]
    others = [source for name, source in sorted(sources.items()) if source not in own]
    for source in [*own, *others]:
        if _attempted(unit, source, sources):
            return source
    return own[0] if own else None


def _attempted(unit: Unit, source: Source, sources: Mapping[str, Source]) -> set[str]:
    """The unit's functions that this source attempts; elsewhere than at home, not by import."""
    at_home = source.name in (unit.name, NOTEBOOK)
    others = {name: other.chunks for name, other in sources.items()} if at_home else None
    return {
        function.name
        for function in unit.functions
        if is_attempted(function.name, source.chunks, others)
        and (at_home or is_bound(function.name, source.chunks, own=True))
    }
