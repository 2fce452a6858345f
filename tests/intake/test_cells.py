"""A notebook's cells come as they can be shown: text, ids and pasted pictures, nothing else."""

import json
from typing import Any

import pytest

from autograder.intake.cells import MAX_SHOWN, Cell, read_all_cells
from autograder.intake.notebooks import MAX_CELLS
from autograder.sources import SourceProblem


def cells_of(*cells: Any) -> list[Cell]:
    return read_all_cells(json.dumps({"cells": cells}).encode(), "mnist_basics.ipynb")


def test_every_kind_of_cell_comes_in_order() -> None:
    kinds = ("markdown", "code", "raw")
    found = cells_of(*({"cell_type": kind, "source": [f"{kind}\n", "2"]} for kind in kinds))
    assert [(cell.kind, cell.source) for cell in found] == [(kind, f"{kind}\n2") for kind in kinds]


def test_a_heading_of_the_older_format_is_text() -> None:
    content = {"worksheets": [{"cells": [{"cell_type": "heading", "source": "Rank"}]}]}
    assert read_all_cells(json.dumps(content).encode(), "old.ipynb") == [Cell("markdown", "Rank")]


def test_a_cell_is_known_by_nbgraders_id_and_by_its_own() -> None:
    marks = {"nbgrader": {"grade_id": "rank", "points": 100}}
    [cell] = cells_of({"cell_type": "code", "source": "", "id": "c1", "metadata": marks})
    assert cell.names == ("rank", "c1")


@pytest.mark.parametrize("metadata", [None, [], {"nbgrader": 3}, {"nbgrader": {"grade_id": []}}])
def test_damaged_marks_are_none(metadata: Any) -> None:
    [cell] = cells_of({"cell_type": "code", "source": "a", "id": 5, "metadata": metadata})
    assert cell == Cell("code", "a")


def test_pasted_pictures_come_and_nothing_that_could_run() -> None:
    attached = {"p.png": {"image/png": "AAAA", "text/html": "<b>"}, "x.svg": {"image/svg+xml": ""}}
    [cell] = cells_of({"cell_type": "markdown", "source": "", "attachments": attached})
    assert cell.pictures == {"p.png": {"image/png": "AAAA"}}


def test_a_very_long_text_is_cut() -> None:
    [cell] = cells_of({"cell_type": "markdown", "source": "a" * (2 * MAX_SHOWN)})
    assert len(cell.source) == MAX_SHOWN + 2


def test_of_thousands_of_texts_the_first_are_shown_and_all_code() -> None:
    texts = [{"cell_type": "markdown", "source": "a"}] * (MAX_CELLS + 5)
    assert len(cells_of(*texts, {"cell_type": "code", "source": "b"})) == MAX_CELLS + 1


def test_half_a_character_is_replaced() -> None:
    content = b'{"cells": [{"cell_type": "code", "source": "a = \'\\ud800\'"}]}'
    assert read_all_cells(content, "n.ipynb") == [Cell("code", "a = '?'")]


def test_what_is_no_notebook_gets_a_sentence() -> None:
    with pytest.raises(SourceProblem, match=r"n\.ipynb is empty"):
        read_all_cells(b"", "n.ipynb")


def test_a_notebook_without_cells_has_none() -> None:
    assert read_all_cells(b"{}", "n.ipynb") == []
