"""nbgrader's course folder, opened as nbgrader itself opens it: its settings and its gradebook."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.reporting.rebuilt import Known

if TYPE_CHECKING:
    from nbgrader.api import Gradebook, Notebook
    from nbgrader.apps import NbGrader
    from sqlalchemy.engine import URL

_UNUSABLE = "{url} can't be used as a gradebook: {why}."


class GradebookError(Exception):
    """The gradebook can't be filled; the message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class NbgraderCourse:
    """A course. ``app`` holds its settings, ``url`` says where its gradebook is."""

    root: Path
    app: NbGrader
    url: URL

    @property
    def shown_url(self) -> str:
        """The place of the gradebook, without a password."""
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """The open gradebook. Raises GradebookError when it is none, or can't be read."""
        from nbgrader.api import Gradebook
        from sqlalchemy.exc import SQLAlchemyError

        try:
            self._check()
            with Gradebook(self.app.coursedir.db_url, self.app.coursedir.course_id) as gradebook:
                yield gradebook
        # A driver for another kind of database may be missing, and says so itself.
        except (SQLAlchemyError, ImportError) as error:
            raise GradebookError(_UNUSABLE.format(url=self.shown_url, why=said(error))) from error

    def _check(self) -> None:
        """Raise GradebookError where nbgrader would make a new and empty gradebook."""
        from sqlalchemy import create_engine, inspect

        file = self.url.database or ""
        is_file = self.url.get_backend_name() == "sqlite"
        # SQLite makes the file that it is asked for.
        known = not is_file or Path(file).is_file()
        if known:
            engine = create_engine(self.url)
            known = inspect(engine).has_table("assignment")
            engine.dispose()
        if not known:
            raise GradebookError(
                f"there is no gradebook at {self.shown_url}: run `nbgrader generate_assignment` "
                f"in {self.root} first, or give the URL of the gradebook after --gradebook."
            )


def open_course(submitted: Path, url: str) -> NbgraderCourse:
    """The course whose folder of submissions ``submitted`` is.

    ``url`` is that of its gradebook; empty, the course's settings say which. Raises
    GradebookError when nbgrader isn't installed, the settings are broken or ``submitted`` is
    another folder than they say.
    """
    try:
        from nbgrader.apps import AutogradeApp
    except ImportError as error:
        raise GradebookError(
            'the gradebook needs nbgrader: run `pip install -e ".[instructor]"`.'
        ) from error
    submitted = Path(os.path.abspath(submitted))  # noqa: PTH100 - a link is where it stands
    root = submitted.parent
    app = AutogradeApp()
    app.raise_config_file_errors = True
    given = _absolute(url)
    try:
        with inside(root):
            app.initialize([], root=str(root))
            if given is not None:
                app.coursedir.db_url = given.render_as_string(hide_password=False)
            found = given or _absolute(app.coursedir.db_url)
    # A settings file is a program, and may raise anything; nbgrader exits for a wrong value.
    except (Exception, SystemExit) as error:
        if isinstance(error, GradebookError):
            raise
        why = "see `nbgrader db assignment list`" if isinstance(error, SystemExit) else said(error)
        raise GradebookError(f"nbgrader can't read its settings in {root}: {why}.") from error
    wanted = Path(app.coursedir.root, app.coursedir.submitted_directory)
    if submitted != wanted:
        raise GradebookError(
            f"--gradebook grades the folder {wanted.name} of an nbgrader course, which "
            f"{submitted} is not: give COURSE/{wanted.name}."
        )
    assert found is not None
    return NbgraderCourse(root, app, found)


def known_cells(course: NbgraderCourse, assignment: str) -> tuple[list[Known], frozenset[str]]:
    """The assignment's cells in the gradebook, and the names of the other assignments.

    Raises GradebookError when the assignment isn't there, or isn't the one notebook.
    """
    from nbgrader.api import MissingEntry

    with inside(course.root), course.gradebook() as gradebook:
        others = {found.name for found in gradebook.assignments} - {assignment}
        try:
            notebooks = gradebook.find_assignment(assignment).notebooks
        except MissingEntry:
            notebooks = []
        names = [notebook.name for notebook in notebooks]
        if not names:
            raise GradebookError(
                f"{assignment} is not in the gradebook {course.shown_url}: run `nbgrader "
                f"generate_assignment {assignment}` in {course.root} first."
            )
        if names != [assignment]:
            raise GradebookError(
                f"{assignment} has the notebooks {', '.join(sorted(names))} in the gradebook; "
                f"only {assignment}.ipynb alone can be graded."
            )
        return list(_cells(notebooks[0])), frozenset(others)


def _cells(notebook: Notebook) -> Iterator[Known]:
    from nbgrader.nbgraderformat import MetadataValidator

    graded = {cell.name: cell for cell in (*notebook.grade_cells, *notebook.task_cells)}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    for cell in notebook.source_cells:
        marks: dict[str, Any] = {
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
            "grade": cell.name in graded and cell.name not in tasks,
            "grade_id": cell.name,
            "locked": cell.locked,
            "schema_version": MetadataValidator.schema_version,
            "solution": cell.name in solutions,
            "task": cell.name in tasks,
        }
        if cell.name in graded:
            marks["points"] = graded[cell.name].max_score
        yield Known(cell.name, cell.cell_type, cell.source, marks)


def _absolute(url: str) -> URL | None:
    """The URL, with the path of a file from the root; None when it is empty.

    nbgrader is run in the course's folder, and a path from there is another one here.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    if not url:
        return None
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise GradebookError(_UNUSABLE.format(url=url, why="it is no URL of a database")) from error
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return parsed.set(database=str(Path.cwd() / parsed.database))
    return parsed


def said(error: BaseException) -> str:
    """An error of a library's in a line."""
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    return f"{type(cause).__name__}: {lines[0].rstrip('.')}" if lines else type(cause).__name__


@contextmanager
def inside(root: Path) -> Iterator[None]:
    """As if nbgrader were run in ``root``, but without a word: what it says is for its own log."""
    path, level = list(sys.path), logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    # A course's plugins lie in its folder.
    sys.path.insert(0, str(root))
    try:
        with chdir(root), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.path[:] = path
        logging.disable(level)
