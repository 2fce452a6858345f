"""What only IPython knows in a cell, such as ``%matplotlib inline`` and ``!ls``, to Python."""

from __future__ import annotations

import re

from autograder.sources import SourceProblem, plain

# The body of these cells runs in the notebook itself.
_TRANSPARENT = {"time", "timeit", "capture"}
_TIMED = re.compile(r"%time\s+(?=\S)")
_RUN = re.compile(r"%run\s+(?:-\w\s+)*([A-Za-z]\w*)\.py\s*$")
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


def without_cell_magics(cell: str, name: str) -> str:
    """The cell without ``%%time`` and its like. Raises SourceProblem for others, as ``%%bash``."""
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


def without_indent(cell: str) -> str:
    """The cell without the indent of its first line, as IPython takes it off every line."""
    lines = cell.split("\n")
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    return "\n".join(line.removeprefix(indent) for line in lines)


def without_magics(cell: str) -> str:
    """The cell with ``pass`` for each line that only IPython knows; lines keep their numbers."""
    statements = Statements()
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
        elif statements.may_begin and (run := _RUN.match(line)):
            # What a file defines is in the notebook then.
            line = f"from {run[1]} import *"
        elif statements.may_begin and _MAGIC.match(words):
            line, in_magic = f"{indent}pass", line.endswith("\\")
        else:
            statements.feed(line)
        lines.append(line)
    return "\n".join(lines)


class Statements:
    """Follows the lines of a cell: a statement may begin where nothing is left open."""

    def __init__(self) -> None:
        self._quote = ""
        self._brackets = 0
        self._joined = False

    @property
    def may_begin(self) -> bool:
        return not (self._quote or self._brackets or self._joined)

    @property
    def in_text(self) -> bool:
        """Is a string of several lines still open?"""
        return bool(self._quote)

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
