"""Folders on disk and folders in zips, read alike and with care: strangers made them.

Nothing is ever unpacked onto the disk, no link is followed, and nothing is read that isn't
an ordinary file or is larger than such a file may be.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import IO, Any, Protocol

from autograder.judging.parsing import SourceProblem, plain

MIB = 1 << 20
MAX_MEMBERS = 2_000
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Limit:
    """How large a file may be, and what a student can do about a larger one."""

    size: int
    advice: str


LIMITS = {
    ".py": Limit(1 * MIB, "hand in the code without the data"),
    ".ipynb": Limit(20 * MIB, "clear the outputs of its cells and save it again"),
    ".zip": Limit(100 * MIB, "zip only the exercise files, without the data"),
}

_CHUNK = 64 << 10
_MAX_CLASS_MEMBERS = 200_000
# zipfile takes in the whole list of members before anyone can count them: bound its bytes.
_MEMBER_BYTES = 512
_SPOOL = 8 * MIB
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DRIVE = re.compile(r"[A-Za-z]:")
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


@contextmanager
def open_class(path: Path) -> Iterator[Tree]:
    """The folder or zip at ``path``, which the instructor made and may be of any size.

    Raises SourceProblem when it is neither, or damaged; OSError when it can't be read.
    """
    if path.is_dir():
        yield DiskFolder(path)
        return
    with _open_regular(path.resolve()) as file:
        if not (path.suffix.lower() == ".zip" or zipfile.is_zipfile(file)):
            raise SourceProblem(f"{plain(str(path))} is neither a folder nor a zip.")
        with _open_archive(file, plain(str(path)), _MAX_CLASS_MEMBERS) as archive:
            yield ZipFolder.of(archive, trusted=True)


@contextmanager
def open_zip(tree: Tree, name: str) -> Iterator[Tree]:
    """The zip ``name`` in ``tree``, made by a student. Raises SourceProblem, OSError."""
    with tempfile.SpooledTemporaryFile(_SPOOL) as file:
        for chunk in _limited(tree, name):
            file.write(chunk)
        with _open_archive(file, plain(name), MAX_MEMBERS) as archive:
            yield ZipFolder.of(archive)


def read(tree: Tree, name: str) -> bytes:
    """The file ``name`` in ``tree``, if it is no larger than its kind may be.

    Raises SourceProblem for what the student can mend, OSError when the machine fails.
    """
    return b"".join(_limited(tree, name))


def suffix_of(name: str) -> str:
    """The suffix that says what kind of file it is, in lower case."""
    return Path(name).suffix.lower()


def _limited(tree: Tree, name: str) -> Iterator[bytes]:
    limit = LIMITS[suffix_of(name)]
    size = 0
    for chunk in tree.stream(name):
        size += len(chunk)
        if size > limit.size:
            raise SourceProblem(
                f"{plain(name)} is larger than {limit.size // MIB} MiB; {limit.advice}."
            )
        yield chunk


def _is_junk(name: str) -> bool:
    return name.startswith(".") or name in _JUNK


@dataclass(frozen=True, slots=True)
class DiskFolder:
    """A folder on disk."""

    path: Path
    title: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        return ()

    def entries(self) -> dict[str, Kind]:
        with _named(self.title.rstrip("/") or "the folder"), os.scandir(self.path) as found:
            kinds = {entry.name: _disk_kind(entry) for entry in found if not _is_junk(entry.name)}
        return dict(sorted(kinds.items()))

    def folder(self, name: str) -> DiskFolder:
        return DiskFolder(self.path / name, f"{self.title}{name}/")

    def stream(self, name: str) -> Iterator[bytes]:
        with _named(f"{self.title}{name}"), _open_regular(self.path / name) as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def _disk_kind(entry: os.DirEntry[str]) -> Kind:
    if entry.is_symlink():
        return Kind.LINK
    if entry.is_dir(follow_symlinks=False):
        return Kind.FOLDER
    return Kind.FILE if entry.is_file(follow_symlinks=False) else Kind.OTHER


def _open_regular(path: Path) -> IO[bytes]:
    """Open an ordinary file. A link raises OSError, a pipe SourceProblem, and neither waits."""
    flags = os.O_RDONLY
    # Windows has none of the first three; there a pipe or a device isn't a name in a folder.
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    file = os.fdopen(os.open(path, flags), "rb")
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


_Node = dict[str, Any]
"""A folder in a zip: for each name a ZipInfo or, for a folder, another such node."""


@dataclass(frozen=True, slots=True)
class ZipFolder:
    """A folder in an open zip. In a ``trusted`` zip damage is not the student's doing."""

    archive: zipfile.ZipFile
    node: _Node
    refused: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    trusted: bool = False

    @classmethod
    def of(cls, archive: zipfile.ZipFile, *, trusted: bool = False) -> ZipFolder:
        """The top of an open zip."""
        node, refused = _plant(archive.infolist())
        return cls(archive, node, refused, trusted=trusted)

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(note for name, note in self.refused.items() if name.startswith(self.title))

    def entries(self) -> dict[str, Kind]:
        return {name: _zip_kind(self.node[name]) for name in sorted(self.node)}

    def folder(self, name: str) -> ZipFolder:
        title = f"{self.title}{name}/"
        return ZipFolder(self.archive, self.node[name], self.refused, title, self.trusted)

    def stream(self, name: str) -> Iterator[bytes]:
        info = self.node[name]
        if info.flag_bits & _ENCRYPTED:
            raise self._failure(name, "has a password; zip it again without one")
        if info.compress_type not in _METHODS:
            raise self._failure(name, "is compressed in an unusual way; use your system's own zip")
        try:
            with self.archive.open(info) as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
        except OSError as error:
            if self.trusted:
                raise OSError(error.errno, error.strerror, plain(self.title + name)) from error
            raise self._failure(name, "is damaged; zip it again") from error
        except Exception as error:  # zipfile raises a dozen kinds for forged bytes
            raise self._failure(name, "is damaged; zip it again") from error

    def _failure(self, name: str, problem: str) -> Exception:
        if self.trusted:
            return OSError(errno.EIO, f"in the class's zip it {problem}", plain(self.title + name))
        return SourceProblem(f"{plain(name)} {problem}.")


def _zip_kind(item: _Node | zipfile.ZipInfo) -> Kind:
    if isinstance(item, dict):
        return Kind.FOLDER
    mode = item.external_attr >> 16
    if stat.S_ISLNK(mode):
        return Kind.LINK
    return Kind.FILE if stat.S_IFMT(mode) in (0, stat.S_IFREG) else Kind.OTHER


def _plant(infos: list[zipfile.ZipInfo]) -> tuple[_Node, dict[str, str]]:
    """The members as nested folders, and a sentence for each name that was refused."""
    top: _Node = {}
    refused: dict[str, str] = {}
    for info in infos:
        name = _member_name(info)
        parts = [part for part in name.split("/") if part not in ("", ".")]
        problem = _name_problem(name, parts)
        if problem:
            refused[name] = f"“{plain(name)}” in the zip was left out: {problem}."
        elif parts and not any(map(_is_junk, parts)):
            _put(top, parts, info, is_folder=name.endswith("/"))
    return top, refused


def _put(node: _Node, parts: list[str], info: zipfile.ZipInfo, *, is_folder: bool) -> None:
    """Add a member. Of two with one name the later counts, as for any program that unzips."""
    for part in parts if is_folder else parts[:-1]:
        if not isinstance(node.get(part), dict):
            node[part] = {}
        node = node[part]
    if not is_folder and not isinstance(node.get(parts[-1]), dict):
        node[parts[-1]] = info


def _member_name(info: zipfile.ZipInfo) -> str:
    """The name as the student knows it: macOS writes UTF-8 without saying so."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        with suppress(UnicodeError):
            return name.encode("cp437").decode("utf-8")
    return name


def _name_problem(name: str, parts: list[str]) -> str | None:
    if name.startswith("/") or _DRIVE.match(name):
        return "a name in a zip may not start at the root of a disk"
    if ".." in parts:
        return "a name in a zip may not lead out of its folder"
    if "\\" in name or "\0" in name:
        return "a name in a zip may hold neither a backslash nor a NUL; use your system's own zip"
    if len(parts) > MAX_DEPTH:
        return f"it lies more than {MAX_DEPTH} folders deep"
    return None


class _Bounded:
    """A file for zipfile that refuses to give much at once."""

    def __init__(self, file: IO[bytes], most: int, refusal: SourceProblem) -> None:
        self._file = file
        self._most = most
        self._refusal = refusal
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > self._most:
            raise self._refusal
        return self._file.read(self._most if size < 0 else size)


@contextmanager
def _open_archive(file: IO[bytes], name: str, members: int) -> Iterator[zipfile.ZipFile]:
    """``file``, called ``name``, as a zip of at most so many members. Raises SourceProblem."""
    too_many = SourceProblem(
        f"{name} holds more than {members:,} files; zip only the exercise files."
    )
    bounded: Any = _Bounded(file, members * _MEMBER_BYTES, too_many)
    try:
        archive = zipfile.ZipFile(bounded)
    except SourceProblem:
        raise
    except Exception as error:  # zipfile raises a dozen kinds for forged bytes
        raise SourceProblem(f"{name} is no zip, or is damaged; zip the folder again.") from error
    with archive:
        if len(archive.infolist()) > members:
            raise too_many
        yield archive
