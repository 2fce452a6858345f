"""Find a class's submissions in what a learning system hands out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.intake.downloads import SYSTEMS, sort_out, system_of
from autograder.intake.entrants import (
    MAX_NAME,
    MAX_WRAPPERS,
    Entrant,
    IntakeError,
    opened_class,
    student_name,
)
from autograder.intake.trees import Kind, Tree, shown_path


def find_downloaded(
    submitted: Path, system: str, units: Sequence[str], assignment: str
) -> tuple[list[Entrant], list[str]]:
    """The submissions in ``submitted``, downloaded from ``system``, one of SYSTEMS; none is read.

    A student is called by name and number: that tells two of one name apart, and is what the
    system's grade book has too. Also returns sentences for the instructor on what is odd.
    Raises IntakeError when ``submitted`` can't be read, or nothing in it is named as the system
    names things.
    """
    known = {f"{assignment}.ipynb", *(f"{unit}.py" for unit in units)}
    wrappers: list[str] = []
    with opened_class(submitted) as tree:
        while not (download := sort_out(tree, SYSTEMS[system], known)).collected:
            wrappers.append(_wrapper(tree, system, len(wrappers), shown_path(submitted)))
            tree = tree.folder(wrappers[-1])
        notes = [*tree.notes, *download.notes]
    owners: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    for owner in download.collected:
        student = student_name(_shortened(owner))
        owners.setdefault(spelled.setdefault(student.casefold(), student), []).append(owner)
    return [
        Entrant(
            student,
            submitted,
            tuple(wrappers),
            tuple(names),
            Kind.FOLDER,
            tuple(units),
            assignment,
            download.collected[names[0]],
        )
        for student, names in sorted(owners.items())
    ], notes


def _wrapper(tree: Tree, system: str, depth: int, shown: str) -> str:
    """The one folder that may hold the download, or IntakeError for something else."""
    entries = tree.entries()
    if list(entries.values()) == [Kind.FOLDER] and depth < MAX_WRAPPERS:
        return next(iter(entries))
    other = system_of(entries)
    advice = f"--from {other}" if other else "the zip that it hands out, or the folder in that zip"
    title = SYSTEMS[system].TITLE
    raise IntakeError(f"{shown} holds nothing named as {title} names submissions; give {advice}.")


def _shortened(owner: str) -> str:
    """A name too long for a student's is cut in front of the number, which tells it apart."""
    name, mark, number = owner.rpartition("_")
    return f"{name[: MAX_NAME - len(mark + number)]}{mark}{number}"
