"""Run a notebook's cells as a kernel does, and save the definitions of those that fail.

A kernel keeps what a cell made that has since been moved, changed or deleted; a worker runs
each cell once, from the top. What fails only for that reason should not cost an answer: of a
cell that raises, the functions, classes and imports that follow are taken all the same.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import MutableMapping, Sequence
from types import TracebackType
from typing import Any

_Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Taken = _Named | ast.Import | ast.ImportFrom


class Inert:
    """Takes every call and has every attribute, and does nothing."""

    def __call__(self, *_args: object, **_kwargs: object) -> Inert:
        return self

    def __getattr__(self, name: str) -> Inert:
        if name.startswith("__"):
            raise AttributeError(name)
        return self


def names_of_a_kernel() -> dict[str, object]:
    """What a cell finds without an import: from IPython, and from a set-up cell now deleted."""
    names: dict[str, object] = dict.fromkeys(("display", "get_ipython", "check", "grade"), Inert())
    # Already there in a worker; nothing is loaded for it elsewhere.
    return names | {name: sys.modules[name] for name in ("torch",) if name in sys.modules}


class Cells:
    """Runs cells into ``names``; ``failures`` are the exceptions that they raised."""

    def __init__(self, module: dict[str, Any], names: MutableMapping[str, Any]) -> None:
        self._module = module
        self._names = names
        self._waiting: list[tuple[_Named, Sequence[ast.stmt], str]] = []
        self.failures: list[BaseException] = []

    def run(self, cell: str, filename: str) -> None:
        """Run one cell. Where it raises, functions, classes and imports are taken of the rest."""
        try:
            # Not with the __future__ imports of this file.
            code = compile(cell, filename, "exec", dont_inherit=True)
            exec(code, self._module, self._names)
        except BaseException as error:
            self.failures.append(error)
            # Not from the exception: its class may be the student's.
            self._take_the_rest(cell, filename, _line_in(filename, sys.exc_info()[2]))

    def finish(self) -> None:
        """Try once more what failed because it stood above what it needs."""
        for statement, future, filename in self._waiting:
            # The last definition that went well counts, as in a kernel.
            if statement.name not in self._module:
                self._takes(statement, future, filename)

    def _take_the_rest(self, cell: str, filename: str, line: int) -> None:
        try:
            body = ast.parse(cell).body
        except BaseException:
            return
        future = [s for s in body if isinstance(s, ast.ImportFrom) and s.module == "__future__"]
        for statement in body:
            if not isinstance(statement, _Taken) or (statement.end_lineno or 0) < line:
                continue
            # What spans the line is what raised.
            taken = statement.lineno > line and self._takes(statement, future, filename)
            if not taken and isinstance(statement, _Named):
                self._waiting.append((statement, future, filename))

    def _takes(self, statement: ast.stmt, future: Sequence[ast.stmt], filename: str) -> bool:
        try:
            module = ast.Module([*future, statement], type_ignores=[])
            code = compile(module, filename, "exec", dont_inherit=True)
            exec(code, self._module, self._names)
        except BaseException:
            return False
        return True


def _line_in(filename: str, traceback: TracebackType | None) -> int:
    """The line of the cell that raised; 0 when it did not even compile."""
    while traceback:
        if traceback.tb_frame.f_code.co_filename == filename:
            return traceback.tb_lineno
        traceback = traceback.tb_next
    return 0
