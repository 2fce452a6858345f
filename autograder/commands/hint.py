"""``autograder hint``: one hint at a time, from gentle to nearly there."""

from __future__ import annotations

import json
from pathlib import Path

from autograder.commands.say import problem, wrapped
from autograder.course import CourseError, load_course
from autograder.files import write_atomically

# In the folder where the student works, so that two courses do not share their hints.
MEMORY = Path(".autograder") / "hints.json"


def run_hint(name: str, again: bool) -> int:
    """Print the next hint for function ``name``. Returns the exit code."""
    try:
        function = load_course().function(name)
    except CourseError as error:
        problem(str(error))
        return 2
    given = _given()
    number = 0 if again else given.get(name, 0)
    number = min(number, len(function.hints) - 1)
    last = number + 1 == len(function.hints)
    print(f"{name}, hint {number + 1} of {len(function.hints)}\n")
    print(f"{wrapped(function.hints[number])}\n")
    if last:
        print(f"That was the last one. To see them again: autograder hint --again {name}")
    else:
        print(f"For the next one: autograder hint {name}")
    _remember({**given, name: number + 1})
    return 0


def _given() -> dict[str, int]:
    """How many hints were given, by function; none when that can't be read."""
    try:
        data = json.loads(MEMORY.read_text(encoding="utf-8"))
        return {str(name): max(0, int(count)) for name, count in data.items()}
    except (OSError, ValueError, AttributeError, TypeError, OverflowError, RecursionError):
        return {}


def _remember(given: dict[str, int]) -> None:
    try:
        MEMORY.parent.mkdir(exist_ok=True)
        write_atomically(MEMORY, json.dumps(given))
    except OSError as error:
        problem(f"{MEMORY} can't be written ({error.strerror}): the next hint will be this again.")
