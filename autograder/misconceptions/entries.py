"""The bank: named wrong answers to every exercise, and right ones in other styles.

``<function>.py`` in this folder holds the entries of one exercise function. An entry is a
function of its own name, marked ``@wrong("value", "shape")`` with exactly the rules that it
loses, or ``@right``. The docstring of a wrong one explains the mistake to a beginner. The files
are read as text and never imported: an entry is only ever run where a student's code is run.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Answer = TypeVar("Answer", bound=Callable[..., object])


def wrong(*rules: str) -> Callable[[Answer], Answer]:
    """Mark a wrong answer with exactly the ``rules`` that it loses."""

    def mark(answer: Answer) -> Answer:
        return answer

    return mark


def right(answer: Answer) -> Answer:
    """Mark a right answer that is written in another style than the solution."""
    return answer


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer of the bank. ``rules`` is empty for a right one."""

    function: str
    name: str
    rules: frozenset[str]
    explanation: str
    source: str
    """The whole text of a module with this answer, as a student could have handed it in."""

    @property
    def is_right(self) -> bool:
        return not self.rules


def load_bank(folder: Path | None = None) -> list[Entry]:
    """Read every entry in ``folder`` (by default the kit's own), in order of file and line.

    Raises ValueError for a wrong answer that names no rule or explains nothing, and SyntaxError
    for a file that isn't Python.
    """
    paths = sorted((folder or Path(__file__).parent).glob("*.py"))
    return [entry for path in paths for entry in _entries(path)]


def _entries(path: Path) -> list[Entry]:
    module = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    marked = {
        node: mark
        for node in module.body
        if isinstance(node, ast.FunctionDef) and (mark := _mark(node))
    }
    shared = [node for node in module.body if _is_shared(node) and node not in marked]
    return [_entry(path, answer, mark, shared) for answer, mark in marked.items()]


def _mark(node: ast.FunctionDef) -> ast.expr | None:
    for decorator in node.decorator_list:
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(named, ast.Name) and named.id in (wrong.__name__, right.__name__):
            return decorator
    return None


def _is_shared(node: ast.stmt) -> bool:
    """Imports and helper functions belong to every answer of the file, the markers to none."""
    if isinstance(node, ast.ImportFrom):
        return node.module != __name__
    return isinstance(node, ast.Import | ast.FunctionDef)


def _entry(path: Path, answer: ast.FunctionDef, mark: ast.expr, shared: list[ast.stmt]) -> Entry:
    rules = frozenset(map(ast.literal_eval, mark.args)) if isinstance(mark, ast.Call) else None
    explanation = " ".join((ast.get_docstring(answer) or "").split())
    if rules is not None and not (rules and explanation):
        raise ValueError(
            f"{path.name}: give {answer.name} the rules that it loses, "
            f"and a docstring that explains the mistake."
        )
    return Entry(
        function=path.stem,
        name=answer.name.replace("_", "-"),
        rules=rules or frozenset(),
        explanation=explanation,
        source=_as_handed_in(answer, path.stem, shared),  # last: it renames the answer
    )


def _as_handed_in(answer: ast.FunctionDef, function: str, shared: list[ast.stmt]) -> str:
    """Write the module with ``answer`` as ``function``, without a trace of the bank."""
    if ast.get_docstring(answer):
        del answer.body[0]
    answer.decorator_list = []
    _Renamed(answer.name, function).visit(answer)
    return ast.unparse(ast.Module(body=[*shared, answer], type_ignores=[])) + "\n"


class _Renamed(ast.NodeTransformer):
    """Renames an answer and its calls of itself."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if node.name == self._old:
            node.name = self._new
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id == self._old:
            node.id = self._new
        return node
