"""A cell that does not parse, piece by piece: one mistake need not cost its other functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress, islice

from autograder.intake.magics import Statements
from autograder.sources import parse_problem

MAX_PIECES = 200
_DEFINED = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)
# No bracket can hold these words: where one is open it was never closed.
_SURELY_BEGINS = re.compile(r"(?:async )?def |class |import ")
_GOES_ON = re.compile(r"#|(?:elif|else|except|finally)\b|[)\]}]")


def whole_pieces(cell: str) -> tuple[str, tuple[str, ...]]:
    """The cell with those statements alone that parse, and the functions in what is left out.

    Lines keep their numbers. It is "" when no statement parses, or when there are too many.
    """
    pieces = list(islice(_pieces(cell), MAX_PIECES + 1))
    if len(pieces) > MAX_PIECES:
        return "", defined_in(cell)
    lost = [bool(parse_problem(piece, "")) for piece in pieces]
    kept = "".join(map(_blanked, pieces, lost))
    if not kept.strip() or parse_problem(kept, ""):
        return "", defined_in(cell)
    return kept, defined_in("".join(compress(pieces, lost)))


def defined_in(text: str) -> tuple[str, ...]:
    """The functions that ``text`` seems to define, whether it parses or not."""
    return tuple(dict.fromkeys(_DEFINED.findall(text)))


def _pieces(cell: str) -> Iterator[str]:
    """The cell cut where a statement begins at the left margin."""
    piece: list[str] = []
    statements = Statements()
    decorated = False
    for line in cell.split("\n"):
        if _SURELY_BEGINS.match(line) and not statements.in_text:
            statements = Statements()
        at_margin = line.strip() and not line[0].isspace() and not _GOES_ON.match(line)
        if at_margin and statements.may_begin:
            if not decorated:
                yield "".join(piece)
                piece = []
            decorated = line.startswith("@")
        statements.feed(line)
        piece.append(f"{line}\n")
    yield "".join(piece)


def _blanked(piece: str, lost: bool) -> str:
    return "\n" * piece.count("\n") if lost else piece
