"""A week of nbgrader's, played once, and what came of it."""

import html
import re

import pytest

pytest.importorskip("nbgrader", reason="nbgrader is missing: pip install -e '.[instructor]'")

from tests.secrets import hidden_code
from tests.week import ASSIGNMENT, NAMES, STUDENTS, play, table


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("week")


@pytest.fixture(scope="module")
def rows(root):
    return {row.student.name: row for row in play(root, say=lambda _line: None)}


@pytest.mark.parametrize("name", [each.name for each in STUDENTS if not each.differs])
def test_both_ways_the_same_points_function_by_function(rows, name):
    row = rows[name]
    assert {n: row.theirs[n] for n in NAMES} == pytest.approx(row.ours)


def test_a_wrong_answer_earns_a_part(rows):
    assert 0 < rows["s03"].theirs["mnist_distance"] < rows["s01"].theirs["mnist_distance"]


@pytest.mark.parametrize("name", ["s06", "s07"])
def test_what_nbgrader_loses_is_graded_here(rows, name):
    assert sum(rows[name].ours.values()) == sum(rows["s01"].ours.values())


def test_a_dead_process_costs_one_function(rows):
    assert [n for n in NAMES if rows["s08"].ours[n] == 0] == ["is_3"]


def test_a_forged_score_earns_what_the_answer_is_worth(rows):
    assert [n for n in NAMES if rows["s09"].ours[n] > 0] == ["stack_images"]
    assert sum(rows["s09"].theirs.values()) > sum(rows["s09"].ours.values())


def test_the_table_says_who_and_why(rows):
    lines = table(list(rows.values())).splitlines()
    assert len(lines) == 1 + len(STUDENTS)
    assert "MUST NOT DIFFER" not in "\n".join(lines)


def test_the_write_up_waits_for_a_reader(rows, root):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        assert book.find_submission(ASSIGNMENT, "s01").needs_manual_grade


def test_feedback_says_what_was_wrong(rows, root):
    page = root / "feedback" / "s03" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    assert "A batch of pictures against one template" in page.read_text("utf-8")


@pytest.mark.parametrize("folder", ["feedback", "graded/feedback"])
def test_feedback_shows_no_line_of_a_hidden_test(rows, root, folder):
    pages = list((root / folder).rglob("*.html"))
    assert pages
    secrets = hidden_code()
    for page in pages:
        shown = html.unescape(re.sub("<[^>]+>", "", page.read_text("utf-8")))
        assert [line for line in secrets if line in shown] == [], page.name


def test_feedback_goes_back_through_the_exchange(rows, root):
    [page] = (root / "exchange").rglob("feedback/*.html")
    assert "Mean absolute difference" in page.read_text("utf-8")


def test_the_export_has_the_whole_class(rows, root):
    grades = (root / "grades.csv").read_text("utf-8")
    assert [each.name for each in STUDENTS if f",{each.name}," not in grades] == []
