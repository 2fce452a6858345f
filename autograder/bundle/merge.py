"""Put a release into a student's folder, without touching what they have edited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path, PurePosixPath

from autograder.bundle.manifest import (
    KIT,
    MANIFEST,
    NEWER,
    BundleError,
    Manifest,
    digest,
    read_manifest,
)
from autograder.bundle.release import Release
from autograder.files import remove_leftovers, write_atomically

_NO_FILE = "a link, or no file at all"
"""In place of a digest: it was never given out, so it is the student's."""


class Fate(Enum):
    """What became of a file."""

    ADDED = "new"
    REPLACED = "replaced"
    REMOVED = "removed"
    KEPT = "kept"
    """Edited by the student and changed by the release: the new one lies under NEWER."""
    KEPT_TWICE = "kept twice"
    """As KEPT, and the student has edited the earlier one under NEWER too."""


@dataclass(frozen=True, slots=True)
class Change:
    path: str
    fate: Fate


def merge(release: Release, root: Path) -> list[Change]:
    """Write a release into the folder ``root``, which may hold an earlier one or be missing.

    The manifest is written last: when the merge is stopped midway, the same one again
    finishes it. Returns what changed, in the order of the paths.
    Raises BundleError before anything is written, OSError.
    """
    before = read_manifest(root)
    gone = _gone(before, release)
    _refuse_links(root, [*release.files, *gone, MANIFEST])
    root.mkdir(parents=True, exist_ok=True)
    merging = _Merging(release, root, before)
    for path in sorted(release.files):
        merging.take(path)
    for path in gone:
        merging.remove(path)
    merging.finish(gone)
    return sorted(merging.changes, key=lambda change: change.path)


def _gone(before: Manifest, release: Release) -> list[str]:
    """What an earlier release has and this one has not, but for another assignment's files."""
    also_another = not before.assignments <= release.assignments
    return sorted(
        path
        for path in before.files
        if path not in release.files and not (also_another and not path.startswith(f"{KIT}/"))
    )


def _refuse_links(root: Path, paths: Iterable[str]) -> None:
    """A link to a folder would lead what is written, or removed, out of ``root``."""
    files = [PurePosixPath(top, path) for path in paths for top in ("", NEWER)]
    for folder in sorted({root / folder for file in files for folder in file.parents} - {root}):
        if folder.is_symlink():
            raise BundleError(f"{folder} is a link; put the folder itself in its place.")


@dataclass(slots=True)
class _Merging:
    release: Release
    root: Path
    before: Manifest
    changes: list[Change] = field(default_factory=list)

    def take(self, path: str) -> None:
        """Bring one file of the release to where it belongs.

        Nobody edits the kit: what differs there was damaged.
        """
        content = self.release.files[path]
        given, new, theirs = self.before.files.get(path), digest(content), self._digest(path)
        if theirs is None:
            self._write(path, content)
            self._changed(path, Fate.ADDED)
        elif theirs not in (given, new) and not path.startswith(f"{KIT}/"):
            if given != new:
                self._set_aside(path, content, {given, new})
            return
        elif theirs != new:
            self._write(path, content)
            self._changed(path, Fate.REPLACED)
        self._remove_aside(path, {given, new})

    def remove(self, path: str) -> None:
        """Remove one file that is no longer given out, unless it was edited."""
        given = self.before.files[path]
        self._remove_aside(path, {given})
        if self._digest(path) == given:
            (self.root / path).unlink()
            self._changed(path, Fate.REMOVED)

    def finish(self, gone: Iterable[str]) -> None:
        """Remember what is given out now."""
        new = self.release.manifest
        stays = {p: d for p, d in self.before.files.items() if p not in set(gone)}
        manifest = Manifest(new.assignments | self.before.assignments, {**stays, **new.files})
        self._write(MANIFEST, manifest.as_json().encode())

    def _set_aside(self, path: str, content: bytes, ours: set[str | None]) -> None:
        aside = f"{NEWER}/{path}"
        if self._digest(aside) in {None, *ours}:
            self._write(aside, content)
            self._changed(path, Fate.KEPT)
        else:
            self._changed(path, Fate.KEPT_TWICE)

    def _remove_aside(self, path: str, ours: set[str | None]) -> None:
        """An earlier version under NEWER has had its day, unless somebody worked in it."""
        aside = f"{NEWER}/{path}"
        if self._digest(aside) in ours - {None}:
            (self.root / aside).unlink()

    def _digest(self, path: str) -> str | None:
        """The digest of what stands there now; None when nothing does."""
        file = self.root / path
        if file.is_symlink():
            return _NO_FILE
        if file.is_file():
            return digest(file.read_bytes())
        return _NO_FILE if file.exists() else None

    def _write(self, path: str, content: bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        # Of a merge that was killed.
        remove_leftovers(file.parent)
        write_atomically(file, content)

    def _changed(self, path: str, fate: Fate) -> None:
        self.changes.append(Change(path, fate))
