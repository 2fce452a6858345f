"""A stranger's bytes to Python source: decoded and parsed, never run."""

import ast
import io
import re
import tokenize
import warnings
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from autograder.judging.unreadable import Unreadable, plain

MAX_TOKENS = 250_000

# A longer first line holds no declaration, and searching it takes quadratic time.
_DECLARATION_BYTES = 1_000
_TOKEN = re.compile(r"\w+|[^\w\s]")
_ASCII = bytes(range(32, 127))


def decode(data: bytes, name: str) -> str:
    """The text of the file ``name``, with ``\\n`` at the line ends.

    It is UTF-8 unless it declares another encoding as PEP 263 says.
    Raises ``Unreadable`` when it isn't text in that encoding.
    """
    if _is_utf16(data):
        raise Unreadable(f"{name} is saved as UTF-16: save it again as UTF-8.")
    encoding = _encoding(data, name)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = len((data[: error.start] + b".").splitlines())
        kind = "UTF-8" if encoding.startswith("utf-8") else encoding
        raise Unreadable(
            f"{name} is not {kind} text: line {line} has the byte 0x{data[error.start]:02x}; "
            f"save it again as UTF-8."
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Unreadable(f"{name} has a NUL byte in line {line}: save it again as plain text.")
    return text


def check(text: str) -> None:
    """Raise ``Unreadable`` when ``text`` isn't Python; the message starts with the line.

    The text is parsed and not compiled: compiling a short file can take minutes.
    """
    if sum(1 for _ in _TOKEN.finditer(text)) > MAX_TOKENS:
        raise Unreadable(f"it has more than {MAX_TOKENS:,} words and signs")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        raise Unreadable(_where(error, text)) from None
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise Unreadable(f"line {line}: half of a character stands alone") from None
    except (RecursionError, MemoryError):
        raise Unreadable("it is nested too deeply") from None


def _is_utf16(data: bytes) -> bool:
    """Whether a byte order mark, or a NUL in every other byte of the start, says UTF-16."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return True
    start = data[:64]
    return len(start) > 3 and (not any(start[1::2]) or not any(start[::2])) and any(start)


def _encoding(data: bytes, name: str) -> str:
    """The encoding that ``data`` declares; of those that keep ASCII as it is, as source must."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data[:_DECLARATION_BYTES]).readline)
        usable = _ASCII.decode(encoding) == _ASCII.decode("ascii")
    except SyntaxError as error:
        if "invalid or missing encoding" in str(error):
            return "utf-8"
        usable = False
    except (LookupError, UnicodeError):
        usable = False
    if not usable:
        raise Unreadable(
            f"{name} declares an encoding that can't be used: "
            "save it as UTF-8 and take the declaration out."
        )
    return encoding


def _where(error: SyntaxError, text: str) -> str:
    """The line number, Python's words and the line itself, as far as they are known."""
    lines = text.split("\n")
    number = error.lineno or 1
    line = plain(lines[number - 1]) if number <= len(lines) else ""
    words = f"line {number}: {plain(error.msg)}"
    return f"{words}: {line}" if line else words
