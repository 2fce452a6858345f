"""A cell that raises costs what it needed from another place, and no definition beside it."""

import types

import pytest

from autograder.worker.cells import Cells, names_of_a_kernel

NAME = "mnist.ipynb, code cell {}"


def run(*cells):
    """The names that these cells leave behind, and what they raised."""
    names = {"__name__": "notebook", **names_of_a_kernel()}
    kernel = Cells(names, names)
    for number, cell in enumerate(cells, start=1):
        kernel.run(cell, NAME.format(number))
    kernel.finish()
    return types.SimpleNamespace(**names), [type(error) for error in kernel.failures]


@pytest.mark.parametrize(
    "line",
    ["pictures.shape", "import plots_of_my_own", "raise SystemExit", "await later", "return 1"],
)
def test_the_functions_below_a_line_that_raises_are_taken(line):
    names, raised = run(f"def f(): return 1\n{line}\nimport math\ndef g(): return math.pi\nx = 1")
    assert (names.f(), int(names.g()), len(raised)) == (1, 3, 1)
    assert not hasattr(names, "x")


def test_what_stood_above_is_not_run_again():
    names, _ = run("seen = []", "seen.append(1)\nclass A: seen.append(2)\n1 / 0\nclass B: pass")
    assert names.seen == [1, 2]
    assert names.B


def test_a_function_is_taken_when_what_it_needs_stands_below():
    names, raised = run("@twice\ndef f(): return 2", "def twice(g): return lambda: g() * 2")
    assert names.f() == 4
    assert raised == [NameError]


def test_a_definition_that_failed_does_not_replace_a_later_one():
    names, _ = run(
        "@twice\ndef f(): return 2", "def f(): return 3", "def twice(g): return lambda: g() * 2"
    )
    assert names.f() == 3


def test_future_imports_hold_for_what_is_taken():
    names, _ = run("from __future__ import annotations\n1 / 0\ndef f(x: Unknown): return x")
    assert names.f(1) == 1


def test_an_exception_may_be_as_odd_as_it_likes():
    odd = "class Odd(Exception):\n    def __getattribute__(self, name): raise self\n"
    names, raised = run(f"{odd}raise Odd", "def f(): return 1")
    assert (names.f(), len(raised)) == (1, 1)


def test_what_a_kernel_offers_is_there_and_does_nothing():
    names, raised = run(
        "get_ipython().system('ls')\nget_ipython().run_line_magic('pwd', '')",
        "display(1, clear=True)\ncheck('rank')\ngrade('rank').score",
        "def display(x): return x",
    )
    assert raised == []
    assert names.display(1) == 1
