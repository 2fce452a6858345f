"""A sample class for the demo: right, half done, mistaken, broken and hostile submissions.

Put together from the solutions, the stubs and the bank, so that nothing is written twice.
"""

from __future__ import annotations

import ast
import json
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from autograder.authoring.build import ROOT
from autograder.authoring.source import read_units
from autograder.authoring.stubs import stub
from autograder.course import Course, load_course
from autograder.misconceptions.entries import Entry, load_bank

Files = dict[str, str]


def write_sample_class(folder: Path) -> list[str]:
    """Write the class into ``folder``, a submission each, and return the students' names.

    Raises OSError when a file can't be read or written.
    """
    students: list[str] = []
    for number, (name, write) in enumerate(SAMPLES.items(), start=1):
        student = f"{number:02}-{name}"
        write(folder / student)
        students.append(student)
    return students


def solutions() -> Files:
    """Every unit of the course, solved."""
    names = load_course().unit_names
    return {f"{n}.py": (ROOT / "solutions" / f"{n}.py").read_text(encoding="utf-8") for n in names}


def stubs() -> Files:
    """Every unit as it was released."""
    # Cut anew: the ones in exercises/ may be solved by whoever runs the demo.
    return {f"{unit.name}.py": stub(unit) for unit in read_units(ROOT / "solutions")}


def with_answers(**answers: str) -> Files:
    """The solutions, with some functions replaced by entries of the bank."""
    return _with_entries({name: _entry(name, entry) for name, entry in answers.items()})


def in_another_style() -> Files:
    """For each function the bank's first right answer that is not the solution's."""
    course = load_course()
    found = {entry.function: entry for entry in reversed(_bank()) if entry.is_right}
    return _with_entries({f.name: found[f.name] for f in course.functions if f.name in found})


def half_done() -> Files:
    """The first three units are solved, the others are stubs."""
    return {**stubs(), **dict(list(solutions().items())[:3])}


def with_text(unit: str, text: str) -> Files:
    """The solutions, but ``unit`` holds ``text``."""
    return {**solutions(), f"{unit}.py": text}


def without_colon(unit: str) -> Files:
    """The solutions, but the first function of ``unit`` lacks the colon after its definition."""
    text = solutions()[f"{unit}.py"]
    head, definition, body = text.partition("\ndef ")
    return with_text(unit, head + definition + body.replace(":\n", "\n", 1))


def as_folder(files: Callable[[], Files]) -> Callable[[Path], None]:
    """Hand in files in a folder."""

    def write(path: Path) -> None:
        path.mkdir(parents=True)
        for name, text in files().items():
            (path / name).write_text(text, encoding="utf-8")

    return write


def as_zip(files: Callable[[], Files]) -> Callable[[Path], None]:
    """Hand in files in a zip, inside a folder, as students pack them."""

    def write(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path.with_name(f"{path.name}.zip"), "w") as archive:
            for name, text in files().items():
                archive.writestr(f"exercises/{name}", text)

    return write


def as_notebook(files: Callable[[], Files]) -> Callable[[Path], None]:
    """Hand in one notebook with a cell for each unit."""

    def write(path: Path) -> None:
        path.mkdir(parents=True)
        cells = [_cell("%matplotlib inline"), *(_cell(text) for text in files().values())]
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
        (path / "mnist_basics.ipynb").write_text(json.dumps(notebook), encoding="utf-8")

    return write


def half_a_notebook() -> Files:
    """The first units solved, and a cell that does not parse."""
    return {**dict(list(solutions().items())[:4]), "broken": "def is_3(images, mean3, mean7:"}


_ENDLESS = """\
def mnist_distance(a, b):
    distance = 1.0
    while distance > 0:
        distance = distance + 1
    return distance
"""

_EXIT = """\
import os


def mean_template(stack):
    os._exit(0)
"""

# What each submission shows, in the order of the table that the demo prints.
SAMPLES: Mapping[str, Callable[[Path], None]] = {
    "all-right": as_folder(solutions),
    "another-style": as_folder(in_another_style),
    "half-done": as_folder(half_done),
    "untouched": as_folder(stubs),
    "differences-cancel": as_folder(lambda: with_answers(mnist_distance="forgot-abs")),
    "mean-of-everything": as_folder(lambda: with_answers(mnist_distance="mean-over-everything")),
    "a-loop": as_folder(lambda: with_answers(mean_template="loop-over-the-pictures")),
    "numpy": as_folder(lambda: with_answers(stack_images="numpy-array")),
    "four-mistakes": as_folder(
        lambda: with_answers(
            stack_images="forgot-to-divide",
            rank="number-of-elements",
            mean_template="sum-for-mean",
            mnist_distance="kept-the-axes",
        )
    ),
    "syntax-error": as_folder(lambda: without_colon("classify")),
    "endless-loop": as_folder(lambda: with_text("distance", _ENDLESS)),
    "exits": as_folder(lambda: with_text("templates", _EXIT)),
    "zip": as_zip(solutions),
    "notebook": as_notebook(solutions),
    "half-a-notebook": as_notebook(half_a_notebook),
    "empty": as_folder(dict),
}


@cache
def _bank() -> list[Entry]:
    return load_bank()


def _entry(function: str, name: str) -> Entry:
    return next(e for e in _bank() if (e.function, e.name) == (function, name))


def _with_entries(entries: Mapping[str, Entry]) -> Files:
    course, files = load_course(), solutions()
    for name, entry in entries.items():
        file = f"{course.function(name).unit}.py"
        files[file] = _replaced(files[file], name, entry, course)
    return files


def _replaced(text: str, name: str, entry: Entry, course: Course) -> str:
    """The module with function ``name`` as the entry has it, and the entry's own helpers."""
    module, other = ast.parse(text), ast.parse(entry.source)
    taken = {function.name for function in course.functions} - {name}
    body = [node for node in module.body[1:] if getattr(node, "name", None) != name]
    extra = [node for node in other.body if getattr(node, "name", None) not in taken]
    return ast.unparse(ast.Module([*body, *extra], type_ignores=[])) + "\n"


def _cell(source: str) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
