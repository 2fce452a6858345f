"""nbgrader's autograde with our results in place of a run: no cell is executed here.

Everything else is nbgrader's own, in the order that the course's settings say: what is locked is
put back, scores and late penalties go to the gradebook, the notebook goes to ``autograded``.
Imports nbgrader, so import this only where that is wanted.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from nbconvert.preprocessors import ExecutePreprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader import utils
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor, SaveAutoGrades
from traitlets.utils.importstring import import_item

from autograder.reporting.cells import Card, graded_card
from autograder.reporting.text import number
from autograder.roles import graded_cell_id

OURS = "autograder"
_NOTES = "# What was odd about what was handed in"


class ShowResults(NbGraderPreprocessor):
    """Gives each test cell the output that a run would have: the points, and why."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        result = resources[OURS]["result"]
        functions = {graded_cell_id(f["name"]): f for f in result["functions"]}
        for cell in nb.cells:
            function = functions.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            if function is not None and utils.is_grade(cell):
                cell.outputs = [_output(graded_card(function), number(function["score"]))]
        said = [note for note in (result["problem"], *result["notes"]) if note]
        if said:
            nb.cells.insert(0, new_code_cell(_NOTES, outputs=[_output(Card([], said))]))
            # Ids are of a later version than the rest of the notebook.
            del nb.cells[0]["id"]
        return nb, resources


def _output(card: Card, value: str | None = None) -> NotebookNode:
    """``value`` is what nbgrader reads as the points; people see the card."""
    if value is None:
        return new_output("display_data", {"text/plain": str(card), "text/html": card.html})
    return new_output("execute_result", {"text/plain": value, "text/html": card.html})


class HideTests(ClearHiddenTests):
    """Takes out the hidden regions that were put back: feedback would print them."""

    def preprocess_cell(self, cell: NotebookNode, resources: Any, cell_index: int) -> Any:
        # A student may write such a line too, and never end the region.
        if utils.is_locked(cell):
            return super().preprocess_cell(cell, resources, cell_index)
        return cell, resources


class SaveScores(SaveAutoGrades):
    """Saves the scores; what a person has reviewed stays reviewed while it is the same."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        self._before = resources[OURS]["before"]
        return super().preprocess(nb, resources)

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        reviewed = grade.manual_score is not None and not grade.needs_manual_grade
        score = grade.auto_score
        super()._add_score(cell, resources)
        read = grade.auto_score is not None or self._before.get(name) == cell.source
        if reviewed and read and grade.auto_score == score:
            grade.needs_manual_grade = False
            self.gradebook.db.commit()


class WriteResults(Autograde):
    """One course's autograde; ``staged`` is its folder of submissions, rebuilt."""

    sanitize_preprocessors: list[Any]
    autograde_preprocessors: list[Any]

    def __init__(self, coursedir: CourseDirectory, staged: Path, **options: Any) -> None:
        super().__init__(coursedir=coursedir, **options)
        coursedir.submitted_directory = str(staged)
        # Whom nbgrader has autograded before, it would pass over.
        self.force = True
        self.sanitize_preprocessors = [*self.sanitize_preprocessors, HideTests]
        wanted = [import_item(p) if isinstance(p, str) else p for p in self.autograde_preprocessors]
        kept = [p for p in wanted if not issubclass(p, ExecutePreprocessor)]
        ours = [SaveScores if p is SaveAutoGrades else p for p in kept]
        self.autograde_preprocessors = [ShowResults, *ours]

    def write(self, result: dict[str, Any], assignment: str) -> bool:
        """Write one student's scores and autograded notebook.

        False when the course's settings leave this student out. Raises whatever nbgrader does.
        """
        student = result["student"]
        self._autograded = Path(
            self._path(self.coursedir.autograded_directory, student, assignment)
        )
        folder = Path(self._path(self.coursedir.submitted_directory, student, assignment))
        self.notebooks = [str(folder / f"{assignment}.ipynb")]
        before = _sources(self._autograded / f"{assignment}.ipynb")
        self._ours = {"result": result, "before": before}
        self._student, self._assignment, self._written = student, assignment, False
        self.start()
        return self._written

    def _path(self, step: str, student: str, assignment: str) -> str:
        return self.coursedir.format_path(step, student, assignment)

    def init_notebooks(self) -> None:
        """Nothing: `write` knows which, and a student's name is no pattern for names."""

    def convert_notebooks(self) -> None:
        # nbgrader's own goes on after an error, and only logs what it was.
        student, assignment = self._student, self._assignment
        if not self.init_destination(assignment, student):
            return
        try:
            self.run_pre_convert_hook()
            self.init_assignment(assignment, student)
            for notebook in self.notebooks:
                self.convert_single_notebook(notebook)
            self.set_permissions(assignment, student)
            self.run_post_convert_hook()
        except BaseException:
            shutil.rmtree(self._autograded, ignore_errors=True)
            raise
        self._written = True

    def init_single_notebook_resources(self, notebook_filename: str) -> dict[str, Any]:
        resources = super().init_single_notebook_resources(notebook_filename)
        return resources | {OURS: self._ours}


def _sources(notebook: Path) -> dict[str, str]:
    """The text of each of nbgrader's cells in an autograded notebook, if there is one."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        marked = [cell for cell in cells if "nbgrader" in cell["metadata"]]
        return {
            cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"]) for cell in marked
        }
    except (OSError, ValueError, LookupError, TypeError):
        return {}
