"""How far a student has come, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autograder.course import Course, Function

BAR = 24


@dataclass(slots=True)
class Tally:
    """The public tests of one function that were chosen for this run: ``total`` of them."""

    total: int = 0
    passed: int = 0
    failed: int = 0
    not_attempted: int = 0

    @property
    def done(self) -> bool:
        return self.total > 0 and self.passed == self.total

    def in_words(self) -> str:
        if self.done:
            return "done"
        if self.not_attempted == self.total:
            return "not attempted"
        if not self.passed + self.failed + self.not_attempted:
            return "not run"
        return f"{self.passed} of {self.total} test{'s' if self.total > 1 else ''}"


@dataclass(slots=True)
class Progress:
    """All functions that this run is about, in teaching order."""

    course: Course
    tallies: dict[str, Tally] = field(default_factory=dict)

    def expect_test(self, function: str) -> None:
        """Count one test that is to be run."""
        self.tallies.setdefault(function, Tally()).total += 1

    def count(self, function: str, outcome: str) -> None:
        """Count one test's ``outcome``: passed, failed or not_attempted."""
        tally = self.tallies[function]
        setattr(tally, outcome, getattr(tally, outcome) + 1)

    @property
    def functions(self) -> Sequence[Function]:
        return [f for f in self.course.functions if f.name in self.tallies]

    @property
    def share(self) -> float:
        """The share of the tests that pass, from 0 to 1."""
        total = sum(tally.total for tally in self.tallies.values())
        return sum(tally.passed for tally in self.tallies.values()) / total if total else 0.0

    @property
    def complete(self) -> bool:
        return all(tally.done for tally in self.tallies.values())

    @property
    def next(self) -> Function | None:
        """The first function that is not done: what others build on comes first."""
        return next((f for f in self.functions if not self.tallies[f.name].done), None)

    def unsound_below(self, name: str) -> list[str]:
        """The functions that ``name`` builds on and that are not done in this run."""
        below = self.course.function(name).builds_on
        return [n for n in below if n in self.tallies and not self.tallies[n].done]

    def lines(self, where: Callable[[str], str]) -> list[str]:
        """The table, the progress line, and what to do next."""
        lines = [*self._table(), "", self.progress_line()]
        if self.next:
            name = self.next.name
            lines += [
                f"Next: {name} in {where(name)}",
                f"      {self.next.task}",
                f"      For a hint: autograder hint {name}",
            ]
        return lines

    def progress_line(self) -> str:
        done = sum(tally.done for tally in self.tallies.values())
        passed = sum(tally.passed for tally in self.tallies.values())
        total = sum(tally.total for tally in self.tallies.values())
        full = BAR * passed // total if total else 0
        bar = "█" * full + "░" * (BAR - full)
        return f"{bar} {done}/{len(self.tallies)} functions · {passed}/{total} tests"

    def _table(self) -> list[str]:
        rows: list[tuple[str, str, str]] = []
        unit = ""
        for function in self.functions:
            shown = function.unit if function.unit != unit else ""
            unit = function.unit
            rows.append((shown, function.name, self.tallies[function.name].in_words()))
        widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
        return [f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c}" for a, b, c in rows]
