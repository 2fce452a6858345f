"""Attempted or not, decided from the source alone (SPEC.md rule 11)."""

import ast
import textwrap
import warnings

import pytest

from autograder.attempts import (
    definitions_only,
    is_attempted,
    is_bound,
    is_nested,
    is_stub,
    line_of,
    mentions,
    without_stub,
)
from autograder.course import STUB_BODY

STUB = f'''
def rank(tensor):
    r"""Count the axes of a tensor."""
    # Your turn: return the number of axes.
    {STUB_BODY}
'''


def attempted(source: str, others: dict[str, str] | None = None) -> bool:
    sources = {name: (textwrap.dedent(text),) for name, text in (others or {}).items()}
    return is_attempted("rank", (textwrap.dedent(source),), sources)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("", id="an empty file"),
        pytest.param("def other(tensor):\n    return 3", id="another function"),
        pytest.param(STUB, id="the stub"),
        pytest.param(f"def rank(tensor):\n    {STUB_BODY}", id="the stub without its docstring"),
        pytest.param(f"def rank(*args, **more):\n    # mine!\n\n    {STUB_BODY}", id="a comment"),
        pytest.param(f"@cache\ndef rank(tensor):\n    {STUB_BODY}", id="a decorated stub"),
        pytest.param(f"async def rank(tensor):\n    {STUB_BODY}", id="an async stub"),
        pytest.param("rank: Callable", id="a type and no value"),
        pytest.param("class Mine:\n    def rank(self):\n        return 3", id="a method"),
        pytest.param("def outer():\n    rank = len\n    return rank", id="a local variable"),
        pytest.param("print([rank for rank in range(3)])", id="the variable of a comprehension"),
        pytest.param("figures['rank'] = lambda tensor: 3", id="a key of a dict of one's own"),
        pytest.param("import fastai.rank", id="a part of a library"),
        pytest.param("from fastai.vision.all import *", id="a star import from elsewhere"),
        pytest.param("def rank(tensor)\n    return 3", id="a syntax error"),
        pytest.param("rank = lambda tensor: 3\0", id="a NUL byte"),
        pytest.param("rank = lambda tensor: 3\ndel rank", id="deleted again"),
    ],
)
def test_not_attempted(source):
    assert not attempted(source)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("def rank(tensor):\n    return tensor.ndim", id="def"),
        pytest.param("def rank(tensor):\n    '''Only this.'''", id="nothing but a docstring"),
        pytest.param("def rank(tensor): pass", id="pass"),
        pytest.param("def rank(tensor): ...", id="three dots"),
        pytest.param("@cache\ndef rank(tensor):\n    return 3", id="a decorated function"),
        pytest.param("async def rank(tensor):\n    return 3", id="async"),
        pytest.param("rank = lambda tensor: tensor.ndim", id="lambda"),
        pytest.param("rank: Callable = lambda tensor: tensor.ndim", id="lambda with a type"),
        pytest.param("rank = make_counter('axes')", id="made by another function"),
        pytest.param("rank = other = torch.Tensor.dim", id="two names at once"),
        pytest.param("rank, other = make_both()", id="unpacked"),
        pytest.param("(rank := len)", id="walrus"),
        pytest.param("print([rank := f for f in fs])", id="walrus in a comprehension"),
        pytest.param("class rank:\n    pass", id="class"),
        pytest.param("from numpy import ndim as rank", id="imported under this name"),
        pytest.param("import helpers as rank", id="a module under this name"),
        pytest.param("globals()['rank'] = len", id="globals()"),
        pytest.param(
            "def make():\n    global rank\n    rank = len\nmake()", id="global in a function"
        ),
        pytest.param("if torch.cuda:\n    rank = len\nelse:\n    rank = id", id="if"),
        pytest.param("try:\n    rank = len\nfinally:\n    pass", id="try"),
        pytest.param("with open(f) as file:\n    def rank(t): return 3", id="with"),
        pytest.param("for rank in fs:\n    pass", id="a loop's variable"),
        pytest.param(
            "def rank(tensor):\n    print(tensor)\n    raise NotImplementedError()",
            id="a line before the stub's",
        ),
        pytest.param(
            "def rank(tensor):\n    raise NotImplementedError('later')", id="another exception"
        ),
    ],
)
def test_attempted(source):
    assert attempted(source)


def test_the_last_binding_counts():
    mine = "\ndef rank(tensor):\n    return tensor.ndim\n"
    assert attempted(STUB + mine)
    assert not attempted(mine + STUB)
    assert attempted("rank = None\ndel rank" + mine)


def test_another_name_does_not_unbind():
    assert attempted("rank = len\ndel other")
    assert attempted("rank = len\ndel figures[rank]")


def test_a_try_or_if_that_holds_more_than_stubs_is_an_attempt():
    stub = textwrap.indent(STUB, "    ")
    assert not attempted(f"if True:{stub}")
    assert attempted(f"try:\n    from fast import rank\nexcept ImportError:{stub}")


def test_cells_count_in_their_order():
    mine = "rank = lambda tensor: tensor.ndim"
    assert is_attempted("rank", [STUB, "import torch", mine])
    assert not is_attempted("rank", [mine, "import torch", STUB])


def test_a_cell_that_does_not_parse_binds_nothing():
    assert not is_attempted("rank", [STUB, "def rank(tensor:"])
    assert is_attempted("rank", ["rank = len", "def rank(tensor:", "%%bash"])


# Helper modules


def test_a_star_import_from_an_own_helper_binds_what_the_helper_binds():
    helpers = "def rank(tensor):\n    return tensor.ndim"
    assert attempted("from helpers import *", {"helpers": helpers})
    assert attempted("from exercises.helpers import *", {"helpers": helpers})
    assert attempted("from .helpers import *", {"helpers": helpers})
    assert attempted(STUB + "from helpers import *", {"helpers": helpers})


def test_a_star_import_from_a_helper_without_the_name_binds_nothing():
    assert not attempted("from helpers import *", {"helpers": "def other(): return 3"})
    assert attempted("rank = len\nfrom helpers import *", {"helpers": ""})


def test_a_stub_in_a_helper_is_still_a_stub():
    assert not attempted("from helpers import *", {"helpers": STUB})
    assert not attempted("from helpers import rank", {"helpers": STUB})
    assert not attempted("rank = len\nfrom helpers import rank", {"helpers": STUB})


def test_an_import_by_name_binds_even_what_can_not_be_seen():
    # If the name isn't there, importing fails, and that is a wrong answer and not a missing one.
    assert attempted("from helpers import rank", {"helpers": "globals().update(rank=len)"})
    assert attempted("from helpers import axes as rank", {"helpers": STUB})


def test_star_imports_are_followed_from_helper_to_helper():
    assert attempted("from a import *", {"a": "from b import *", "b": "rank = len"})


def test_helpers_that_import_each_other_come_to_an_end():
    ring = {"a": "from b import *", "b": "from a import *"}
    assert not attempted("from a import *", ring)
    assert attempted("from a import *", {**ring, "b": "from a import *\nrank = len"})


def test_each_helper_is_read_once_however_often_it_is_imported():
    # Forty modules that all import each other could be read in 40! orders: this would not end.
    names = [f"m{number}" for number in range(40)]
    everything = "\n".join(f"from {name} import *" for name in names)
    assert not attempted(everything, dict.fromkeys(names, everything))


# Hostile and odd source


@pytest.mark.parametrize(
    "deep",
    [
        pytest.param("(" * 150 + ")" * 150, id="brackets"),
        pytest.param("(" * 100_000, id="open brackets"),
        pytest.param("-" * 100_000 + "1", id="signs"),
        pytest.param("1" + "+1" * 50_000, id="a long sum"),
        pytest.param("x" + ".x" * 50_000, id="a long chain of attributes"),
        pytest.param("[" * 90 + "0" + "]" * 90 + "[0]" * 3_000, id="subscripts"),
    ],
)
@pytest.mark.parametrize("frame", ["{}", "raise NotImplementedError({})", "return {}"])
def test_deep_nesting_crashes_nothing(deep, frame):
    source = "def rank(tensor):\n    " + frame.format(deep)
    assert is_attempted("rank", ["rank = len", source])
    assert is_bound("rank", ["rank = len", source])
    assert mentions("rank", ["print(rank)", source])


def test_what_python_parses_and_ast_can_not_dump_is_no_stub():
    source = f"def rank(tensor):\n    raise NotImplementedError({'-' * 2_000}1)"
    definition = ast.parse(source).body[0]
    with pytest.raises(RecursionError):
        ast.dump(definition)
    assert not is_stub(definition)


def test_a_warning_about_the_source_is_not_shown():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert is_attempted("rank", ['def rank(tensor):\n    return "\\d", 1 is 1'])


# Where and whether a name is used


def test_line_of_is_the_last_definition():
    source = STUB + "\n@cache\ndef rank(tensor):\n    return 3\n"
    assert line_of("rank", [STUB]) == 2
    assert source.splitlines()[line_of("rank", [source]) - 1] == "def rank(tensor):"
    assert line_of("rank", [source]) > line_of("rank", [STUB])
    assert line_of("rank", ["rank = len"]) is None


@pytest.mark.parametrize(
    "source",
    [
        "print(rank(tensor))",
        "from exercises.shapes import rank",
        "from exercises.shapes import rank as axes",
        "def f(t):\n    return shapes.rank(t)",
        "f = getattr(shapes, 'rank')",
        "f = rank",
    ],
)
def test_mentioned(source):
    assert mentions("rank", [source])


@pytest.mark.parametrize("source", [STUB, "rank = len", "ranking(tensor)", "def f(rank:", "x = 1"])
def test_defining_a_name_is_not_mentioning_it(source):
    assert not mentions("rank", [source])


def test_bound_by_an_import_is_not_its_own():
    imported = ["from numpy import ndim as rank"]
    assert is_bound("rank", imported)
    assert not is_bound("rank", imported, own=True)
    assert is_bound("rank", [*imported, STUB], own=True)
    assert not is_bound("rank", ["print(1)"])


def test_a_function_that_nothing_can_call_is_nested():
    inside = "def other():\n    def rank(tensor):\n        return 3"
    assert is_nested("rank", [inside])
    assert is_nested("rank", ["class Mine:\n    def rank(self): return 3"])
    assert not is_nested("rank", [inside, "rank = len"])
    assert not is_nested("rank", ["class Mine:" + textwrap.indent(STUB, "    ")])
    assert not is_nested("rank", ["if True:\n    def rank(tensor): return 3"])


def test_without_its_stub_a_chunk_keeps_its_lines():
    assert without_stub("rank", f"x = 1{STUB}y = 2").split("\n") == ["x = 1", *[""] * 4, "y = 2"]
    assert without_stub("rank", f"@cache{STUB}").strip() == ""
    for other in ("def rank(t):\n    return 3", STUB.replace("rank", "mine"), "def rank(t:"):
        assert without_stub("rank", other) == other


# What can be run of a cell that never ends


def test_definitions_stay_and_what_runs_goes():
    cell = """
import torch
from helpers import *
MEAN: float = 0.5
half = MEAN
@cache
def rank(tensor):
    while tensor: pass
class Mine: pass
while True: pass
for n in range(3): print(n)
rank(torch.ones(3))
"""
    kept = definitions_only(cell)
    names = {"torch", "MEAN", "half", "rank", "Mine"}
    assert all(is_bound(name, [kept]) for name in names)
    assert "from helpers import *" in kept
    assert "@cache" in kept
    assert ast.parse(kept).body[-1].name == "Mine"


def test_without_calls_only_plain_values_stay():
    values = "x = 1\ny = train()\nz: int = [f(a) for a in b]\n"
    cell = f"{values}rank = lambda t: len(t)\n@cache\ndef f(): g()"
    kept = definitions_only(cell, calls=False)
    assert [name for name in ("x", "y", "z", "rank", "f") if is_bound(name, [kept])] == [
        "x",
        "rank",
        "f",
    ]


def test_a_cell_without_definitions_is_empty():
    assert definitions_only("while True: pass") == ""
    assert definitions_only("def f(:") == ""


def test_a_definition_that_is_nested_too_deeply_takes_no_other_with_it():
    deep = f"x = {'-' * 2_000}1"
    assert definitions_only(f"{deep}\ndef f(): pass").strip() == "def f():\n    pass"
