"""``autograder solution``: the reference, once the student's own function passes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.commands.say import os_problem, problem
from autograder.course import CourseError, Function, load_course
from autograder.selfcheck.last_words import LastWords
from autograder.selfcheck.limits import end_process

if TYPE_CHECKING:
    from autograder.selfcheck.runner import SelfCheck

EXERCISES = Path("exercises")


def run_solution(name: str) -> int:
    """Print the reference of function ``name`` if the student's own passes."""
    from autograder.authoring.build import ROOT
    from autograder.authoring.source import SourceError, read_unit

    try:
        function = load_course().function(name)
        file = ROOT / "solutions" / f"{function.unit}.py"
        if not file.is_file():
            problem("the solutions are not part of this installation; ask your instructor.")
            return 2
        tests = EXERCISES / f"test_{function.unit}.py"
        if not tests.is_file():
            problem(f"{tests} is not here; go to the folder that holds {EXERCISES}.")
            return 2
        check = _check(function, tests)
        tally = check.progress.tallies.get(name)
        if tally is None or not tally.done:
            problem(
                f"{name} does not pass yet; the solution comes after that. "
                f"Try `pytest {tests} -k {name}` or `autograder hint {name}`."
            )
            if check.left_behind:
                end_process(1)
            return 1
        source = next(f for f in read_unit(file).functions if f.name == name)
    except (CourseError, SourceError) as error:
        problem(str(error))
        return 2
    except OSError as error:
        problem(os_problem(error, error.filename))
        return 2
    print(f"{source.definition}\n{source.body}")
    return 0


def _check(function: Function, tests: Path) -> SelfCheck:
    """Run the public tests of this function on the student's own file."""
    from autograder.selfcheck.session import check_files

    last_words = LastWords.on_stderr()
    try:
        return check_files(
            [tests],
            assignment=function.assignment,
            function=function.name,
            last_words=last_words,
        )
    finally:
        if last_words:
            last_words.close()
