"""A fresh pytest process for each submission, and the bare forks of one process."""

from __future__ import annotations

import json
from pathlib import Path

from side_by_side.cost import NOTHING, WITH_HELPERS, Command, Cost, cost_of
from side_by_side.points import Points

HIDDEN = Path(__file__).resolve().parents[2] / "autograder" / "hidden"


def fresh_each(submitted: Path, scratch: Path) -> tuple[Cost, Points]:
    """Run pytest on one folder after the other."""
    command = ["pytest", "-q", "--tb=no", "-p", "side_by_side.fresh_pytest"]
    command += [f"--config-file={scratch / 'none.ini'}", f"--rootdir={HIDDEN}", "--noconftest"]
    command += ["-p", "no:cacheprovider", "--import-mode=importlib", str(HIDDEN)]
    (scratch / "none.ini").write_text("[pytest]\n", encoding="utf-8")
    cost, points = NOTHING, {}
    for folder in sorted(submitted.iterdir()):
        target = scratch / "points.json"
        target.unlink(missing_ok=True)
        environment = {**WITH_HELPERS, "SUBMISSION": str(folder), "POINTS": str(target)}
        cost += cost_of(Command(command, scratch, environment), allowed=(0, 1))
        points[folder.name] = json.loads(target.read_text(encoding="utf-8"))
    return cost, points


def bare_forks(submitted: Path, scratch: Path) -> tuple[Cost, Cost, Points]:
    """Grade the folders in forks of one process.

    Returns the whole cost, what of it is start-up and end, and the points.
    """
    target = scratch / "forks.json"
    command = ["side_by_side.bare_forks", str(submitted), str(target)]
    whole = cost_of(Command(command, scratch, WITH_HELPERS))
    told = json.loads(target.read_text(encoding="utf-8"))
    start = Cost(whole.wall - told["wall"], whole.cpu - told["cpu"], whole.largest)
    return whole, start, told["points"]
