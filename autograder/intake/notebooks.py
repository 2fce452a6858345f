"""A notebook to Python source, cell by cell; nothing in it is run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from autograder.sources import SourceProblem, decode, parse_problem, plain

MAX_CELLS = 2_000
MAX_CODE = 1 << 20

# The body of these cells runs in the notebook itself.
_TRANSPARENT = {"time", "timeit", "capture"}
_TIMED = re.compile(r"%time\s+(?=\S)")
_MAGIC = re.compile(
    r"""[%!?]                       # %matplotlib inline, !pip install, ?torch.stack
      | [\w.,\[\]\ ]+=\s*[%!]       # files = !ls
      | [\w.*\[\]]+\?\??\s*$        # torch.stack?
    """,
    re.VERBOSE,
)
_IN_CODE = re.compile(
    r'''"""|\'\'\'|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|\#.*|[()\[\]{}]|\\$''',
)
_IN_STRING = re.compile(r'\\.|"""|\'\'\'')


def read_notebook(content: bytes, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The source of each code cell, in order, empty for one left out, and a note on each of these.

    Reads nbformat 3 and 4. IPython's own lines (``%matplotlib inline``, ``!ls``) become
    ``pass``, so that the rest of their cell stays. Code cells are counted from 1.
    Raises SourceProblem when it isn't a Python notebook.
    """
    document = read_document(content, name)
    _check_language(document, name)
    return read_cells(list(_code_cells(document, name)), name)


def read_cells(cells: Sequence[str], name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The same for code cells that are text already. Raises SourceProblem for too many."""
    if len(cells) > MAX_CELLS:
        raise SourceProblem(f"{name} holds more than {MAX_CELLS:,} code cells; shorten it.")
    if sum(map(len, cells)) > MAX_CODE:
        raise SourceProblem(f"{name} holds more than 1 MiB of code; leave the data out of it.")
    chunks, notes = [], []
    for number, cell in enumerate(cells, start=1):
        try:
            chunk = _python(cell, f"{name}, code cell {number},")
        except SourceProblem as problem:
            notes.append(f"A cell was left out: {problem}")
            chunk = ""
        # Empty ones too: what is said of a cell later names it by its place.
        chunks.append(chunk)
    return tuple(chunks), tuple(notes)


def read_document(content: bytes, name: str) -> dict[str, Any]:
    """What the notebook's file holds. Raises SourceProblem when it is no notebook at all."""
    if not content.strip():
        raise SourceProblem(f"{name} is empty; save the notebook and hand it in again.")
    try:
        document = json.loads(decode(content, name))
    except json.JSONDecodeError as error:
        raise SourceProblem(
            f"{name} line {error.lineno} is not what a notebook holds ({error.msg}); "
            "save it in Jupyter and hand it in again."
        ) from error
    except (RecursionError, MemoryError):
        raise SourceProblem(f"{name} is nested too deeply to be a notebook.") from None
    except ValueError:  # a number of thousands of digits
        document = None
    if not isinstance(document, dict):
        raise SourceProblem(f"{name} is no notebook; save it in Jupyter and hand it in again.")
    return document


def _check_language(document: dict[str, Any], name: str) -> None:
    metadata = _dict(document.get("metadata"))
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        language = _dict(metadata.get(section)).get(key)
        if isinstance(language, str) and "python" not in language.lower():
            raise SourceProblem(
                f"{name} is a notebook for {plain(language)}; the exercises are in Python."
            )


def _code_cells(document: dict[str, Any], name: str) -> Iterator[str]:
    for cell in cells_of(document, name):
        if cell.get("cell_type") == "code":
            yield source_of(cell)


def cells_of(document: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """Every cell, of whatever kind. Raises SourceProblem when there is no place for any."""
    if isinstance(document.get("cells"), list):
        cells = document["cells"]
    elif isinstance(document.get("worksheets"), list):
        cells = [
            cell for sheet in document["worksheets"] for cell in _list(_dict(sheet).get("cells"))
        ]
    else:
        raise SourceProblem(f"{name} holds no cells; save it in Jupyter and hand it in again.")
    return map(_dict, cells)


def source_of(cell: dict[str, Any]) -> str:
    """The text of a cell, with ``\\n`` at the line ends."""
    source = cell.get("source", cell.get("input"))
    parts = [source] if isinstance(source, str) else _list(source)
    text = "".join(part for part in parts if isinstance(part, str))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _python(cell: str, name: str) -> str:
    """The Python of a cell. Raises SourceProblem when it is something else or doesn't parse."""
    body = _without_cell_magics(cell, name)
    # A cell that parses has no magics: there a line that starts with % goes on with a sum.
    if parse_problem(body, name):
        body = _without_magics(body)
        problem = parse_problem(body, name)
        if problem:
            raise SourceProblem(problem)
    return body


def _without_cell_magics(cell: str, name: str) -> str:
    lines = cell.split("\n")
    for place, line in enumerate(lines):
        if not line.strip():
            continue
        if not line.startswith("%%"):
            break
        magic = line[2:].split(maxsplit=1)
        if not magic or magic[0] not in _TRANSPARENT:
            raise SourceProblem(f"{name} is not Python: {plain(line)}")
        lines[place] = ""
    return "\n".join(lines)


def _without_magics(cell: str) -> str:
    """The cell with ``pass`` for each line that only IPython knows; lines keep their numbers."""
    statements = _Statements()
    lines = []
    in_magic = False
    for line in cell.split("\n"):
        words = line.lstrip()
        indent = line[: len(line) - len(words)]
        if in_magic:
            line, in_magic = "", line.endswith("\\")
        elif statements.may_begin and _TIMED.match(words):
            line = indent + _TIMED.sub("", words, count=1)
            statements.feed(line)
        elif statements.may_begin and _MAGIC.match(words):
            line, in_magic = f"{indent}pass", line.endswith("\\")
        else:
            statements.feed(line)
        lines.append(line)
    return "\n".join(lines)


class _Statements:
    """Follows the lines of a cell: a statement may begin where nothing is left open."""

    def __init__(self) -> None:
        self._quote = ""
        self._brackets = 0
        self._joined = False

    @property
    def may_begin(self) -> bool:
        return not (self._quote or self._brackets or self._joined)

    def feed(self, line: str) -> None:
        self._joined = False
        place = 0
        while token := (_IN_STRING if self._quote else _IN_CODE).search(line, place):
            place = token.end()
            self._take(token.group())

    def _take(self, token: str) -> None:
        if self._quote:
            if token == self._quote:
                self._quote = ""
        elif token in ('"""', "'''"):
            self._quote = token
        elif token in "([{":
            self._brackets += 1
        elif token in ")]}":
            self._brackets = max(0, self._brackets - 1)
        elif token == "\\":
            self._joined = True


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
