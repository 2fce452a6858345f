"""The cells of a notebook as they were handed in, for whoever shows them again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autograder.intake.documents import read_document
from autograder.intake.notebooks import MAX_CELLS, cells_of, kind_of, source_of

MAX_SHOWN = 100_000
_KINDS = ("code", "raw")
_PICTURES = ("image/png", "image/jpeg", "image/gif")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its ``kind`` ("code", "markdown" or "raw") and its text.

    ``names`` are the ids by which it may be known, nbgrader's before the notebook's own: a
    tool that loses the one may keep the other. ``pictures`` are those pasted into the text.
    """

    kind: str
    source: str
    names: tuple[str, ...] = ()
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)


def read_all_cells(content: bytes, name: str) -> list[Cell]:
    """The cells of a notebook in order, none where it holds none.

    Raises SourceProblem when it is no notebook.

    Nothing but what can be shown is taken over: no output and no metadata of a stranger's.
    """
    document, _ = read_document(content, name)
    found = cells_of(document) or []
    # The reader has a limit for code cells. Of the others a person looks at no more either.
    texts = [place for place, cell in enumerate(found) if kind_of(cell) != "code"]
    too_many = set(texts[MAX_CELLS:])
    return [_cell(cell) for place, cell in enumerate(found) if place not in too_many]


def _cell(cell: dict[str, Any]) -> Cell:
    kind = kind_of(cell)
    source = _whole(source_of(cell))
    if len(source) > MAX_SHOWN:
        source = f"{source[:MAX_SHOWN]}\n…"
    kind = kind if kind in _KINDS else "markdown"
    return Cell(kind, source, _names(cell), _pictures(cell) if kind == "markdown" else {})


def _names(cell: dict[str, Any]) -> tuple[str, ...]:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    names = [marks.get("grade_id") if isinstance(marks, dict) else None, cell.get("id")]
    return tuple(name for name in names if isinstance(name, str))


def _pictures(cell: dict[str, Any]) -> dict[str, dict[str, str]]:
    attached = cell.get("attachments")
    if not isinstance(attached, dict):
        return {}
    found = {_whole(name): _picture(bundle) for name, bundle in attached.items()}
    return {name: bundle for name, bundle in found.items() if bundle}


def _picture(bundle: Any) -> dict[str, str]:
    known = bundle.items() if isinstance(bundle, dict) else ()
    return {k: _whole(data) for k, data in known if k in _PICTURES and isinstance(data, str)}


def _whole(text: str) -> str:
    """The text without halves of characters, which JSON can write and no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
