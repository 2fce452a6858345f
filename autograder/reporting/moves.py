"""Two results of one student: by how much the score moves, and by which tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.reporting.text import number, one_line, out_of


@dataclass(frozen=True, slots=True)
class TestMove:
    """One test that earns other points than before; None where the suite had or has no such."""

    function: str
    name: str
    title: str
    before: float | None
    after: float | None

    @property
    def difference(self) -> float:
        return (self.after or 0.0) - (self.before or 0.0)

    @property
    def words(self) -> str:
        """What happened to the test, such as "+1.5 test_ties (is_3): A tie is not a 3"."""
        kind = " (new test)" if self.before is None else ""
        kind = " (test removed)" if self.after is None else kind
        return f"{signed(self.difference)} {self.name} ({self.function}){kind}: {self.title}"


@dataclass(frozen=True, slots=True)
class Move:
    """A student whose score moves; ``before`` and ``after`` as they are written."""

    student: str
    before: str
    after: str
    difference: float
    tests: tuple[TestMove, ...]


def find_move(old: dict[str, Any] | None, new: dict[str, Any]) -> Move | None:
    """What changes for the student of ``new``, or None when every test earns what it earned."""
    before, after = _points(old), _points(new)
    titles = {key: title for key, (_, title) in {**before, **after}.items()}
    tests = tuple(
        TestMove(*key, title, _of(before, key), _of(after, key))
        for key, title in titles.items()
        if _of(before, key) != _of(after, key)
    )
    statuses = {result["status"] for result in (old, new) if result}
    if old is not None and len(statuses) == 1 and not any(test.difference for test in tests):
        return None
    difference = (new["score"] or 0.0) - ((old or {}).get("score") or 0.0)
    return Move(new["student"], _written(old), _written(new), difference, tests)


def move_lines(moves: Sequence[Move]) -> list[str]:
    """Who moves, by how much, and by which test: a line for each, ready to be printed."""
    width = max((len(one_line(move.student)) for move in moves), default=0)
    lines = []
    for move in moves:
        name = one_line(move.student).ljust(width)
        lines.append(f"{name}  {move.before} -> {move.after}  ({signed(move.difference)})")
        lines += [f"{'':{width}}    {test.words}" for test in move.tests if test.difference]
    return lines


def signed(points: float) -> str:
    """Points with their sign, such as +1.5."""
    return f"{'+' if points >= 0 else '-'}{number(abs(points))}"


def _points(result: dict[str, Any] | None) -> dict[tuple[str, str], tuple[float, str]]:
    if result is None or result["status"] == "not_graded":
        return {}
    return {
        (function["name"], test["name"]): (test["score"], test["title"])
        for function in result["functions"]
        for test in function["tests"]
    }


def _of(points: dict[tuple[str, str], tuple[float, str]], key: tuple[str, str]) -> float | None:
    return points[key][0] if key in points else None


def _written(result: dict[str, Any] | None) -> str:
    if result is None or result["status"] == "not_graded":
        return "not graded"
    return out_of(result["score"], result["max_score"])
