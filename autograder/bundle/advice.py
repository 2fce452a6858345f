"""What a student should know who answers in files and in the notebook, before they hand both in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.attempts import is_attempted, is_bound
from autograder.course import Function
from autograder.intake.submission import DESK, NOTEBOOK, Submission
from autograder.judging.layout import Layout


def advice(submission: Submission, layout: Layout, functions: Sequence[Function]) -> list[str]:
    """Sentences on answers that do not count, or that work with something unfinished."""
    modules = {source.name: source.chunks for source in submission.sources}
    cells = modules.get(NOTEBOOK, ())
    answered = {f.name for f in functions if is_attempted(f.name, cells, modules)}
    homes = {f.name: layout.homes.get(f.unit, NOTEBOOK) for f in functions}
    elsewhere = {name: home for name, home in homes.items() if home != NOTEBOOK}
    solved_elsewhere = elsewhere.keys() & layout.attempted
    sentences: list[str] = []
    for function in functions:
        name = function.name
        if name in answered and name in elsewhere:
            # An import of the very answer in the file is no second one.
            if is_bound(name, cells, own=True):
                sentences.append(_not_counted(name, elsewhere[name], name in layout.attempted))
        elif name in answered:
            used = {n: elsewhere[n] for n in function.builds_on if n in solved_elsewhere}
            sentences += _built_on_stubs(name, used, cells, answered)
    return sentences


def _not_counted(name: str, home: str, twice: bool) -> str:
    if twice:
        return f"{name} is answered twice: {home}.py counts, and not the notebook."
    return (
        f"{name} in the notebook does not count, since {home}.py has answers of the same unit: "
        "copy it there."
    )


def _built_on_stubs(
    name: str, used: dict[str, str], cells: Sequence[str], answered: set[str]
) -> Iterator[str]:
    """A cell calls what the notebook binds: there, a stub stays a stub."""
    for earlier, home in used.items():
        if is_bound(earlier, cells) and earlier not in answered:
            yield (
                f"{name} in the notebook can't use your {earlier}, which is a stub there: put "
                f"`from {DESK}.{home} import {earlier}` in its place."
            )
