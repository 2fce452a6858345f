"""Decide from the source alone whether a function has been attempted.

An exception never decides it: a finished answer may raise NotImplementedError too (tensors on
``meta`` do), and a stub wrapped in a decorator would not.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from autograder.course import STUB_BODY

KNOWN_CHUNKS = 4_096
"""More than one submission has. Until ``forget``, none of them is read anew for a question."""

_Definition = ast.FunctionDef | ast.AsyncFunctionDef
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_STUB = ast.dump(ast.parse(STUB_BODY))
_STUB_SIZE = sum(1 for _ in ast.walk(ast.parse(STUB_BODY)))
_NAMESPACES = ("globals", "locals", "vars")


def is_attempted(
    name: str, chunks: Iterable[str], others: Mapping[str, Iterable[str]] | None = None
) -> bool:
    """Is ``name`` bound by this source, by more than the stub? The last binding counts.

    ``chunks`` are the source in order: one for a module, one a cell for a notebook. A chunk
    that does not parse binds nothing. ``others`` are the student's modules by name, in which
    ``from helpers import *`` is looked up; what any other module binds can't be known.
    """
    return _Search(name, others or {}).attempt(chunks) is True


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
    return any(name in _used_names(chunk) for chunk in chunks)


@lru_cache(maxsize=KNOWN_CHUNKS)
def _used_names(chunk: str) -> frozenset[str]:
    """Every name that this chunk uses, and every text in it: it may be used as a name."""
    nodes = (node for statement in _parsed(chunk) for node in ast.walk(statement))
    return frozenset(name for name in map(_used_name, nodes) if isinstance(name, str))


def _used_name(node: ast.AST) -> object:
    if isinstance(node, ast.Name):
        return None if isinstance(node.ctx, ast.Store) else node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.alias):
        return node.name
    return node.value if isinstance(node, ast.Constant) else None


def line_of(name: str, chunks: Iterable[str]) -> int | None:
    """The line on which a single-chunk source last defines function ``name``, or None."""
    lines = (
        node.lineno
        for statement in _statements(chunks)
        for node in _walk_scope(statement)
        if isinstance(node, _Definition) and node.name == name
    )
    return max(lines, default=None)


def is_nested(name: str, chunks: Iterable[str]) -> bool:
    """Is ``name`` defined, by more than the stub, where no other code can call it by its name?"""
    return not is_bound(name, chunks) and any(
        isinstance(node, _Definition) and node.name == name and not is_stub(node)
        for statement in _statements(chunks)
        for node in ast.walk(statement)
    )


def without_stub(name: str, chunk: str) -> str:
    """The chunk without the stubs of ``name`` at its left margin; lines keep their numbers."""
    lines = chunk.split("\n")
    for statement in _parsed(chunk):
        if isinstance(statement, _Definition) and statement.name == name and is_stub(statement):
            first = min([statement.lineno, *(d.lineno for d in statement.decorator_list)])
            last = statement.end_lineno or first
            lines[first - 1 : last] = [""] * (last - first + 1)
    return "\n".join(lines)


def definitions_only(chunk: str, *, calls: bool = True) -> str:
    """The chunk's imports, functions, classes and assignments, without its loops and calls.

    Without ``calls``, assignments go too whose value is made by calling something. What can't be
    written out again, nested too deeply or too long a number, is left out.
    """
    kinds = (_Definition, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    kept = [statement for statement in _statements([chunk]) if isinstance(statement, kinds)]
    return "\n".join(_written(s) for s in kept if calls or not _calls(s))


def _calls(statement: ast.stmt) -> bool:
    """Is something called when this runs? What a definition does is its own matter."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            return True
        if not isinstance(node, _Definition | ast.ClassDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))
    return False


def _written(statement: ast.stmt) -> str:
    try:
        return ast.unparse(statement)
    except (RecursionError, ValueError):
        return ""


def is_stub(node: ast.AST) -> bool:
    """Is this a definition whose body, without its docstring, is the stub's?"""
    if not isinstance(node, _Definition):
        return False
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    module = ast.Module(body=body, type_ignores=[])
    # Sizes first: a body as small as the stub's can't nest too deeply to be dumped.
    return _is_as_small_as_the_stub(module) and _dumped(module) == _STUB


def _dumped(tree: ast.AST) -> str:
    try:
        return ast.dump(tree)
    except ValueError:
        # Python refuses to write out an integer of thousands of digits.
        return ""


def _is_as_small_as_the_stub(tree: ast.AST) -> bool:
    return all(place < _STUB_SIZE for place, _ in enumerate(ast.walk(tree)))


class _Search:
    """Looks for one name in a student's modules, and into each of them at most once."""

    def __init__(self, name: str, others: Mapping[str, Iterable[str]]) -> None:
        self._name = name
        self._others = others
        self._known: dict[str, bool | None] = {}

    def attempt(self, chunks: Iterable[str]) -> bool | None:
        """Is the name bound by more than the stub? None: it is not bound."""
        found: bool | None = None
        for statement in _statements(chunks):
            bindings = [self._binding(node) for node in _walk_scope(statement)]
            known = [binding for binding in bindings if binding is not None]
            if known:
                found = any(known)
            elif isinstance(statement, ast.Delete) and self._name in _deleted_names(statement):
                found = None
        return found

    def _binding(self, node: ast.AST) -> bool | None:
        if isinstance(node, ast.ImportFrom):
            imported = self._import(node)
            if imported is not None:
                return imported
        return not is_stub(node) if self._name in _bound_names(node) else None

    def _import(self, node: ast.ImportFrom) -> bool | None:
        """What an import from the student's own files binds the name to."""
        module = (node.module or "").removeprefix("exercises.")
        names = {alias.name for alias in node.names if alias.asname is None}
        if module in self._others and names & {"*", self._name}:
            return self._in_module(module)
        return None

    def _in_module(self, module: str) -> bool | None:
        if module not in self._known:
            # Two modules that import each other: the second look ends here.
            self._known[module] = None
            self._known[module] = self.attempt(self._others[module])
        return self._known[module]


def _statements(chunks: Iterable[str]) -> Iterator[ast.stmt]:
    for chunk in chunks:
        yield from _parsed(chunk)


def forget() -> None:
    """Let go of what was read: a tree takes some hundred times the memory of its text."""
    _parsed.cache_clear()
    _used_names.cache_clear()


@lru_cache(maxsize=KNOWN_CHUNKS)
def _parsed(chunk: str) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings():
            # A "\d" in a student's text is worth a warning to Python, but to nobody here.
            warnings.simplefilter("ignore")
            return ast.parse(chunk).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _walk_scope(statement: ast.stmt) -> Iterator[ast.AST]:
    """Walk what runs when the module runs, in the module's own scope.

    Of functions come only their ``global`` statements, of comprehensions only what ``:=`` binds.
    """
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, _Definition | ast.Lambda | ast.ClassDef):
            yield from (inner for inner in ast.walk(node) if isinstance(inner, ast.Global))
        elif isinstance(node, _Comprehension):
            yield from (n.target for n in ast.walk(node) if isinstance(n, ast.NamedExpr))
        elif not (isinstance(node, ast.AnnAssign) and node.value is None):
            # `mnist_distance: Callable` alone binds nothing.
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
        return _bound_key(node)
    return set()


def _bound_key(node: ast.Subscript) -> set[str]:
    """The name in ``globals()["mnist_distance"] = ...``; other dicts bind nothing."""
    called = node.value.func if isinstance(node.value, ast.Call) else None
    if not (isinstance(called, ast.Name) and called.id in _NAMESPACES):
        return set()
    key = node.slice
    return {key.value} if isinstance(key, ast.Constant) and isinstance(key.value, str) else set()


def _deleted_names(statement: ast.Delete) -> set[str]:
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)
    }
