"""What a learning system's download holds of one student, read as that student's folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autograder.intake.trees import Kind, Tree, is_junk


@dataclass(frozen=True, slots=True)
class Part:
    """A file or folder of a download, which is called ``stored`` there, and whose it is.

    ``owner`` is the student's name and number, as the system wrote them. ``name`` is what the
    student had called it, "" for a folder that the system made around the student's files. Of
    two parts the one with the higher ``upload`` was handed in later, where the system says so.
    """

    stored: str
    kind: Kind
    owner: str
    name: str
    upload: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class Collected:
    """All that counts of what one student handed in, and sentences for that student."""

    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    late: bool = False

    def folder(self, download: Tree) -> StudentFolder:
        """These parts as a folder; nothing is unpacked, and the download isn't listed again."""
        return StudentFolder(download, self.parts, self.notes)


@dataclass(frozen=True, slots=True)
class StudentFolder:
    """One student's parts of ``download``, each under the name that the student gave it.

    It is a Tree, so that every limit and every refusal holds here as in a folder on disk.
    """

    download: Tree
    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    title: str = ""

    def entries(self) -> dict[str, Kind]:
        return {name: kind for name, (_, _, kind) in sorted(self._places().items())}

    def folder(self, name: str) -> Tree:
        tree, stored, _ = self._places()[name]
        return tree.folder(stored)

    def stream(self, name: str) -> Iterator[bytes]:
        tree, stored, _ = self._places()[name]
        yield from tree.stream(stored)

    def _places(self) -> dict[str, tuple[Tree, str, Kind]]:
        places: dict[str, tuple[Tree, str, Kind]] = {}
        for part in self.parts:
            if part.name:
                if not is_junk(part.name):
                    places[part.name] = self.download, part.stored, part.kind
                continue
            inner = self.download.folder(part.stored)
            for name, kind in inner.entries().items():
                places.setdefault(name, (inner, name, kind))
        return places
