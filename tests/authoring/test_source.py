"""Solutions, read as text; one out of form gets one sentence."""

import pytest

from autograder.authoring.build import ROOT
from autograder.authoring.source import SourceError, read_unit, read_units
from tests.authoring.small import DISTANCE, SHAPES, write_course


def read(folder, text, name="shapes"):
    file = folder / f"{name}.py"
    file.write_text(text, encoding="utf-8")
    return read_unit(file)


def test_a_unit(tmp_path):
    unit = read(tmp_path, SHAPES)
    assert (unit.name, unit.number, unit.title) == ("shapes", 3, "Shapes: what is this tensor?")
    assert unit.first_paragraph == "Before you compute with a tensor,\nlook at it."
    assert unit.imports == ("import torch",)
    assert [function.name for function in unit.functions] == ["rank"]


def test_the_lesson_is_the_docstring_without_the_line_for_the_machine(tmp_path):
    lesson = read(tmp_path, SHAPES).lesson
    assert "Assignment:" not in lesson
    assert lesson.startswith("# 3. Shapes: what is this tensor?\n\nBefore you compute")
    assert "with `\\n` and code" in lesson
    assert "def one(): ...\n\n\ndef two(): ..." in lesson


def test_the_line_for_the_machine_may_stand_right_under_the_heading(tmp_path):
    unit = read(tmp_path, SHAPES.replace("tensor?\n\nAssign", "tensor?\nAssign"))
    assert unit.first_paragraph == "Before you compute with a tensor,\nlook at it."


def test_a_function(tmp_path):
    (rank,) = read(tmp_path, SHAPES).functions
    assert rank.definition == "def rank(tensor: torch.Tensor) -> int:"
    assert rank.contract == ("Count the axes.\n\n``tensor``: of any shape.\nResult: an ``int``.")
    assert rank.task == "Return the number of axes."
    assert rank.hints == ("It is an attribute.", 'Its name begins with an "n" and ends with "dim".')
    assert rank.body == "    answer = tensor.ndim\n    return answer"
    assert rank.assignment == "mnist_basics"


def test_a_long_definition_and_a_function_of_another_assignment(tmp_path):
    first, second = read(tmp_path, DISTANCE, "distance").functions
    assert first.definition.splitlines() == [
        "def mnist_distance(",
        "    a: torch.Tensor, b: torch.Tensor",
        ") -> torch.Tensor:",
    ]
    assert "rank" in first.calls
    assert (first.assignment, second.assignment) == ("mnist_basics", "mnist_beyond")
    assert second.contract == "The other distance.\n\nResult: a tensor."


def test_units_come_in_teaching_order(tmp_path):
    units = read_units(write_course(tmp_path) / "solutions")
    assert [unit.name for unit in units] == ["shapes", "distance"]


def test_every_solution_of_the_kit_is_in_form():
    units = read_units(ROOT / "solutions")
    assert len(units) >= 6
    for unit in units:
        assert unit.first_paragraph
        for function in unit.functions:
            assert function.body.strip()
            assert len(function.hints) >= 3


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("# 3. Shapes", "# Shapes", r"shapes\.py: its docstring begins with '# <number>"),
        ("# 3. Shapes", "Shapes", r"shapes\.py: its docstring begins with '# <number>"),
        ("Assignment: mnist_basics\n", "", r"and 'Assignment: <name>'"),
        ("def rank(", "def rank((", r"shapes\.py line \d+: "),
        ("    Task: Return", "    Return", r"shapes\.py, rank: its docstring needs 'Task: …'"),
        ("    Hints:\n", "", r"shapes\.py, rank: .*then 'Hints:'"),
        ("Return the number of axes.", "", r"shapes\.py, rank: its docstring needs 'Task: …'"),
        ("    ### BEGIN SOLUTION\n", "", r"shapes\.py, rank: its body stands between '### BEGIN"),
        ("    ### END SOLUTION\n", "", r"shapes\.py, rank: its body stands between '### BEGIN"),
        ("    answer =", "    ### BEGIN SOLUTION\n    answer =", r"its body stands between"),
        ("rank(tensor: torch", "rank(tensor: t\0rch", r"shapes\.py.*null byte"),
    ],
)
def test_a_solution_out_of_form_gets_one_sentence(tmp_path, old, new, sentence):
    text = SHAPES.replace(old, new, 1)
    assert text != SHAPES
    with pytest.raises(SourceError, match=sentence) as caught:
        read(tmp_path, text)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", r"shapes\.py: its docstring begins with"),
        ('"""# 3. Shapes\n\nAssignment: mnist_basics\n"""\n', r"needs a paragraph"),
        ('"""# 3. Shapes\n\nAssignment: mnist_basics\n\nText.\n"""\n', r"no function in it"),
    ],
)
def test_an_empty_solution_gets_one_sentence(tmp_path, text, sentence):
    with pytest.raises(SourceError, match=sentence):
        read(tmp_path, text)


def test_a_function_without_hints_gets_one_sentence(tmp_path):
    start, end = SHAPES.index("        1. It is"), SHAPES.index('    """\n    ###')
    with pytest.raises(SourceError, match="then 'Hints:'"):
        read(tmp_path, SHAPES[:start] + SHAPES[end:])


def test_a_solution_that_is_not_utf8_gets_one_sentence(tmp_path):
    (tmp_path / "shapes.py").write_bytes(b'"""# 3. Caf\xe9"""')
    with pytest.raises(SourceError, match=r"shapes\.py can't be read as Python: 'utf-8' codec"):
        read_unit(tmp_path / "shapes.py")


def test_two_units_with_one_number(tmp_path):
    root = write_course(tmp_path, other=SHAPES)
    with pytest.raises(SourceError, match=r"^(other and shapes|shapes and other) are both unit 3"):
        read_units(root / "solutions")


def test_a_folder_without_solutions(tmp_path):
    with pytest.raises(SourceError, match=r"no solutions in .*: run this in a checkout"):
        read_units(tmp_path)
