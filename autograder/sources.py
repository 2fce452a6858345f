"""A stranger's bytes to Python source: decoded and parsed, never run."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import unicodedata
import warnings
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

SHOWN = 80
MAX_TOKENS = 250_000

# A longer first line holds no declaration, and searching it takes quadratic time.
_DECLARATION_BYTES = 1_000
# What every encoding of source must leave as it is; idna decodes the last word.
_ASCII = bytes(range(32, 127)) + b".xn--4ca"
_TOKEN = re.compile(r"\w+|[^\w\s]")
# Controls (ANSI colours, NUL), formats (bidi overrides), lone surrogates, Unicode's line breaks.
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Joiners are invisible too, but Persian names and family emoji are misspelt without them.
_JOINERS = "\u200c\u200d"


class SourceProblem(Exception):
    """This can't be read; the message is one sentence that names the file and what to do."""


def read_python(content: bytes, name: str) -> str:
    """Decode and parse a module, and return its text. Raises SourceProblem."""
    text = decode(content, name)
    problem = parse_problem(text, name)
    if problem:
        raise SourceProblem(problem)
    return text


def decode(content: bytes, name: str) -> str:
    """The text as Python would decode it, with ``\\n`` at the line ends. Raises SourceProblem.

    It is UTF-8, with or without a byte order mark, unless a comment declares another encoding.
    """
    if _is_utf16(content):
        raise SourceProblem(f"{name} is saved as UTF-16; save it as UTF-8.")
    encoding = _encoding(content, name)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = len((content[: error.start] + b".").splitlines())
        known = "UTF-8" if encoding.startswith("utf-8") else encoding
        raise SourceProblem(f"{name} line {line} is not {known}; save it as UTF-8.") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_problem(text: str, name: str) -> str | None:
    """Why ``text`` is no Python, in one sentence, or None when it is.

    It is parsed and not compiled: compiling 1 MiB can be made to take minutes.
    """
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return f"{name} line {line} holds a NUL byte: it is no text, or was damaged; save it again."
    if words_in(text) > MAX_TOKENS:
        return f"{name} holds more than {MAX_TOKENS:,} words and signs; leave the data out of it."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return _syntax_problem(error, text, name)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        return f"{name} line {line} holds half of a character; type that line again."
    except (RecursionError, MemoryError):
        return f"{name} is nested too deeply to be read."
    return None


def words_in(text: str) -> int:
    """How many words and signs there are: what parsing it costs."""
    return sum(1 for _ in _TOKEN.finditer(text))


def plain(text: str, width: int = SHOWN) -> str:
    """``text`` on one line, safe to print, at most ``width`` characters long.

    It comes from a stranger: escape sequences, changes of writing direction and halves of
    characters would spoil a terminal or a page.
    """
    shown = "".join(" " if is_unseen(character) else character for character in text).strip()
    return shown if len(shown) <= width else shown[: width - 1] + "…"


def is_unseen(character: str) -> bool:
    """Whether a character shows nothing by itself, and may change what stands around it."""
    return character not in _JOINERS and unicodedata.category(character) in _UNSEEN


def _is_utf16(content: bytes) -> bool:
    """Whether a byte order mark says UTF-16, or a NUL in every other byte of the start."""
    start = content[:64]
    marked = start.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    return marked or (len(start) > 3 and any(start) and not (any(start[1::2]) and any(start[::2])))


def _encoding(content: bytes, name: str) -> str:
    """The encoding of ``content``: one that leaves ASCII as it is, as Python source needs."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content[:_DECLARATION_BYTES]).readline)
        usable = _ASCII.decode(encoding) == _ASCII.decode("ascii")
    except SyntaxError as error:
        if "invalid or missing encoding" in str(error):
            return "utf-8"
        usable = False
    except (LookupError, UnicodeError):
        usable = False
    if not usable:
        raise SourceProblem(f"{name} declares an encoding that can't be used; save it as UTF-8.")
    return encoding


def _syntax_problem(error: SyntaxError, text: str, name: str) -> str:
    lines = text.split("\n")
    number = error.lineno or 0
    line = plain(lines[number - 1]) if 0 < number <= len(lines) else ""
    message = plain(error.msg or "invalid syntax").rstrip(".")
    return f"{name} line {number}: {message}" + (f": {line}" if line else "")
