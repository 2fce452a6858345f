"""``nbgrader autograde`` over the class, in a real course folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from autograder.course import Function, load_course
from side_by_side.cost import WITH_HELPERS, Command, Cost, cost_of
from side_by_side.made_class import ASSIGNMENT, answer_cells, notebook_cell, notebook_text
from side_by_side.points import Points

NOTEBOOK = f"{ASSIGNMENT}.ipynb"

_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "benchmark"
"""
_TEST_CELL = """\
### BEGIN HIDDEN TESTS
from side_by_side.same_checks import earned
earned("{name}", globals())
### END HIDDEN TESTS
"""


def jupyter_environment(home: Path) -> dict[str, str]:
    """Jupyter's own folders, so that nobody's settings change what is measured."""
    kinds = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    return {**WITH_HELPERS, **{kind: str(home / kind.lower()) for kind in kinds}}


def make_course(folder: Path, members: Iterable[tuple[str, int]], home: Path) -> Path:
    """A course with its assignment released and each member's notebook submitted."""
    source = folder / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")
    (source / NOTEBOOK).write_text(_instructor_notebook(), encoding="utf-8")
    environment = jupyter_environment(home)
    cost_of(Command(["nbgrader", "generate_assignment", ASSIGNMENT], folder, environment))
    released = folder / "release" / ASSIGNMENT / NOTEBOOK
    for student, kind in members:
        target = folder / "submitted" / student / ASSIGNMENT / NOTEBOOK
        target.parent.mkdir(parents=True)
        target.write_text(student_notebook(released, kind), encoding="utf-8")
    return folder


def student_notebook(released: Path, kind: int) -> str:
    """The released notebook with the answers filled in."""
    document = json.loads(released.read_text(encoding="utf-8"))
    answers = answer_cells(kind)
    for cell in document["cells"]:
        if cell["metadata"]["nbgrader"]["solution"]:
            cell["source"] = answers[cell["metadata"]["nbgrader"]["grade_id"]]
    return json.dumps(document, indent=1)


def autograde(courses: list[Path], home: Path) -> tuple[Cost, Points]:
    """Grade copies of the courses, one process for each, all at once."""
    copies = [Path(shutil.copytree(c, c.with_name(f"{c.name}-graded"))) for c in courses]
    try:
        environment = jupyter_environment(home)
        command = ["nbgrader", "autograde", ASSIGNMENT]
        cost = cost_of(*(Command(command, copy, environment) for copy in copies))
        return cost, {name: own for copy in copies for name, own in _gradebook(copy).items()}
    finally:
        for copy in copies:
            shutil.rmtree(copy)


def start_up(folder: Path, home: Path) -> Cost:
    """What the command costs before it does anything."""
    return cost_of(Command(["nbgrader", "--version"], folder, jupyter_environment(home)))


def _instructor_notebook() -> str:
    functions = load_course().of_assignment(ASSIGNMENT)
    return notebook_text([cell for function in functions for cell in _cells(function)])


def _cells(function: Function) -> list[dict[str, object]]:
    """One cell for the answer, one with the hidden tests."""
    answer = f"### BEGIN SOLUTION\n{answer_cells(0)[function.name]}\n### END SOLUTION\n"
    marks = {"schema_version": 3, "task": False}
    solution = {**marks, "grade": False, "solution": True, "locked": False}
    test = {**marks, "grade": True, "solution": False, "locked": True, "points": function.points}
    name = function.name
    return [
        notebook_cell(answer, name, nbgrader={**solution, "grade_id": name}),
        notebook_cell(
            _TEST_CELL.format(name=name),
            f"test_{name}",
            nbgrader={**test, "grade_id": f"test_{name}"},
        ),
    ]


def _gradebook(course: Path) -> Points:
    from nbgrader.api import Gradebook

    points: Points = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for submission in book.assignment_submissions(ASSIGNMENT):
            points[submission.student.id] = {
                grade.name.removeprefix("test_"): grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
    return points
