"""Zips that strangers made, read in place: nothing is ever unpacked onto the disk."""

from __future__ import annotations

import errno
import re
import stat
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from autograder.intake.trees import (
    CHUNK,
    MIB,
    DiskFolder,
    Kind,
    Tree,
    is_junk,
    limited,
    open_regular,
    shown_path,
)
from autograder.sources import SourceProblem, plain

MAX_MEMBERS = 2_000
MAX_DEPTH = 32
_MAX_CLASS_MEMBERS = 200_000
# zipfile takes in the whole list of members before anyone can count them: bound its bytes.
_MEMBER_BYTES = 512
_SPOOL = 8 * MIB
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
# A zip of several parts has a mark of four bytes before its first member.
_MARK = 4
# The others expand without bound, or take memory as a forged header says.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DRIVE = re.compile(r"[A-Za-z]:")


@contextmanager
def open_class(path: Path) -> Iterator[Tree]:
    """The folder or zip at ``path``, which the instructor made and may be of any size.

    Raises SourceProblem when it is neither, or damaged; OSError when it can't be read.
    """
    if path.is_dir():
        yield DiskFolder(path)
        return
    with open_regular(path.resolve()) as file:
        if not (path.suffix.lower() == ".zip" or zipfile.is_zipfile(file)):
            raise SourceProblem(f"{shown_path(path)} is neither a folder nor a zip.")
        with _open_archive(file, shown_path(path), _MAX_CLASS_MEMBERS) as archive:
            yield ZipFolder.of(archive, trusted=True)


@contextmanager
def open_zip(tree: Tree, name: str) -> Iterator[Tree]:
    """The zip ``name`` in ``tree``, made by a student. Raises SourceProblem, OSError."""
    with tempfile.SpooledTemporaryFile(_SPOOL) as file:
        for chunk in limited(tree, name):
            file.write(chunk)
        with _open_archive(file, plain(name), MAX_MEMBERS) as archive:
            yield ZipFolder.of(archive)


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
                while chunk := file.read(CHUNK):
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
        elif parts and not any(map(is_junk, parts)):
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
    if not (name.isascii() or info.flag_bits & _UTF8_NAME):
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
    damaged = SourceProblem(f"{name} is no zip, or is damaged; zip the folder again.")
    try:
        archive = zipfile.ZipFile(bounded)
    except SourceProblem:
        raise
    except Exception as error:  # zipfile raises a dozen kinds for forged bytes
        raise damaged from error
    with archive:
        # Of a zip that was cut off, zipfile would take the last whole zip in it for all of it.
        if min((info.header_offset for info in archive.infolist()), default=0) > _MARK:
            raise damaged
        if len(archive.infolist()) > members:
            raise too_many
        yield archive
