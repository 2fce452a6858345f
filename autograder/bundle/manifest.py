"""What a release gave out: which files, and how each of them read, so that edits can be told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.intake.trees import is_junk

KIT = "kit"
MANIFEST = f"{KIT}/release.json"
NEWER = f"{KIT}/newer"
"""Where a new version goes when a student's own has its place."""

_SCHEMA = 1
# A backslash or a colon leads elsewhere on Windows.
_NEVER_IN_A_PATH = frozenset("\\:\0")


class BundleError(Exception):
    """This is no release, or none can be put here; the message is one sentence on what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """``files`` maps the path of each file that was given out to the digest of its content."""

    assignments: frozenset[str] = frozenset()
    files: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        """What ``parse`` reads; one text for one release."""
        data = {
            "schema": _SCHEMA,
            "assignments": sorted(self.assignments),
            "files": dict(sorted(self.files.items())),
        }
        return json.dumps(data, indent=1) + "\n"

    @classmethod
    def parse(cls, content: bytes, name: str) -> Manifest:
        """Read the file called ``name``. Raises BundleError when it is damaged."""
        try:
            data = json.loads(content)
            # A kit that writes another schema came with that release.
            if data["schema"] != _SCHEMA:
                raise BundleError(
                    f"{name} was made by another version of the kit; "
                    f"install the wheel that lies beside it first."
                )
            assignments, files = _names(data["assignments"]), dict(data["files"])
            _names(files.values())
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BundleError(
                f"{name} is damaged; put back the one that you were given."
            ) from error
        for path in files:
            if not _stays_inside(path):
                raise BundleError(
                    f"{name} names a file that no release has, {path!r}; use the release itself."
                )
        return cls(assignments, files)


def digest(content: bytes) -> str:
    """sha256 of a file, the same whatever an editor or git has made of its line ends."""
    # As git does: what holds a NUL is no text, and must be the same byte by byte.
    text = content if b"\0" in content else content.replace(b"\r\n", b"\n")
    return hashlib.sha256(text).hexdigest()


def read_manifest(root: Path) -> Manifest:
    """The manifest in ``root``, empty where nothing was released. Raises BundleError, OSError."""
    file = root / MANIFEST
    # A link may lead nowhere.
    if not (file.exists() or file.is_symlink()):
        return Manifest()
    return Manifest.parse(file.read_bytes(), str(file))


def find_root(start: Path) -> Path:
    """The folder of exercises that ``start`` is or lies in. Raises BundleError when in none."""
    for folder in (start, *start.parents):
        if (folder / MANIFEST).is_file():
            return folder
    raise BundleError(
        f"{start} is not in a folder of exercises: there is no {MANIFEST} in it or above it; "
        "go to the folder that your instructor gave out."
    )


def _names(values: Any) -> frozenset[str]:
    """Raises TypeError when they are not all strings."""
    names = frozenset(values)
    if not all(isinstance(name, str) for name in names):
        raise TypeError
    return names


def _stays_inside(path: str) -> bool:
    """Whether it is the plain path of a file that a release may write.

    Not a hidden one: a forged release could change what a shell or git does.
    """
    parts = path.split("/")
    return (
        all(parts)
        and not any(map(is_junk, parts))
        and not _NEVER_IN_A_PATH & set(path)
        and path != MANIFEST
        and not path.startswith(f"{NEWER}/")
    )
