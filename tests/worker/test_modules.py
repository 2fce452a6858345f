"""A student's files as modules: one module under two names, and no trace afterwards."""

import importlib
import inspect
import linecache
import sys
import textwrap
import traceback

import pytest

from autograder.observing.watch import describe_exception
from autograder.worker.modules import ModuleSource, StudentModules

UNITS = ("stacking", "distance", "classify", "metrics")


def sources(**texts):
    return {
        name: ModuleSource(f"/home/anna/{name}.py", (textwrap.dedent(text),))
        for name, text in texts.items()
    }


def notebook(*cells):
    chunks = tuple(textwrap.dedent(cell) for cell in cells)
    return {"notebook": ModuleSource("/home/anna/mnist.ipynb", chunks, tolerant=True)}


def load(name):
    return importlib.import_module(name)


# One module


@pytest.mark.parametrize(
    "order", [("exercises.distance", "distance"), ("distance", "exercises.distance")]
)
def test_both_names_are_one_module_and_it_runs_once(order):
    with StudentModules(sources(distance="runs = []\nruns.append(1)"), UNITS):
        first, second = map(load, order)
        assert first is second
        assert first.runs == [1]
        assert sys.modules["distance"] is sys.modules["exercises.distance"]


def test_every_way_to_import_a_unit():
    with StudentModules(
        sources(
            distance="def mnist_distance(a, b): return a - b",
            metrics="""
                import distance
                import exercises.distance
                import exercises.distance as third
                from exercises import distance as fourth
                from exercises.distance import mnist_distance
                from distance import mnist_distance as sixth
                from .distance import mnist_distance as seventh
                modules = {id(m) for m in (distance, exercises.distance, third, fourth)}
                functions = {id(f) for f in (mnist_distance, sixth, seventh)}
            """,
        ),
        UNITS,
    ):
        metrics = load("exercises.metrics")
        assert len(metrics.modules) == 1
        assert len(metrics.functions) == 1


def test_units_that_import_each_other():
    with StudentModules(
        sources(
            distance="import classify\ndef double(x): return 2 * x",
            classify="import exercises.distance\ndef four(): return exercises.distance.double(2)",
        ),
        UNITS,
    ):
        assert load("exercises.classify").four() == 4
        assert load("classify") is load("distance").classify


def test_a_unit_that_imports_itself_by_its_other_name():
    with StudentModules(sources(distance="import distance as me\nruns = 1"), UNITS):
        module = load("exercises.distance")
        assert module.me is module
        assert load("distance") is module


def test_a_unit_wins_over_what_is_installed():
    # "json" stands for a library that has a unit's name.
    import json

    with StudentModules(sources(json="mine = True"), ["json"]):
        assert load("json").mine
        assert load("exercises.json") is load("json")
    assert load("json") is json


def test_a_unit_that_was_not_handed_in_is_not_found():
    with StudentModules(sources(distance=""), UNITS):
        for name in ("exercises.metrics", "exercises.nothing", "exercises.distance.inner"):
            with pytest.raises(ModuleNotFoundError, match=name.replace(".", r"\.")):
                load(name)


def test_the_module_knows_its_file_and_name():
    with StudentModules(sources(distance="where, what = __file__, __name__"), UNITS):
        module = load("exercises.distance")
        assert (module.where, module.what) == ("/home/anna/distance.py", "exercises.distance")


def test_annotations_are_read_as_python_reads_them():
    # This file's own `from __future__ import annotations` is not the student's.
    with StudentModules(sources(distance="def f(x: 1 + 1): pass"), UNITS):
        assert load("distance").f.__annotations__ == {"x": 2}


# Helpers


def test_a_helper_can_be_imported_by_both_names():
    helper = "def double(x): return 2 * x"
    unit = "from helpers import double\nimport exercises.helpers, helpers\nfour = double(2)"
    with StudentModules(sources(helpers=helper, distance=unit), UNITS):
        module = load("exercises.distance")
        assert module.four == 4
        assert module.helpers is sys.modules["exercises.helpers"]


@pytest.mark.parametrize("name", ["random", "colorsys", "torch"])
def test_a_helper_never_hides_a_library(name):
    before = sys.modules.pop(name) if name == "colorsys" and name in sys.modules else None
    unit = f"import {name} as library, exercises.{name} as helper"
    with StudentModules(sources(distance=unit, **{name: "mine = True"}), UNITS):
        module = load("exercises.distance")
        assert not hasattr(module.library, "mine")
        assert module.helper.mine
    assert not hasattr(load(name), "mine")
    if before is not None:
        sys.modules[name] = before


def test_a_unit_that_deletes_modules_costs_the_others_nothing():
    texts = sources(
        distance="import sys, colorsys\nsys.modules.clear()", classify="import colorsys, distance"
    )
    with StudentModules(texts, UNITS):
        before = dict(sys.modules)
        distance = load("exercises.distance")
        assert load("classify").distance is distance
        assert before.items() <= sys.modules.items()


# Failing modules


def test_a_module_that_raises_is_not_kept():
    with StudentModules(sources(distance="before = 1\nraise ValueError('no')"), UNITS):
        for name in ("exercises.distance", "distance"):
            with pytest.raises(ValueError, match="no"):
                load(name)
            assert name not in sys.modules


def test_a_module_that_raises_is_not_kept_by_its_other_name_either():
    with StudentModules(sources(distance="import distance\nraise ValueError('no')"), UNITS):
        for name in ("exercises.distance", "distance", "exercises.distance"):
            with pytest.raises(ValueError, match="no"):
                load(name)


def test_a_module_that_raises_takes_those_with_it_that_import_it():
    texts = sources(distance="1 / 0", classify="from distance import x", metrics="fine = 1")
    with StudentModules(texts, UNITS):
        with pytest.raises(ZeroDivisionError):
            load("exercises.classify")
        assert load("exercises.metrics").fine == 1


def test_a_syntax_error_names_the_file_and_line():
    with StudentModules(sources(distance="x = 1\ndef f(:\n"), UNITS):
        with pytest.raises(SyntaxError) as caught:
            load("distance")
        assert (caught.value.filename, caught.value.lineno) == ("/home/anna/distance.py", 2)


def test_a_traceback_shows_the_students_line():
    with StudentModules(sources(distance="def f():\n    return 1 / 0  # here"), UNITS) as modules:
        try:
            load("distance").f()
        except ZeroDivisionError as error:
            shown = "".join(traceback.format_exception(error))
        assert "return 1 / 0  # here" in shown
        assert modules.filenames == {"/home/anna/distance.py"}


# Notebooks


def test_a_notebook_stands_for_its_units():
    cells = notebook(
        "def mnist_distance(a, b): return a - b",
        "from exercises.distance import mnist_distance as imported\nimport distance, classify",
        "def is_3(a, b): return mnist_distance(a, b) > 0",
    )
    aliases = {"distance": "notebook", "classify": "notebook"}
    with StudentModules(cells, UNITS, aliases) as modules:
        one = load("exercises.notebook")
        assert load("exercises.distance") is one
        assert load("classify") is one
        assert one.distance is one
        assert one.is_3(3, 1)
        assert not modules.failures


def test_a_file_stands_beside_a_notebook():
    both = notebook("from distance import answer") | sources(distance="answer = 42")
    with StudentModules(both, UNITS, {"classify": "notebook"}):
        assert load("classify").answer == 42
        assert load("classify") is not load("distance")


def test_a_cell_that_raises_does_not_stop_the_next():
    cells = notebook("x = 1\n1 / 0\nx = 2", "exit_code = 1\nraise SystemExit", "def f(:", "y = x")
    with StudentModules(cells, UNITS) as modules:
        module = load("exercises.notebook")
        assert (module.x, module.y) == (1, 1)
        raised = [type(error) for error in modules.failures["notebook"]]
        assert raised == [ZeroDivisionError, SystemExit, SyntaxError]


def test_a_traceback_names_the_cell_and_shows_its_line():
    cells = notebook("def f():\n    return 1 / 0  # here", "", "x = 1\n1 / 0  # there")
    with StudentModules(cells, UNITS) as modules:
        module = load("exercises.notebook")
        with pytest.raises(ZeroDivisionError) as caught:
            module.f()
        (failure,) = modules.failures["notebook"]
        assert describe_exception(caught.value, modules.filenames).where == (
            "mnist.ipynb, code cell 1, line 2"
        )
        assert describe_exception(failure, modules.filenames).where == (
            "mnist.ipynb, code cell 3, line 2"
        )
        assert "# here" in inspect.getsource(module.f)


def test_later_cells_win():
    with StudentModules(notebook("def f(): return 1", "def f(): return 2"), UNITS):
        assert load("exercises.notebook").f() == 2


# Replacements: right versions of earlier functions


def right(a, b):
    return "right"


def test_a_replacement_is_there_before_another_unit_imports_it():
    texts = sources(
        distance="def mnist_distance(a, b): return 'wrong'\nown = 1",
        classify="from exercises.distance import mnist_distance, own",
    )
    replacements = {"distance": {"mnist_distance": right}}
    with StudentModules(texts, UNITS, replacements=replacements):
        assert load("exercises.classify").mnist_distance is right
        assert load("distance").own == 1


def test_a_replacement_for_a_unit_that_was_not_handed_in():
    texts = sources(classify="from distance import mnist_distance")
    with StudentModules(texts, UNITS, replacements={"distance": {"mnist_distance": right}}):
        assert load("classify").mnist_distance is right


@pytest.mark.parametrize("broken", ["1 / 0", "raise SystemExit", "def f(:", "import nothing_here"])
def test_a_replacement_for_a_module_that_raises(broken):
    texts = sources(distance=broken, classify="from distance import mnist_distance")
    with StudentModules(
        texts, UNITS, replacements={"distance": {"mnist_distance": right}}
    ) as modules:
        assert load("classify").mnist_distance is right
        assert len(modules.failures["distance"]) == 1


def test_a_replacement_where_units_import_each_other():
    texts = sources(
        distance="import classify\ndef mnist_distance(a, b): return 'wrong'",
        classify="from distance import mnist_distance",
    )
    with StudentModules(texts, UNITS, replacements={"distance": {"mnist_distance": right}}):
        assert load("distance").mnist_distance is right
        assert load("classify").mnist_distance is right


def test_a_replacement_in_a_notebook_is_what_the_other_cells_call():
    cells = notebook(
        "def mnist_distance(a, b): return 'wrong'", "def f(): return mnist_distance(1, 2)"
    )
    replacements = {"notebook": {"mnist_distance": right}}
    with StudentModules(cells, UNITS, {"distance": "notebook"}, replacements):
        assert load("exercises.distance").f() == "right"


@pytest.mark.parametrize(
    "alias",
    [
        "distance = mnist_distance\ndef f(): return distance(1, 2)",
        "def f(distance=mnist_distance): return distance(1, 2)",
        "import functools\nf = functools.partial(mnist_distance, 1, 2)",
        "from distance import mnist_distance as other\ndef f(): return other(1, 2)",
    ],
)
def test_a_replacement_is_what_the_units_own_aliases_mean(alias):
    texts = sources(distance=f"def mnist_distance(a, b): return 'wrong'\n{alias}")
    with StudentModules(texts, UNITS, replacements={"distance": {"mnist_distance": right}}):
        assert load("distance").f() == "right"


def test_a_replacement_for_what_a_function_binds_or_the_unit_deletes():
    unit = "def bind():\n    global mnist_distance\n    mnist_distance = 1\n{then}"
    for then in ("bind()", "bind()\ndel mnist_distance"):
        texts = sources(distance=unit.format(then=then))
        with StudentModules(texts, UNITS, replacements={"distance": {"mnist_distance": right}}):
            assert load("distance").mnist_distance is right


# Afterwards


@pytest.fixture
def same_afterwards():
    """Python's import system is exactly as it was when the test ends."""
    modules, finders = dict(sys.modules), list(sys.meta_path)
    lines = dict(linecache.cache)
    yield
    assert sys.meta_path == finders
    assert {name: m for name, m in sys.modules.items() if modules.get(name) is not m} == {}
    assert modules.keys() == sys.modules.keys()
    assert {name for name in linecache.cache if "/home/anna" in name} == set()
    assert lines.keys() - linecache.cache.keys() == set()


@pytest.mark.usefixtures("same_afterwards")
def test_nothing_stays_behind():
    texts = sources(
        distance="import helpers, exercises.random, exercises.helpers, classify",
        classify="",
        helpers="",
        random="a = 1",
    )
    with StudentModules(texts | notebook("x = 1"), UNITS, {"metrics": "notebook"}):
        load("exercises.distance")
        load("metrics")
        load("exercises.notebook")
        assert {"exercises.distance", "metrics", "helpers"} <= sys.modules.keys()


@pytest.mark.usefixtures("same_afterwards")
def test_nothing_stays_behind_after_an_exception():
    texts = sources(distance="import helpers, distance\n1 / 0", helpers="")
    with pytest.raises(ZeroDivisionError), StudentModules(texts, UNITS):
        load("exercises.distance")


@pytest.mark.usefixtures("same_afterwards")
def test_a_student_who_takes_the_finders_away():
    texts = sources(distance="import sys\nsys.meta_path[:] = sys.meta_path[1:-1]")
    with StudentModules(texts, UNITS):
        load("exercises.distance")


def test_what_was_loaded_before_is_loaded_again_afterwards(tmp_path, monkeypatch):
    desk = tmp_path / "exercises"
    desk.mkdir()
    (desk / "distance.py").write_text("mine = False")
    (desk / "notes.py").write_text("")
    for name in [n for n in sys.modules if n == "exercises" or n.startswith("exercises.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    package, unit, notes = load("exercises"), load("exercises.distance"), load("exercises.notes")
    before = dict(sys.modules)

    with StudentModules(sources(distance="mine = True"), UNITS):
        assert load("exercises.distance").mine
        assert load("exercises") is not package

    assert load("exercises") is package
    assert load("exercises.distance") is unit is package.distance
    assert load("exercises.notes") is notes
    assert not load("exercises.distance").mine
    assert sys.modules == before
    for name in ("exercises", "exercises.distance", "exercises.notes"):
        monkeypatch.delitem(sys.modules, name)


def test_the_next_student_gets_nothing_of_the_last():
    with StudentModules(sources(distance="import helpers", helpers="who = 'anna'"), UNITS):
        assert load("exercises.distance").helpers.who == "anna"
    with StudentModules(sources(distance="import helpers", helpers="who = 'ben'"), UNITS):
        assert load("distance").helpers.who == "ben"
    with (
        StudentModules(sources(distance="import helpers"), UNITS),
        pytest.raises(ModuleNotFoundError, match="helpers"),
    ):
        load("exercises.distance")
