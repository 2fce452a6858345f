"""Whatever was handed in, nbgrader gets a notebook with every graded cell in it once."""

import json
from collections import Counter
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.intake.entrants import find_submissions
from autograder.reporting.rebuilt import Known, rebuilt_notebook

ASSIGNMENT = "mnist_basics"
RIGHT = "def rank(tensor):\n    return tensor.ndim"
STUB = "def rank(tensor):\n    raise NotImplementedError()"


def known(name, source, kind="code", **marks):
    usual = {"grade_id": name, "grade": False, "solution": False, "task": False, "locked": False}
    return Known(name, kind, source, usual | marks)


RELEASED = [
    known("set-up", "import torch", locked=True),
    known("rank", STUB, solution=True),
    known("test-rank", 'check("rank")\n### BEGIN HIDDEN TESTS', grade=True, locked=True),
    known("mean_template", "def mean_template(stack): ...", solution=True),
    known("test-mean_template", 'check("mean_template")', grade=True, locked=True),
    known("write-up", "YOUR ANSWER HERE", "markdown", solution=True, grade=True),
]


def cell(name, source, kind="code", **fields):
    marks = {"nbgrader": {"grade_id": name}} if name else {}
    return {"cell_type": kind, "metadata": marks, "source": source} | fields


def released(**changed):
    """The released notebook; in ``changed`` cells (``_`` for ``-``) with other texts."""
    texts = {name.replace("write_up", "write-up"): text for name, text in changed.items()}
    return [cell(c.name, texts.get(c.name, c.source), c.kind) for c in RELEASED]


@pytest.fixture
def rebuilt(tmp_path):
    """Hands in cells, or files by name, and gives the rebuilt cells: (name or "", text)."""

    def make(cells=(), **files):
        folder = tmp_path / "submitted" / "anna"
        folder.mkdir(parents=True)
        if cells:
            files["mnist_basics.ipynb"] = json.dumps({"cells": cells})
        for name, text in files.items():
            (folder / name).write_text(text)
        units = load_course().unit_names
        [entrant] = find_submissions(tmp_path / "submitted", units, ASSIGNMENT)
        text = rebuilt_notebook(
            entrant.read(), entrant.read_with_originals()[1], RELEASED, ASSIGNMENT
        )
        found = json.loads(text)["cells"]
        graded = {c.name for c in RELEASED} - {"set-up"}
        named = [
            (c["metadata"].get("nbgrader", {}).get("grade_id", ""), c["source"]) for c in found
        ]
        assert Counter(name for name, _ in named if name in graded) == Counter(graded)
        return named

    return make


def test_an_ordinary_notebook_stays_as_it_is(rebuilt):
    expected = [(c.name, RIGHT if c.name == "rank" else c.source) for c in RELEASED]
    assert rebuilt(released(rank=RIGHT)) == expected


def test_cells_of_the_students_own_stand_where_they_stood(rebuilt):
    cells = released(rank=RIGHT)
    cells.insert(1, cell("", "scratch = 1"))
    assert rebuilt(cells)[:2] == [("set-up", "import torch"), ("", "scratch = 1")]


def test_tests_that_were_deleted_come_back_behind_their_answer(rebuilt):
    cells = [c for c in released(rank=RIGHT) if "test" not in c["metadata"]["nbgrader"]["grade_id"]]
    assert [name for name, _ in rebuilt(cells)][1:3] == ["rank", "test-rank"]


def test_tests_that_were_changed_are_put_back_and_the_change_is_shown(rebuilt):
    cells = released()
    cells[2]["source"] = "helper = 3"
    found = rebuilt(cells)
    assert ("test-rank", RELEASED[2].source) in found
    assert ("", "helper = 3") in found


def test_without_any_marks_functions_are_found_by_their_names(rebuilt):
    cells = [cell("", c["source"], c["cell_type"]) for c in released(rank=RIGHT)]
    assert ("rank", RIGHT) in rebuilt(cells)


def test_without_marks_cells_are_known_by_their_own_ids(rebuilt):
    text = cell("", "I learned much.", "markdown", id="write-up")
    assert ("write-up", "I learned much.") in rebuilt([text])


def test_the_last_definition_is_the_answer(rebuilt):
    found = rebuilt([*released(), cell("", RIGHT)])
    assert ("rank", RIGHT) in found
    assert ("", STUB) in found


def test_two_answers_in_one_cell_belong_to_the_first(rebuilt):
    both = f"{RIGHT}\n\ndef mean_template(stack):\n    return stack.mean(0)"
    found = rebuilt([cell("", both)])
    assert ("rank", both) in found
    assert ("mean_template", "# mean_template is defined in another cell.") in found


def test_an_answer_that_does_not_parse_is_still_the_answer(rebuilt):
    assert ("rank", "def rank(tensor:") in rebuilt(released(rank="def rank(tensor:"))


def test_of_a_doubled_cell_the_one_written_in_counts(rebuilt):
    cells = [*released(write_up="Mine."), cell("write-up", "YOUR ANSWER HERE", "markdown")]
    assert ("write-up", "Mine.") in rebuilt(cells)


def test_a_write_up_that_is_gone_is_not_taken_for_an_empty_one(rebuilt):
    [text] = [text for name, text in rebuilt(released()[:-1]) if name == "write-up"]
    assert "not in what was handed in" in text


def test_a_write_up_that_was_not_touched_stays_so(rebuilt):
    assert ("write-up", "YOUR ANSWER HERE") in rebuilt(released())


def test_files_are_cut_into_their_functions_and_nothing_is_lost(rebuilt):
    text = f"import torch\n\n{RIGHT}\n\ndef check_image_stack(tensor):\n    pass\n"
    found = rebuilt(**{"shapes.py": text, "helpers.py": "a = 1"})
    # This small gradebook knows no check_image_stack: its part is not shown.
    assert ("rank", f"import torch\n\n{RIGHT}") in found
    assert ("", "# helpers.py\na = 1") in found


def test_a_file_that_can_not_be_read_says_so_in_its_answers(rebuilt):
    [text] = [text for name, text in rebuilt(**{"shapes.py": "def"}) if name == "rank"]
    assert text.startswith("# shapes.py could not be read: shapes.py line 1")


def test_an_unreadable_notebook_gives_the_released_cells(rebuilt):
    assert ("rank", STUB) in rebuilt(**{"mnist_basics.ipynb": "{"})


def test_marks_of_the_students_own_are_not_taken_over(tmp_path, rebuilt):
    forged = released(rank=RIGHT)
    forged[1]["metadata"]["nbgrader"] |= {"points": 100, "grade": True, "schema_version": 99}
    assert ("rank", RIGHT) in rebuilt(forged)


def test_text_that_could_run_on_the_instructors_page_is_made_harmless(rebuilt):
    link = "[x](javascript:steal())"
    cells = [*released(write_up=link), cell("", link, "raw")]
    found = rebuilt(cells)
    assert ("write-up", f"```\n{link}\n```") in found
    assert ("", f"```\n{link}\n```") in found


def test_pictures_pasted_into_the_write_up_stay(tmp_path):
    folder = tmp_path / "submitted" / "anna"
    folder.mkdir(parents=True)
    picture = {"p.png": {"image/png": "AAAA"}}
    text = cell("write-up", "![p](attachment:p.png)", "markdown", attachments=picture)
    (folder / "mnist_basics.ipynb").write_text(json.dumps({"cells": [text]}))
    [entrant] = find_submissions(Path(tmp_path, "submitted"), load_course().unit_names, ASSIGNMENT)
    made = rebuilt_notebook(entrant.read(), entrant.read_with_originals()[1], RELEASED, ASSIGNMENT)
    assert [c["attachments"] for c in json.loads(made)["cells"] if "attachments" in c] == [picture]
