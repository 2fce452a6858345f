"""Python source as text: decode it, parse it, and say in one sentence what is wrong with it.

Nothing here runs what it reads.
"""

from __future__ import annotations

import ast
import codecs
import io
import tokenize
import warnings

SHOWN = 80


class SourceProblem(Exception):
    """This is no Python that can be read; the message names the file and what to do."""


def read_python(content: bytes, name: str) -> str:
    """Decode and parse a module, and return its text. Raises SourceProblem."""
    text = decode(content, name)
    problem = parse_problem(text, name)
    if problem:
        raise SourceProblem(problem)
    return text


def decode(content: bytes, name: str) -> str:
    """Decode as Python would: UTF-8, a byte order mark, or a coding comment."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SourceProblem(f"{name} is saved as UTF-16; save it as UTF-8.")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SourceProblem(
            f"{name} line {line} is not {error.encoding.upper()}; save the file as UTF-8."
        ) from error
    except (SyntaxError, LookupError) as error:
        raise SourceProblem(_encoding_problem(content, name)) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding_problem(content: bytes, name: str) -> str:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return f"{name} line {line} is not UTF-8; save the file as UTF-8."
    return f"{name} names an encoding that Python doesn't know; save it as UTF-8."


def parse_problem(text: str, name: str) -> str | None:
    """Why ``text`` is no Python, in one sentence, or None when it is."""
    if "\0" in text:
        return f"{name} holds a NUL byte: it is no text file, or it was damaged; save it again."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return _syntax_problem(error, text, name)
    except (RecursionError, MemoryError):
        return f"{name} is nested too deeply to be read."
    except ValueError as error:
        return f"{name} can't be read as Python: {error}."
    return None


def _syntax_problem(error: SyntaxError, text: str, name: str) -> str:
    lines = text.splitlines()
    number = error.lineno or 0
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    shown = line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
    message = (error.msg or "invalid syntax").rstrip(".")
    return f"{name} line {number}: {message}" + (f": {shown}" if shown else "")
