"""Write files whole or not at all, and tell their contents apart."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

_TOKEN_BYTES = 8
_TEMPORARY = re.compile(rf"\.[0-9a-f]{{{2 * _TOKEN_BYTES}}}\.tmp")


def write_atomically(path: Path, text: str | bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a half.

    Text is written as UTF-8 with its line ends as they are. The folder must exist.
    Raises OSError (disk full, no permission, ``path`` is a folder) and leaves nothing behind.
    """
    # A folder name that isn't UTF-8 reaches us as lone surrogates: one must not lose a report.
    content = text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text
    # Not tempfile: its files are for the owner's eyes only, and a class shares its reports.
    temporary = path.with_name(f".{secrets.token_hex(_TOKEN_BYTES)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
        os.replace(temporary, path)  # noqa: PTH105 - replaces on Windows too, and says so
    except OSError as error:
        temporary.unlink(missing_ok=True)
        # Named after the file that was meant, not after the temporary one.
        raise type(error)(error.errno, error.strerror, str(path)) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def remove_leftovers(folder: Path) -> None:
    """Remove what a ``write_atomically`` that was killed has left. Raises OSError."""
    for file in folder.iterdir():
        if _TEMPORARY.fullmatch(file.name):
            file.unlink(missing_ok=True)


def files_digest(named: Iterable[tuple[str, Path]]) -> str:
    """sha256 over names and contents, in the order given. Raises OSError."""
    digest = hashlib.sha256()
    for name, file in named:
        content = file.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
