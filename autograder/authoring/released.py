"""The released notebook, made by nbgrader itself, and the kit's wheel, made by hatchling."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.authoring.source import SourceError
from autograder.intake.trees import is_junk


def released_files(assignment: str, root: Path) -> dict[str, bytes]:
    """What ``nbgrader generate_assignment`` makes of an assignment's source, by path.

    With the settings of the course in ``root``, but in a folder and with a database of its
    own: a release changes nobody's gradebook. Raises SourceError when nbgrader refuses,
    ImportError where it isn't installed.
    """
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    try:
        config = PyFileConfigLoader("nbgrader_config.py", str(root)).load_config()
    except Exception as error:
        # It is a program that an instructor changes.
        raise SourceError(f"nbgrader_config.py can't be used: {error}") from error
    with TemporaryDirectory(prefix="release-") as folder, _programs_found():
        course = Path(folder)
        shutil.copytree(root / "source" / assignment, course / "source" / assignment)
        config.CourseDirectory.root = str(course)
        config.CourseDirectory.db_url = f"sqlite:///{course / 'gradebook.db'}"
        made = NbGraderAPI(config=config).generate_assignment(assignment)
        if not made["success"]:
            why = made["error"].strip().splitlines()[-1]
            raise SourceError(f"nbgrader can't release {assignment}: {why}")
        return _files(course / "release" / assignment)


def wheel(root: Path) -> tuple[str, bytes]:
    """The name and content of the kit's wheel; the same bytes for the same checkout.

    Raises ImportError where hatchling isn't installed.
    """
    from hatchling.builders.wheel import WheelBuilder

    with TemporaryDirectory(prefix="wheel-") as folder:
        [built] = WheelBuilder(str(root)).build(directory=folder, versions=["standard"])
        return Path(built).name, Path(built).read_bytes()


def _files(folder: Path) -> dict[str, bytes]:
    found = ((file.relative_to(folder), file) for file in folder.rglob("*") if file.is_file())
    return {
        path.as_posix(): file.read_bytes()
        for path, file in found
        if not any(map(is_junk, path.parts))
    }


@contextmanager
def _programs_found() -> Iterator[None]:
    """nbgrader starts alembic by its name, which needs an activated environment."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before
