"""Submissions go to judges; a judge or server that dies costs no student anything."""

import multiprocessing
import os
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.intake.entrants import Entrant, find_submissions
from autograder.judging import crew
from autograder.judging.grade import grade_all
from autograder.judging.plan import Plan
from autograder.judging.sandbox import find_sandbox
from autograder.judging.suite import SuiteError, suite_files
from tests.processes import descendants

PLAN = Plan("mnist_basics", 0, tuple(suite_files()), find_sandbox())
RANK = "def rank(tensor):\n    return tensor.dim()\n"


@pytest.fixture
def entrants(tmp_path):
    """Four submissions: one with an answer, the others empty, so that they need no worker."""
    for student in ("anna", "ben", "cem", "dora"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "notes.txt").write_text("nothing to grade")
    (tmp_path / "dora" / "shapes.py").write_text(RANK)
    return find_submissions(tmp_path, load_course().unit_names, PLAN.assignment)


@dataclass(frozen=True)
class Doomed(Entrant):
    """Whoever reads it dies, as often as there are letters in the file ``strikes``."""

    strikes: Path | None = None

    def read(self):
        left = self.strikes.read_text()
        if left:
            self.strikes.write_text(left[1:])
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read()


def doomed(entrant, tmp_path, times):
    strikes = tmp_path / "strikes"
    strikes.write_text("x" * times)
    fields = {name: getattr(entrant, name) for name in Entrant.__dataclass_fields__}
    return Doomed(**fields, strikes=strikes)


def graded(entrants, workers=1):
    return {result["student"]: result for result in grade_all(entrants, PLAN, workers)}


def test_a_judge_that_dies_is_replaced_and_its_submission_tried_again(entrants, tmp_path):
    results = graded([doomed(entrants[0], tmp_path, times=1), *entrants[1:]])
    assert [r["status"] for r in results.values()].count("unreadable") == 3
    assert results["dora"]["status"] == "graded"


def test_a_judge_that_dies_twice_costs_one_submission_and_it_is_no_zero(entrants, tmp_path):
    results = graded([doomed(entrants[0], tmp_path, times=2), *entrants[1:]])
    assert (results["anna"]["status"], results["anna"]["score"]) == ("not_graded", None)
    assert results["anna"]["max_score"] == results["ben"]["max_score"] > 0
    assert "machine failed" in results["anna"]["problem"]
    assert results["ben"]["status"] == results["cem"]["status"] == "unreadable"
    assert results["dora"]["score"] > 0


@dataclass(frozen=True)
class Faulty(Entrant):
    """Whoever reads it meets a fault of our own."""

    def read(self):
        raise ZeroDivisionError("nobody thought of this")


def test_a_fault_of_the_judges_own_costs_one_submission_and_it_is_no_zero(entrants):
    fields = {name: getattr(entrants[0], name) for name in Entrant.__dataclass_fields__}
    results = graded([Faulty(**fields), *entrants[1:]])
    assert (results["anna"]["status"], results["anna"]["score"]) == ("not_graded", None)
    assert "ZeroDivisionError: nobody thought of this" in results["anna"]["problem"]
    assert results["dora"]["score"] > 0


def test_a_fork_server_that_is_killed_is_replaced(entrants, monkeypatch):
    started = []

    class Known(crew.Nursery):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            started.append(self)

    monkeypatch.setattr(crew, "Nursery", Known)
    results = grade_all([*entrants[:3], entrants[3]], PLAN, workers=1)
    first = next(results)
    started[0]._process.kill()
    others = list(results)
    assert first["status"] == "unreadable"
    assert {r["student"]: r["status"] for r in others}["dora"] == "graded"
    assert len(started) == 2


def test_stopping_early_ends_every_process(entrants):
    before = descendants()
    results = grade_all(entrants, PLAN, workers=2)
    next(results)
    assert descendants() > before
    results.close()
    assert multiprocessing.active_children() == []
    assert descendants() == before


def test_nothing_is_left_running_afterwards(entrants):
    before = descendants()
    graded(entrants, workers=2)
    assert descendants() == before


def test_a_suite_at_fault_stops_the_run_with_its_name(entrants, tmp_path):
    broken = tmp_path / "test_broken_suite.py"
    broken.write_text("import nothing_like_this\n")
    with pytest.raises(SuiteError, match="nothing_like_this"):
        list(grade_all(entrants, Plan("mnist_basics", 0, (broken,), PLAN.sandbox), workers=1))
