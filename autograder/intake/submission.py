"""One student's folder, zip or notebook, taken apart as text."""

from __future__ import annotations

import importlib.machinery
import keyword
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from autograder.intake.notebooks import NO_MARKS, Marks, Notebook, read_cells, read_notebook
from autograder.intake.trees import MIB, Kind, Tree, read, suffix_of
from autograder.intake.zips import open_zip
from autograder.sources import MAX_TOKENS, SourceProblem, plain, read_python, words_in

NOTEBOOK = "notebook"
DESK = "exercises"
MAX_READ = 100 * MIB
MAX_WRAPPERS = 3
MAX_NOTES = 20
MAX_HELPERS = 50

# These names stand for something else where the exercises run.
_OURS = {"autograder", DESK, "solutions", NOTEBOOK}
_NOT_A_FILE = {
    Kind.LINK: "is a link; hand in the file itself.",
    Kind.FOLDER: "is a folder; hand in a file of that name.",
    Kind.OTHER: "is not an ordinary file; hand in the file itself.",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One module's text: one chunk for a file, one for each code cell for a notebook.

    ``name`` is the module's, "notebook" for a notebook; ``origin`` the file's.
    """

    name: str
    chunks: tuple[str, ...]
    origin: str
    marks: Marks = NO_MARKS


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a unit's file, or with ``unit`` None all or the notebook, could not be read."""

    unit: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What a student handed in.

    ``notes`` are sentences for the student on what was odd. ``problem`` says why it can't
    be graded through no fault of the student's. ``digest`` is the SHA-256 of the names and
    contents that were read, whatever they were packed in.
    """

    student: str
    sources: tuple[Source, ...]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    problem: str | None
    digest: str

    @property
    def unreadable(self) -> bool:
        """Whether there is nothing to judge at all."""
        return not self.sources


class Readable(Protocol):
    """Whatever a submission can be read from."""

    @property
    def student(self) -> str: ...

    def read(self) -> Submission: ...


@dataclass(slots=True)
class Reader:
    """Reads one student's files, and remembers what it found.

    ``units`` are the modules of the course, ``assignment`` the name of the folder and of
    the notebook that nbgrader gives out. Every method raises OSError when the machine fails.
    """

    student: str
    units: Sequence[str]
    assignment: str
    _sources: list[Source] = field(default_factory=list)
    _faults: list[Fault] = field(default_factory=list)
    _notes: list[str] = field(default_factory=list)
    _contents: dict[str, bytes] = field(default_factory=dict)
    _size: int = 0
    _words: int = 0

    def submission(self, problem: str | None = None) -> Submission:
        """All that was read so far."""
        digest = sha256()
        for name, content in sorted(self._contents.items()):
            # Digests, so that no content can pass for the name of a next file.
            for part in (name.encode("utf-8", "surrogatepass"), content):
                digest.update(sha256(part).digest())
        notes = self._notes[:MAX_NOTES]
        if len(self._notes) > MAX_NOTES:
            notes.append(f"And {len(self._notes) - MAX_NOTES} more notes like these.")
        return Submission(
            self.student,
            tuple(self._sources),
            tuple(self._faults),
            tuple(notes),
            problem,
            digest.hexdigest(),
        )

    @property
    def contents(self) -> dict[str, bytes]:
        """The files that were read, by name."""
        return dict(self._contents)

    def note(self, sentence: str) -> None:
        """Remember a sentence for the student."""
        self._notes.append(sentence)

    def fault(self, message: str, unit: str | None = None) -> None:
        """Remember that a unit's file, or the whole, can't be read."""
        self._faults.append(Fault(unit, message))

    def read_zip(self, tree: Tree, name: str) -> None:
        """Read the student's zip ``name`` in ``tree``."""
        try:
            with open_zip(tree, name) as top:
                self.read_folder(top, zipped=True)
        except SourceProblem as problem:
            self.fault(str(problem))

    def read_folder(self, top: Tree, *, zipped: bool = False) -> None:
        """Read the student's folder; a zip in it too, unless it is ``zipped`` itself."""
        self._notes.extend(top.notes)
        rooms = self._rooms(top)
        zips = [
            name
            for name, kind in top.entries().items()
            if kind is Kind.FILE and suffix_of(name) == ".zip"
        ]
        if len(zips) == 1 and not zipped and not any(map(self._has_work, rooms)):
            self.read_zip(top, zips[0])
            return
        files = self._files(rooms)
        self._read_units(files)
        self._read_helpers(files)
        self._read_notebook(files)
        if not self._sources and not self._faults:
            self.fault(self._nothing_found(top))

    def read_notebook(self, tree: Tree, name: str) -> None:
        """Read the notebook ``name`` in ``tree``."""
        try:
            self._take_notebook(name, read_notebook(self._content(tree, name), plain(name)))
        except SourceProblem as problem:
            self.fault(str(problem))

    def read_cells(self, cells: Sequence[str], name: str) -> None:
        """Read the code cells of a notebook that is no file."""
        self._contents[name] = "\0".join(cells).encode("utf-8", "surrogatepass")
        try:
            self._take_notebook(name, read_cells(cells, plain(name)))
        except SourceProblem as problem:
            self.fault(str(problem))

    def _take_notebook(self, name: str, notebook: Notebook) -> None:
        self._count_words(notebook.chunks, name)
        self._notes.extend(notebook.notes)
        self._sources.append(Source(NOTEBOOK, notebook.chunks, plain(name), notebook.marks))

    def _rooms(self, top: Tree) -> list[Tree]:
        """The folders in which the exercise files stand, the nearest to the top first.

        They are the top, the folder named after the assignment and ``exercises``; where none
        of them has any work, the same in the one folder that wraps it all.
        """
        tree = top
        for _ in range(1 + MAX_WRAPPERS):
            folders = [name for name, kind in tree.entries().items() if kind is Kind.FOLDER]
            usual = [name for name in (self.assignment, DESK) if name in folders]
            rooms = [tree, *(tree.folder(name) for name in usual)]
            if any(map(self._has_work, rooms)):
                return rooms
            inner = usual[:1] or folders
            if len(inner) != 1:
                break
            tree = tree.folder(inner[0])
        return [top]

    def _has_work(self, tree: Tree) -> bool:
        return any(map(self._is_work, tree.entries()))

    def _is_work(self, name: str) -> bool:
        is_unit = name.endswith(".py") and name[:-3] in self.units
        return is_unit or suffix_of(name) == ".ipynb" or self._was_notebook(name)

    def _was_notebook(self, name: str) -> bool:
        """Whether a browser or an editor has given a notebook another ending."""
        usual = (f"{self.assignment}.txt", f"{self.assignment}.json")
        return name in usual or name.lower().endswith((".ipynb.txt", ".ipynb.json"))

    def _files(self, rooms: Sequence[Tree]) -> dict[str, tuple[Tree, Kind]]:
        """What stands in the rooms, by name; of two with one name the one nearest to the top."""
        files: dict[str, tuple[Tree, Kind]] = {}
        for room in rooms:
            for name, kind in room.entries().items():
                if name not in files:
                    files[name] = (room, kind)
                elif self._is_work(name):
                    self.note(
                        f"{plain(name)} was handed in twice: the one in "
                        f"{plain(files[name][0].title) or 'the top folder'} was read, "
                        f"the one in {plain(room.title)} was not."
                    )
        return dict(sorted(files.items()))

    def _read_units(self, files: dict[str, tuple[Tree, Kind]]) -> None:
        for unit in self.units:
            name = f"{unit}.py"
            if name in files:
                try:
                    self._read_module(unit, name, *files[name])
                except SourceProblem as problem:
                    self.fault(str(problem), unit)
            else:
                self._notes.extend(_near_misses(unit, files))

    def _read_helpers(self, files: dict[str, tuple[Tree, Kind]]) -> None:
        helpers = [
            name
            for name, (_, kind) in files.items()
            if name.endswith(".py") and kind is not Kind.FOLDER and not self._is_known(name)
        ]
        if len(helpers) > MAX_HELPERS:
            self.note(f"Only {MAX_HELPERS} of {len(helpers)} files of your own were read.")
        for name in helpers[:MAX_HELPERS]:
            tree, kind = files[name]
            module = _module_name(name.removesuffix(".py"))
            try:
                _check_helper(module, name)
                if module in (*self.units, *(source.name for source in self._sources)):
                    raise SourceProblem(f"{plain(name)} has another file's name; rename it.")
                self._read_module(module, name, tree, kind)
            except SourceProblem as problem:
                self.note(f"A file was left out: {problem}")

    def _is_known(self, name: str) -> bool:
        """Whether it is a unit's file, or one that came with the exercises."""
        names = {f"{prefix}{unit}.py" for unit in self.units for prefix in ("", "test_")}
        return name in names or name in ("conftest.py", "__init__.py", "__main__.py")

    def _read_module(self, module: str, name: str, tree: Tree, kind: Kind) -> None:
        if kind is not Kind.FILE:
            raise SourceProblem(f"{plain(name)} {_NOT_A_FILE[kind]}")
        # Above the limit already, it need not be parsed to find out.
        self._count_words([], name)
        text = read_python(self._content(tree, name), plain(name))
        self._count_words([text], name)
        self._sources.append(Source(module, (text,), plain(name)))

    def _count_words(self, chunks: Iterable[str], name: str) -> None:
        """Each is looked at many times, so that their sum has the limit that one alone has."""
        self._words += sum(map(words_in, chunks))
        if self._words > MAX_TOKENS:
            raise SourceProblem(
                f"{plain(name)} was not read: all files together hold more than "
                f"{MAX_TOKENS:,} words and signs; hand in only the exercise files."
            )

    def _read_notebook(self, files: dict[str, tuple[Tree, Kind]]) -> None:
        names = [name for name in files if suffix_of(name) == ".ipynb"]
        names = names or [name for name in files if self._was_notebook(name)]
        wanted = f"{self.assignment}.ipynb"
        # The assignment's own, or else the one that is named like it, or else the only one.
        own = [name for name in names if name == wanted]
        alike = [name for name in names if name.startswith(self.assignment)]
        likely = own or alike or names
        if len(likely) > 1:
            listed = _listed([plain(name) for name in names])
            self.fault(f"There are {len(names)} notebooks ({listed}); hand in one, as {wanted}.")
        elif likely:
            others = [name for name in names if name not in likely]
            self._read_this_notebook(likely[0], *files[likely[0]], others)

    def _read_this_notebook(self, name: str, tree: Tree, kind: Kind, others: list[str]) -> None:
        if kind is not Kind.FILE:
            self.fault(f"{plain(name)} {_NOT_A_FILE[kind]}")
            return
        if suffix_of(name) != ".ipynb":
            wanted = f"{self.assignment}.ipynb"
            self.note(f"{plain(name)} is not named {wanted}; give it exactly that name.")
        if others:
            listed = _listed([plain(other) for other in others])
            self.note(f"{plain(name)} was read; of other notebooks, {listed}, nothing was.")
        self.read_notebook(tree, name)

    def _content(self, tree: Tree, name: str) -> bytes:
        content = read(tree, name)
        self._size += len(content)
        if self._size > MAX_READ:
            raise SourceProblem(
                f"{plain(name)} was not read: all files together are larger than "
                f"{MAX_READ // MIB} MiB; hand in only the exercise files."
            )
        self._contents[name] = content
        return content

    def _nothing_found(self, top: Tree) -> str:
        found = [f"{plain(name)} ({kind.value})" for name, kind in top.entries().items()]
        wanted = f"hand in {self.units[0]}.py and so on, or {self.assignment}.ipynb"
        if not found:
            return f"Nothing was handed in; {wanted}."
        return f"No exercise file was found, only {_listed(found)}; {wanted}."


def _near_misses(unit: str, names: Iterable[str]) -> list[str]:
    """Notes on files that look as if they were meant for ``unit``, such as a second download."""
    meant = re.compile(rf"{re.escape(unit)}\b.*\.py\b", re.IGNORECASE)
    return [
        f"{plain(name)} is not named {unit}.py; give it exactly that name."
        for name in names
        if meant.match(name)
    ]


def _check_helper(module: str, name: str) -> None:
    """Raise SourceProblem when ``module`` would hide a library."""
    if module in _OURS or module in sys.stdlib_module_names or _is_installed(module):
        raise SourceProblem(
            f"{plain(name)} has the name of an installed library and would hide it; "
            "give it another name."
        )


def _module_name(stem: str) -> str:
    """The name under which a file can be imported: "distance (1)" becomes "distance__1_"."""
    name = re.sub(r"\W", "_", unicodedata.normalize("NFKC", stem))
    return name if name.isidentifier() and not keyword.iskeyword(name) else f"_{name}"


@cache
def _is_installed(module: str) -> bool:
    """Whether a library of that name is installed here. Nothing is imported to find out."""
    # The other entries of sys.path may be a student's or an instructor's own folders.
    libraries = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    spec = importlib.machinery.PathFinder.find_spec(module, libraries)
    return spec is not None and spec.has_location


def _listed(names: Sequence[str], most: int = 5) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
