"""Which of a student's own modules their answers import."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from autograder.intake.notebooks import read_notebook
from autograder.intake.submission import DESK
from autograder.sources import SourceProblem, read_python


def imported_helpers(answers: Iterable[Path], helpers: Mapping[str, Path]) -> list[str]:
    """The names of those ``helpers`` that the answers import, or that such a helper imports.

    What can't be read imports nothing. Raises OSError.
    """
    found: dict[str, None] = {}
    waiting = list(answers)
    while waiting:
        for name in _imports(waiting.pop()):
            if name in helpers and name not in found:
                found[name] = None
                waiting.append(helpers[name])
    return sorted(found)


def _imports(file: Path) -> Iterator[str]:
    """The first part of every module that the file imports, without the package's own name."""
    for chunk in _chunks(file):
        with warnings.catch_warnings():
            # A "\d" in a text is worth a warning to Python, but to nobody here.
            warnings.simplefilter("ignore")
            tree = ast.parse(chunk)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (_first(alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield _first(node.module or "")
                if node.module in (None, DESK):
                    # from . import helpers
                    yield from (alias.name for alias in node.names)


def _first(module: str) -> str:
    return module.removeprefix(f"{DESK}.").split(".")[0]


def _chunks(file: Path) -> tuple[str, ...]:
    if file.is_dir():
        return ()
    try:
        if file.suffix == ".ipynb":
            return read_notebook(file.read_bytes(), file.name).chunks
        return (read_python(file.read_bytes(), file.name),)
    except SourceProblem:
        return ()
