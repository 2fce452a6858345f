"""A notebook to Python source, cell by cell; nothing in it is run."""

import json
import re
from collections.abc import Iterator
from typing import Any

from autograder.judging.parsing import check, decode
from autograder.judging.unreadable import Unreadable, plain

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


def read_notebook(data: bytes, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The source of each code cell that parses, in order, and notes on those left out.

    Reads nbformat 3 and 4. IPython's own lines (``%matplotlib inline``, ``!ls``) become
    ``pass``, so that the rest of their cell stays. Cells are counted as a reader would:
    code cells only, from 1. Raises ``Unreadable`` when it isn't a Python notebook.
    """
    document = _document(data, name)
    _check_language(document, name)
    cells = list(_code_cells(document, name))
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"{name} has more than {MAX_CELLS:,} code cells: hand in a shorter one.")
    if sum(map(len, cells)) > MAX_CODE:
        raise Unreadable(f"{name} has more than 1 MiB of code: leave the data out.")
    chunks, notes = [], []
    for number, cell in enumerate(cells, start=1):
        try:
            chunk = _python(cell)
        except Unreadable as error:
            notes.append(f"Code cell {number} of {name} was left out: {error}.")
        else:
            if chunk.strip():
                chunks.append(chunk)
    return tuple(chunks), tuple(notes)


def _document(data: bytes, name: str) -> dict[str, Any]:
    if not data.strip():
        raise Unreadable(f"{name} is empty: save the notebook and hand it in again.")
    text = decode(data, name)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"{name} is not a whole notebook (line {error.lineno}: {error.msg}): "
            "save it in Jupyter and hand it in again."
        ) from None
    except (RecursionError, MemoryError):
        raise Unreadable(f"{name} is not a notebook: it is nested too deeply.") from None
    except ValueError:  # a number of thousands of digits
        document = None
    if not isinstance(document, dict):
        raise Unreadable(f"{name} is not a notebook: save it in Jupyter and hand it in again.")
    return document


def _check_language(document: dict[str, Any], name: str) -> None:
    metadata = _dict(document.get("metadata"))
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        language = _dict(metadata.get(section)).get(key)
        if isinstance(language, str) and "python" not in language.lower():
            raise Unreadable(
                f"{name} is a notebook for {plain(language)}: the exercises are in Python."
            )


def _code_cells(document: dict[str, Any], name: str) -> Iterator[str]:
    if isinstance(document.get("cells"), list):
        cells = document["cells"]
    elif isinstance(document.get("worksheets"), list):
        cells = [
            cell for sheet in document["worksheets"] for cell in _list(_dict(sheet).get("cells"))
        ]
    else:
        raise Unreadable(f"{name} has no cells: save it in Jupyter and hand it in again.")
    for cell in map(_dict, cells):
        if cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input"))
            parts = [source] if isinstance(source, str) else _list(source)
            text = "".join(part for part in parts if isinstance(part, str))
            yield text.replace("\r\n", "\n").replace("\r", "\n")


def _python(cell: str) -> str:
    """The Python of a cell. Raises ``Unreadable`` when it has none or doesn't parse."""
    if "\0" in cell:
        raise Unreadable("it has a NUL character")
    body = _without_cell_magics(cell)
    try:
        check(body)
    except Unreadable:
        # Only now: in a cell that parses, a line that starts with % is part of a sum.
        body = _without_magics(body)
        check(body)
    return body


def _without_cell_magics(cell: str) -> str:
    lines = cell.split("\n")
    for place, line in enumerate(lines):
        if not line.strip():
            continue
        if not line.startswith("%%"):
            break
        magic = line[2:].split(maxsplit=1)
        if not magic or magic[0] not in _TRANSPARENT:
            raise Unreadable(f"it is not Python: {plain(line)}")
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
