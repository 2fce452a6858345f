"""The points that each tool gave, and whether they are the same."""

from __future__ import annotations

from autograder.course import load_course
from autograder.judging.references import with_requirements

Points = dict[str, dict[str, float]]
"""For each student, the points of each function."""

SHOWN = 10
"""How many differences are worth reading."""


def differences(ours: Points, theirs: Points) -> tuple[list[str], list[str]]:
    """Where ``theirs`` differ from ``ours``: as they must, and as they should not.

    With us a wrong function is replaced by a right one where a later function calls it: one
    mistake costs one exercise. In one process, it costs what builds on it too. That is the one
    difference there should be, and it can only be fewer points.
    """
    expected, unexpected = [], []
    for student, own in ours.items():
        for function, points in own.items():
            found = theirs.get(student, {}).get(function)
            if found == points:
                continue
            line = f"{student} {function}: {found} instead of {points}"
            fewer = found is not None and found < points
            followed = fewer and _builds_on_a_wrong_one(function, own)
            (expected if followed else unexpected).append(line)
    return expected, unexpected


def _builds_on_a_wrong_one(function: str, points: dict[str, float]) -> bool:
    course = load_course()
    earlier = with_requirements([function], course) - {function}
    return any(points[name] < course.function(name).points for name in earlier)
