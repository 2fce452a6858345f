"""What a student reads first, and what pytest reads: the bundle's README.md and pyproject.toml."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.authoring.source import UnitSource
from autograder.bundle.manifest import KIT, NEWER
from autograder.course import FIRST_ASSIGNMENT

_README = """\
# Threes & Sevens: {assignment}

You need Python 3.11 or newer and this folder.

```
pip install {kit}/{wheel}
pytest exercises
```

No GPU? `pip install torch --index-url https://download.pytorch.org/whl/cpu` first keeps the
download small.

**In files.** `pytest exercises` ends with `Next:` and the place to go on. Do there what the
comment at the end of the function says, and run it again. `pytest exercises -k {function}`
checks one function.

**In the notebook.** Open `{assignment}.ipynb` in JupyterLab (`pip install jupyterlab`) or in
VS Code, answer in the cells, and run the cell below each: `check("{function}")` says the same
as pytest. Solve a unit in one place: where `exercises/<unit>.py` has an answer, that file
counts, and not the notebook.

**Stuck?** `autograder hint {function}` gives one hint at a time.

**Done?** Save all, and `autograder pack{option}` makes `{assignment}.zip`, the one file to hand
in. It says what is in it, and what can't be read.

**A newer release?** `autograder update NEWER`, the new folder or zip, brings it in here. What
you have edited stays yours; its new version is put into `{newer}/`, for you to compare.

The units, in this order: {units}.
"""
_PYPROJECT = """\
# How pytest checks the exercises. The kit to install is in {kit}/.
[tool.pytest.ini_options]
{settings}
"""


def readme(assignment: str, units: Sequence[UnitSource], wheel: str) -> str:
    """The README of one screen."""
    first = next(f.name for u in units for f in u.functions if f.assignment == assignment)
    return _README.format(
        assignment=assignment,
        function=first,
        kit=KIT,
        newer=NEWER,
        option=_option(assignment),
        units=", ".join(unit.name for unit in units),
        wheel=wheel,
    )


def pyproject(assignment: str, root: Path) -> str:
    """pytest's settings, as the checkout ``root`` has them for the exercises."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    ours: dict[str, Any] = tomllib.loads(text)["tool"]["pytest"]["ini_options"]
    settings = {
        **ours,
        "addopts": ours["addopts"] + _option(assignment),
        "testpaths": ["exercises"],
        # Tests that an update put aside are none of this folder's.
        "norecursedirs": [KIT, ".*", "venv"],
    }
    # What JSON calls a string or a list of strings is one in TOML too.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in settings.items()]
    return _PYPROJECT.format(kit=KIT, settings="\n".join(lines))


def _option(assignment: str) -> str:
    return "" if assignment == FIRST_ASSIGNMENT else f" --assignment {assignment}"
