"""What is odd about the cells of a notebook: a stub pasted again gives way, the rest is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from autograder.attempts import is_attempted, is_bound, is_nested, mentions, without_stub
from autograder.course import Course
from autograder.intake.notebooks import Marks
from autograder.intake.submission import NOTEBOOK, Source, Submission
from autograder.judging.layout import Layout
from autograder.roles import SET_UP, answer_cell_id, graded_cell_id

_SHOWN = 5


def without_pasted_stubs(submission: Submission, course: Course) -> Submission:
    """The submission without the stubs that stand in cells below an answer, and a note on these.

    In a file the last definition is the function. But a released cell that was pasted once more,
    to read its task, is no answer; and nbgrader tests the first before it runs the second.
    """
    pasted: list[str] = []

    def mended(source: Source) -> Source:
        if source.name != NOTEBOOK:
            return source
        for function in course.functions:
            chunks = _without_pasted_stubs(function.name, source.chunks)
            if chunks != source.chunks:
                pasted.append(function.name)
                source = replace(source, chunks=chunks)
        return source

    sources = tuple(map(mended, submission.sources))
    if not pasted:
        return submission
    note = (
        f"{_and(pasted)}: the released cell stands once more below your own, which was graded "
        "all the same; delete the other."
    )
    return replace(submission, sources=sources, notes=(*submission.notes, note))


def _without_pasted_stubs(name: str, chunks: tuple[str, ...]) -> tuple[str, ...]:
    if is_attempted(name, chunks):
        return chunks
    answered = False
    kept = []
    for chunk in chunks:
        kept.append(without_stub(name, chunk) if answered else chunk)
        answered = answered or _answers(name, chunk)
    return tuple(kept)


def _answers(name: str, chunk: str) -> bool:
    return is_bound(name, [chunk], own=True) and is_attempted(name, [chunk])


def odd_notes(submission: Submission, layout: Layout, course: Course) -> Iterator[str]:
    """A sentence for each kind of oddity in the notebook, if there is one."""
    for source in submission.sources:
        if source.name == NOTEBOOK:
            yield from _notes_on_functions(source, layout, course)
            yield from _notes_on_torch(source.chunks)
            yield from _notes_on_roles(source.marks, course)


def _notes_on_functions(source: Source, layout: Layout, course: Course) -> Iterator[str]:
    here = [f.name for f in course.functions if layout.homes.get(f.unit) == NOTEBOOK]
    missing = [name for name in here if name not in layout.attempted]
    several = {name: cells for name in here if len(cells := _cells_of(name, source.chunks)) > 1}
    if several:
        listed = [f"{name} (code cells {_and(cells)})" for name, cells in several.items()]
        yield f"Defined more than once, so that the last one counts: {_and(listed)}."
    written = [name for name in missing if is_attempted(name, source.marks.asides)]
    if written:
        yield (
            f"{_and(written)}: written in a cell of Markdown or raw text, which is not run; "
            "turn it into a code cell."
        )
    nested = [name for name in missing if is_nested(name, source.chunks)]
    if nested:
        yield (
            f"{_and(nested)}: defined inside another function or class, where nothing can call it; "
            "move it to the left margin."
        )


def _cells_of(name: str, chunks: Sequence[str]) -> list[str]:
    return [str(number) for number, c in enumerate(chunks, start=1) if _answers(name, c)]


def _notes_on_torch(chunks: Sequence[str]) -> Iterator[str]:
    # A star import may bring it.
    if mentions("torch", chunks) and not is_bound("torch", chunks) and not mentions("*", chunks):
        yield "torch is never imported: it was taken as imported; put `import torch` at the top."


def _notes_on_roles(marks: Marks, course: Course) -> Iterator[str]:
    """On cells of the released notebook, for those who began with it."""
    roles, bare = Counter(marks.roles), {*marks.bare}
    released = [
        cell
        for assignment in course.assignments
        for cell in _released_cells(assignment, course, marks)
    ]
    for what, cells in {
        "are gone": [c for c in released if c not in roles and c not in bare],
        "have lost their role in grading": [c for c in released if c not in roles and c in bare],
        "stand there more than once": [c for c in released if roles[c] > 1],
    }.items():
        if cells:
            yield (
                f"Some cells that came with the notebook {what} ({_and(cells)}): your functions "
                "were looked for by name."
            )


def _released_cells(assignment: str, course: Course, marks: Marks) -> list[str]:
    """The ids that the notebook of an assignment has; none where there is no trace of it."""
    names = [function.name for function in course.of_assignment(assignment)]
    answers, tests = [*map(answer_cell_id, names)], [*map(graded_cell_id, names)]
    # Without nbgrader's role, a cell may be called rank in any notebook, but hardly test-rank.
    began_here = {*answers, *tests}.intersection(marks.roles) or {*tests}.intersection(marks.bare)
    return [SET_UP, *answers, *tests] if began_here else []


def _and(names: Iterable[str]) -> str:
    shown = list(names)
    if len(shown) > _SHOWN:
        shown = [*shown[:_SHOWN], f"{len(shown) - _SHOWN} more"]
    return ", ".join(shown[:-1]) + " and " * (len(shown) > 1) + shown[-1]
