"""A week of a course that lives in nbgrader, from build to export: ``python -m tests.week``.

Ten students hand in what students hand in. The class is graded both ways, by nbgrader itself
and by ``autograder grade``, and a table says who got what and, where the two differ, why.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.authoring.build import ROOT
from autograder.authoring.notebook import WRITE_UP, graded_cell_id
from autograder.course import load_course
from tests.nbgrader_course import NbgraderCourse, environment

ASSIGNMENT = "mnist_basics"
FILE = f"{ASSIGNMENT}.ipynb"
NAMES = [function.name for function in load_course().of_assignment(ASSIGNMENT)]
Cells = dict[str, str]


@dataclass(frozen=True)
class Student:
    """``hand_in`` makes the submission from the solved notebook's cells, by id, and the released
    notebook; ``differs`` is why nbgrader gives other points, "" where it must not."""

    name: str
    did: str
    hand_in: Callable[[Path, Cells, dict[str, Any]], None]
    differs: str = ""


STUDENTS: list[Student] = []


def student(did: str, differs: str = "") -> Callable[[Any], Any]:
    """Enrol: the function's name is the student's, its body what they did to the notebook."""

    def enrol(hand_in: Callable[[Path, Cells, dict[str, Any]], None]) -> Any:
        STUDENTS.append(Student(hand_in.__name__, did, hand_in, differs))
        return hand_in

    return enrol


def write(folder: Path, cells: Cells, notebook: dict[str, Any]) -> None:
    """Save the notebook with these sources in its cells."""
    for cell in notebook["cells"]:
        cell["source"] = cells.get(cell["id"], cell["source"])
    (folder / FILE).write_text(json.dumps(notebook), encoding="utf-8")


def replaced(cells: Cells, cell: str, old: str, new: str) -> Cells:
    assert old in cells[cell], f"{old!r} is not in {cell}"
    return {**cells, cell: cells[cell].replace(old, new)}


@student("all right, and the write-up written")
def s01(folder: Path, cells: Cells, notebook: dict[str, Any]) -> None:
    write(folder, {**cells, WRITE_UP: "The sign has to go before the mean."}, notebook)


@student("nothing")
def s02(folder: Path, cells: Cells, notebook: dict[str, Any]) -> None:
    write(folder, {}, notebook)


@student("forgot .abs()")
def s03(folder: Path, cells: Cells, notebook: dict[str, Any]) -> None:
    write(folder, replaced(cells, "mnist_distance", ".abs()", ""), notebook)


@student("mean over everything; a loop over the pictures")
def s04(folder: Path, cells: Cells, notebook: dict[str, Any]) -> None:
    loop = "return sum(images[n] for n in range(len(images))) / len(images)"
    body = cells["mean_template"].rpartition("\n")[0]
    changed = replaced(cells, "mnist_distance", ".mean((-1, -2))", ".mean()")
    write(folder, {**changed, "mean_template": f"{body}\n    {loop}"}, notebook)


@student("half, with a helper in a cell of its own")
def s05(folder: Path, cells: Cells, notebook: dict[str, Any]) -> None:
    done = {name: cells[name] for name in ("set-up", *NAMES[:4])}
    helper = {
        "cell_type": "code",
        "id": "mine",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": "%matplotlib inline\ndef count(tensor):\n    return len(tensor.shape)",
    }
    place = next(n for n, c in enumerate(notebook["cells"]) if c["id"] == "rank")
    notebook["cells"].insert(place, helper)
    head = done["rank"].rpartition("\n")[0]
    write(folder, {**done, "rank": f"{head}\n    return count(tensor)"}, notebook)


@student("all right, as files", "nbgrader reads notebooks only")
def s06(folder: Path, cells: Cells, notebook: dict[str, Any]) -> None:
    for file in (ROOT / "solutions").glob("*.py"):
        shutil.copy(file, folder)


@student("deleted every test cell and all of nbgrader's marks", "nbgrader grades marked cells only")
def s07(folder: Path, cells: Cells, notebook: dict[str, Any]) -> None:
    tests = {graded_cell_id(name) for name in NAMES}
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in tests]
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    write(folder, cells, notebook)


@student("an answer that ends its process", "the kernel died, and nbgrader gave nothing at all")
def s08(folder: Path, cells: Cells, notebook: dict[str, Any]) -> None:
    head = cells["is_3"].rpartition("\n")[0]
    write(folder, {**cells, "is_3": f"{head}\n    import os; os._exit(0)"}, notebook)


@student("forged: grade() of their own", "nbgrader believes what the kernel shows")
def s09(folder: Path, cells: Cells, notebook: dict[str, Any]) -> None:
    points = {name: load_course().function(name).points for name in NAMES}
    forged = f"\nimport autograder.notebook\nautograder.notebook.grade = {points}.get"
    last = f"{cells['stack_images']}{forged}\ngrade = autograder.notebook.grade"
    write(folder, {"stack_images": last}, notebook)


@student(
    "merged answers into one cell, one with a typing error",
    "nbgrader runs a test before the answer that now stands below it",
)
def s10(folder: Path, cells: Cells, notebook: dict[str, Any]) -> None:
    broken = replaced(cells, "accuracy", "return", "retrun")
    merged = f"{cells['mean_template']}\n\n{cells['mnist_distance']}"
    write(folder, {**broken, "mean_template": "# see below", "mnist_distance": merged}, notebook)


@dataclass(frozen=True)
class Row:
    """One student's points, function by function, both ways."""

    student: Student
    theirs: dict[str, float]
    ours: dict[str, float]

    @property
    def same(self) -> bool:
        # nbgrader reads points as text: the last digits of a sum may differ.
        return all(abs(self.theirs.get(n, 0) - self.ours[n]) < 1e-6 for n in NAMES)


def play(root: Path, say: Callable[[str], None] = print) -> list[Row]:
    """Play the week in the empty folder ``root``. Every step has to succeed."""
    course = NbgraderCourse(root)
    say("Monday: build, generate, release; a student fetches, and hands in")
    autograder("build", "--check", cwd=ROOT)
    course.run("generate_assignment", ASSIGNMENT)
    exchange = _exchange(root)
    course.run("release_assignment", ASSIGNMENT, *exchange)
    _through_the_exchange(course, exchange)
    say("Sunday night: the others hand in")
    for each in STUDENTS[1:]:
        _hand_in(course, each, course.submitted(each.name, ASSIGNMENT))
    say("Monday: graded by nbgrader")
    # Its exit code is 1 as soon as one kernel has died.
    course.run("autograde", ASSIGNMENT, "--create", may_fail=True)
    theirs = course.scores(ASSIGNMENT)
    say("and by autograder grade, into the same gradebook")
    out = root / "graded"
    autograder("grade", "submitted", "--out", str(out), "--gradebook", cwd=root)
    say("feedback, release of it, and export")
    course.run("generate_feedback", ASSIGNMENT)
    # nbgrader can pass it back to whoever has handed in through the exchange.
    others = ",".join(each.name for each in STUDENTS[1:])
    without = f"--CourseDirectory.student_id_exclude={others}"
    course.run("release_feedback", ASSIGNMENT, without, *exchange)
    course.run("export")
    return [
        Row(
            each,
            {name: theirs.get((each.name, graded_cell_id(name)), 0.0) for name in NAMES},
            _points(out / "results" / f"{each.name}.json"),
        )
        for each in STUDENTS
    ]


def autograder(*arguments: str, cwd: Path) -> None:
    """Run our own command; it has to succeed."""
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=cwd,
        env=environment(cwd),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _exchange(root: Path) -> list[str]:
    """The folder in which nbgrader passes files on, which an institution has in one place."""
    folder = root / "exchange"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    return [f"--Exchange.root={folder}", f"--Exchange.cache={root / 'cache'}"]


def _through_the_exchange(course: NbgraderCourse, exchange: list[str]) -> None:
    """The first student fetches, validates, submits and is collected, by nbgrader's commands."""
    first, desk = STUDENTS[0], course.root / "home"
    desk.mkdir()
    shutil.copy(course.root / "nbgrader_config.py", desk)
    course.run("fetch_assignment", ASSIGNMENT, *exchange, cwd=desk)
    _hand_in(course, first, desk / ASSIGNMENT)
    said = course.run("validate", f"{ASSIGNMENT}/{FILE}", cwd=desk)
    assert "Success! Your notebook passes all the tests." in said, said
    course.run("submit", ASSIGNMENT, *exchange, cwd=desk)
    course.run("collect", ASSIGNMENT, *exchange)
    [collected] = (course.root / "submitted").iterdir()
    # nbgrader names a submission after the account that submits: here all have one.
    collected.rename(collected.with_name(first.name))


def _hand_in(course: NbgraderCourse, each: Student, folder: Path) -> None:
    released = json.loads(course.released(ASSIGNMENT).read_text("utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    each.hand_in(folder, course.solved(ASSIGNMENT), released)


def _points(result: Path) -> dict[str, float]:
    functions = json.loads(result.read_text("utf-8"))["functions"]
    return {function["name"]: function["score"] for function in functions}


def table(rows: list[Row]) -> str:
    """Who did what, and what it was worth both ways."""
    lines = [f"{'':4} {'did':50} {'nbgrader':>8} {'ours':>6}"]
    for row in rows:
        theirs, ours = sum(row.theirs.values()), sum(row.ours.values())
        why = "" if row.same else f"  {row.student.differs or 'MUST NOT DIFFER'}"
        lines.append(f"{row.student.name:4} {row.student.did:50} {theirs:8.4g} {ours:6.4g}{why}")
    return "\n".join(lines)


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--keep", type=Path, help="an empty folder to play in, and to look at")
    kept = arguments.parse_args().keep
    with tempfile.TemporaryDirectory() as folder:
        root = kept or Path(folder)
        root.mkdir(parents=True, exist_ok=True)
        rows = play(root.resolve())
    print(table(rows))
    return 0 if all(row.same or row.student.differs for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
