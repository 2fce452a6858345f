"""Add up the points of each function from the hidden suites, read as text."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path

from autograder.authoring.source import SourceError, parse_file


def points_by_function(files: Iterable[Path], functions: Collection[str]) -> Counter[str]:
    """Points a function, over all hidden tests in ``files``.

    A test belongs to the first of ``functions`` among its parameters. A parametrised test
    counts once for each of its cases. Raises SourceError when they can't be read from the text.
    """
    points: Counter[str] = Counter()
    for file in files:
        for node in ast.walk(parse_file(file)[1]):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                function = next((a.arg for a in node.args.args if a.arg in functions), None)
                if function:
                    where = f"{file.name}, {node.name}"
                    points[function] += _points(node, where) * _cases(node, where)  # type: ignore[assignment]
    return points


def _points(node: ast.FunctionDef, where: str) -> float:
    for call in _markers(node, "rule"):
        for keyword in call.keywords:
            if keyword.arg == "points":
                value = getattr(keyword.value, "value", None)
                if not isinstance(value, int | float):
                    raise SourceError(f"{where}: write its points as a number.")
                return float(value)
    return 0.0


def _cases(node: ast.FunctionDef, where: str) -> int:
    cases = 1
    for call in _markers(node, "parametrize"):
        values = call.args[1] if len(call.args) > 1 else None
        listed = values.elts if isinstance(values, ast.List | ast.Tuple) else []
        if not listed or any(isinstance(case, ast.Starred) for case in listed):
            raise SourceError(f"{where}: list the cases of parametrize one by one.")
        cases *= len(listed)
    return cases


def _markers(node: ast.FunctionDef, name: str) -> list[ast.Call]:
    return [
        decorator
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr == name
    ]
