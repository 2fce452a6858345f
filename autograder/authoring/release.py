"""Put together what a student gets of an assignment. No answer is in it, and no hidden test."""

from __future__ import annotations

from pathlib import Path

from autograder.authoring.build import ROOT, built_files, current_text
from autograder.authoring.handout import pyproject, readme
from autograder.authoring.released import released_files, wheel
from autograder.authoring.source import SourceError, UnitSource, read_units
from autograder.bundle.manifest import KIT
from autograder.bundle.release import Release

_DESK = "exercises"


def make_release(assignment: str, root: Path = ROOT) -> Release:
    """Make the release of an assignment from the checkout ``root``.

    Raises SourceError when there is no such assignment or what it is made of is stale,
    ImportError where nbgrader or hatchling are missing, OSError.
    """
    built = built_files(root)
    units = units_of(assignment, read_units(root / "solutions"))
    notebook = root / "source" / assignment / f"{assignment}.ipynb"
    for file in (notebook, root / "autograder" / "course.json"):
        if current_text(file) != built[file]:
            raise SourceError(f"{file.relative_to(root)} is stale; run `autograder build`.")
    name, content = wheel(root)
    files = {f"{KIT}/{name}": content, **released_files(assignment, root)}
    for unit in units:
        # Cut anew: the ones in the checkout may be solved by whoever tried them.
        files[f"{_DESK}/{unit.name}.py"] = built[root / _DESK / f"{unit.name}.py"].encode()
        tests = f"{_DESK}/test_{unit.name}.py"
        files[tests] = (root / tests).read_bytes()
    files["README.md"] = readme(assignment, units, name).encode()
    files["pyproject.toml"] = pyproject(assignment, root).encode()
    return Release(frozenset({assignment}), files)


def units_of(assignment: str, units: list[UnitSource]) -> list[UnitSource]:
    """The units with functions of this assignment, and those that they import, in their order.

    Always whole, with another assignment's functions: a later release must not change a file
    in which students have written their answers.
    """
    named = {unit.name: unit for unit in units}
    wanted = [u.name for u in units if any(f.assignment == assignment for f in u.functions)]
    if not wanted:
        known = dict.fromkeys(f.assignment for unit in units for f in unit.functions)
        raise SourceError(
            f"There is no assignment {assignment!r}; choose one of: {', '.join(known)}."
        )
    for name in wanted:
        wanted += [n for n in _imported(named[name]) if n in named and n not in wanted]
    return [unit for unit in units if unit.name in wanted]


def _imported(unit: UnitSource) -> list[str]:
    """The units that this one imports, each by a line such as ``from exercises.shapes import``."""
    own = [line.split()[1] for line in unit.imports if line.startswith(f"from {_DESK}.")]
    return [module.removeprefix(f"{_DESK}.") for module in own]
