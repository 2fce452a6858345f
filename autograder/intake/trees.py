"""Folders that strangers made, on disk or in a zip, read alike and with care.

No link is followed, and nothing is read that isn't an ordinary file, or that is larger than
such a file may be.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Protocol

from autograder.sources import SourceProblem, plain

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limit:
    """How large a file may be, and what a student can do about a larger one."""

    size: int
    advice: str


_NOTEBOOK = Limit(100 * MIB, "clear the outputs of its cells and save it again")
LIMITS = {
    ".py": Limit(1 * MIB, "hand in the code without the data"),
    # Of a large one the outputs are passed over; documents.py bounds what is left.
    ".ipynb": _NOTEBOOK,
    ".json": _NOTEBOOK,
    ".txt": _NOTEBOOK,
    ".zip": Limit(100 * MIB, "zip only the exercise files, without the data"),
}

CHUNK = 64 << 10
_JUNK = {"__MACOSX", "__pycache__"}


class Kind(Enum):
    """What stands under a name."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"


class Tree(Protocol):
    """A folder, on disk or in a zip. Any method raises OSError when the machine fails."""

    @property
    def title(self) -> str:
        """The folder's path inside what was handed in, ``/`` at its end; "" at the top."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what stands in here but is left out."""

    def entries(self) -> dict[str, Kind]:
        """What stands in the folder, sorted by name, without hidden and system files."""

    def folder(self, name: str) -> Tree:
        """The folder ``name`` in this one."""

    def stream(self, name: str) -> Iterator[bytes]:
        """The content of the file ``name``, chunk by chunk. Raises SourceProblem."""


def read(tree: Tree, name: str) -> bytes:
    """The file ``name`` in ``tree``, if it is no larger than its kind may be.

    Raises SourceProblem for what the student can mend, OSError when the machine fails.
    """
    return b"".join(limited(tree, name))


def suffix_of(name: str) -> str:
    """The suffix that says what kind of file it is, in lower case."""
    return Path(name).suffix.lower()


def limited(tree: Tree, name: str) -> Iterator[bytes]:
    """As ``read``, chunk by chunk."""
    limit = LIMITS[suffix_of(name)]
    size = 0
    for chunk in tree.stream(name):
        size += len(chunk)
        if size > limit.size:
            raise SourceProblem(
                f"{plain(name)} is larger than {limit.size // MIB} MiB; {limit.advice}."
            )
        yield chunk


def shown_path(path: Path) -> str:
    """The path as the instructor gave it, safe to print."""
    return plain(str(path), width=400)


def is_junk(name: str) -> bool:
    """Whether a system or an editor put this there, and not the student."""
    return name.startswith(".") or name in _JUNK


@dataclass(frozen=True, slots=True)
class DiskFolder:
    """A folder on disk: ``within``, step by step, the folder ``path``."""

    path: Path
    within: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return "".join(f"{name}/" for name in self.within)

    @property
    def notes(self) -> tuple[str, ...]:
        return ()

    def entries(self) -> dict[str, Kind]:
        name = self.title.rstrip("/") or "the folder"
        with _named(name), self._opened() as folder, os.scandir(folder) as found:
            kinds = {entry.name: _disk_kind(entry) for entry in found if not is_junk(entry.name)}
        return dict(sorted(kinds.items()))

    def folder(self, name: str) -> DiskFolder:
        return DiskFolder(self.path, (*self.within, name))

    def stream(self, name: str) -> Iterator[bytes]:
        with (
            _named(f"{self.title}{name}"),
            self._opened() as folder,
            open_regular(Path(name), folder) as file,
        ):
            while chunk := file.read(CHUNK):
                yield chunk

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """A descriptor of the folder. No step on the way may be a link, or become one."""
        descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for name in self.within:
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
                inner = os.open(name, flags, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = inner
            yield descriptor
        finally:
            os.close(descriptor)


@dataclass(frozen=True, slots=True)
class PlainFolder:
    """A folder on disk that nobody changes meanwhile: Windows lacks what a DiskFolder needs."""

    path: Path
    title: str = ""
    notes: tuple[str, ...] = ()

    def entries(self) -> dict[str, Kind]:
        with os.scandir(self.path) as found:
            kinds = {entry.name: _disk_kind(entry) for entry in found if not is_junk(entry.name)}
        return dict(sorted(kinds.items()))

    def folder(self, name: str) -> PlainFolder:
        return PlainFolder(self.path / name, f"{self.title}{name}/")

    def stream(self, name: str) -> Iterator[bytes]:
        with open_regular(self.path / name) as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _disk_kind(entry: os.DirEntry[str]) -> Kind:
    if entry.is_symlink():
        return Kind.LINK
    if entry.is_dir(follow_symlinks=False):
        return Kind.FOLDER
    return Kind.FILE if entry.is_file(follow_symlinks=False) else Kind.OTHER


def open_regular(path: Path, folder: int | None = None) -> IO[bytes]:
    """Open an ordinary file. A link raises OSError, a pipe SourceProblem, and neither waits.

    ``path`` is relative to the open ``folder``, if there is one.
    """
    flags = os.O_RDONLY
    # Windows has none of the first three; there a pipe or a device isn't a name in a folder.
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    file = os.fdopen(os.open(path, flags, dir_fd=folder), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise SourceProblem(f"{plain(path.name)} is not an ordinary file; hand in the file itself.")
    return file


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Name the file of an OSError as the reader knows it: a full path differs by machine."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, plain(name)) from error
