"""``autograder pack``: the one file that a student hands in, and what the grader will see in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.commands.say import os_problem, problem
from autograder.course import Course, CourseError, Function, load_course

if TYPE_CHECKING:
    from autograder.intake.submission import Submission
    from autograder.judging.layout import Layout

_UNIT = 12
"""Width of the column of units."""


def run_pack(assignment: str, out: Path | None) -> int:
    """Write the zip, read it back and say what is in it. Returns the exit code.

    1 when the zip holds no answer, or something in it can't be read, or it can't be written;
    2 when there is nothing to pack, or no place for it.
    """
    from autograder.bundle.manifest import BundleError, find_root
    from autograder.bundle.pack import packed, read_back, write_pack

    try:
        course = load_course()
        if assignment == "all":
            raise CourseError("Hand in one assignment at a time: each has a zip of its own.")
        functions = course.of_assignment(assignment)
        root = find_root(Path.cwd())
        found = packed(root, course.unit_names, assignment)
        out = out or root / f"{assignment}.zip"
        refusal = _refusal(out) or _nothing(root, assignment, found.files)
        if refusal:
            problem(refusal)
            return 2
        write_pack(found.files, out)
        submission = read_back(out, course.unit_names, assignment)
    except (CourseError, BundleError) as error:
        problem(str(error))
        return 2
    except OSError as error:
        problem(f"nothing was packed: {os_problem(error, error.filename or out)}")
        return 1
    for name in found.folders:
        problem(f"{name} is a folder, and is left out: import from single files only.")
    code = _tell(submission, course, functions)
    advice = "Mend that, and pack again." if code else "Hand in this one."
    print(f"\n{out} holds {len(found.files)} files. {advice}")
    return code


def _refusal(out: Path) -> str | None:
    """Why nothing may be written to ``out``. Raises OSError."""
    from autograder.bundle.pack import is_pack

    if out.suffix.lower() != ".zip":
        return f"{out} has no name for a zip; give one that ends in .zip."
    if out.is_dir():
        return f"{out} is a folder; give the name of a file."
    if out.exists() and not is_pack(out):
        return f"{out} was not made by `autograder pack`, and stays as it is; choose another --out."
    return None


def _nothing(root: Path, assignment: str, files: object) -> str | None:
    if files:
        return None
    return f"there is nothing to hand in: {root} has no exercises and no {assignment}.ipynb."


def _tell(submission: Submission, course: Course, functions: Sequence[Function]) -> int:
    """Say what the grader will find, and what it won't."""
    from autograder.bundle.advice import advice
    from autograder.judging.layout import find_layout

    layout = find_layout(submission, course)
    for unit in dict.fromkeys(function.unit for function in functions):
        own = [f.name for f in functions if f.unit == unit]
        done = layout.attempted.intersection(own)
        place = _place(submission, layout, unit) if done else "not attempted"
        print(f"{unit:<{_UNIT}}{len(done)}/{len(own)}  {place}")
    attempted = layout.attempted.intersection(f.name for f in functions)
    print(f"{len(attempted)} of {len(functions)} functions are attempted.")
    for fault in submission.faults:
        problem(fault.message)
    for note in (*submission.notes, *layout.notes, *advice(submission, layout, functions)):
        problem(note)
    if not attempted:
        problem("no function is attempted yet: this is worth no point.")
    return 1 if submission.faults or not attempted else 0


def _place(submission: Submission, layout: Layout, unit: str) -> str:
    home = layout.homes[unit]
    return next(source.origin for source in submission.sources if source.name == home)
