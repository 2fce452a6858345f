"""Right versions of earlier functions, for a worker in which the student's own failed."""

from __future__ import annotations

import ast
import marshal
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from autograder.course import Course
from autograder.intake.submission import Source, Submission
from autograder.worker.modules import PACKAGE

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"


@cache
def compiled_references(
    names: frozenset[str], course: Course, solutions: Path = SOLUTIONS
) -> bytes:
    """Compile the references of ``names``, and of what they call, and nothing else.

    Returns marshalled code that defines them in one namespace: no source text crosses to the
    worker, and no function that is still to be judged, as long as it is none of these.
    Raises OSError when a solution can't be read.
    """
    body: list[ast.stmt] = []
    needed = with_requirements(names, course)
    for unit in course.units:
        wanted = {function.name for function in unit.functions} & needed
        if wanted:
            tree = ast.parse((solutions / f"{unit.name}.py").read_text(encoding="utf-8"))
            body += _imports(tree) + _definitions(tree, wanted)
    return marshal.dumps(compile(ast.Module(body, type_ignores=[]), "reference", "exec"))


def reference_submission(course: Course, solutions: Path = SOLUTIONS) -> Submission:
    """The solutions, as if a student had handed them in. Raises OSError."""
    texts = {unit: (solutions / f"{unit}.py").read_text("utf-8") for unit in course.unit_names}
    sources = tuple(Source(unit, (text,), f"{unit}.py") for unit, text in texts.items())
    return Submission("reference", sources, (), (), None, "")


def with_requirements(names: Iterable[str], course: Course) -> set[str]:
    """``names`` and every earlier function that their references call."""
    needed: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting.extend(course.function(name).builds_on)
    return needed


def _imports(tree: ast.Module) -> list[ast.stmt]:
    """The module's imports, but for the student's package: those functions stand beside it."""
    return [
        node
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        and (getattr(node, "module", "") or "").split(".")[0] != PACKAGE
    ]


def _definitions(tree: ast.Module, names: set[str]) -> list[ast.stmt]:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in names]
