"""Write what is cut from the solutions and suites: stubs, source notebooks, ``course.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path

from autograder.authoring.notebook import source_notebook
from autograder.authoring.points import points_by_function
from autograder.authoring.source import UnitSource, read_units
from autograder.authoring.stubs import stub
from autograder.files import write_atomically
from autograder.judging.suite import private_files

ROOT = Path(__file__).resolve().parents[2]


def built_files(root: Path = ROOT, private: Path | None = None) -> dict[Path, str]:
    """Every file that ``autograder build`` writes, with its text.

    The points are those of the hidden suites and of the instructor's own in ``private``.
    Raises SourceError when a solution or a suite is not in form, SuiteError when ``private``
    can't be used, OSError when a file can't be read.
    """
    units = read_units(root / "solutions")
    files = {root / "exercises" / f"{unit.name}.py": stub(unit) for unit in units}
    suite = sorted((root / "autograder" / "hidden").glob("test_*.py"))
    if private:
        suite += private_files(private)
    names = [function.name for unit in units for function in unit.functions]
    points = points_by_function(suite, names)
    files[root / "autograder" / "course.json"] = course_json(units, points)
    for assignment in dict.fromkeys(f.assignment for unit in units for f in unit.functions):
        notebook = root / "source" / assignment / f"{assignment}.ipynb"
        files[notebook] = source_notebook(units, assignment, points)
    return files


def course_json(units: list[UnitSource], points: Mapping[str, float]) -> str:
    """The course as data: no answer in it, and no hidden test."""
    names = [function.name for unit in units for function in unit.functions]
    data = {
        "units": [
            {
                "name": unit.name,
                "number": unit.number,
                "title": unit.title,
                "functions": [
                    {
                        "name": function.name,
                        "assignment": function.assignment,
                        "signature": " ".join(function.definition.split()).removesuffix(":"),
                        "summary": function.contract.splitlines()[0],
                        "task": function.task,
                        "hints": list(function.hints),
                        "builds_on": [n for n in names if n in function.calls],
                        "points": float(points.get(function.name, 0)),
                    }
                    for function in unit.functions
                ],
            }
            for unit in units
        ]
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def write_stale(files: Mapping[Path, str]) -> list[Path]:
    """Write the files that differ from what is on disk, and return them."""
    stale = [file for file, text in files.items() if current_text(file) != text]
    for file in stale:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, files[file])
    return stale


def stale_files(files: Mapping[Path, str]) -> list[tuple[Path, str]]:
    """The files that differ from what is on disk, each with the first line that does."""
    return [
        (file, _first_difference(current_text(file), text) if file.is_file() else "it is missing")
        for file, text in files.items()
        if current_text(file) != text
    ]


def current_text(file: Path) -> str:
    # A damaged file is a stale one.
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""


def _first_difference(old: str, new: str) -> str:
    pairs = zip_longest(old.split("\n"), new.split("\n"))
    number, before, after = next((n, a, b) for n, (a, b) in enumerate(pairs, 1) if a != b)
    return f"line {number}: {_shown(before)} should be {_shown(after)}"


def _shown(line: str | None) -> str:
    return "nothing" if line is None else repr(line)
