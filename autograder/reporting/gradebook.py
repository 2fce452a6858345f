"""A class's scores in nbgrader's gradebook, student by student."""

from __future__ import annotations

import glob
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from autograder.attempts import forget
from autograder.intake.entrants import Entrant
from autograder.intake.trees import Kind, Tree
from autograder.reporting.nbgrader_course import (
    GradebookError,
    NbgraderCourse,
    inside,
    known_cells,
    said,
)
from autograder.reporting.rebuilt import Known, rebuilt_notebook
from autograder.reporting.text import number
from autograder.roles import graded_cell_id

if TYPE_CHECKING:
    from autograder.reporting.autograded import WriteResults

TIMESTAMP = "timestamp.txt"
SECRET = "submission_secret.txt"
_LONGEST_TIMESTAMP = 100
_AGAIN = "run the same command again, nothing is graded twice"


class NotWritten(Exception):
    """Nothing was written for this student; the message says why."""


@dataclass(frozen=True, slots=True)
class Filling:
    """A gradebook that is being filled with the results of one assignment."""

    course: NbgraderCourse
    assignment: str
    known: Sequence[Known]
    others: frozenset[str]
    staged: Path
    writer: WriteResults

    def write(self, entrant: Entrant, result: dict[str, Any]) -> None:
        """Write one student's scores, and the autograded notebook that shows why.

        What a person has graded or commented stays. Raises NotWritten when nbgrader refuses
        this student, GradebookError when the gradebook itself can't be written.
        """
        from sqlalchemy.exc import InterfaceError, OperationalError

        check_points(self.known, result)
        try:
            self._stage(entrant)
            with inside(self.course.root):
                written = self.writer.write(result, self.assignment)
            if not written:
                raise NotWritten("the course's settings leave this student out")
        except (InterfaceError, OperationalError) as error:
            raise GradebookError(
                f"{self.course.shown_url} can't be written: {said(error)}; mend that and {_AGAIN}."
            ) from error
        except (NotWritten, GradebookError):
            raise
        # A plugin or a hook of the course's own may raise anything, and nbgrader exits.
        except (Exception, SystemExit) as error:
            raise NotWritten(said(error)) from error
        finally:
            forget()
            shutil.rmtree(self.staged / entrant.student, ignore_errors=True)

    def _stage(self, entrant: Entrant) -> None:
        student = entrant.student
        # nbgrader looks for folders by patterns, and would take another student's for this one.
        if student.startswith(".") or student != glob.escape(student):
            raise NotWritten("nbgrader has no student of such a name; rename what was handed in")
        with entrant.opened() as tree:
            beside = self._beside(entrant, tree)
        folder = self.staged / entrant.student / self.assignment
        folder.mkdir(parents=True)
        text = rebuilt_notebook(*entrant.read_with_originals(), self.known, self.assignment)
        (folder / f"{self.assignment}.ipynb").write_text(text, encoding="utf-8")
        for name, content in beside.items():
            (folder / name).write_text(content, encoding="utf-8")

    def _beside(self, entrant: Entrant, tree: Tree) -> dict[str, str]:
        """What ``nbgrader submit`` has put beside the notebook: when, and the secret for feedback.

        Raises NotWritten for who has handed in other assignments only, or no readable time.
        """
        if entrant.kind is not Kind.FOLDER:
            return {}
        top = tree.folder(entrant.names[0])
        entries = top.entries()
        if self.assignment not in entries:
            if entries and set(entries) <= self.others:
                raise NotWritten(f"nothing was handed in for {self.assignment}")
            return {}
        folder = top.folder(self.assignment)
        found = {name: _line_in(folder, name) for name in (TIMESTAMP, SECRET)}
        found[TIMESTAMP] = _checked_timestamp(found[TIMESTAMP])
        return {name: line for name, line in found.items() if line}


def _line_in(folder: Tree, name: str) -> str:
    """The text of a small file, "" where there is none."""
    if folder.entries().get(name) is not Kind.FILE:
        return ""
    return next(folder.stream(name), b"").decode("utf-8", "replace").strip()


def _checked_timestamp(text: str) -> str:
    """Raises NotWritten: without its time a late submission would be on time."""
    from nbgrader.utils import parse_utc

    try:
        if len(text) <= _LONGEST_TIMESTAMP:
            return text if text and parse_utc(text) else ""
    except (ValueError, OverflowError, TypeError):
        pass
    raise NotWritten(f"{TIMESTAMP} holds no time; mend or remove it")


def check_points(known: Sequence[Known], result: dict[str, Any]) -> None:
    """Raise GradebookError unless the gradebook has our tests, each worth what it is here."""
    tests = {cell.name: cell.marks for cell in known if _is_test(cell)}
    for function in result["functions"]:
        name, points = function["name"], function["max_score"]
        marks = tests.pop(graded_cell_id(name), None)
        if marks is None or marks["points"] != points:
            there = "no test cell" if marks is None else f"{number(marks['points'])} points"
            raise GradebookError(
                f"{name} has {number(points)} points here and {there} in the gradebook, which was "
                "made with other suites: run `autograder build`, copy source/ to the course, run "
                f"`nbgrader generate_assignment --force {result['assignment']}`, and {_AGAIN}."
            )
    if tests:
        raise GradebookError(
            f"the gradebook has test cells that this kit can't grade ({', '.join(sorted(tests))}): "
            "remove them, or make them cells that are graded by hand."
        )


def _is_test(cell: Known) -> bool:
    return cell.marks["grade"] and not cell.marks["solution"]


@contextmanager
def filling(course: NbgraderCourse, assignment: str) -> Iterator[Filling]:
    """Open the gradebook to be filled. Raises GradebookError, OSError."""
    from autograder.reporting.autograded import WriteResults

    known, others = known_cells(course, assignment)
    with TemporaryDirectory(prefix="rebuilt-") as folder:
        staged = Path(folder)
        with inside(course.root):
            writer = WriteResults(course.app.coursedir, staged, parent=course.app)
        yield Filling(course, assignment, known, others, staged, writer)
