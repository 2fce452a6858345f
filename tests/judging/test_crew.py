"""Judges and fork servers, started together: what they say, and that all of them end."""

import multiprocessing
import os
import signal
import sys
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.intake.entrants import find_submissions
from autograder.judging import nursery
from autograder.judging.crew import Crew
from autograder.judging.failures import MachineFailure
from autograder.judging.plan import Plan
from autograder.judging.sandbox import find_sandbox
from autograder.judging.suite import HiddenTest, suite_files
from tests.processes import descendants
from tests.worker import children

if sys.platform == "win32":
    pytest.skip("grading needs Linux or macOS", allow_module_level=True)

PLAN = Plan("mnist_basics", 0, tuple(suite_files()), find_sandbox())


@pytest.fixture(scope="module")
def crew():
    """Two slots."""
    crew = Crew(PLAN, 2)
    yield crew
    crew.close()


@pytest.fixture(scope="module")
def greetings(crew):
    """What each slot says first."""
    return [slot.take() for slot in crew.slots]


@pytest.fixture
def entrants(tmp_path):
    for student in ("anna", "ben"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "shapes.py").write_text("def rank(t):\n    return t.ndim\n")
    return find_submissions(tmp_path, load_course().unit_names, PLAN.assignment)


def test_each_slot_says_first_which_tests_there_are(greetings):
    assert greetings[0] == greetings[1]
    assert all(isinstance(test, HiddenTest) for test in greetings[0])
    functions = [function.name for function in load_course().functions]
    assert list(dict.fromkeys(test.function for test in greetings[0])) == functions


def test_slots_grade_side_by_side(crew, greetings, entrants):
    for slot, entrant in zip(crew.slots, entrants, strict=True):
        slot.give(entrant)
        assert slot.entrant is entrant
    results = [slot.take() for slot in crew.slots]
    for slot in crew.slots:
        slot.entrant = None
    assert [result["student"] for result in results] == ["anna", "ben"]
    assert results[0]["score"] == results[1]["score"] > 0


def test_a_slot_grades_one_after_the_other(crew, greetings, entrants):
    slot = crew.slots[0]
    for entrant in entrants:
        slot.give(entrant)
        assert slot.take()["student"] == entrant.student
    slot.entrant = None


@children.linux
def test_busy_judges_are_interrupted_and_nobody_is_left(tmp_path):
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve" / "shapes.py").write_text("while True:\n    pass\ndef rank(t): pass\n")
    entrants = find_submissions(tmp_path, load_course().unit_names, PLAN.assignment)
    before = descendants()
    busy = Crew(PLAN, 1)
    [slot] = busy.slots
    slot.give(entrants[0])
    assert isinstance(slot.take(), list)
    assert descendants() > before
    busy.close()
    # multiprocessing keeps one helper of its own, for all processes to come.
    assert len(descendants() - before) <= 1


def test_a_judge_that_has_died_says_nothing_more_and_takes_no_harm(entrants):
    doomed = Crew(PLAN, 1)
    try:
        os.kill(doomed._process.pid, signal.SIGKILL)
        [slot] = doomed.slots
        assert slot.take() is None
        slot.give(entrants[0])
    finally:
        doomed.close()


def test_a_machine_that_starts_no_process_is_told(monkeypatch):
    def refuse(process):
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(nursery, "END_SECONDS", 0.1)
    spawned = multiprocessing.get_context("spawn").Process
    monkeypatch.setattr(spawned, "start", refuse)
    with pytest.raises(MachineFailure, match="no judge could be started: Resource"):
        Crew(PLAN, 1)


@children.linux
def test_ctrl_c_is_for_the_main_process_alone(crew):
    # A process that ignores it hands that on; whoever started this run has its own handler back.
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    status = Path(f"/proc/{crew._process.pid}/status").read_text()
    ignored = next(line.split()[1] for line in status.splitlines() if line.startswith("SigIgn"))
    assert int(ignored, 16) >> (signal.SIGINT - 1) & 1
