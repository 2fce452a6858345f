"""What is cut from the solutions and suites, and whether it is fresh."""

import ast
import json

import pytest

from autograder.authoring.build import ROOT, built_files, stale_files, write_stale
from autograder.authoring.source import SourceError, read_units
from autograder.course import load_course
from tests.authoring.small import write_course
from tests.judging.private import write_suite


@pytest.fixture
def root(tmp_path):
    return write_course(tmp_path)


def names_of(files, root):
    return sorted(file.relative_to(root).as_posix() for file in files)


END = "root.\n    raise NotImplementedError()\n"
ALL = [
    "autograder/course.json",
    "exercises/distance.py",
    "exercises/shapes.py",
    "source/mnist_basics/mnist_basics.ipynb",
    "source/mnist_beyond/mnist_beyond.ipynb",
]


def test_a_stub_for_each_unit_the_course_and_a_notebook_for_each_assignment(root):
    assert names_of(built_files(root), root) == ALL


def test_building_writes_what_is_stale_and_nothing_else(root):
    assert names_of(write_stale(built_files(root)), root) == ALL
    assert write_stale(built_files(root)) == []
    (root / "exercises" / "shapes.py").write_text("mine\n")
    untouched = (root / "exercises" / "distance.py").stat().st_mtime_ns
    assert names_of(write_stale(built_files(root)), root) == ["exercises/shapes.py"]
    assert (root / "exercises" / "distance.py").stat().st_mtime_ns == untouched
    assert stale_files(built_files(root)) == []


def test_the_course_that_was_built_can_be_loaded(root):
    write_stale(built_files(root))
    course = load_course(root / "autograder" / "course.json")
    assert course.unit_names == ("shapes", "distance")
    rank, distance, rmse = course.functions
    assert (rank.points, distance.points) == (3.5, 0)
    assert rank.signature == "def rank(tensor: torch.Tensor) -> int"
    assert distance.signature == (
        "def mnist_distance( a: torch.Tensor, b: torch.Tensor ) -> torch.Tensor"
    )
    assert rank.summary == "Count the axes."
    assert distance.builds_on == ("rank",)
    assert (rank.assignment, rmse.assignment) == ("mnist_basics", "mnist_beyond")


# Stale files


def spoil(root, name, old, new):
    file = root / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("Two pictures.", "Three.", "line 3: 'Three.' should be 'Two pictures.'"),
        (
            "import torch\n\n",
            "",
            "line 6: 'from exercises.shapes import rank' should be 'import torch'",
        ),
        ("\nimport", "\n-- a\nimport", "line 6: '-- a' should be 'import torch'"),
        (END, "root.\n", "line 28: '' should be '    raise NotImplementedError()'"),
        (END, END.rstrip(), "line 29: nothing should be ''"),
    ],
)
def test_a_stale_file_is_named_with_its_first_line_that_differs(root, old, new, difference):
    write_stale(built_files(root))
    spoil(root, "exercises/distance.py", old, new)
    ((file, found),) = stale_files(built_files(root))
    assert file == root / "exercises" / "distance.py"
    assert found == difference


def test_a_missing_file_is_stale(root):
    assert names_of(dict(stale_files(built_files(root))), root) == ALL
    assert set(dict(stale_files(built_files(root))).values()) == {"it is missing"}


def test_a_damaged_file_is_stale(root):
    write_stale(built_files(root))
    (root / "exercises" / "shapes.py").write_bytes(b"\xff\xfe")
    assert names_of(dict(stale_files(built_files(root))), root) == ["exercises/shapes.py"]


def test_a_change_of_points_makes_course_and_notebook_stale(root):
    write_stale(built_files(root))
    spoil(root, "autograder/hidden/test_shapes.py", "points=2", "points=4")
    stale = stale_files(built_files(root))
    assert [file.name for file, _ in stale] == ["course.json", "mnist_basics.ipynb"]
    for _, found in stale:
        assert '"points": 3.5' in found
        assert '"points": 5.5' in found


def test_a_private_suite_adds_its_points(root, tmp_path):
    write_stale(built_files(root))
    private = write_suite(tmp_path / "private")
    ((file, found), *_) = stale_files(built_files(root, private))
    assert file.name == "course.json"
    assert '"points": 5.5' in found
    write_stale(built_files(root, private))
    assert load_course(root / "autograder" / "course.json").functions[0].points == 5.5
    notebook = json.loads((root / "source/mnist_basics/mnist_basics.ipynb").read_text("utf-8"))
    [cell] = [cell for cell in notebook["cells"] if cell["id"] == "test-rank"]
    assert cell["metadata"]["nbgrader"]["points"] == 5.5
    assert stale_files(built_files(root, private)) == []


# The kit's own


def test_what_is_built_is_fresh():
    assert stale_files(built_files()) == []


def test_without_solutions_nothing_is_built(tmp_path):
    with pytest.raises(SourceError, match="run this in a checkout"):
        built_files(tmp_path)


def strings_in(value):
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings_in(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings_in(item)]
    return [value] if isinstance(value, str) else []


def test_the_course_holds_no_line_of_a_solution():
    texts = strings_in(json.loads((ROOT / "autograder" / "course.json").read_text("utf-8")))
    assert len(texts) > 50
    lines = [
        line.strip()
        for unit in read_units(ROOT / "solutions")
        for function in unit.functions
        for line in function.body.splitlines()
        if line.strip()
    ]
    assert len(lines) >= 20
    assert [line for line in lines if any(line in text for text in texts)] == []


def test_the_course_holds_nothing_of_a_hidden_test():
    text = (ROOT / "autograder" / "course.json").read_text("utf-8")
    hidden = [
        node
        for file in (ROOT / "autograder" / "hidden").glob("test_*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert len(hidden) > 50
    for node in hidden:
        assert node.name not in text
        assert (ast.get_docstring(node) or "").splitlines()[0] not in text
