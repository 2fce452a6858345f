"""Import what a student handed in: ``exercises.distance`` and ``distance`` are one module.

The same in a worker (from source text) and in the self-check (from the files themselves).
A student's unit wins over anything installed; a helper of theirs never hides a real library.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
from collections import UserDict
from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from autograder.worker.cells import Cells, names_of_a_kernel

PACKAGE = "exercises"


@dataclass(frozen=True, slots=True)
class ModuleSource:
    """One module's source. A file is one chunk; a notebook has one chunk a code cell.

    In a notebook (``tolerant``) a chunk that raises does not stop the next, as in a kernel.
    """

    filename: str
    chunks: tuple[str, ...]
    tolerant: bool = False

    @property
    def chunk_names(self) -> tuple[str, ...]:
        """The name of each chunk in tracebacks."""
        if not self.tolerant:
            return (self.filename,) * len(self.chunks)
        return tuple(f"{self.filename}, code cell {n}," for n in range(1, len(self.chunks) + 1))


class StudentModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and runs a student's modules; use as a context manager, which cleans up.

    ``problems`` says of modules that can't be read why: importing one raises ImportError.
    ``aliases`` names the module that stands for another (a notebook for its units).
    ``replacements`` maps a module to functions that stand under their names from its first
    line on: what it binds to these names itself is dropped.
    """

    def __init__(
        self,
        sources: Mapping[str, ModuleSource],
        units: Collection[str],
        aliases: Mapping[str, str] | None = None,
        replacements: Mapping[str, Mapping[str, Callable[..., Any]]] | None = None,
        problems: Mapping[str, str] | None = None,
    ) -> None:
        self._sources = sources
        self._units = set(units)
        self._aliases = dict(aliases or {})
        self._replacements = dict(replacements or {})
        self._problems = dict(problems or {})
        self._loaded: dict[str, ModuleType] = {}
        self._hidden: dict[str, ModuleType] = {}
        self._found: set[str] = set()
        """Every name, with and without the package, that one of ours was asked for by."""
        self._last = _After(self)
        self.failures: dict[str, list[BaseException]] = {}
        """For each tolerant module, the exceptions of its chunks."""

    @property
    def filenames(self) -> set[str]:
        """The names under which the student's code shows in tracebacks."""
        return {name for source in self._sources.values() for name in source.chunk_names}

    def __enter__(self) -> StudentModules:
        self._hidden = {name: sys.modules.pop(name) for name in self._names() & sys.modules.keys()}
        sys.meta_path.insert(0, self)
        sys.meta_path.append(self._last)
        return self

    def __exit__(self, *_error: object) -> None:
        for finder in (self, self._last):
            if finder in sys.meta_path:
                sys.meta_path.remove(finder)
        for name in (self._names() | self._found) & sys.modules.keys():
            del sys.modules[name]
        sys.modules.update(self._hidden)
        for filename in self.filenames:
            linecache.cache.pop(filename, None)

    def _names(self) -> set[str]:
        """The names that are always ours: a helper's own name may be a library's."""
        within = {f"{PACKAGE}.{name}" for name in self._units | self._sources.keys()}
        return {PACKAGE} | self._units | within

    def find_spec(
        self, fullname: str, path: Any = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname == PACKAGE:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        name = fullname.removeprefix(f"{PACKAGE}.")
        if name in self._units or fullname.startswith(f"{PACKAGE}."):
            return self.spec_of(fullname, name)
        return None

    def spec_of(self, fullname: str, name: str) -> importlib.machinery.ModuleSpec | None:
        """The spec of a module that the student handed in (or that stands for it), or None."""
        name = self._aliases.get(name, name)
        if name in self._sources or name in self._replacements or name in self._problems:
            self._found.add(fullname)
            return importlib.machinery.ModuleSpec(fullname, self, origin=name)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        # The second name of a module that is loaded, or just being loaded, is the same module.
        return self._loaded.get(spec.origin or "")

    def exec_module(self, module: ModuleType) -> None:
        spec = module.__spec__
        assert spec is not None
        name = spec.origin
        if name is None or name in self._loaded:
            return
        self._loaded[name] = module
        try:
            with _what_was_imported_stays(self._sources.get(name)):
                self._run(name, module)
        except BaseException:
            del self._loaded[name]
            # It may have been imported once more, by its other name, before it failed.
            for other in [key for key in self._found if sys.modules.get(key) is module]:
                del sys.modules[other]
            raise

    def _run(self, name: str, module: ModuleType) -> None:
        if name in self._problems:
            raise ImportError(self._problems[name])
        replaced = self._replacements.get(name, {})
        source = self._sources.get(name)
        if source and source.tolerant:
            module.__dict__.update(names_of_a_kernel())
        # Before it runs too: a module that it imports may import it back.
        module.__dict__.update(replaced)
        if source:
            module.__file__ = source.filename
            self._run_source(name, source, module)
        # Once more: what it binds by ``global`` in a function was not dropped.
        module.__dict__.update(replaced)

    def _run_source(self, name: str, source: ModuleSource, module: ModuleType) -> None:
        replaced = self._replacements.get(name, {})
        names = _Kept(module.__dict__, replaced) if replaced else module.__dict__
        cells = Cells(module.__dict__, names)
        for filename, chunk in zip(source.chunk_names, source.chunks, strict=True):
            lines = chunk.splitlines(keepends=True)
            linecache.cache[filename] = (len(chunk), None, lines, filename)
            if source.tolerant:
                cells.run(chunk, filename)
            else:
                self._run_file(name, filename, chunk, module, names)
        cells.finish()
        if cells.failures:
            self.failures[name] = cells.failures

    def _run_file(
        self,
        name: str,
        filename: str,
        text: str,
        module: ModuleType,
        names: MutableMapping[str, Any],
    ) -> None:
        try:
            # Not with the __future__ imports of this file.
            exec(compile(text, filename, "exec", dont_inherit=True), module.__dict__, names)
        except BaseException as error:
            # With right versions in it a file is good for these, whatever else it does.
            if name not in self._replacements:
                raise
            self.failures[name] = [error]


@contextmanager
def _what_was_imported_stays(source: ModuleSource | None) -> Iterator[None]:
    """Take back a ``del sys.modules["torch"]``, which would cost the student's other units too.

    Only where the source speaks of it: merely looking at each module writes to its reference
    count, and in a fork copies thousands of pages.
    """
    speaks_of_it = source is not None and any("modules" in chunk for chunk in source.chunks)
    before = dict(sys.modules) if speaks_of_it else {}
    try:
        yield
    finally:
        for name, module in before.items():
            sys.modules.setdefault(name, module)


class _Kept(UserDict[str, Any]):
    """A module's names, of which some stay what they are, for its own aliases of them too."""

    def __init__(self, names: dict[str, Any], kept: Collection[str]) -> None:
        # Not through UserDict's own, which copies.
        self.data = names
        self._kept = kept

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self._kept:
            self.data[name] = value


class _After(importlib.abc.MetaPathFinder):
    """Stands last: a helper module is found only when no library has its name."""

    def __init__(self, modules: StudentModules) -> None:
        self._modules = modules

    def find_spec(
        self, fullname: str, path: Any = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return self._modules.spec_of(fullname, fullname) if path is None else None
