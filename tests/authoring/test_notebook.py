"""The source notebook: nbgrader's cells, and what nbgrader makes of them for students."""

import ast
import json

import pytest

from autograder.authoring.build import ROOT, built_files
from autograder.authoring.notebook import SCHEMA, WRITE_UP, graded_cell_id
from autograder.authoring.source import BEGIN, END
from autograder.course import STUB_BODY, load_course
from tests.authoring.small import write_course
from tests.secrets import given_away, secret_lines

COURSE = load_course()
ASSIGNMENT = "mnist_basics"
NOTEBOOK = ROOT / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"


def cells_of(text):
    return {cell["id"]: cell for cell in json.loads(text)["cells"]}


def source_of(cell):
    return "".join(cell["source"])


@pytest.fixture
def small(tmp_path):
    """The notebook of a course of two functions."""
    root = write_course(tmp_path)
    return cells_of(built_files(root)[root / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"])


def test_its_cells_in_order(small):
    assert list(small) == [
        "start",
        "set-up",
        "lesson-shapes",
        "rank",
        "test-rank",
        "lesson-distance",
        "mnist_distance",
        "test-mnist_distance",
        "write-up-task",
        "write-up",
    ]


def test_nbgrader_knows_a_cell_by_the_id_that_jupyter_knows_it_by(small):
    marked = {
        name: cell["metadata"]["nbgrader"] for name, cell in small.items() if cell["metadata"]
    }
    assert {name: marks["grade_id"] for name, marks in marked.items()} == {n: n for n in marked}
    assert {marks["schema_version"] for marks in marked.values()} == {SCHEMA}


def test_an_answer_stands_between_the_markers(small):
    marks = small["rank"]["metadata"]["nbgrader"]
    assert (marks["solution"], marks["grade"], marks["locked"]) == (True, False, False)
    code = source_of(small["rank"])
    assert code.endswith(
        "    # Your turn: return the number of axes.\n"
        f"    {BEGIN}\n    answer = tensor.ndim\n    return answer\n    {END}"
    )
    ast.parse(code)


def test_a_test_cell_is_locked_and_worth_the_points_of_the_hidden_suite(small):
    marks = small["test-rank"]["metadata"]["nbgrader"]
    assert (marks["solution"], marks["grade"], marks["locked"]) == (False, True, True)
    assert marks["points"] == 3.5


def test_the_hidden_region_holds_no_test_only_the_call_of_the_judge(small):
    assert source_of(small["test-rank"]) == (
        'check("rank")\n### BEGIN HIDDEN TESTS\ngrade("rank")\n### END HIDDEN TESTS'
    )


def test_one_cell_is_graded_by_hand(small):
    marks = small[WRITE_UP]["metadata"]["nbgrader"]
    assert (marks["grade"], marks["solution"]) == (True, True)
    assert small[WRITE_UP]["cell_type"] == "markdown"


def test_what_an_answer_needs_is_imported_and_no_file_of_exercises(small):
    assert source_of(small["set-up"]).startswith("import torch\n\nfrom autograder.notebook import")
    assert "exercises" not in source_of(small["set-up"])


def test_a_function_of_another_assignment_is_left_to_that(small):
    assert "rmse_distance" not in json.dumps(small)


def test_the_kits_own_has_every_function_with_its_points():
    cells = cells_of(NOTEBOOK.read_text("utf-8"))
    for function in COURSE.of_assignment(ASSIGNMENT):
        marks = cells[graded_cell_id(function.name)]["metadata"]["nbgrader"]
        assert marks["points"] == function.points > 0
        assert f"def {function.name}(" in source_of(cells[function.name])


# What nbgrader makes of it


@pytest.fixture
def notebook(released):
    """The released notebook, by ``nbgrader generate_assignment`` and the kit's settings alone."""
    return released.released(ASSIGNMENT).read_text("utf-8")


def test_a_student_gets_every_cell(notebook):
    assert list(cells_of(notebook)) == list(cells_of(NOTEBOOK.read_text("utf-8")))


def test_a_student_gets_the_stub_that_the_kit_knows(notebook):
    cells = cells_of(notebook)
    for function in COURSE.of_assignment(ASSIGNMENT):
        assert source_of(cells[function.name]).endswith(f"\n    {STUB_BODY}")


def test_no_line_of_a_solution_or_a_hidden_test_is_released(notebook):
    assert given_away("released.ipynb", notebook.encode(), secret_lines()) == []
    assert "HIDDEN TESTS" not in notebook
    assert "grade(" not in notebook
