"""What a notebook imports: ``check`` for students, ``grade`` for nbgrader's hidden tests."""

import functools
import linecache
import textwrap

import pytest
import torch

from autograder.course import STUB_BODY, CourseError
from autograder.notebook import VALIDATING, Points, check, grade


class Notebook:
    """Runs cells in one namespace and keeps their source, as a kernel does."""

    def __init__(self) -> None:
        self.names = {"torch": torch, "check": check}
        self.cells = 0

    def run(self, cell: str) -> None:
        self.cells += 1
        source, file = textwrap.dedent(cell), f"<cell {self.cells}>"
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        exec(compile(source, file, "exec"), self.names)

    def value(self, expression: str):
        return eval(expression, self.names)


@pytest.fixture
def notebook(solved, monkeypatch):
    """An empty notebook in a folder that has the public tests."""
    monkeypatch.chdir(solved.root)
    return Notebook()


# check


def test_by_name(notebook, capsys):
    notebook.run("def rank(tensor):\n    return tensor.ndim")
    assert notebook.value("check('rank')").share == 1
    assert capsys.readouterr().out.endswith(" 1/1 functions · 3/3 tests\n")


def test_by_function(notebook):
    notebook.run("def rank(tensor):\n    return tensor.ndim")
    assert notebook.value("check(rank)").share == 1


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("rank = lambda tensor: tensor.ndim", id="lambda"),
        pytest.param("rank = torch.Tensor.dim", id="a function of the library"),
        pytest.param(
            "import functools\nrank = functools.partial(lambda one, tensor: tensor.ndim, 1)",
            id="partial",
        ),
    ],
)
def test_whatever_the_name_is_bound_to(notebook, cell):
    notebook.run(cell)
    assert notebook.value("check(rank)").share == 1
    assert notebook.value("check('rank')").share == 1


def test_the_latest_definition_counts(notebook):
    notebook.run("def rank(tensor):\n    return 9")
    assert notebook.value("check('rank')").share < 1
    notebook.run("def rank(tensor):\n    return tensor.ndim")
    assert notebook.value("check('rank')").share == 1


def test_a_wrong_answer(notebook, capsys):
    notebook.run("def rank(tensor):\n    return tensor.shape[0]")
    checked = notebook.value("check('rank')")
    assert checked.share == pytest.approx(1 / 3)
    *first, lesson, place = capsys.readouterr().out.splitlines()[:6]
    assert first == [
        "A picture has rank 2, a stack of pictures rank 3",
        "called    rank(float32 (28, 28))",
        "came back int 28",
        "expected  2",
    ]
    assert lesson.startswith("lesson    The rank is the number of axes: row and column")
    assert place == "in        this notebook"


def test_an_exception_names_the_line_of_the_cell(notebook, capsys):
    notebook.run("x = 1")
    notebook.run("def rank(tensor):\n    return tensr.ndim")
    notebook.value("check('rank')")
    out = " ".join(capsys.readouterr().out.split())
    assert "NameError: name 'tensr' is not defined (line 2 of its cell)" in out
    assert out.count("NameError") == 1
    assert "Traceback" not in out


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("other = 3", id="not there"),
        pytest.param(
            f"def rank(tensor):\n    '''Count.'''\n    # Yours.\n    {STUB_BODY}", id="stub"
        ),
    ],
)
def test_not_attempted(notebook, capsys, cell):
    notebook.run(cell)
    assert notebook.value("check('rank')").share == 0
    assert capsys.readouterr().out.splitlines() == [
        "shapes  rank  not attempted",
        "",
        "░" * 24 + " 0/1 functions · 0/3 tests",
        "Next: rank in this notebook",
        "      Return the number of axes, not the number of values.",
        "      For a hint: autograder hint rank",
    ]


def test_all(notebook, capsys):
    notebook.run("def rank(tensor):\n    return tensor.ndim")
    notebook.value("check()")
    out = capsys.readouterr().out
    assert "1/8 functions · 3/31 tests\nNext: stack_images in this notebook\n" in out


def test_the_notebooks_own_functions_and_not_the_files(notebook, solved):
    """A wrong file beside the tests has nothing to say about the notebook."""
    solved.answer("rank", "return 9")
    notebook.run("def rank(tensor):\n    return tensor.ndim")
    assert notebook.value("check('rank')").share == 1


def test_names_can_be_given(notebook):
    assert check("rank", {"rank": torch.Tensor.dim}).share == 1


def test_an_answer_that_exits_leaves_the_kernel_alone(notebook, capsys):
    notebook.run("def rank(tensor):\n    exit()")
    assert notebook.value("check('rank')").share == 0
    assert "it raised SystemExit (line 2 of its cell)" in capsys.readouterr().out


def test_the_notebook_stands_in_a_folder_below(notebook, solved, monkeypatch):
    below = solved.root / "my" / "notebooks"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    notebook.run("rank = torch.Tensor.dim")
    assert notebook.value("check(rank)").share == 1


def test_no_tests_anywhere(notebook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path.parent)
    monkeypatch.setattr("autograder.selfcheck.notebook.KIT", tmp_path.parent)
    with pytest.raises(CourseError, match="The public tests are not found: there is no folder"):
        check("rank", {})


def test_a_notebook_shows_the_sentence_alone():
    """IPython prints what this method gives in the place of a traceback."""
    with pytest.raises(CourseError) as caught:
        check("rnak", {})
    assert caught.value._render_traceback_() == [str(caught.value)]


@pytest.mark.parametrize("wrong", ["rnak", functools.partial(print)])
def test_no_exercise(notebook, wrong):
    with pytest.raises(CourseError, match=r"no exercise function .*; the functions are: "):
        check(wrong, {})


# Points, as nbgrader reads them


def test_nbgrader_reads_the_text_of_a_cells_value_as_points(notebook):
    """`rank` is worth 3 points; one of its three public tests passes."""
    notebook.run("def rank(tensor):\n    return tensor.shape[0]")
    assert float(repr(notebook.value("check('rank')"))) == pytest.approx(1)


def test_a_reader_sees_a_share_and_not_a_bare_number():
    points = Points(4.5, 0.9, "the points")
    assert points._repr_mimebundle_() == {"text/plain": "4.5", "text/html": "90% of the points"}


def test_validating_a_wrong_answer_is_an_exception(notebook, monkeypatch):
    """nbgrader's Validate takes some zeros for full points, but never an exception."""
    monkeypatch.setenv("NBGRADER_EXECUTION", VALIDATING)
    with pytest.raises(CourseError, match="None of the public tests passes yet"):
        notebook.value("check('rank')")


def test_autograding_a_wrong_answer_goes_on_to_the_hidden_tests(notebook, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert notebook.value("check('rank')").share == 0


# grade, of which tests/judging/test_kernel.py tests the judge


def test_grading_needs_a_notebook():
    with pytest.raises(CourseError, match="there is none here"):
        grade("rank")


def test_grading_a_name_that_is_no_exercise():
    with pytest.raises(CourseError, match="no exercise function 'rnak'"):
        grade("rnak")
