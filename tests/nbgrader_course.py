"""A course as an nbgrader user has it: the kit's source notebooks and its settings, no more."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.authoring.build import ROOT
from autograder.course import load_course


class NbgraderCourse:
    """A course folder in ``root``. Every command runs in a process of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(exist_ok=True)
        shutil.copytree(ROOT / "source", root / "source")
        shutil.copy(ROOT / "nbgrader_config.py", root)

    def run(self, *arguments: str, cwd: Path | None = None, may_fail: bool = False) -> str:
        """Run ``nbgrader ARGUMENTS`` and return all that it says; it has to succeed."""
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=cwd or self.root,
            env=environment(self.root),
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert may_fail or done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def released(self, assignment: str) -> Path:
        return self.root / "release" / assignment / f"{assignment}.ipynb"

    def solved(self, assignment: str) -> dict[str, str]:
        """The released notebook's cells by id, the functions' with their answers filled in."""
        source = _cells(self.root / "source" / assignment / f"{assignment}.ipynb")
        answers = {
            function.name: source[function.name]
            .replace("    ### BEGIN SOLUTION\n", "")
            .replace("\n    ### END SOLUTION", "")
            for function in load_course().of_assignment(assignment)
        }
        return _cells(self.released(assignment)) | answers

    def submitted(self, student: str, assignment: str) -> Path:
        """Where ``nbgrader collect`` leaves a student's submission."""
        return self.root / "submitted" / student / assignment

    def scores(self, assignment: str) -> dict[tuple[str, str], float]:
        """The points of each student and graded cell, as the gradebook has them."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as book:
            return {
                (submission.student.id, grade.cell.name): grade.score
                for submission in book.assignment_submissions(assignment)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }


def _cells(notebook: Path) -> dict[str, str]:
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells}


def environment(root: Path) -> dict[str, str]:
    """Without the settings of whoever runs the tests, and without what slows a kernel down."""
    ours = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTEST_CURRENT_TEST"}
    environment = {key: value for key, value in os.environ.items() if key not in ours}
    own = root / ".jupyter"
    return environment | {
        "JUPYTER_CONFIG_DIR": str(own),
        "JUPYTER_DATA_DIR": str(own),
        "IPYTHONDIR": str(own),
        # nbgrader calls alembic by name.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        # A kernel finds the kit that is tested, wherever it is started.
        "PYTHONPATH": str(ROOT),
    }
