"""Each kind of oddity in a notebook is told in one sentence, and an honest one gets none."""

from collections.abc import Callable
from typing import Any

import pytest

from autograder.course import load_course
from autograder.intake.submission import Reader, Submission
from autograder.intake.trees import DiskFolder
from autograder.judging.layout import find_layout
from autograder.judging.oddities import odd_notes, without_pasted_stubs
from tests import damaged

COURSE = load_course()
PASTED = (
    "rank: the released cell stands once more below your own, which was graded all the same; "
    "delete the other."
)
RANK = "def rank(tensor):\n    return tensor.ndim\n"
STUB = "def rank(tensor):\n    raise NotImplementedError()\n"


def handed_in(tmp_path: Any, notebook: dict[str, Any] | bytes, **files: str) -> Submission:
    content = notebook if isinstance(notebook, bytes) else damaged.written(notebook)
    (tmp_path / "mnist_basics.ipynb").write_bytes(content)
    for name, text in files.items():
        (tmp_path / f"{name}.py").write_text(text)
    reader = Reader("anna", COURSE.unit_names, "mnist_basics")
    reader.read_folder(DiskFolder(tmp_path))
    return without_pasted_stubs(reader.submission(), COURSE)


@pytest.fixture
def notes(tmp_path) -> Callable[..., list[str]]:
    def find(*cells: str | dict[str, Any], **files: str) -> list[str]:
        made = [damaged.code(cell) if isinstance(cell, str) else cell for cell in cells]
        submission = handed_in(tmp_path, {"cells": made}, **files)
        layout = find_layout(submission, COURSE)
        return [*submission.notes, *odd_notes(submission, layout, COURSE)]

    return find


def attempted(tmp_path, *cells: str) -> set[str]:
    submission = handed_in(tmp_path, {"cells": [damaged.code(cell) for cell in cells]})
    return set(find_layout(submission, COURSE).attempted)


@pytest.mark.parametrize("made", [damaged.finished, damaged.released])
def test_of_an_honest_notebook_nothing_is_told(made, tmp_path):
    submission = handed_in(tmp_path, made())
    assert submission.notes == ()
    assert list(odd_notes(submission, find_layout(submission, COURSE), COURSE)) == []


def test_a_stub_below_an_answer_gives_way(tmp_path, notes):
    assert attempted(tmp_path, RANK, "x = 1", f"# The task:\n@cache\n{STUB}y = 1") == {"rank"}
    assert notes(RANK, STUB) == [PASTED]


def test_a_stub_alone_or_in_the_same_cell_does_not(tmp_path):
    assert attempted(tmp_path, STUB, STUB) == set()
    assert attempted(tmp_path, f"{RANK}{STUB}") == set()
    assert attempted(tmp_path, "from exercises.shapes import rank", STUB) == set()


def test_lines_keep_their_numbers_where_a_stub_gives_way(tmp_path):
    submission = handed_in(
        tmp_path, {"cells": [damaged.code(RANK), damaged.code(f"x = 1\n{STUB}y = 2")]}
    )
    assert submission.sources[-1].chunks[1] == "x = 1\n\n\ny = 2"


def test_the_cells_of_a_function_that_is_defined_twice_are_named(notes):
    assert notes(RANK, "x = 1", RANK, "rank = lambda t: t.ndim", "def is_3(): 1", STUB) == [
        PASTED,
        "Defined more than once, so that the last one counts: rank (code cells 1, 3 and 4).",
    ]


def test_of_a_function_that_a_file_holds_nothing_is_told(notes):
    assert notes(RANK, RANK, shapes=RANK) == []


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answer_in_a_cell_of_text_is_told(notes, kind):
    cell = {"cell_type": kind, "source": RANK}
    assert notes(cell, cell, STUB) == [
        (
            "rank: written in a cell of Markdown or raw text, which is not run; "
            "turn it into a code cell."
        )
    ]
    assert notes(cell, RANK) == []
    assert notes({"cell_type": kind, "source": STUB}) == []


def test_a_function_that_nothing_can_call_is_told(notes):
    inside = "def other():\n    def rank(t):\n        return t.ndim\n"
    assert notes(inside) == [
        (
            "rank: defined inside another function or class, where nothing can call it; "
            "move it to the left margin."
        )
    ]
    assert notes(inside, RANK) == []


def test_torch_without_an_import_is_told(notes):
    assert notes("x = torch.ones(3)") == [
        "torch is never imported: it was taken as imported; put `import torch` at the top."
    ]
    for imports in ("import torch", "import torch.nn as nn, torch", "from fastai.all import *"):
        assert notes("x = torch.ones(3)", imports) == []


def role(name: str) -> dict[str, Any]:
    return {**damaged.code(""), "metadata": {"nbgrader": {"grade_id": name}}}


def test_cells_that_are_gone_doubled_or_bare_are_told(notes):
    names = [f.name for f in COURSE.of_assignment("mnist_basics")]
    ids = ["set-up", *names, *(f"test-{name}" for name in names)]
    found = "your functions were looked for by name."
    assert notes(*map(role, ids)) == []
    assert notes(*map(role, ids[2:])) == [
        f"Some cells that came with the notebook are gone (set-up and {names[0]}): {found}"
    ]
    assert notes(*map(role, ids), role("test-rank"), role("own"), role("own")) == [
        f"Some cells that came with the notebook stand there more than once (test-rank): {found}"
    ]
    bare = [{**damaged.code(""), "id": name} for name in ids]
    assert notes(bare[0], *map(role, ids[1:])) == [
        "Some cells that came with the notebook have lost their role in grading (set-up): " + found
    ]


def test_a_notebook_of_one_s_own_may_name_its_cells_as_it_likes(notes):
    assert notes({**damaged.code(RANK), "id": "rank"}, role("set-up"), role("exercise-1")) == []
