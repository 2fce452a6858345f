"""Every tool over the same class, in rounds, so that a busy moment spoils all of them alike."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.course import FIRST_ASSIGNMENT
from side_by_side import nbgrader_course, ours
from side_by_side.cost import NOTHING, Cost
from side_by_side.made_class import KINDS, members, write_folders
from side_by_side.nbgrader_course import NOTEBOOK, autograde, make_course
from side_by_side.otter_zip import make_notebooks, make_zip, run_each
from side_by_side.points import SHOWN, Points, differences
from side_by_side.pytest_processes import bare_forks, fresh_each

NBGRADER = "nbgrader, 1 process"
NBGRADER_TWICE = "nbgrader, 2 processes"
OTTER = "otter run"
PYTEST = "fresh pytest each"
FORKS = "bare fork limit"
OURS = "ours, 1 worker"
OURS_TWICE = "ours, 2 workers"
LARGE = "ours, the large class"


@dataclass(frozen=True, slots=True)
class Sample:
    """What one tool cost for a number of submissions, and how much of that was its start-up."""

    cost: Cost
    count: int
    start: Cost = NOTHING

    @property
    def wall(self) -> float:
        """Seconds a submission, start-up included."""
        return self.cost.wall / self.count

    @property
    def cpu(self) -> float:
        """Seconds of processor time a submission, start-up included."""
        return self.cost.cpu / self.count

    def extrapolated(self, count: int) -> Sample:
        """The cost for ``count`` submissions: the start-up once, the rest for each."""
        times = count / self.count
        wall = self.start.wall + times * (self.cost.wall - self.start.wall)
        cpu = self.start.cpu + times * (self.cost.cpu - self.start.cpu)
        return Sample(Cost(wall, cpu, self.cost.largest), count, self.start)


Round = dict[str, Sample]


class Contest:
    """The class, laid out for each tool, in a folder of its own."""

    def __init__(self, root: Path, small: int, large: int) -> None:
        self.root, self.small, self.large = root, small, large
        self._home = root / "jupyter"
        self._out, self._scratch = root / "out", root / "scratch"
        self._scratch.mkdir()
        self._first = write_folders(root / "one" / "submitted", 1)
        self._few = write_folders(root / "few" / "submitted", small)
        self._many = write_folders(root / "many" / "submitted", large)
        self._points = list(ours.grade(self._many, self._out, 1)[1].values())
        self._tests = ours.hidden_tests(self._out)
        self._refuse_wrong_points()
        self.followed: dict[str, list[str]] = {}
        """For each tool, where it took points off for an earlier function's mistake."""
        self.odd: list[str] = []
        """Where a peer gave other points than it should, for no reason that we know of."""

    def _refuse_wrong_points(self) -> None:
        """All others are compared with our points: refuse what can't be right."""
        full = {name: sum(tests.values()) for name, tests in self._tests.items()}
        ten = self._points[: len(KINDS)]
        right, wrong = ten[::2], ten[1::2]
        if any(points != full for points in right) or full in wrong:
            sys.exit(f"our own grader did not tell right from wrong answers: {self._points}")

    def prepare_peers(self) -> None:
        """Course folders, the autograder zip, notebooks; and one submission through each tool."""
        pupils = list(members(self.small))
        half = (len(pupils) + 1) // 2
        self._course_of_one = self._course("course-of-one", pupils[:1])
        self._course_of_all = [self._course("course", pupils)]
        self._halves = [
            self._course("first-half", pupils[:half]),
            self._course("second-half", pupils[half:]),
        ]
        released = self._course_of_one / "release" / FIRST_ASSIGNMENT / NOTEBOOK
        self._zip = make_zip(self.root / "otter", self._tests, self._home)
        self._notebooks = make_notebooks(self.root / "notebooks", released, pupils)
        # What Python compiles and the disk caches at the first use is not a tool's cost.
        autograde([self._course_of_one], self._home)
        self._otter(dict(list(self._notebooks.items())[:1]))
        fresh_each(self._first, self._scratch)
        bare_forks(self._first, self._scratch)

    def round(self) -> Iterator[tuple[str, Sample]]:
        """Run every tool once."""
        for label, run in self._runs().items():
            yield label, run(label)

    def _runs(self) -> dict[str, Callable[[str], Sample]]:
        return {
            NBGRADER: lambda label: self._nbgrader(label, self._course_of_all),
            OURS: lambda label: self._ours(label, self._few, self.small, 1),
            OTTER: lambda label: self._peer(label, self._otter(self._notebooks)),
            OURS_TWICE: lambda label: self._ours(label, self._few, self.small, 2),
            NBGRADER_TWICE: lambda label: self._nbgrader(label, self._halves),
            PYTEST: lambda label: self._peer(label, fresh_each(self._few, self._scratch)),
            FORKS: self._forks,
            LARGE: lambda label: self._ours(label, self._many, self.large, 2),
        }

    def _course(self, name: str, pupils: list[tuple[str, int]]) -> Path:
        return make_course(self.root / name, pupils, self._home)

    def _nbgrader(self, label: str, courses: list[Path]) -> Sample:
        start = nbgrader_course.start_up(courses[0], self._home)
        sample = self._peer(label, autograde(courses, self._home))
        whole = Cost(start.wall, start.cpu * len(courses), start.largest)
        return Sample(sample.cost, sample.count, whole)

    def _otter(self, notebooks: dict[str, Path]) -> tuple[Cost, Points]:
        return run_each(self._zip, notebooks, list(self._tests), self._home)

    def _ours(self, label: str, submitted: Path, count: int, workers: int) -> Sample:
        return self._checked(label, count, *ours.grade(submitted, self._out, workers))

    def _forks(self, label: str) -> Sample:
        whole, start, points = bare_forks(self._few, self._scratch)
        sample = self._peer(label, (whole, points))
        return Sample(sample.cost, sample.count, start)

    def _peer(self, label: str, found: tuple[Cost, Points]) -> Sample:
        return self._checked(label, self.small, *found)

    def _checked(self, label: str, count: int, cost: Cost, points: Points) -> Sample:
        """The sample, once the points are those that we gave; exits when they are not."""
        expected = {student: self._points[kind] for student, kind in members(count)}
        followed, wrong = differences(expected, points)
        if label in (OURS, OURS_TWICE, LARGE):
            followed, wrong = [], followed + wrong
            if wrong:
                shown = "\n".join(wrong[:SHOWN])
                sys.exit(f"{label} gave other points than before, {len(wrong)} times:\n{shown}")
        self.odd += [f"{label}: {line}" for line in wrong]
        self.followed[label] = followed
        return Sample(cost, count)
