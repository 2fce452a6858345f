"""A student's notebook, rebuilt such that nbgrader takes it, whatever was handed in.

nbgrader refuses a notebook with cells missing, doubled or without their metadata. So the graded
cells come from the gradebook, each once, and the student's own cells stand around them as they
were. A function's answer cell is the one that defines it last, whatever its metadata say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.attempts import is_bound, line_of
from autograder.course import Function, load_course
from autograder.intake.cells import Cell, read_all_cells
from autograder.intake.submission import NOTEBOOK, Submission
from autograder.intake.trees import suffix_of
from autograder.judging.layout import find_layout
from autograder.reporting.harmless import harmless
from autograder.roles import graded_cell_id
from autograder.sources import SourceProblem, plain

_ELSEWHERE = "# {name} is defined in another cell."
_UNREAD = "# {unit}.py could not be read: {why}"
_LOST = "*This cell is not in what was handed in. If there is an answer, it stands elsewhere.*"


@dataclass(frozen=True, slots=True)
class Known:
    """A cell that the gradebook knows: its text in the release, and nbgrader's marks for it."""

    name: str
    kind: str
    source: str
    marks: dict[str, Any]

    @property
    def answered(self) -> bool:
        """Is its text the student's to write? nbgrader puts that of all others back."""
        return bool(self.marks["solution"])


def rebuilt_notebook(
    submission: Submission, originals: Mapping[str, bytes], known: Sequence[Known], assignment: str
) -> str:
    """The text of a notebook with every cell in ``known`` once, and all that was handed in."""
    functions = load_course().of_assignment(assignment)
    rebuilding = _Rebuilding(submission, functions, {cell.name: cell for cell in known})
    cells = rebuilding.notebook(_handed_in(submission, originals))
    # Version 4.4: 4.5 wants an id for every cell, which nothing here uses.
    document = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(document)


def _handed_in(submission: Submission, originals: Mapping[str, bytes]) -> list[Cell]:
    """The cells of the notebook, and each file that is no unit's as one more before them."""
    units = load_course().unit_names
    cells = [
        Cell("code", f"# {source.origin}\n{source.chunks[0]}")
        for source in submission.sources
        if source.name not in (*units, NOTEBOOK)
    ]
    notebooks = [source.origin for source in submission.sources if source.name == NOTEBOOK]
    for name, content in originals.items():
        # Whatever its ending: the reader knows a notebook that was saved as text.
        if plain(name) in notebooks or suffix_of(name) == ".ipynb":
            try:
                cells += read_all_cells(content, name)
            except SourceProblem:
                # Which the result says, above the first cell.
                continue
    return cells


@dataclass(slots=True)
class _Rebuilding:
    submission: Submission
    functions: Sequence[Function]
    known: dict[str, Known]
    _answers: dict[str, str] = field(default_factory=dict)
    """The text to show for a function that no cell of the student's is the answer to."""
    _done: set[str] = field(default_factory=set)

    def notebook(self, cells: Sequence[Cell]) -> Iterator[dict[str, Any]]:
        roles = self._roles(cells)
        for place, cell in enumerate(cells):
            name = roles.get(place)
            if name is not None:
                yield from self._put(name, cell)
            if not (name and self.known[name].answered) and not self._is_released(cell):
                yield _plain(cell)
        for function in self.functions:
            yield from self._put(function.name)
        for name, known in self.known.items():
            # A locked cell without points is only there to be run.
            if known.answered or known.marks["grade"] or known.marks["task"]:
                yield from self._put(name)

    def _put(self, name: str, cell: Cell | None = None) -> Iterator[dict[str, Any]]:
        """A known cell with the student's text, if there is one, and behind it its tests."""
        if name not in self.known or name in self._done:
            return
        self._done.add(name)
        yield _marked(self.known[name], cell, self._answers.get(name))
        yield from self._put(graded_cell_id(name))

    def _roles(self, cells: Sequence[Cell]) -> dict[int, str]:
        """Which of the student's cells stands for which known one."""
        roles = self._definitions(cells)
        # Where the tests stand follows from the answers; one that doesn't parse defines nothing.
        settled = {graded_cell_id(f.name) for f in self.functions} | {
            *roles.values(),
            *self._answers,
        }
        for name, known in self.known.items():
            places = [n for n, cell in enumerate(cells) if name in cell.names and n not in roles]
            if places and name not in settled:
                # Copied, the one that was written in is meant, and of several of these the last.
                written = [n for n in places if cells[n].source.strip() != known.source.strip()]
                roles[(written or places)[-1]] = name
        return roles

    def _definitions(self, cells: Sequence[Cell]) -> dict[int, str]:
        """The answer cell of each function that is judged in the notebook, if it has one."""
        layout = find_layout(self.submission, load_course())
        chunks = {source.name: source.chunks for source in self.submission.sources}
        cell_chunks = chunks.get(NOTEBOOK, ())
        places = [place for place, cell in enumerate(cells) if cell.kind == "code"]
        # Files of the student's own stand before the notebook's cells.
        places = places[len(places) - len(cell_chunks) :]
        roles: dict[int, str] = {}
        for function in self.functions:
            if layout.homes.get(function.unit) == NOTEBOOK:
                for place, chunk in reversed(list(zip(places, cell_chunks, strict=True))):
                    if is_bound(function.name, [chunk]):
                        roles.setdefault(place, function.name)
                        break
        self._answers = {
            name: _ELSEWHERE.format(name=name) for name in layout.attempted
        } | self._from_files(layout.homes, chunks)
        return roles

    def _from_files(
        self, homes: Mapping[str, str], chunks: Mapping[str, Sequence[str]]
    ) -> dict[str, str]:
        """A unit's file, cut before each function, and spread over their answer cells."""
        answers: dict[str, str] = {}
        faults = {fault.unit: fault.message for fault in self.submission.faults if fault.unit}
        for unit in dict.fromkeys(function.unit for function in self.functions):
            names = [function.name for function in self.functions if function.unit == unit]
            if homes.get(unit) == unit:
                answers |= _pieces("".join(chunks[unit]), names)
            elif unit in faults:
                text = _UNREAD.format(unit=unit, why=faults[unit])
                answers |= dict.fromkeys(names, text)
        return answers

    def _is_released(self, cell: Cell) -> bool:
        """Is it a cell that nbgrader puts back, with nothing of the student's in it?"""
        known = next((self.known[name] for name in cell.names if name in self.known), None)
        if known is None or known.answered:
            return False
        return set(cell.source.splitlines()) <= set(known.source.splitlines())


def _pieces(text: str, names: Sequence[str]) -> dict[str, str]:
    lines = text.splitlines(keepends=True)
    found = [(line, name) for name in names if (line := line_of(name, [text])) is not None]
    if not found:
        return {names[0]: text}
    found.sort()
    starts = [0, *(line - 1 for line, _ in found[1:])]
    ends = [*starts[1:], len(lines)]
    pieces = zip(found, starts, ends, strict=True)
    return {name: "".join(lines[start:end]).rstrip() for (_, name), start, end in pieces}


def _marked(known: Known, cell: Cell | None, answer: str | None) -> dict[str, Any]:
    """A cell with nbgrader's marks, and the student's text in it."""
    if cell is not None and known.answered:
        shown = Cell(known.kind, cell.source, (), cell.pictures if known.kind != "code" else {})
    elif answer is not None or known.kind == "code" or not known.answered:
        shown = Cell(known.kind, answer or known.source)
    else:
        # Not the released text: nbgrader would take that for "no response", and give a zero.
        shown = Cell(known.kind, _LOST)
    return _plain(shown) | {"metadata": {"nbgrader": known.marks}}


def _plain(cell: Cell) -> dict[str, Any]:
    source = cell.source if cell.kind == "code" else harmless(cell.source)
    shown: dict[str, Any] = {"cell_type": cell.kind, "metadata": {}, "source": source}
    if cell.kind == "code":
        return shown | {"execution_count": None, "outputs": []}
    return shown | ({"attachments": cell.pictures} if cell.pictures else {})
