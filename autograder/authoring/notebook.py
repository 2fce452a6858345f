"""Cut the source notebook of an assignment: lessons, answers and tests as nbgrader's cells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.authoring.source import BEGIN, END, FunctionSource, UnitSource
from autograder.authoring.stubs import INDENT, function_text, grouped
from autograder.roles import SET_UP, answer_cell_id, graded_cell_id

SCHEMA = 3
"""The version of nbgrader's cell metadata, https://nbgrader.readthedocs.io (0.9)."""
WRITE_UP = "write-up"
WRITE_UP_POINTS = 5

_FIRST_CELL = """\
# Threes & Sevens: {assignment}

Every function below is yours to write. Under each stands a cell with `check(...)`: run it, and it
says what is right, what is not yet, and why. `check()` without a name looks at all of them.

Run the cells from top to bottom, beginning with the next one: a later function uses the ones before
it. Cells of your own are welcome anywhere, to try things out.
"""
_SET_UP = """\
{imports}

from autograder.notebook import check, grade  # grade needs the hidden tests: your instructor's
"""
_TEST_CELL = """\
check("{name}")
### BEGIN HIDDEN TESTS
grade("{name}")
### END HIDDEN TESTS
"""
_WRITE_UP = """\
## In your own words

What did you learn? Write it as you would for a friend who has never seen a tensor: what a rank and
a shape are, why the sign has to go before the mean, what broadcasting saves you, and which digits
the templates get wrong and why. Ten sentences are plenty: your instructor reads them, no program.
"""
_WRITE_UP_ANSWER = "*Write here.*"


def source_notebook(
    units: Sequence[UnitSource], assignment: str, points: Mapping[str, float]
) -> str:
    """The text of ``source/<assignment>/<assignment>.ipynb``."""
    document = {
        "cells": list(_cells(units, assignment, points)),
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _cells(
    units: Sequence[UnitSource], assignment: str, points: Mapping[str, float]
) -> Iterator[dict[str, Any]]:
    taught = [unit for unit in units if _functions(unit, assignment)]
    yield _text("start", _FIRST_CELL.format(assignment=assignment))
    yield _code(SET_UP, _SET_UP.format(imports=_libraries(taught)), locked=True)
    for unit in taught:
        yield _text(f"lesson-{unit.name}", unit.lesson)
        for function in _functions(unit, assignment):
            yield _code(answer_cell_id(function.name), _answer(function), solution=True)
            yield _code(
                graded_cell_id(function.name),
                _TEST_CELL.format(name=function.name),
                points=points.get(function.name, 0),
                locked=True,
            )
    yield _text(f"{WRITE_UP}-task", _WRITE_UP)
    yield _text(WRITE_UP, _WRITE_UP_ANSWER, solution=True, points=WRITE_UP_POINTS)


def _functions(unit: UnitSource, assignment: str) -> list[FunctionSource]:
    return [function for function in unit.functions if function.assignment == assignment]


def _libraries(units: Sequence[UnitSource]) -> str:
    """What the units import, each once; the student's own functions stand in the notebook."""
    imports = dict.fromkeys(line for unit in units for line in unit.imports)
    return grouped(tuple(line for line in imports if not line.startswith("from exercises")))


def _answer(function: FunctionSource) -> str:
    return function_text(function, f"{INDENT}{BEGIN}\n{function.body}\n{INDENT}{END}")


def _text(name: str, source: str, **roles: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, **_rest(name, source, **roles)}


def _code(name: str, source: str, **roles: Any) -> dict[str, Any]:
    code: dict[str, Any] = {"execution_count": None, "outputs": []}
    return {"cell_type": "code", "id": name, **code, **_rest(name, source, **roles)}


def _rest(
    name: str,
    source: str,
    *,
    solution: bool = False,
    locked: bool = False,
    points: float | None = None,
) -> dict[str, Any]:
    marks: dict[str, Any] = {
        "grade": points is not None,
        "grade_id": name,
        "locked": locked,
        "schema_version": SCHEMA,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        marks["points"] = points
    # A cell without a role is the student's to change: nbgrader need not know of it.
    metadata = {"nbgrader": marks} if solution or locked or points is not None else {}
    return {"metadata": metadata, "source": source.strip().splitlines(keepends=True)}
