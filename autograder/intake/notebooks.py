"""A notebook to Python source, cell by cell; nothing in it is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.intake.documents import AGAIN, read_document
from autograder.intake.magics import without_cell_magics, without_indent, without_magics
from autograder.intake.pieces import defined_in, whole_pieces
from autograder.sources import MAX_TOKENS, SourceProblem, parse_problem, plain, words_in

MAX_CELLS = 2_000
MAX_CODE = 1 << 20
MAX_MENDED = 20
"""Cells that don't parse and are looked at once more, statement by statement."""
FORMAT = 4
"""Of notebooks, as Jupyter has written it since 2015."""
_OTHER_FORMATS = [number for number in range(1, 100) if number != FORMAT]


@dataclass(frozen=True, slots=True)
class Marks:
    """What a notebook holds beside its code: for notes, never for points.

    ``asides`` are the Python that stands in cells which aren't code.
    ``roles`` are the ids under which nbgrader knows cells, ``bare`` the ids of other cells.
    """

    asides: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Notebook:
    """The source of each code cell, in order, empty for one left out, and notes on what was odd."""

    chunks: tuple[str, ...]
    notes: tuple[str, ...] = ()
    marks: Marks = NO_MARKS


def read_notebook(content: bytes, name: str) -> Notebook:
    """Take a notebook apart, of nbformat 2 to 4 or newer.

    IPython's own lines (``%matplotlib inline``, ``!ls``) become ``pass``, so that the rest of
    their cell stays. Code cells are counted from 1.
    Raises SourceProblem when it isn't a Python notebook.
    """
    document, notes = read_document(content, name)
    cells = cells_of(document)
    if cells is None:
        raise SourceProblem(f"{name} holds no cells; {AGAIN}")
    code = read_cells([source_of(cell) for cell in cells if kind_of(cell) == "code"], name)
    language = _other_language(document)
    # Much of what isn't Python parses, but never a function.
    if language and not any(map(defined_in, code.chunks)):
        raise SourceProblem(f"{name} is a notebook for {language}; the exercises are in Python 3.")
    notes = (*notes, *_odd_notes(document, language, name), *code.notes)
    return Notebook(code.chunks, notes, _marks(cells))


def read_cells(cells: Sequence[str], name: str) -> Notebook:
    """The same for code cells that are text already. Raises SourceProblem for too many."""
    if len(cells) > MAX_CELLS:
        raise SourceProblem(f"{name} holds more than {MAX_CELLS:,} code cells; shorten it.")
    if sum(map(len, cells)) > MAX_CODE:
        raise SourceProblem(f"{name} holds more than 1 MiB of code; leave the data out of it.")
    chunks: list[str] = []
    notes: list[str] = []
    for number, cell in enumerate(cells, start=1):
        in_pieces = len(notes) < MAX_MENDED
        chunk, note = _python(cell, f"{name}, code cell {number},", in_pieces=in_pieces)
        # Empty ones too: what is said of a cell later names it by its place.
        chunks.append(chunk)
        notes += [note] if note else []
    return Notebook(tuple(chunks), tuple(notes))


def cells_of(document: dict[str, Any], depth: int = 2) -> list[dict[str, Any]] | None:
    """The cells, wherever they are: older formats have sheets, a server's answer a wrapper."""
    cells = document.get("cells")
    if isinstance(cells, dict):
        cells = list(cells.values())
    if isinstance(document.get("worksheets"), list):
        cells = [c for sheet in document["worksheets"] for c in _list(_dict(sheet).get("cells"))]
    if isinstance(cells, list):
        return [cell for cell in cells if isinstance(cell, dict)]
    inner = document.values() if depth else ()
    found = (cells_of(value, depth - 1) for value in inner if isinstance(value, dict))
    return next((cells for cells in found if cells is not None), None)


def kind_of(cell: dict[str, Any]) -> str:
    """The kind of a cell. One that has lost it is taken for code: what else it is won't parse."""
    kind = cell.get("cell_type", "code" if source_of(cell) else "")
    return kind if isinstance(kind, str) else ""


def source_of(cell: dict[str, Any]) -> str:
    """The text of a cell, with ``\\n`` at the line ends."""
    source = cell.get("source", cell.get("input"))
    parts = [source] if isinstance(source, str) else _list(source)
    text = "".join(part for part in parts if isinstance(part, str))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _python(cell: str, name: str, *, in_pieces: bool = False) -> tuple[str, str | None]:
    """The Python of a cell, "" when there is none, and a note when something was left out.

    One that doesn't parse may be taken ``in_pieces``.
    """
    try:
        body = without_cell_magics(cell, name)
    except SourceProblem as problem:
        return "", _left_out("A cell", defined_in(cell), str(problem))
    # A cell that parses has no magics: there a line that starts with % goes on with a sum.
    if not parse_problem(body, name):
        return body, None
    body = without_magics(without_indent(body))
    broken = parse_problem(body, name)
    if broken is None:
        return body, None
    # So long a cell is not looked at once more.
    in_pieces = in_pieces and words_in(body) <= MAX_TOKENS
    kept, lost = whole_pieces(body) if in_pieces else ("", defined_in(body))
    return kept, _left_out("A part of a cell" if kept else "A cell", lost, broken)


def _left_out(what: str, lost: Sequence[str], why: str) -> str:
    with_it = f", and {plain(' and '.join(lost))} with it" if lost else ""
    return f"{what} was left out{with_it}: {why}"


def _other_language(document: dict[str, Any]) -> str | None:
    """What the notebook's kernel runs, where that isn't the Python of today."""
    metadata = _dict(document.get("metadata"))
    info, spec = _dict(metadata.get("language_info")), _dict(metadata.get("kernelspec"))
    for language in (info.get("name"), spec.get("language")):
        if isinstance(language, str) and "python" not in language.lower():
            return plain(language)
    is_old = str(info.get("version")).startswith("2.") or spec.get("name") == "python2"
    return "Python 2" if is_old else None


def _odd_notes(document: dict[str, Any], language: str | None, name: str) -> Iterator[str]:
    version = document.get("nbformat")
    if version in _OTHER_FORMATS:
        yield (
            f"{name} is in notebook format {version}, where Jupyter writes {FORMAT}: "
            "its code cells were read all the same."
        )
    if language:
        yield (
            f"{name} has a kernel for {language}: its cells were graded as Python 3; "
            "choose a kernel for that."
        )


def _marks(cells: Sequence[dict[str, Any]]) -> Marks:
    asides, roles, bare = [], [], []
    for cell in cells:
        role = _dict(_dict(cell.get("metadata")).get("nbgrader")).get("grade_id")
        if isinstance(role, str):
            roles.append(role)
        elif isinstance(cell.get("id"), str):
            bare.append(cell["id"])
        if kind_of(cell) not in ("code", ""):
            asides.append(source_of(cell))
    return Marks(_readable(asides), tuple(roles), tuple(bare))


def _readable(texts: Sequence[str]) -> tuple[str, ...]:
    """Those of the texts that are Python with a function in it."""
    texts = [text for text in texts if defined_in(text)]
    if sum(map(words_in, texts)) > MAX_TOKENS:
        return ()
    python = (_python(text, "") for text in texts)
    return tuple(body for body, note in python if not note)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
