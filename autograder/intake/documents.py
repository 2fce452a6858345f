"""A notebook's bytes to the JSON in them, as far as it can be had."""

from __future__ import annotations

import json
import re
from typing import Any

from autograder.intake.trees import MIB
from autograder.sources import SourceProblem, decode

MAX_SIZE = 20 * MIB
"""Without outputs. In memory, JSON may take more than twenty times the place of its text."""

AGAIN = "save it in Jupyter and hand it in again."

# Jupyter writes the fields of a cell in the order of their names, so that this one is the first.
_CELL = re.compile(r'\{\s*"cell_type"')
_MAX_WHOLE = 10_000
# For each of them Python counts the lines up to there.
_MAX_BROKEN = 100
_BULKY = (b'"outputs"', b'"attachments"', b'"widgets"')
# The last quote may be missing: each byte is looked at once, in whatever a stranger wrote.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_MAX_TOKENS = 2_000_000


def read_document(content: bytes, name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The notebook as JSON has it, and a note on each thing that is wrong with the file.

    Of a file that is damaged the whole cells are taken; of a large one the outputs are left out.
    Raises SourceProblem when it is no notebook, or too large a one.
    """
    if not content.strip():
        raise SourceProblem(f"{name} is empty; save the notebook and hand it in again.")
    if len(content) > MAX_SIZE:
        content = _without_outputs(content)
        if len(content) > MAX_SIZE:
            raise SourceProblem(
                f"{name} is larger than {MAX_SIZE // MIB} MiB even without its outputs; "
                "leave the data out of it."
            )
    text, notes = _decoded(content, name)
    try:
        document = _parsed(text, name)
    except json.JSONDecodeError as error:
        document, note = _mended(text, error, name)
        notes = [*notes, note]
    if not isinstance(document, dict):
        raise SourceProblem(f"{name} is no notebook; {AGAIN}")
    return document, tuple(notes)


def _decoded(content: bytes, name: str) -> tuple[str, list[str]]:
    try:
        return decode(content, name), []
    except SourceProblem as problem:
        encoding = json.detect_encoding(content)
        # Old editors know one alphabet only; of code it is the part that nearly all share.
        known = "latin-1" if encoding.startswith("utf-8") else encoding
        text = content.decode(known, "replace").replace("\r\n", "\n").replace("\r", "\n")
        return text, [str(problem)]


def _parsed(text: str, name: str) -> Any:
    """The JSON in ``text``; None for what no notebook holds. Raises JSONDecodeError."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except (RecursionError, MemoryError):
        raise SourceProblem(f"{name} is nested too deeply to be a notebook.") from None
    except ValueError:  # a number of thousands of digits
        return None


def _mended(text: str, error: json.JSONDecodeError, name: str) -> tuple[Any, str]:
    """What can be had of damaged JSON, and a note. Raises SourceProblem when there is nothing."""
    first = _first_sides(text)
    if first != text:
        try:
            return _parsed(first, name), (
                f"{name} line {error.lineno} holds a merge conflict of git's: "
                "the side above its ======= was read; settle it and hand the notebook in again."
            )
        except json.JSONDecodeError as still:
            text, error = first, still
    cells = _whole_cells(text)
    if not cells:
        raise SourceProblem(
            f"{name} line {error.lineno} is not what a notebook holds ({error.msg}); {AGAIN}"
        ) from error
    return {"cells": cells}, (
        f"{name} is damaged at line {error.lineno} ({error.msg}): "
        f"only the {len(cells)} cells that are whole were read; {AGAIN}"
    )


def _first_sides(text: str) -> str:
    """The text with the first side of each of git's merge conflicts, which is one's own."""
    kept = []
    side = "both"
    for line in text.split("\n") if "<<<<<<< " in text else [text]:
        if line.startswith("<<<<<<< "):
            side = "first"
        elif side == "first" and line.startswith(("=======", "|||||||")):
            side = "other"
        elif side != "both" and line.startswith(">>>>>>> "):
            side = "both"
        elif side != "other":
            kept.append(line)
    return "\n".join(kept)


def _whole_cells(text: str) -> list[Any]:
    """Every cell in ``text`` that can be read from its first brace to its last."""
    decoder = json.JSONDecoder()
    cells: list[Any] = []
    place = broken = 0
    while broken < _MAX_BROKEN and len(cells) < _MAX_WHOLE:
        found = _CELL.search(text, place)
        if not found:
            break
        try:
            cell, place = decoder.raw_decode(text, found.start())
            cells.append(cell)
        except json.JSONDecodeError as error:
            # Not right behind the brace: then each of many cells would be read to the end.
            place = max(found.end(), error.pos)
            broken += 1
        except (RecursionError, MemoryError, ValueError):
            break
    return cells


def _without_outputs(content: bytes) -> bytes:
    """The JSON without what makes notebooks large: pictures and text that cells printed."""
    kept = []
    start = depth = 0
    bulky = skipping = False
    for count, token in enumerate(_TOKEN.finditer(content)):
        if count == _MAX_TOKENS:
            return content
        sign = token.group() if token.end() - token.start() < 20 else b""
        if skipping:
            depth += (sign in (b"[", b"{")) - (sign in (b"]", b"}"))
            if depth == 0:
                skipping, start = False, token.start()
        elif bulky and sign in (b"[", b"{"):
            kept.append(content[start : token.end()])
            skipping, depth = True, 1
        bulky = sign in _BULKY
    return b"".join([*kept, b"" if skipping else content[start:]])
