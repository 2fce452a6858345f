"""An instructor's morning: every cell's role, the class in formgrader, a grade given by hand."""

import json

import pytest

from autograder.authoring.notebook import WRITE_UP, WRITE_UP_POINTS, graded_cell_id
from autograder.course import load_course
from tests.browser.conftest import ASSIGNMENT
from tests.browser.lab import Notebook, expect
from tests.week import autograder, replaced, write

FUNCTIONS = load_course().of_assignment(ASSIGNMENT)
POINTS = sum(function.points for function in FUNCTIONS)
TOTAL = POINTS + WRITE_UP_POINTS


@pytest.fixture(scope="module")
def lab(course, jupyterlab):
    return jupyterlab(course.root)


@pytest.fixture(scope="module")
def graded(course):
    """s01 has solved everything, s02 has forgotten .abs(); both have written their write-up."""
    released = json.loads(course.released(ASSIGNMENT).read_text("utf-8"))
    solved = course.solved(ASSIGNMENT) | {WRITE_UP: "The sign goes before the mean."}
    wrong = replaced(solved, "mnist_distance", ".abs()", "")
    for student, cells in {"s01": solved, "s02": wrong}.items():
        folder = course.submitted(student, ASSIGNMENT)
        folder.mkdir(parents=True)
        write(folder, cells, released)
    grade(course)
    return course


def grade(course) -> None:
    autograder("grade", "submitted", "--out", "graded", "--gradebook", cwd=course.root)


class Formgrader:
    """nbgrader's pages about one assignment."""

    def __init__(self, page, lab: str) -> None:
        self.page = page
        self._address = f"{lab}/formgrader"

    def overview(self):
        self.page.goto(f"{self._address}/manage_submissions/{ASSIGNMENT}")
        return self.page.locator("#main-table")

    def scores(self, student: str):
        """The student's notebook as a row: overall, code and written score."""
        self.page.goto(f"{self._address}/manage_students/{student}/{ASSIGNMENT}")
        return self.page.get_by_role("row").filter(has_text=ASSIGNMENT)

    def open(self, student: str) -> None:
        """Open the student's notebook for grading."""
        self.scores(student).get_by_role("link").click()

    def score_of(self, cell: str):
        return self.page.locator(f"input.score[id='{cell}']")

    def give(self, cell: str, points: float) -> None:
        """Type points into the cell's box, and wait until they are saved."""
        with self.page.expect_response(lambda answer: answer.request.method == "PUT") as saved:
            self.score_of(cell).fill(str(points))
            self.score_of(cell).blur()
        assert saved.value.ok


def test_every_cell_has_its_role(lab, page, picture):
    Notebook(page, lab, f"source/{ASSIGNMENT}/{ASSIGNMENT}.ipynb")
    page.get_by_role("tab", name="Create Assignment").click()
    total = page.get_by_label("Total points:")
    expect(total).to_have_value(f"{TOTAL:g}")
    roles = page.locator(".nbgrader-CellWidget").evaluate_all(
        """cells => cells.map(cell => [
            cell.querySelector(".nbgrader-CellId input").value,
            cell.querySelector(".nbgrader-CellType option:checked").text,
            Number(cell.querySelector(".nbgrader-CellPoints input").value),
        ])"""
    )
    picture(page, "instructor-1-create-assignment")
    assert [role for role in roles if role[0]] == [
        ["set-up", "Read-only", 0],
        *(
            role
            for function in FUNCTIONS
            for role in (
                [function.name, "Autograded answer", 0],
                [graded_cell_id(function.name), "Autograded tests", function.points],
            )
        ),
        [WRITE_UP, "Manually graded answer", WRITE_UP_POINTS],
    ]


def test_a_grade_given_by_hand_survives_a_regrade(graded, lab, page, picture):
    formgrader = Formgrader(page, lab)
    overview = formgrader.overview()
    for student, score in {"s01": "50 / 55", "s02": "45.5 / 55"}.items():
        expect(overview.get_by_role("row").filter(has_text=student)).to_contain_text(score)
    picture(page, "instructor-2-class")
    expect(formgrader.scores("s02")).to_contain_text("45.5 / 50")

    formgrader.open("s02")
    distance = graded_cell_id("mnist_distance")
    expect(formgrader.score_of(distance)).to_have_attribute("placeholder", "4.5")
    formgrader.give(distance, 6)
    formgrader.give(WRITE_UP, 4)
    page.reload()
    expect(formgrader.score_of(distance)).to_have_value("6")
    expect(formgrader.score_of(WRITE_UP)).to_have_value("4")
    formgrader.score_of(distance).scroll_into_view_if_needed()
    picture(page, "instructor-3-given-by-hand")
    expect(formgrader.scores("s02")).to_contain_text("51 / 55")

    grade(graded)
    expect(formgrader.scores("s02")).to_contain_text("51 / 55")
    formgrader.open("s02")
    expect(formgrader.score_of(distance)).to_have_value("6")
    expect(formgrader.score_of(distance)).to_have_attribute("placeholder", "4.5")
    expect(formgrader.score_of(WRITE_UP)).to_have_value("4")
