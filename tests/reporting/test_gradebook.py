"""nbgrader's gradebook after a class was written to it, read with nbgrader's own API."""

import json
from contextlib import contextmanager
from datetime import datetime

import pytest

from autograder.authoring.notebook import WRITE_UP
from autograder.course import load_course
from autograder.intake.entrants import find_submissions
from autograder.judging.result import Verdict, build_result
from autograder.judging.suite import HiddenTest
from autograder.reporting.gradebook import NotWritten, filling
from autograder.reporting.nbgrader_course import GradebookError, open_course

ASSIGNMENT = "mnist_basics"
FUNCTIONS = load_course().of_assignment(ASSIGNMENT)
FULL = {f"test-{function.name}": function.points for function in FUNCTIONS}
MESSAGE = "called    rank(...)\ncame back <b>4</b>\nexpected  3"
# In the notebook's hidden region, of which nothing may be shown.
HIDDEN = 'grade("rank")'


def result_of(student, *wrong, half=(), **fields):
    """A result: each function has two tests of half its points, ``half`` fail one of them."""
    tests = [
        HiddenTest(f"test_{n}_{f.name}", f.name, "value", f.points / 2, f"Test {n}", "")
        for f in FUNCTIONS
        for n in (1, 2)
    ]
    verdicts = {
        test: Verdict("failed", MESSAGE)
        if test.function in wrong or (test.function in half and test.title == "Test 2")
        else Verdict("passed")
        for test in tests
    }
    return build_result(student, ASSIGNMENT, FUNCTIONS, tests, verdicts, {}) | fields


def hand_in(course, student, change=lambda cells: None, timestamp=None):
    """The released notebook, handed in; ``change`` gets its cells by id."""
    notebook = json.loads(course.released(ASSIGNMENT).read_text("utf-8"))
    change({cell["id"]: cell for cell in notebook["cells"]})
    folder = course.submitted(student, ASSIGNMENT)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    if timestamp:
        (folder / "timestamp.txt").write_text(timestamp)


def wrote(text):
    return lambda cells: cells[WRITE_UP].update(source=text)


def fill(course, *results):
    """Write these results, each to the student whose it is."""
    submitted = course.root / "submitted"
    units = load_course().unit_names
    entrants = {e.student: e for e in find_submissions(submitted, units, ASSIGNMENT)}
    with filling(open_course(submitted, ""), ASSIGNMENT) as book:
        for result in results:
            book.write(entrants[result["student"]], result)


@contextmanager
def gradebook(course):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "threes-and-sevens") as book:
        yield book


@contextmanager
def grade(course, cell, student="anna"):
    """One grade, as formgrader has it; what is changed is saved."""
    with gradebook(course) as book:
        yield book.find_grade(cell, ASSIGNMENT, ASSIGNMENT, student)
        book.db.commit()


def penalty(course, student="anna"):
    with gradebook(course) as book:
        found = book.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, student)
        return found.late_submission_penalty


def autograded(course, student="anna"):
    file = course.root / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    return file.read_text("utf-8")


def test_each_function_has_our_points(course):
    hand_in(course, "anna")
    hand_in(course, "ben")
    fill(course, result_of("anna", half=["rank"]), result_of("ben", "rank"))
    scores = course.scores(ASSIGNMENT)
    assert {c: s for (who, c), s in scores.items() if who == "anna"} == FULL | {
        "test-rank": 1.5,
        WRITE_UP: 0,
    }
    assert scores["ben", "test-rank"] == 0


def test_a_write_up_waits_for_a_reader_and_an_untouched_one_does_not(course):
    hand_in(course, "anna", wrote("I learned much."))
    hand_in(course, "ben")
    fill(course, result_of("anna"), result_of("ben"))
    with grade(course, WRITE_UP, "anna") as written:
        assert (written.auto_score, written.needs_manual_grade) == (None, True)
    with grade(course, WRITE_UP, "ben") as untouched:
        assert (untouched.auto_score, untouched.needs_manual_grade) == (0, False)


def test_what_a_person_gave_and_said_stays(course):
    hand_in(course, "anna", wrote("I learned much."))
    fill(course, result_of("anna", "rank"))
    with grade(course, WRITE_UP) as written:
        written.manual_score, written.needs_manual_grade, written.extra_credit = 4, False, 1
    with grade(course, "test-rank") as overridden:
        overridden.manual_score, overridden.needs_manual_grade = 2, False
    with gradebook(course) as book:
        comment = book.find_comment("rank", ASSIGNMENT, ASSIGNMENT, "anna")
        comment.manual_comment = "Nearly."
        book.db.commit()
    fill(course, result_of("anna", "rank"))
    with grade(course, WRITE_UP) as written:
        assert (written.score, written.needs_manual_grade) == (5, False)
    with grade(course, "test-rank") as overridden:
        assert (overridden.score, overridden.needs_manual_grade) == (2, False)
    with gradebook(course) as book:
        comment = book.find_comment("rank", ASSIGNMENT, ASSIGNMENT, "anna")
        assert comment.comment == "Nearly."


def test_what_has_changed_since_is_to_be_reviewed_again(course):
    hand_in(course, "anna", wrote("I learned much."))
    fill(course, result_of("anna", "rank"))
    for cell in (WRITE_UP, "test-rank"):
        with grade(course, cell) as reviewed:
            reviewed.manual_score, reviewed.needs_manual_grade = 2, False
    hand_in(course, "anna", wrote("I learned more."))
    fill(course, result_of("anna"))
    for cell in (WRITE_UP, "test-rank"):
        with grade(course, cell) as again:
            assert (again.manual_score, again.needs_manual_grade) == (2, True)


def test_a_late_submission_has_the_courses_penalty(course):
    with (course.root / "nbgrader_config.py").open("a") as settings:
        settings.write("\nfrom late import Half\nc.AssignLatePenalties.plugin_class = Half\n")
    (course.root / "late.py").write_text(
        "from nbgrader.plugins import BasePlugin\n\nclass Half(BasePlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
        "        return score / 2\n"
    )
    with gradebook(course) as book:
        book.update_or_create_assignment(ASSIGNMENT, duedate=datetime(2026, 1, 1, 12))
    hand_in(course, "anna", timestamp="2026-01-02 10:00:00.000000 UTC")
    hand_in(course, "ben", timestamp="2026-01-01 10:00:00.000000 UTC")
    fill(course, result_of("anna"), result_of("ben"))
    assert penalty(course, "anna") == sum(FULL.values()) / 2
    assert penalty(course, "ben") is None


def test_a_time_that_is_none_is_told_and_not_taken_for_in_time(course):
    hand_in(course, "anna", timestamp="yesterday, I think")
    with pytest.raises(NotWritten, match=r"timestamp\.txt holds no time"):
        fill(course, result_of("anna"))
    assert course.scores(ASSIGNMENT) == {}


def test_the_notebook_shows_our_messages_and_nothing_hidden(course):
    hand_in(course, "anna")
    fill(course, result_of("anna", half=["rank"], notes=["A cell was <left> out."]))
    text = autograded(course)
    assert "came back" in text
    assert "&lt;b&gt;4&lt;/b&gt;" in text
    assert "A cell was &lt;left&gt; out." in text
    assert "HIDDEN" not in text
    assert json.dumps(HIDDEN)[1:-1] not in text


def test_nbgraders_feedback_export_and_lists_go_on_as_usual(course):
    hand_in(course, "anna", wrote("I learned much."))
    fill(course, result_of("anna", half=["rank"]))
    course.run("generate_feedback", ASSIGNMENT)
    page = course.root / "feedback" / "anna" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    assert "came back" in page.read_text("utf-8")
    assert "HIDDEN" not in page.read_text("utf-8")
    course.run("export")
    assert ",48.5," in (course.root / "grades.csv").read_text("utf-8")
    from nbgrader.apps.api import NbGraderAPI

    [listed] = NbGraderAPI(
        open_course(course.root / "submitted", "").app.coursedir
    ).get_submissions(ASSIGNMENT)
    assert (listed["student"], listed["score"], listed["autograded"]) == ("anna", 48.5, True)
    assert listed["needs_manual_grade"]


def test_no_code_of_a_students_runs(course, tmp_path):
    ran = tmp_path / "ran"
    code = f"open({str(ran)!r}, 'w')"
    hand_in(course, "anna", lambda cells: cells["set-up"].update(source=code))
    fill(course, result_of("anna"))
    assert not ran.exists()


def test_whatever_preprocessors_the_settings_list_nothing_runs(course, tmp_path):
    ran = tmp_path / "ran"
    with (course.root / "nbgrader_config.py").open("a") as settings:
        settings.write(
            "\nc.Autograde.autograde_preprocessors = [\n"
            "    'nbgrader.preprocessors.Execute', 'nbgrader.preprocessors.SaveAutoGrades']\n"
        )
    hand_in(course, "anna", lambda cells: cells["rank"].update(source=f"open({str(ran)!r}, 'w')"))
    fill(course, result_of("anna", "rank"))
    assert not ran.exists()
    assert course.scores(ASSIGNMENT)["anna", "test-rank"] == 0


def test_a_students_own_lines_like_nbgraders_stop_nothing(course):
    hand_in(course, "anna", lambda cells: cells["rank"].update(source="### BEGIN HIDDEN TESTS"))
    fill(course, result_of("anna"))
    assert "### BEGIN HIDDEN TESTS" in autograded(course)


def test_what_nbgrader_can_not_read_is_written_all_the_same(course):
    file = course.submitted("anna", ASSIGNMENT) / f"{ASSIGNMENT}.ipynb"
    hand_in(course, "anna")
    file.write_text("{")
    fill(
        course, result_of("anna", *(f.name for f in FUNCTIONS), status="unreadable", problem="No.")
    )
    assert course.scores(ASSIGNMENT)["anna", "test-rank"] == 0
    assert "No." in autograded(course)


@pytest.mark.parametrize("name", ["a*", "[b]"])
def test_a_name_that_nbgrader_takes_for_a_pattern_is_not_written(course, name):
    hand_in(course, name)
    with pytest.raises(NotWritten, match="rename"):
        fill(course, result_of(name))
    assert not (course.root / "autograded").exists()


def test_who_has_handed_in_another_assignment_only_is_not_written(course):
    with gradebook(course) as book:
        book.add_assignment("other")
    folder = course.submitted("anna", "other")
    folder.mkdir(parents=True)
    (folder / "other.ipynb").write_text('{"cells": []}')
    with pytest.raises(NotWritten, match="nothing was handed in for mnist_basics"):
        fill(course, result_of("anna"))
    assert course.scores(ASSIGNMENT) == {}


def test_an_error_of_the_courses_own_plugin_is_one_students(course):
    with (course.root / "nbgrader_config.py").open("a") as settings:
        settings.write(
            "\nfrom nbgrader.plugins import BasePlugin\nclass Broken(BasePlugin):\n    pass\n"
            "c.AssignLatePenalties.plugin_class = Broken\n"
        )
    with gradebook(course) as book:
        book.update_or_create_assignment(ASSIGNMENT, duedate=datetime(2026, 1, 1))
    hand_in(course, "anna", timestamp="2026-01-02 10:00:00.000000 UTC")
    with pytest.raises(NotWritten, match="late_submission_penalty"):
        fill(course, result_of("anna"))


def test_other_points_than_the_gradebooks_are_refused(course):
    hand_in(course, "anna")
    result = result_of("anna")
    result["functions"][1]["max_score"] += 1
    with pytest.raises(GradebookError, match=r"rank has 4 points here and 3 points in the gradeb"):
        fill(course, result)
    assert course.scores(ASSIGNMENT) == {}


def test_tests_that_are_not_ours_are_refused(course):
    with gradebook(course) as book:
        fields = {"max_score": 1, "cell_type": "code"}
        book.add_grade_cell("extra", ASSIGNMENT, ASSIGNMENT, **fields)
        book.add_source_cell("extra", ASSIGNMENT, ASSIGNMENT, source="assert 1", cell_type="code")
    hand_in(course, "anna")
    with pytest.raises(GradebookError, match="extra"):
        fill(course, result_of("anna"))


def test_a_gradebook_that_can_not_be_written_is_said(course):
    hand_in(course, "anna")
    with gradebook(course) as book:
        # SQLite lets nobody else write now.
        book.db.connection().exec_driver_sql("BEGIN EXCLUSIVE")
        book.db.connection().exec_driver_sql("UPDATE student SET first_name = 'x'")
        with pytest.raises(GradebookError, match="database is locked"):
            fill(course, result_of("anna"))
