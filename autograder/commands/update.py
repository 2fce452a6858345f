"""``autograder update``: bring a newer release into the folder that a student works in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.commands.say import os_problem, problem

if TYPE_CHECKING:
    from autograder.bundle.merge import Change

_FATE = 12
"""Width of the column that says what became of a file."""


def run_update(newer: Path) -> int:
    """Merge the release ``newer``, a folder or a zip, into the folder around this one.

    Returns the exit code: 2 when one of the two is no release, 1 when the machine failed; the
    same command finishes it then.
    """
    from autograder.bundle.manifest import BundleError, find_root
    from autograder.bundle.merge import merge
    from autograder.bundle.release import read_release

    try:
        root = find_root(Path.cwd())
        if newer.resolve() == root.resolve():
            problem(f"{newer} is the folder that you work in; give the new release.")
            return 2
        changes = merge(read_release(newer), root)
    except BundleError as error:
        problem(str(error))
        return 2
    except OSError as error:
        why = os_problem(error, error.filename or newer)
        problem(f"the update is not finished: {why} The same command finishes it.")
        return 1
    tell(changes, root)
    _tell_wheel(changes)
    return 0


def tell(changes: Sequence[Change], root: Path) -> None:
    """Print what a merge has changed in ``root``."""
    from autograder.bundle.manifest import NEWER
    from autograder.bundle.merge import Fate

    if not changes:
        print(f"{root} is up to date.")
    elif all(change.fate is Fate.ADDED for change in changes):
        print(f"{len(changes)} files were written to {root}.")
    else:
        for change in changes:
            print(f"{change.fate.value:<{_FATE}}{change.path}")
    for change in changes:
        if change.fate is Fate.KEPT:
            problem(
                f"{change.path} is edited, and stays as it is; "
                f"what it would be now is in {NEWER}/{change.path}: compare the two."
            )
        elif change.fate is Fate.KEPT_TWICE:
            problem(
                f"{change.path} and {NEWER}/{change.path} are edited, and both stay as they are; "
                "compare them with the new release."
            )


def _tell_wheel(changes: Sequence[Change]) -> None:
    """What is installed is still the old kit."""
    from autograder.bundle.merge import Fate

    for change in changes:
        if change.path.endswith(".whl") and change.fate in (Fate.ADDED, Fate.REPLACED):
            # Of one version, pip would take the new wheel for the old one.
            again = "" if change.fate is Fate.ADDED else "--force-reinstall --no-deps "
            print(f"The kit is a new one. Run: pip install {again}{change.path}")
