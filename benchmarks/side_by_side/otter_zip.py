"""``otter run`` for each submission, with a generated autograder zip."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from side_by_side.cost import NOTHING, Command, Cost, cost_of
from side_by_side.nbgrader_course import NOTEBOOK, jupyter_environment, student_notebook
from side_by_side.points import Points

HiddenTests = dict[str, dict[str, float]]
"""For each function, its hidden tests and their points."""

_TEST_FILE = """\
OK_FORMAT = False
from otter.test_files import test_case
from side_by_side.same_checks import require

name = "{function}"
points = None
"""
_TEST_CASE = """

@test_case(points={points}, hidden=True)
def {test}(env):
    require("{function}", "{test}", env)
"""


def make_zip(folder: Path, tests: HiddenTests, home: Path) -> Path:
    """The autograder zip: a test file a function, with a case for each hidden test."""
    (folder / "tests").mkdir(parents=True)
    for function, points in tests.items():
        cases = (_TEST_CASE.format(function=function, test=t, points=p) for t, p in points.items())
        text = _TEST_FILE.format(function=function) + "".join(cases)
        (folder / "tests" / f"{function}.py").write_text(text, encoding="utf-8")
    command = ["otter", "generate", "-t", "tests", "-o", "autograder.zip"]
    cost_of(Command(command, folder, jupyter_environment(home)))
    return folder / "autograder.zip"


def make_notebooks(
    folder: Path, released: Path, members: Iterable[tuple[str, int]]
) -> dict[str, Path]:
    """The same notebooks that nbgrader gets; their test cells are empty."""
    notebooks = {}
    for student, kind in members:
        notebooks[student] = folder / student / NOTEBOOK
        notebooks[student].parent.mkdir(parents=True)
        notebooks[student].write_text(student_notebook(released, kind), encoding="utf-8")
    return notebooks


def run_each(
    autograder: Path, notebooks: dict[str, Path], functions: Sequence[str], home: Path
) -> tuple[Cost, Points]:
    """Run otter on one notebook after the other."""
    cost, points = NOTHING, {}
    for student, notebook in notebooks.items():
        results = notebook.with_name("results.json")
        results.unlink(missing_ok=True)
        command = ["otter", "run", "--no-logo", "-a", str(autograder), "-o", ".", notebook.name]
        cost += cost_of(Command(command, notebook.parent, jupyter_environment(home)))
        points[student] = _read(results, functions)
    return cost, points


def _read(results: Path, functions: Sequence[str]) -> dict[str, float]:
    listed = json.loads(results.read_text(encoding="utf-8"))["tests"]
    scores = {test["name"]: test["score"] for test in listed if "score" in test}
    return {name: scores[name] for name in functions if name in scores}
