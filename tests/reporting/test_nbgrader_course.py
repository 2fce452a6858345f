"""A course is opened with its own settings, and whatever is wrong with it is one sentence."""

import sqlite3
import sys
from pathlib import Path

import pytest

from autograder.reporting.nbgrader_course import GradebookError, known_cells, open_course

ASSIGNMENT = "mnist_basics"


def opened(course, url=""):
    return open_course(course.root / "submitted", url)


def refusal(course, url="", assignment=ASSIGNMENT):
    """The sentence, on one line, with which this course is refused."""
    with pytest.raises(GradebookError) as error:
        known_cells(opened(course, url), assignment)
    assert "\n" not in str(error.value)
    return str(error.value)


def settings(course, line):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"\n{line}\n")


def test_the_courses_own_gradebook_lies_in_its_folder(course):
    assert opened(course).shown_url == f"sqlite:///{course.root}/gradebook.db"


def test_its_settings_count(course):
    settings(course, 'c.CourseDirectory.db_url = "sqlite:///elsewhere.db"')
    assert opened(course).shown_url == f"sqlite:///{course.root}/elsewhere.db"
    assert opened(course).app.coursedir.course_id == "threes-and-sevens"


def test_a_url_that_is_given_wins_and_starts_here(course, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    settings(course, 'c.CourseDirectory.db_url = "sqlite:///elsewhere.db"')
    found = opened(course, "sqlite:///mine.db")
    assert found.shown_url == f"sqlite:///{tmp_path}/mine.db" == found.app.coursedir.db_url


def test_a_password_is_never_shown(course):
    shown = opened(course, "postgresql://me:secret@host/grades").shown_url
    assert "secret" not in shown
    assert "host/grades" in shown


def test_the_cells_come_with_their_points_and_marks(course):
    known, others = known_cells(opened(course), ASSIGNMENT)
    marks = {cell.name: cell.marks for cell in known}
    assert marks["test-rank"]["points"] == 3
    assert marks["test-rank"]["grade"]
    assert not marks["test-rank"]["solution"]
    assert marks["write-up"]["solution"]
    assert others == frozenset()


def test_opening_leaves_no_trace_in_this_process(course, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = list(sys.path)
    known_cells(opened(course), ASSIGNMENT)
    assert sys.path == path
    assert Path.cwd() == tmp_path


# Refused


def test_without_nbgrader_it_says_how_to_get_it(course, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader.apps", None)
    assert 'pip install -e ".[instructor]"' in refusal(course)


def test_no_gradebook_is_made_where_there_is_none(course):
    (course.root / "gradebook.db").unlink()
    assert "nbgrader generate_assignment" in refusal(course)
    assert not (course.root / "gradebook.db").exists()


def test_another_database_is_left_alone(course, tmp_path):
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as other:
        other.execute("create table mine (a)")
    before = file.read_bytes()
    assert "there is no gradebook" in refusal(course, f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_a_file_that_is_no_database_is_said(course):
    (course.root / "gradebook.db").write_text("not a database, but long enough to be asked" * 99)
    assert "file is not a database" in refusal(course)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "no URL of a database"),
        ("nosuch://host/db", "can't be used as a gradebook"),
        ("sqlite:////nowhere/at/all.db", "there is no gradebook"),
    ],
)
def test_a_url_that_can_not_be_used_is_said(course, url, words):
    assert words in refusal(course, url)


def test_an_assignment_that_was_never_released_is_named(course):
    words = refusal(course, assignment="mnist_beyond")
    assert "mnist_beyond is not in the gradebook" in words
    assert "nbgrader generate_assignment mnist_beyond" in words


def test_an_assignment_of_several_notebooks_is_refused(course):
    from nbgrader.api import Gradebook

    with Gradebook(opened(course).app.coursedir.db_url) as gradebook:
        gradebook.add_notebook("part-two", ASSIGNMENT)
    assert "mnist_basics, part-two" in refusal(course)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("c.CourseDirectory.course_id =", "SyntaxError"),
        ("import no_such_plugin", "no_such_plugin"),
        ("c.CourseDirectory.course_id = 3", "nbgrader db assignment list"),
    ],
)
def test_broken_settings_are_said(course, line, words, capfd):
    settings(course, line)
    assert words in refusal(course)
    assert capfd.readouterr() == ("", "")


def test_another_folder_than_the_courses_submissions_is_refused(course):
    with pytest.raises(GradebookError, match="give COURSE/submitted"):
        open_course(course.root / "downloads", "")
