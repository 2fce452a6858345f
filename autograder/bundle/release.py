"""A release in memory: every file that a student gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.bundle.manifest import KIT, MANIFEST, BundleError, Manifest, digest
from autograder.intake.trees import MIB, Kind, PlainFolder, Tree, shown_path
from autograder.intake.zips import open_zip
from autograder.sources import SourceProblem

MAX_RELEASE = 200 * MIB


@dataclass(frozen=True, slots=True)
class Release:
    """``files`` maps paths, as in the folder that a student works in, to contents."""

    assignments: frozenset[str]
    files: Mapping[str, bytes]

    @property
    def manifest(self) -> Manifest:
        return Manifest(self.assignments, {p: digest(c) for p, c in self.files.items()})


def read_release(path: Path) -> Release:
    """Read a release from a folder or a zip, which may hold it in one folder more.

    Only the files that its manifest names are read, no link is followed, and each must be
    what was given out. Raises BundleError, OSError.
    """
    shown = shown_path(path)
    try:
        with _opened(path) as tree:
            top = _top(tree, shown)
            manifest = Manifest.parse(_content(top, MANIFEST, MIB, shown), f"{shown}, {MANIFEST},")
            return Release(manifest.assignments, _files(top, manifest, shown))
    except SourceProblem as problem:
        raise BundleError(str(problem)) from problem


@contextmanager
def _opened(path: Path) -> Iterator[Tree]:
    if path.is_dir():
        yield PlainFolder(path)
    elif not path.exists():
        raise BundleError(f"{path} does not exist; give the new release, a folder or a zip.")
    elif path.suffix.lower() != ".zip":
        raise BundleError(f"{path} is neither a folder nor a zip; give the new release.")
    else:
        with open_zip(PlainFolder(path.parent), path.name) as tree:
            yield tree


def _top(tree: Tree, shown: str) -> Tree:
    """The folder that holds the release: ``tree``, or the only folder in it."""
    folders = [name for name, kind in tree.entries().items() if kind is Kind.FOLDER]
    if KIT in folders:
        return tree
    if len(folders) == 1 and tree.folder(folders[0]).entries().get(KIT) is Kind.FOLDER:
        return tree.folder(folders[0])
    raise BundleError(f"{shown} is no release: there is no {MANIFEST} in it; give the new release.")


def _files(tree: Tree, manifest: Manifest, shown: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    room = MAX_RELEASE
    for path, given in manifest.files.items():
        files[path] = _content(tree, path, room, shown)
        room -= len(files[path])
        if digest(files[path]) != given:
            raise BundleError(
                f"{path} in {shown} is not as it was given out; get the new release once more."
            )
    return files


def _content(tree: Tree, path: str, most: int, shown: str) -> bytes:
    *folders, name = path.split("/")
    for folder in folders:
        if tree.entries().get(folder) is not Kind.FOLDER:
            raise BundleError(f"{shown} is not whole: {path} is missing; get it once more.")
        tree = tree.folder(folder)
    kind = tree.entries().get(name)
    if kind is not Kind.FILE:
        found = "is not an ordinary file" if kind else "is missing"
        raise BundleError(f"{shown} is not whole: {path} {found}; get it once more.")
    content = bytearray()
    for chunk in tree.stream(name):
        content += chunk
        if len(content) > most:
            raise BundleError(f"{path} in {shown} is too large for a release.")
    return bytes(content)
