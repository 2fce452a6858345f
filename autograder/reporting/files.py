"""Reports on disk: whole or not there at all, and each student under their own name."""

import os
import re
import secrets
from hashlib import sha256
from pathlib import Path

from autograder.reporting.text import is_unseen

# What no file name may hold on Windows; "%" itself, so that no two students share a file.
_FORBIDDEN = set('<>:"/\\|?*%')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
# The limit of nearly every file system, in bytes.
_LONGEST = 255


def write_atomically(path: Path, text: str | bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a half.

    Text is written as UTF-8 with its line ends as they are. The folder must exist.
    Raises OSError (disk full, no permission, `path` is a folder) and leaves nothing behind.
    """
    # A folder name that isn't UTF-8 reaches us as lone surrogates: one must not lose a report.
    content = text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text
    # Not tempfile: its files are for the owner's eyes only, and a class shares its reports.
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
        os.replace(temporary, path)  # noqa: PTH105 - replaces on Windows too, and says so
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def student_file(folder: Path, student: str, suffix: str) -> Path:
    """Where a student's report goes: `folder/<student><suffix>`, with `suffix` such as ".json".

    Ordinary names, spaces and accents included, stay as they are. What a file system would
    refuse or a reader couldn't see is percent-encoded, so that the file is always in `folder`;
    a name too long for a file is cut and told apart by a digest.
    """
    name = "".join(_encoded(c) if c in _FORBIDDEN or is_unseen(c) else c for c in student)
    if name.startswith(".") or _DEVICE.match(name):
        name = _encoded(name[0]) + name[1:]
    if len(f"{name}{suffix}".encode()) > _LONGEST:
        digest = "%" + sha256(name.encode()).hexdigest()[:16]
        room = _LONGEST - len(f"{digest}{suffix}".encode())
        name = name.encode()[:room].decode(errors="ignore") + digest
    return folder / f"{name}{suffix}"


def _encoded(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
