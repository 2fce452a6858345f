import csv
from pathlib import Path

import pytest

from autograder.reporting.grades import write_grades


def written(results, tmp_path: Path) -> str:
    path = tmp_path / "grades.csv"
    write_grades(results, path)
    return path.read_bytes().decode("utf-8")


def test_a_line_a_student_and_a_column_a_function(result, function, tmp_path):
    functions = function("stack_images", score=4.0), function("rank", score=1.5)
    anna = result("anna", *functions, score=5.5, max_score=8.0)
    ben = result("ben", *functions, score=5.5, max_score=8.0)
    assert written([anna, ben], tmp_path) == (
        "student,score,max_score,status,stack_images,rank\n"
        "anna,5.5,8,graded,4,1.5\n"
        "ben,5.5,8,graded,4,1.5\n"
    )


def test_who_is_not_graded_has_empty_cells_and_no_zero(result, tmp_path):
    lines = written([result("anna", status="not_graded", score=0.0)], tmp_path).splitlines()
    assert lines[1] == "anna,,1,not_graded,"


def test_an_unreadable_submission_earns_nothing(result, function, tmp_path):
    anna = result("anna", function(score=0.0), status="unreadable", score=0.0)
    assert written([anna], tmp_path).splitlines()[1] == "anna,0,1,unreadable,0"


def test_an_empty_class_has_a_header(tmp_path):
    assert written([], tmp_path) == "student,score,max_score,status\n"


@pytest.mark.parametrize("student", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_a_name_is_never_a_formula(result, tmp_path, student):
    rows = list(csv.reader(written([result(student)], tmp_path).splitlines()))
    assert rows[1][0] == f"'{student}"


@pytest.mark.parametrize(
    ("student", "written_as"),
    [
        ("x;=1+1;", "x;'=1+1;"),
        ("x; @A1", "x;' @A1"),
        ("\uff1d1", "'\uff1d1"),
        ("\u200d=1", "'\u200d=1"),
    ],
)
def test_nor_is_it_behind_a_semicolon_or_what_is_not_seen(result, tmp_path, student, written_as):
    rows = list(csv.reader(written([result(student)], tmp_path).splitlines()))
    assert rows[1][0] == written_as


@pytest.mark.parametrize("student", ["Bäcker, Anna", 'An "Ann" Na', "陳大文", "a=b", "o'neill"])
def test_other_names_come_back_as_they_were(result, tmp_path, student):
    rows = list(csv.reader(written([result(student)], tmp_path).splitlines()))
    assert rows[1][0] == student


def test_what_cannot_be_seen_in_a_name_is_shown(result, tmp_path):
    assert written([result("a\x1b\udce9")], tmp_path).splitlines()[1].startswith(r"a\x1b\udce9,")
