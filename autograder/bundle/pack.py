"""The one file that a student hands in, made of what is theirs in the folder of exercises."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.bundle.helpers import imported_helpers
from autograder.files import write_atomically
from autograder.intake.submission import DESK, Reader, Submission
from autograder.intake.trees import PlainFolder, is_junk

_COMMENT = b"made by autograder pack"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can hold: the same files give the same bytes."""
_ORDINARY_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Packed:
    """``files`` are the contents by path; ``folders`` are imported, but can't be handed in."""

    files: Mapping[str, bytes]
    folders: Sequence[str]


def packed(root: Path, units: Sequence[str], assignment: str) -> Packed:
    """What to hand in from the folder ``root``: the units' files, the notebook, helpers.

    Raises OSError.
    """
    desk = root / DESK
    answers = [desk / f"{unit}.py" for unit in units] + [root / f"{assignment}.ipynb"]
    answers = [file for file in answers if file.is_file()]
    helpers = {name: file for name, file in _modules(root, desk) if name not in units}
    wanted = [helpers[name] for name in imported_helpers(answers, helpers)]
    files = [*answers, *(file for file in wanted if file.is_file())]
    contents = {file.relative_to(root).as_posix(): file.read_bytes() for file in files}
    return Packed(contents, [file.name for file in wanted if file.is_dir()])


def write_pack(files: Mapping[str, bytes], out: Path) -> None:
    """Write the zip, whole or not at all. Raises OSError."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = _COMMENT
        for path, content in sorted(files.items()):
            info = zipfile.ZipInfo(path, _LONG_AGO)
            info.create_system = 3  # as on Unix, wherever it is made
            info.external_attr = _ORDINARY_FILE
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    write_atomically(out, buffer.getvalue())


def is_pack(file: Path) -> bool:
    """Whether ``write_pack`` has made this file. Raises OSError."""
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.comment == _COMMENT
    except zipfile.BadZipFile:
        return False


def read_back(out: Path, units: Sequence[str], assignment: str) -> Submission:
    """The zip as the grader will read it. Raises OSError."""
    reader = Reader(out.stem, units, assignment)
    reader.read_zip(PlainFolder(out.parent), out.name)
    return reader.submission()


def _modules(root: Path, desk: Path) -> list[tuple[str, Path]]:
    """Every file and folder that a cell or a unit may import; of two, the one in ``desk``."""
    found = [
        (entry.stem, entry)
        for folder in (root, desk)
        if folder.is_dir()
        for entry in sorted(folder.iterdir())
        if not is_junk(entry.name) and not entry.name.startswith("test_")
    ]
    return [
        (name, entry)
        for name, entry in found
        if entry.suffix == ".py" or (entry.is_dir() and any(entry.glob("*.py")) and entry != desk)
    ]
