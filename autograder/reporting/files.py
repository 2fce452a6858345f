"""Reports on disk: each student under their own name."""

import re
from hashlib import sha256
from pathlib import Path

from autograder.sources import is_unseen

# What no file name may hold on Windows; "%" itself, so that no two students share a file.
_FORBIDDEN = set('<>:"/\\|?*%')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
# The limit of nearly every file system, in bytes.
_LONGEST = 255


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
