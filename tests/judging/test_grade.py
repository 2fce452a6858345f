"""Submissions go to judge processes; a judge that dies costs one of them, never a zero."""

import pytest

from autograder.course import load_course
from autograder.intake.entrants import find_submissions
from autograder.judging import grade
from autograder.judging.grade import Slot, grade_all
from autograder.judging.plan import Plan
from autograder.judging.suite import SuiteError, suite_files

PLAN = Plan("mnist_basics", 0, tuple(suite_files()))


@pytest.fixture
def entrants(tmp_path):
    """Three empty submissions: they need a judge, but no worker."""
    for student in ("anna", "ben", "cem"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "notes.txt").write_text("nothing to grade")
    return find_submissions(tmp_path, load_course().unit_names, PLAN.assignment)


def test_a_judge_that_dies_costs_one_submission(entrants, monkeypatch):
    class Doomed(Slot):
        def give(self, entrant):
            super().give(entrant)
            if entrant.student == "anna":
                self._process.kill()

    monkeypatch.setattr(grade, "Slot", Doomed)
    results = {result["student"]: result for result in grade_all(entrants, PLAN, workers=1)}
    assert (results["anna"]["status"], results["anna"]["score"]) == ("not_graded", None)
    assert results["anna"]["max_score"] == results["ben"]["max_score"] > 0
    assert "machine failed" in results["anna"]["problem"]
    assert results["ben"]["status"] == results["cem"]["status"] == "unreadable"


def test_stopping_early_ends_every_process(entrants):
    graded = grade_all(entrants, PLAN, workers=2)
    next(graded)
    graded.close()
    assert [c for c in grade.multiprocessing.active_children() if c.is_alive()] == []


def test_a_suite_at_fault_stops_the_run_with_its_name(entrants, tmp_path):
    broken = tmp_path / "test_broken_suite.py"
    broken.write_text("import nothing_like_this\n")
    with pytest.raises(SuiteError, match="nothing_like_this"):
        list(grade_all(entrants, Plan("mnist_basics", 0, (broken,)), workers=1))
