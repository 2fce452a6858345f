"""Decide from the source alone whether a function has been attempted.

An exception never decides it: a finished answer may raise NotImplementedError too (tensors on
``meta`` do), and a stub wrapped in a decorator would not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from autograder.course import STUB_BODY

_Definition = ast.FunctionDef | ast.AsyncFunctionDef
_STUB = ast.dump(ast.parse(STUB_BODY))


def is_attempted(name: str, chunks: Iterable[str]) -> bool:
    """Is ``name`` bound by this source, by more than the stub? The last binding counts.

    ``chunks`` are the source in order: one for a module, one a cell for a notebook. A chunk
    that does not parse binds nothing.
    """
    attempted = False
    for statement in _statements(chunks):
        bindings = [node for node in _walk_scope(statement) if name in _bound_names(node)]
        if bindings:
            attempted = not all(is_stub(node) for node in bindings)
    return attempted


def is_bound(name: str, chunks: Iterable[str], *, own: bool = False) -> bool:
    """Does this source bind ``name`` at all? With ``own``, an import does not count."""
    imports = (ast.Import, ast.ImportFrom)
    return any(
        name in _bound_names(node) and not (own and isinstance(node, imports))
        for statement in _statements(chunks)
        for node in _walk_scope(statement)
    )


def mentions(name: str, chunks: Iterable[str]) -> bool:
    """Does this source use ``name`` anywhere, other than by defining it?"""
    for statement in _statements(chunks):
        for node in ast.walk(statement):
            if isinstance(node, ast.Name | ast.Attribute | ast.alias):
                text = getattr(node, "id", None) or getattr(node, "attr", None)
                if name in (text, getattr(node, "name", None)):
                    return True
            if isinstance(node, ast.Constant) and node.value == name:
                return True
    return False


def line_of(name: str, chunks: Iterable[str]) -> int | None:
    """The line on which a single-chunk source defines function ``name``, or None."""
    for statement in _statements(chunks):
        for node in _walk_scope(statement):
            if isinstance(node, _Definition) and node.name == name:
                return node.lineno
    return None


def is_stub(node: ast.AST) -> bool:
    """Is this a definition whose body, without its docstring, is the stub's?"""
    if not isinstance(node, _Definition):
        return False
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        # A long body is never the stub's, and dumping it might nest too deeply.
        return False
    return ast.dump(ast.Module(body=body, type_ignores=[])) == _STUB


def _statements(chunks: Iterable[str]) -> Iterator[ast.stmt]:
    for chunk in chunks:
        try:
            yield from ast.parse(chunk).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue


def _walk_scope(statement: ast.stmt) -> Iterator[ast.AST]:
    """Walk what runs when the module runs; of functions only their ``global`` statements."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, _Definition | ast.Lambda | ast.ClassDef):
            yield from (inner for inner in ast.walk(node) if isinstance(inner, ast.Global))
        else:
            waiting.extend(ast.iter_child_nodes(node))


def _bound_names(node: ast.AST) -> set[str]:
    if isinstance(node, _Definition | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return {node.id}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    if isinstance(node, ast.Global):
        return set(node.names)
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        # globals()["mnist_distance"] = ...
        key = node.slice
        return (
            {key.value} if isinstance(key, ast.Constant) and isinstance(key.value, str) else set()
        )
    return set()
