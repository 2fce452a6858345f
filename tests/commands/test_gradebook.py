"""``autograder grade --gradebook``: a class in nbgrader's folders, graded into its gradebook."""

import json
import shutil
import sys

import pytest

from autograder.commands.grade import Request
from autograder.commands.gradebook import run_grade_to_gradebook
from autograder.reporting.gradebook import Filling
from tests.commands.conftest import autograder
from tests.nbgrader_course import NbgraderCourse

if sys.platform == "win32":
    pytest.skip("grading needs Linux or macOS", allow_module_level=True)

ASSIGNMENT = "mnist_basics"
RANK = "def rank(tensor):\n    return tensor.ndim"


def hand_in(course, student, rank):
    notebook = json.loads(course.released(ASSIGNMENT).read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["id"] == "rank":
            cell["source"] = rank
    folder = course.submitted(student, ASSIGNMENT)
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory):
    """Three students, one of whom can't be graded: the course, OUT and the command."""
    root = tmp_path_factory.mktemp("graded")
    course = NbgraderCourse(root / "course")
    shutil.copytree(released.root / "release", course.root / "release")
    shutil.copy(released.root / "gradebook.db", course.root)
    hand_in(course, "anna", RANK)
    hand_in(course, "ben", RANK.replace("ndim", "ndim + 1"))
    (course.root / "submitted" / "cem").symlink_to("anna")
    # From another folder than the course, by a path from there.
    run = autograder("grade", "course/submitted", "--out", "out", "--gradebook", cwd=root)
    return course, root / "out", run


def test_the_gradebook_has_the_points_of_grades_csv(graded):
    course, out, _ = graded
    scores = course.scores(ASSIGNMENT)
    assert scores["anna", "test-rank"] == 3
    assert 0 < scores["ben", "test-rank"] < 3
    header, *lines = (out / "grades.csv").read_text().splitlines()
    rank = header.split(",").index("rank")
    written = {line.split(",")[0]: line.split(",")[rank] for line in lines}
    assert float(written["ben"]) == scores["ben", "test-rank"]


def test_who_is_not_graded_is_named_and_has_no_zero(graded):
    course, _, run = graded
    assert "autograder: cem is not in the gradebook: not graded." in run.sentences
    assert {student for student, _ in course.scores(ASSIGNMENT)} == {"anna", "ben"}
    assert run.code == 1


def test_it_ends_with_where_the_gradebook_is_and_how_many_are_in_it(graded):
    course, _, run = graded
    assert run.out.splitlines()[-1] == f"Gradebook sqlite:///{course.root}/gradebook.db, 2 of 3"


def test_nothing_of_nbgraders_own_is_said(graded):
    said = graded[2].err
    assert " 1/3 anna in the gradebook" in said
    assert "[" not in said
    assert "WARNING" not in said


def test_results_that_are_kept_fill_another_gradebook(graded, released, tmp_path):
    course, out, _ = graded
    other = tmp_path / "other.db"
    shutil.copy(released.root / "gradebook.db", other)
    url = f"sqlite:///{other}"
    submitted = course.root / "submitted"
    run = autograder("grade", submitted, "--out", out, "--gradebook", url)
    assert "2 of 3 were graded before" in run.out
    assert run.out.splitlines()[-1] == f"Gradebook {url}, 2 of 3"


def test_stopped_while_it_writes_it_says_that_the_same_command_goes_on(
    graded, tmp_path, monkeypatch, capsys
):
    course, out, _ = graded
    shutil.copytree(out, tmp_path / "out")

    def stop(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(Filling, "write", stop)
    request = Request(course.root / "submitted", tmp_path / "out", ASSIGNMENT, workers=1)
    assert run_grade_to_gradebook(request, "") == 130
    assert (
        "stopped; 0 of 3 are in the gradebook. The same command goes on." in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--assignment", "all"], "one assignment"),
        (["--from", "canvas"], "leave --from out"),
        (["--gradebook", "nonsense"], "nonsense is no URL of a database"),
        (["--gradebook", "nosuch://host/db"], "can't be used as a gradebook"),
    ],
)
def test_what_can_not_work_is_refused_before_anything_is_graded(graded, tmp_path, more, words):
    course, _, _ = graded
    out = tmp_path / "out"
    run = autograder("grade", course.root / "submitted", "--out", out, "--gradebook", *more)
    assert words in run.err
    assert run.code == 2
    assert not out.exists()


def test_the_folder_of_submissions_taken_for_a_url_is_explained(graded, tmp_path):
    course, _, _ = graded
    run = autograder("grade", "--gradebook", course.root / "submitted", "--out", tmp_path / "out")
    assert "give SUBMITTED before it" in run.err
    assert run.code == 2
