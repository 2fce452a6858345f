"""Find a class's submissions, and read each as text: nothing of a student's is run.

SUBMITTED, a folder or a zip, holds for each student a folder, a ``.zip`` or an ``.ipynb``
of that student's name. They may stand in one folder more, as they do after a class was
zipped. ``find_wrapper`` says when a single folder is such a wrapper and when a student.
What a learning system hands out is laid out in another way: see ``downloaded``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from autograder.intake.downloads import SYSTEMS, system_of
from autograder.intake.parts import Collected
from autograder.intake.submission import DESK, Reader, Submission
from autograder.intake.trees import Kind, Tree, shown_path
from autograder.intake.zips import open_class
from autograder.sources import SourceProblem, is_unseen, plain

MAX_NAME = 100
MAX_WRAPPERS = 2
SUBMITTED = "submitted"
_COURSE = (SUBMITTED, "source", "release", "autograded", "feedback", "solution")
"""The folders of a course of nbgrader's."""

_ALONE = (".zip", ".ipynb")
# Handed in, but not openable: such a student is told, and isn't lost.
_ARCHIVES = (".tar.gz", ".tar.bz2", ".tar.xz", ".tar", ".gz", ".tgz", ".rar", ".7z")
_DOCUMENTS = (".doc", ".docx", ".odt", ".pages", ".pdf", ".rtf")
_REFUSED = (*_ARCHIVES, *_DOCUMENTS, ".py")


class IntakeError(Exception):
    """SUBMITTED is no class; the message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """One student's submission, still unread; ``names`` are two or more when it came twice.

    ``collected`` says what is the student's in a learning system's download.
    """

    student: str
    submitted: Path
    wrappers: tuple[str, ...]
    names: tuple[str, ...]
    kind: Kind
    units: tuple[str, ...]
    assignment: str
    collected: Collected | None = None

    def read(self) -> Submission:
        """Take the submission apart. Raises nothing for what a student or a disk can do."""
        return self.read_with_originals()[0]

    def read_with_originals(self) -> tuple[Submission, dict[str, bytes]]:
        """The same, and the files that were taken apart, by name, as they were handed in."""
        reader, problem = self._reader()
        if problem is not None:
            # What was read before the machine failed may differ from run to run.
            return Reader(self.student, self.units, self.assignment).submission(problem), {}
        return reader.submission(), reader.contents

    @contextmanager
    def opened(self) -> Iterator[Tree]:
        """The folder in which the submission stands. Raises OSError, SourceProblem."""
        with open_class(self.submitted) as tree:
            for name in self.wrappers:
                tree = tree.folder(name)
            yield tree

    def _reader(self) -> tuple[Reader, str | None]:
        """What was read, and why it may not count."""
        reader = Reader(self.student, self.units, self.assignment)
        problem = self._problem()
        if problem is None:
            try:
                with self.opened() as tree:
                    self._read(reader, tree)
            except OSError as error:
                name = error.filename or plain(self.names[0])
                problem = f"{name} could not be read ({error.strerror}); mend that and grade again."
            except SourceProblem as changed:
                problem = str(changed)
        return reader, problem

    def _problem(self) -> str | None:
        shown = [plain(name) for name in self.names]
        if len(shown) > 1:
            return (
                f"{self.student} was handed in twice, as {' and '.join(shown)}; keep one of them."
            )
        if self.kind is Kind.LINK:
            return f"{shown[0]} is a link; put the submission itself in its place."
        if self.kind is Kind.OTHER:
            return f"{shown[0]} is not an ordinary file; put the submission itself in its place."
        return None

    def _read(self, reader: Reader, tree: Tree) -> None:
        name = self.names[0]
        if self.student.casefold() != _spelled(_stem(name, self.kind)).casefold():
            reader.note(f"The name “{plain(name)}” is written as “{self.student}” here.")
        if self.collected:
            reader.read_folder(self.collected.folder(tree))
        elif self.kind is Kind.FOLDER:
            reader.read_folder(tree.folder(name))
        elif name.lower().endswith(".zip"):
            reader.read_zip(tree, name)
        elif name.lower().endswith(".ipynb"):
            reader.read_notebook(tree, name)
        else:
            reader.fault(
                f"{plain(name)} can't be opened; hand in a folder, a .zip or an .ipynb instead."
            )


def find_submissions(submitted: Path, units: Sequence[str], assignment: str) -> list[Entrant]:
    """The submissions in the folder or zip ``submitted``, sorted by student; none is read yet.

    ``units`` are the names of the course's modules. Raises IntakeError when ``submitted`` is
    missing, is neither folder nor zip, is damaged, or holds no submission.
    """
    shown = shown_path(submitted)
    with opened_class(submitted) as top:
        wrappers, tree = _unwrapped(top, {SUBMITTED, assignment, submitted.stem}, units, assignment)
        system = system_of(top.entries()) or system_of(tree.entries())
        if system:
            raise IntakeError(
                f"{shown} looks like a download from {SYSTEMS[system].TITLE}; "
                f"give it with --from {system}."
            )
        _check_class(tree, shown, units, assignment)
        found, notes = _students(tree), tree.notes
    if not found:
        why = f" {notes[0]}" if notes else ""
        raise IntakeError(
            f"{shown} holds no submission; put a folder, a .zip or an .ipynb a student in it.{why}"
        )
    return [
        Entrant(student, submitted, wrappers, tuple(names), kind, tuple(units), assignment)
        for student, (names, kind) in sorted(found.items())
    ]


@contextmanager
def opened_class(submitted: Path) -> Iterator[Tree]:
    """What is in ``submitted``. Raises IntakeError for all that can be wrong with it."""
    shown = shown_path(submitted)
    try:
        if not submitted.exists():
            raise IntakeError(f"{shown} does not exist; give a folder or zip of submissions.")
        if not (submitted.is_dir() or submitted.is_file()):
            raise IntakeError(f"{shown} is neither a folder nor a zip.")
        with open_class(submitted) as tree:
            yield tree
    except SourceProblem as problem:
        raise IntakeError(str(problem)) from problem
    except OSError as error:
        raise IntakeError(f"{shown} could not be read: {error.strerror}.") from error


def _unwrapped(
    tree: Tree, called: set[str], units: Sequence[str], assignment: str
) -> tuple[tuple[str, ...], Tree]:
    """The wrappers from the outside in, and the folder in which the students stand."""
    wrappers: list[str] = []
    while len(wrappers) < MAX_WRAPPERS:
        wrapper = find_wrapper(tree, called, units, assignment)
        if wrapper is None:
            break
        wrappers.append(wrapper)
        tree = tree.folder(wrapper)
    return tuple(wrappers), tree


def find_wrapper(tree: Tree, called: set[str], units: Sequence[str], assignment: str) -> str | None:
    """The name of the one folder around all students, or None when they stand in ``tree``.

    A single folder is a wrapper when it has no work of its own (no unit's file, no notebook
    or folder named after the assignment, no ``exercises``), and either holds two or more
    students or has a name that no student has: one of ``called``, which are "submitted", the
    assignment, and SUBMITTED's own name. Otherwise it is the folder of a class's one student.
    """
    candidates = _candidates(tree)
    if len(candidates) != 1 or list(candidates.values()) != [Kind.FOLDER]:
        return None
    (name,) = candidates
    inner = tree.folder(name)
    if _own_work(inner, units, assignment):
        return None
    students = len(_candidates(inner))
    return name if students > 1 or (students == 1 and name in called) else None


def _own_work(tree: Tree, units: Sequence[str], assignment: str) -> str | None:
    """A name in ``tree`` that only one student's own folder has, if there is one."""
    usual = {f"{assignment}.ipynb", assignment, DESK, *(f"{unit}.py" for unit in units)}
    return next((name for name in tree.entries() if name in usual), None)


def _check_class(tree: Tree, shown: str, units: Sequence[str], assignment: str) -> None:
    """Raise IntakeError for a folder that is too low, one student's, or too high.

    Not where two students or more stand beside what speaks for it: a student chooses the name
    of a hand-in, and must not be able to stop the class with it.
    """
    if len(list(islice(_surely_students(tree, units, assignment), 2))) == 2:
        return
    own = _own_work(tree, units, assignment)
    entries = tree.entries()
    for name in (SUBMITTED, assignment):
        if entries.get(name) is Kind.FOLDER and not _own_work(tree.folder(name), units, assignment):
            raise IntakeError(f"{shown} holds more than submissions; give its folder {name}.")
    if own:
        raise IntakeError(
            f"{shown} holds {own} itself; give the folder above it, with a folder a student."
        )


def _surely_students(tree: Tree, units: Sequence[str], assignment: str) -> Iterator[str]:
    """The folders with work in them, and the zips, whose names mean nothing else."""
    other = {assignment, DESK, *_COURSE}
    for name, kind in _candidates(tree).items():
        if kind is Kind.FOLDER and name not in other:
            if _own_work(tree.folder(name), units, assignment):
                yield name
        elif kind is Kind.FILE and name.lower().endswith(".zip"):
            yield name


def _candidates(tree: Tree) -> dict[str, Kind]:
    """What may be a submission: folders, and the kinds of file that students hand in."""
    files = (*_ALONE, *_REFUSED)
    return {
        name: kind
        for name, kind in tree.entries().items()
        if kind is Kind.FOLDER
        or name.lower().endswith(files)
        or (kind is Kind.LINK and not Path(name).suffix)
    }


def _students(tree: Tree) -> dict[str, tuple[list[str], Kind]]:
    """For each student the names of all that was handed in under that name."""
    spelled: dict[str, str] = {}
    found: dict[str, tuple[list[str], Kind]] = {}
    for name, kind in _candidates(tree).items():
        student = student_name(_stem(name, kind))
        student = spelled.setdefault(student.casefold(), student)
        found.setdefault(student, ([], kind))[0].append(name)
    return found


def _stem(name: str, kind: Kind) -> str:
    if kind is Kind.FOLDER:
        return name
    ending = next((end for end in (*_ALONE, *_REFUSED) if name.lower().endswith(end)), "")
    return name[: len(name) - len(ending)]


def student_name(stem: str) -> str:
    """The student's name, such as can be printed and written to a file."""
    seen = "".join("_" if is_unseen(c) or c in "/\\" else c for c in _spelled(stem))
    return seen[:MAX_NAME] or "_"


def _spelled(stem: str) -> str:
    """The name as typed: macOS writes an accent as a character of its own."""
    return unicodedata.normalize("NFC", stem).strip()
