"""``autograder release``: write what a student gets, or bring an earlier release up to date."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.commands.say import os_problem, problem
from autograder.commands.update import tell


def run_release(assignment: str, to: Path) -> int:
    """Write the release of an assignment to the folder ``to``. Returns the exit code.

    2 when it can't be made or put there, 1 when the machine failed while it was written: the
    same command finishes it then.
    """
    from autograder.authoring.build import ROOT
    from autograder.authoring.release import make_release
    from autograder.authoring.source import SourceError
    from autograder.bundle.manifest import BundleError
    from autograder.bundle.merge import merge

    if to.exists() and not to.is_dir():
        problem(f"{to} is not a folder; give the folder that students get.")
        return 2
    # os.path: a ring of links is for whoever writes there to report.
    real = Path(os.path.realpath(to))
    if real == ROOT or real.is_relative_to(ROOT / "autograder"):
        problem(f"{to} belongs to the checkout itself; give a folder that students get.")
        return 2
    try:
        tell(merge(make_release(assignment), to), to)
    except (SourceError, BundleError) as error:
        problem(str(error))
        return 2
    except ImportError as error:
        problem(
            f"a release is made with nbgrader and hatchling ({error}); "
            'run: pip install -e ".[instructor]"'
        )
        return 2
    except OSError as error:
        why = os_problem(error, error.filename or to)
        problem(f"the release is not finished: {why} The same command finishes it.")
        return 1
    return 0
