"""Read the one hand-written source of every exercise: ``solutions/<unit>.py``."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_HEADING = re.compile(r"# (?P<number>\d+)\. (?P<title>.+)")
_ASSIGNMENT = re.compile(r"\n*^Assignment: (?P<name>\w+)$\n*", re.MULTILINE)
_HINT = re.compile(r"^\d+\. ", re.MULTILINE)


class SourceError(Exception):
    """A solution does not have the form that stubs are cut from; the message says where."""


@dataclass(frozen=True, slots=True)
class FunctionSource:
    """One function: ``definition`` is its ``def`` line or lines, ``contract`` its docstring
    without task and hints, ``body`` the lines between the solution markers."""

    name: str
    assignment: str
    definition: str
    contract: str
    task: str
    hints: tuple[str, ...]
    body: str
    calls: frozenset[str]
    """Every name that the body uses."""


@dataclass(frozen=True, slots=True)
class UnitSource:
    """One unit. ``lesson`` is the module docstring's Markdown, without the assignment line."""

    name: str
    number: int
    title: str
    lesson: str
    imports: tuple[str, ...]
    functions: tuple[FunctionSource, ...]

    @property
    def first_paragraph(self) -> str:
        """What the stub shows of the lesson."""
        return self.lesson.split("\n\n")[1]


def read_units(solutions: Path) -> list[UnitSource]:
    """Read every unit, in teaching order. Raises SourceError, or OSError."""
    files = sorted(solutions.glob("*.py"))
    if not files:
        raise SourceError(f"There are no solutions in {solutions}: run this in a checkout.")
    units = sorted((read_unit(file) for file in files), key=lambda unit: unit.number)
    for before, after in pairwise(units):
        if before.number == after.number:
            raise SourceError(f"{before.name} and {after.name} are both unit {after.number}.")
    return units


def read_unit(file: Path) -> UnitSource:
    """Read one unit. Raises SourceError when something that a stub needs is missing."""
    text, tree = parse_file(file)
    lesson = ast.get_docstring(tree) or ""
    heading, assignment = _HEADING.match(lesson), _ASSIGNMENT.search(lesson)
    if not heading or not assignment:
        raise SourceError(
            f"{file.name}: its docstring begins with '# <number>. <title>' "
            "and 'Assignment: <name>'."
        )
    lesson = _ASSIGNMENT.sub("\n\n", lesson).strip()
    if "\n\n" not in lesson:
        raise SourceError(f"{file.name}: its docstring needs a paragraph that the stub shows.")
    lines = text.split("\n")
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if not functions:
        raise SourceError(f"{file.name}: there is no function in it.")
    return UnitSource(
        name=file.stem,
        number=int(heading["number"]),
        title=heading["title"],
        lesson=lesson,
        imports=tuple(_lines(lines, node) for node in imports),
        functions=tuple(_function(file, lines, node, assignment["name"]) for node in functions),
    )


def parse_file(file: Path) -> tuple[str, ast.Module]:
    """The text of a Python file and its tree. Raises SourceError when it is no Python."""
    try:
        text = file.read_text(encoding="utf-8")
        return text, ast.parse(text)
    except SyntaxError as error:
        where = f"{file.name} line {error.lineno}" if error.lineno else file.name
        raise SourceError(f"{where}: {error.msg}.") from error
    except ValueError as error:
        raise SourceError(f"{file.name} can't be read as Python: {error}.") from error


def _function(
    file: Path, lines: list[str], node: ast.FunctionDef, assignment: str
) -> FunctionSource:
    where = f"{file.name}, {node.name}"
    contract, task, hints = _split_docstring(where, ast.get_docstring(node) or "")
    own = _ASSIGNMENT.search(contract)
    return FunctionSource(
        name=node.name,
        assignment=own["name"] if own else assignment,
        definition="\n".join(lines[node.lineno - 1 : node.body[0].lineno - 1]),
        contract=_ASSIGNMENT.sub("\n\n", contract).strip(),
        task=task,
        hints=hints,
        body=_between_markers(where, lines[node.body[0].lineno - 1 :]),
        calls=frozenset(name.id for name in ast.walk(node) if isinstance(name, ast.Name)),
    )


def _split_docstring(where: str, docstring: str) -> tuple[str, str, tuple[str, ...]]:
    contract, found_task, rest = docstring.partition("\nTask: ")
    task, found_hints, hints = rest.partition("\nHints:\n")
    if not found_task or not task.strip() or not found_hints:
        raise SourceError(f"{where}: its docstring needs 'Task: …' and then 'Hints:'.")
    listed = [" ".join(hint.split()) for hint in _HINT.split(_dedent(hints)) if hint.strip()]
    return contract.strip(), " ".join(task.split()), tuple(listed)


def _dedent(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines())


def _between_markers(where: str, lines: list[str]) -> str:
    """The lines between the markers; ``lines`` begin with the function's docstring."""
    stripped = [line.strip() for line in lines]
    end = stripped.index(END) if END in stripped else 0
    begins = [place for place, line in enumerate(stripped[:end]) if line == BEGIN]
    if len(begins) != 1:
        raise SourceError(f"{where}: its body stands between '{BEGIN}' and '{END}'.")
    return "\n".join(lines[begins[0] + 1 : end])


def _lines(lines: list[str], node: ast.stmt) -> str:
    return "\n".join(lines[node.lineno - 1 : node.end_lineno])
