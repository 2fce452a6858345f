"""The JSON of a notebook is had as far as it can be, whatever has happened to the file."""

import json
from contextlib import suppress
from typing import Any

import pytest

from autograder.intake import documents
from autograder.intake.documents import MAX_SIZE, read_document
from autograder.sources import SourceProblem

NAME = "mnist_basics.ipynb"
AGAIN = "save it in Jupyter and hand it in again."
CELLS = [{"cell_type": "code", "source": f"x = {number}"} for number in range(3)]


def written(**fields: Any) -> bytes:
    """The file as Jupyter writes it."""
    return json.dumps({"cells": CELLS, "nbformat": 4, **fields}, indent=1).encode()


def sources(content: bytes) -> list[str]:
    return [cell["source"] for cell in read_document(content, NAME)[0]["cells"]]


def notes(content: bytes) -> tuple[str, ...]:
    return read_document(content, NAME)[1]


def with_output(output: Any) -> bytes:
    cells = [{"cell_type": "code", "outputs": output, "source": "x = 'outputs'"}, *CELLS]
    return written(cells=cells)


def test_a_whole_file_is_read_without_a_word() -> None:
    document, notes = read_document(written(), NAME)
    assert (document["cells"], notes) == (CELLS, ())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_an_encoding_of_old_editors_is_read_with_a_note(encoding: str) -> None:
    content = written().decode().encode(encoding)
    assert sources(content) == ["x = 0", "x = 1", "x = 2"]
    assert notes(content) == (f"{NAME} is saved as UTF-16; save it as UTF-8.",)


def test_one_alphabet_is_read_with_a_note() -> None:
    content = json.dumps({"cells": [], "title": "Größe"}, ensure_ascii=False).encode("latin-1")
    document, notes = read_document(content, NAME)
    assert document["title"] == "Größe"
    assert notes == (f"{NAME} line 1 is not UTF-8; save it as UTF-8.",)


def test_of_a_file_that_was_cut_off_the_whole_cells_are_read() -> None:
    content = written()
    content = content[: content.index(b"x = 2")]
    assert sources(content) == ["x = 0", "x = 1"]
    assert notes(content) == (
        (
            f"{NAME} is damaged at line 13 (Unterminated string starting at): "
            f"only the 2 cells that are whole were read; {AGAIN}"
        ),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"x = 1"', b'"x = 1",,'), (b'"x = 1"', b"x = 1"), (b'"x = 1"\n  }', b'"x = 1"')],
    ids=["comma", "quotes", "brace"],
)
def test_damage_in_one_cell_costs_that_one(old: bytes, new: bytes) -> None:
    content = written().replace(old, new)
    assert sources(content) == ["x = 0", "x = 2"]
    assert "is damaged at line" in notes(content)[0]


def test_of_a_merge_conflict_the_first_side_is_read() -> None:
    conflict = (
        b'<<<<<<< HEAD\n   "source": "x = 1"\n||||||| base\n   "source": "b"\n'
        b'=======\n   "source": "theirs"\n>>>>>>> upstream/main'
    )
    content = written().replace(b'   "source": "x = 1"', conflict)
    assert sources(content) == ["x = 0", "x = 1", "x = 2"]
    assert notes(content) == (
        (
            f"{NAME} line 9 holds a merge conflict of git's: the side above its ======= was read; "
            "settle it and hand the notebook in again."
        ),
    )


def test_a_conflict_that_does_not_end_well_leaves_the_whole_cells() -> None:
    content = written().replace(b'   "source": "x = 1"', b"<<<<<<< HEAD\n=======")
    assert sources(content) == ["x = 0"]


def test_text_that_looks_like_a_cell_is_none() -> None:
    told = json.dumps('{"cell_type": "code", "source": "x = 9"}')
    content = written()[:-9].replace(b'"x = 1"', told.encode())
    assert sources(content) == ["x = 0", told and json.loads(told), "x = 2"]


@pytest.mark.parametrize(
    "output",
    [
        [{"data": {"image/png": "iVBORw0KGgo" * 2_000_000}}],
        [{"text": ['a line that says [nothing] \\" {at all\n'] * 700_000}],
        [{"data": {"text/html": "outputs", "outputs": [[{}, "x" * 150], {"a": []}]}}] * 90_000,
    ],
    ids=["a-picture", "lines", "brackets"],
)
def test_large_outputs_are_left_out_and_nothing_else(output: Any) -> None:
    content = with_output(output)
    assert len(content) > MAX_SIZE
    document, notes = read_document(content, NAME)
    assert document["cells"][0] == {"cell_type": "code", "outputs": [], "source": "x = 'outputs'"}
    assert (document["cells"][1:], notes) == (CELLS, ())


def test_pictures_in_text_and_the_state_of_widgets_are_left_out_too() -> None:
    large = {"a.png": {"image/png": "iVBORw0KGgo" * 1_000_000}}
    cells = [{"attachments": large, "cell_type": "markdown", "source": "![](a.png)"}, *CELLS]
    document, _ = read_document(written(cells=cells, metadata={"widgets": large}), NAME)
    assert (document["cells"][0]["attachments"], document["metadata"]["widgets"]) == ({}, {})
    assert document["cells"][1:] == CELLS


def test_a_file_that_is_large_without_its_outputs_is_refused() -> None:
    with pytest.raises(SourceProblem) as problem:
        read_document(written(data="x" * MAX_SIZE), NAME)
    assert str(problem.value) == (
        f"{NAME} is larger than 20 MiB even without its outputs; leave the data out of it."
    )


@pytest.mark.parametrize(
    "hostile",
    [
        b'{"cells": "' + b'\\"' * 11_000_000,
        b"[" * 21_000_000,
        b'{"cell_type"' * 100_000,
        b'{"cell_type": {"x": ' * 100_000,
        b'x{"cell_type": 1}' * 100_000 + b'"',
        b"<<<<<<< a\n" * 100_000,
    ],
    ids=["quotes", "brackets", "starts", "nested", "cells", "conflicts"],
)
def test_what_was_made_to_take_for_ever_does_not(hostile: bytes) -> None:
    # Each took minutes, or hours, by a search that begins anew at every sign.
    with suppress(SourceProblem):
        document, _ = read_document(hostile, NAME)
        assert len(document["cells"]) <= documents._MAX_WHOLE
