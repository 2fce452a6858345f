"""The stubs: what a student opens first, short and without an answer."""

import ast

import pytest

from autograder.attempts import is_attempted, is_bound, is_stub
from autograder.authoring.build import ROOT
from autograder.authoring.source import read_unit, read_units
from autograder.authoring.stubs import grouped, lower_first, stub
from autograder.course import STUB_BODY
from tests.authoring.small import write_course

UNITS = read_units(ROOT / "solutions")
LONGEST = 45

SMALL = '''r"""Distance: how far?

Two pictures.
"""

import torch

from exercises.shapes import rank


def mnist_distance(
    a: torch.Tensor, b: torch.Tensor
) -> torch.Tensor:
    r"""The distance.

    ``a`` and ``b``: pictures.
    """
    # Your turn: pyTorch can do it.
    raise NotImplementedError()


def rmse_distance(a, b):
    r"""The other distance.

    Result: a tensor.
    """
    # Your turn: take the root.
    raise NotImplementedError()
'''


def in_one_line(text):
    return " ".join(text.replace("\n    # ", " ").split())


def test_a_stub_as_a_whole(tmp_path):
    write_course(tmp_path)
    assert stub(read_unit(tmp_path / "solutions" / "distance.py")) == SMALL


def test_imports_of_units_stand_apart_from_libraries():
    imports = ("import torch", "from exercises.shapes import rank", "from torch import nn")
    assert (
        grouped(imports)
        == "import torch\nfrom torch import nn\n\nfrom exercises.shapes import rank"
    )
    assert grouped(("import torch",)) == "import torch"


def test_a_sentence_goes_on_after_a_colon():
    assert lower_first("Take the mean.") == "take the mean."
    assert lower_first("") == ""


each_unit = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)


@each_unit
def test_the_stub_is_what_stands_in_exercises(unit):
    assert (ROOT / "exercises" / f"{unit.name}.py").read_text(encoding="utf-8") == stub(unit)


@each_unit
def test_the_stub_is_python_in_which_nothing_is_attempted(unit):
    text = stub(unit)
    defined = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in defined] == [function.name for function in unit.functions]
    assert all(map(is_stub, defined))
    for function in unit.functions:
        assert is_bound(function.name, [text])
        assert not is_attempted(function.name, [text])


@each_unit
def test_the_stub_is_short(unit):
    lines = stub(unit).splitlines()
    assert len(lines) <= LONGEST
    assert max(map(len, lines)) <= 100


@each_unit
def test_the_stub_ends_in_what_to_do(unit):
    text = in_one_line(stub(unit))
    for function in unit.functions:
        task = in_one_line(f"Your turn: {lower_first(function.task)} {STUB_BODY}")
        assert task in text


@each_unit
def test_the_stub_gives_no_hint(unit):
    text = in_one_line(stub(unit))
    assert "Hint" not in text
    for function in unit.functions:
        for hint in function.hints:
            assert in_one_line(hint) not in text


@each_unit
def test_the_stub_gives_no_line_of_the_solution(unit):
    lines = {line.strip() for line in stub(unit).splitlines()}
    for function in unit.functions:
        solution = {line.strip() for line in function.body.splitlines()} - {""}
        assert solution
        assert not solution & lines


@each_unit
def test_the_contract_stands_whole_in_the_stub(unit):
    text = ast.parse(stub(unit))
    documented = {
        node.name: ast.get_docstring(node)
        for node in text.body
        if isinstance(node, ast.FunctionDef)
    }
    assert documented == {function.name: function.contract for function in unit.functions}
