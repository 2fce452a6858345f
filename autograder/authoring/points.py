"""Add up the points of each function from the hidden suites, read as text."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path


def points_by_function(files: Iterable[Path], functions: Collection[str]) -> Counter[str]:
    """Points a function, over all hidden tests in ``files``.

    A test belongs to the first of ``functions`` among its parameters. A parametrised test
    counts once for each of its cases.
    """
    points: Counter[str] = Counter()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                function = next((a.arg for a in node.args.args if a.arg in functions), None)
                if function:
                    points[function] += _points(node) * _cases(node)  # type: ignore[assignment]
    return points


def _points(node: ast.FunctionDef) -> float:
    for call in _markers(node, "rule"):
        for keyword in call.keywords:
            if keyword.arg == "points":
                return float(ast.literal_eval(keyword.value))
    return 0.0


def _cases(node: ast.FunctionDef) -> int:
    cases = 1
    for call in _markers(node, "parametrize"):
        values = call.args[1]
        assert isinstance(values, ast.List | ast.Tuple), f"{node.name}: list the cases literally"
        cases *= len(values.elts)
    return cases


def _markers(node: ast.FunctionDef, name: str) -> list[ast.Call]:
    return [
        decorator
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr == name
    ]
