"""The course as data, and a sentence for each way in which it can't be read."""

import json
import subprocess
import sys

import pytest

from autograder.course import COURSE_FILE, FIRST_ASSIGNMENT, CourseError, load_course

RANK = {
    "name": "rank",
    "assignment": "mnist_basics",
    "signature": "def rank(tensor) -> int",
    "summary": "Count the axes of a tensor.",
    "task": "Return the number of axes.",
    "hints": ["One.", "Two."],
    "builds_on": [],
    "points": 3.0,
}
SHAPES = {"name": "shapes", "number": 3, "title": "Shapes", "functions": [RANK]}


def written(folder, data):
    file = folder / "course.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return file


@pytest.fixture
def course(tmp_path):
    """Two assignments; the second one stands first in the file."""
    rmse = {**RANK, "name": "rmse_distance", "assignment": "mnist_beyond", "builds_on": ["rank"]}
    distance = {"name": "distance", "number": 6, "title": "Distance", "functions": [rmse]}
    return load_course(written(tmp_path, {"units": [distance, SHAPES]}))


def test_the_kits_own_course():
    course = load_course()
    assert course.assignments[0] == FIRST_ASSIGNMENT
    assert [unit.number for unit in course.units] == sorted(unit.number for unit in course.units)
    assert {"stacking", "shapes", "templates", "distance", "classify", "metrics"} <= set(
        course.unit_names
    )
    for function in course.of_assignment(FIRST_ASSIGNMENT):
        assert function.points > 0
        assert function.hints
        assert function.task
        assert function.signature.startswith(f"def {function.name}(")
        assert function in course.unit(function.unit).functions


def test_functions_build_on_earlier_ones_only():
    course = load_course()
    names = [function.name for function in course.functions]
    for place, function in enumerate(course.functions):
        assert set(function.builds_on) <= set(names[:place])
    assert "mnist_distance" in course.function("is_3").builds_on


def test_functions_and_units_by_name(course):
    assert course.function("rank").unit == "shapes"
    assert course.function("rank").hints == ("One.", "Two.")
    assert course.unit("distance").functions == (course.function("rmse_distance"),)
    assert course.unit_names == ("distance", "shapes")


def test_assignments_the_graded_core_first(course):
    assert course.assignments == ("mnist_basics", "mnist_beyond")
    assert [f.name for f in course.of_assignment("mnist_basics")] == ["rank"]
    assert [f.name for f in course.of_assignment("mnist_beyond")] == ["rmse_distance"]
    assert course.of_assignment("all") == course.functions


def test_an_unknown_name_is_told_and_the_known_ones_listed(course):
    known = "mnist_basics, mnist_beyond, all"
    with pytest.raises(CourseError, match=f"no assignment 'mnist'; choose one of: {known}"):
        course.of_assignment("mnist")
    with pytest.raises(CourseError, match=r"no exercise function 'ranks'.*rmse_distance, rank"):
        course.function("ranks")
    with pytest.raises(CourseError, match=r"no unit 'rank'.*distance, shapes"):
        course.unit("rank")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{",
        "[]",
        "null",
        "5",
        "{}",
        '{"units": null}',
        '{"units": 5}',
        '{"units": [5]}',
        '{"units": [{"name": "shapes"}]}',
        {"units": [{**SHAPES, "functions": [5]}]},
        {"units": [{**SHAPES, "functions": [{"name": "rank"}]}]},
        {"units": [{**SHAPES, "functions": [{**RANK, "hints": None}]}]},
        {"units": [{**SHAPES, "functions": [{**RANK, "colour": "red"}]}]},
    ],
)
def test_a_damaged_file_asks_to_build_it_again(tmp_path, data):
    with pytest.raises(CourseError, match=r"^course\.json is damaged: run `autograder build`"):
        load_course(written(tmp_path, data))


def test_a_file_that_is_not_utf8_is_damaged(tmp_path):
    (tmp_path / "course.json").write_bytes(b'{"units": "\xff"}')
    with pytest.raises(CourseError, match="is damaged"):
        load_course(tmp_path / "course.json")


def test_a_missing_file_asks_to_build_it(tmp_path):
    with pytest.raises(CourseError, match=r"^course\.json can't be read \(No such file"):
        load_course(tmp_path / "course.json")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(CourseError, match=r"^folder\.json can't be read"):
        load_course(tmp_path / "folder.json")


def test_reading_the_course_is_cheap():
    # `autograder --help` reads it.
    code = (
        "import sys; from autograder.course import load_course; load_course(); "
        "print({'torch', 'numpy', 'pytest'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
    assert COURSE_FILE.is_file()
