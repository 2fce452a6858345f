"""The class that every tool grades: ten submissions, and more that are all different.

Each is there as a folder of unit files and as an equal notebook, made from the same text. None of
them loops for ever or crashes: what tools do about that is no question of speed. From the
eleventh on, each function is drawn from the bank, three in ten of them a wrong one: a class makes
the same mistakes again, but no two of its submissions are equal.
"""

from __future__ import annotations

import ast
import json
import random
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from autograder.authoring.sample_class import Files, in_another_style, solutions, with_answers
from autograder.course import FIRST_ASSIGNMENT, load_course
from autograder.misconceptions.entries import Entry, load_bank
from autograder.worker.modules import PACKAGE

ASSIGNMENT = FIRST_ASSIGNMENT
SHARE_OF_WRONG_ANSWERS = 0.3

# Right and wrong ones in turn: a shorter class has both.
KINDS: tuple[Callable[[], Files], ...] = (
    solutions,
    lambda: with_answers(mnist_distance="forgot-abs"),
    in_another_style,
    lambda: with_answers(mean_template="loop-over-the-pictures"),
    lambda: with_answers(mnist_distance="l1-loss-unreduced", is_3="both-templates-at-once"),
    lambda: with_answers(stack_images="numpy-array", is_3="tie-is-a-three"),
    lambda: with_answers(mean_template="einstein-sum", accuracy="ones-and-zeros"),
    lambda: with_answers(rank="number-of-elements", accuracy="asserted"),
    lambda: with_answers(
        rank="length-of-the-shape",
        stack_images="concatenates-with-a-new-axis",
        is_3="total-difference",
    ),
    lambda: with_answers(check_image_stack="forgot-nan", accuracy_3_7="pooled"),
)


@lru_cache(maxsize=len(KINDS))
def answers(kind: int) -> dict[str, str]:
    """The unit files of a submission, without the lesson's text."""
    files = KINDS[kind]() if kind < len(KINDS) else with_answers(**_drawn(kind))
    return {name: _code_only(text) for name, text in files.items()}


def _drawn(kind: int) -> dict[str, str]:
    """An answer of the bank for each function; none where it is the solution's own."""
    draw = random.Random(kind)
    drawn = {}
    for function in load_course().of_assignment(ASSIGNMENT):
        wrong = draw.random() < SHARE_OF_WRONG_ANSWERS
        names = [e.name for e in _bank() if e.function == function.name and e.is_right != wrong]
        name = draw.choice(names if wrong else [*names, ""])
        if name:
            drawn[function.name] = name
    return drawn


@cache
def _bank() -> list[Entry]:
    return load_bank()


def names(count: int) -> list[str]:
    """The names of a class of ``count`` students."""
    return [f"student-{number:05}" for number in range(1, count + 1)]


def members(count: int) -> Iterator[tuple[str, int]]:
    """Each student of the class, and the number of their submission."""
    for place, name in enumerate(names(count)):
        yield name, place


def write_folders(folder: Path, count: int) -> Path:
    """Write the class as a folder of unit files for each student."""
    for student, kind in members(count):
        own = folder / student
        own.mkdir(parents=True)
        for name, text in answers(kind).items():
            (own / name).write_text(text, encoding="utf-8")
    return folder


def answer_cells(kind: int) -> dict[str, str]:
    """The same submission as cells of a notebook, by function.

    What a unit's functions share stands in the first one's cell. In a notebook all functions are
    in one namespace, so that they don't import each other.
    """
    cells: dict[str, str] = {}
    for unit in load_course().units:
        body = ast.parse(answers(kind)[f"{unit.name}.py"]).body
        own = [function.name for function in unit.functions]
        cells[own[0]] = "\n".join(ast.unparse(n) for n in body if _belongs_to_first(n, own))
        for name in own[1:]:
            cells[name] = "\n".join(ast.unparse(n) for n in body if _defines(n, name))
    return cells


def notebook_cell(source: str, name: str, **metadata: Any) -> dict[str, Any]:
    """A code cell as it stands in a notebook's file."""
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "execution_count": None,
        "outputs": [],
        "source": source,
    }


def notebook_text(cells: list[dict[str, Any]]) -> str:
    """A notebook's file."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return json.dumps(document, indent=1)


def _code_only(text: str) -> str:
    """The module without its docstring: the lesson's text would only be copied 10,000 times."""
    module = ast.parse(text)
    if ast.get_docstring(module):
        del module.body[0]
    return ast.unparse(module) + "\n"


def _belongs_to_first(node: ast.stmt, functions: list[str]) -> bool:
    within = isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == PACKAGE
    return not within and not any(_defines(node, name) for name in functions[1:])


def _defines(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == name
