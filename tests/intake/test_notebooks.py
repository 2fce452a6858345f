"""A notebook becomes its Python, cell by cell."""

import ast
import json
from typing import Any

import pytest

from autograder.intake.notebooks import read_notebook
from autograder.sources import SourceProblem

NAME = "mnist_basics.ipynb"
AGAIN = "save it in Jupyter and hand it in again."


def code(source: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}


def notebook(*cells: Any, **fields: Any) -> bytes:
    return json.dumps({"nbformat": 4, "cells": list(cells), **fields}).encode()


def chunks_of(*cells: Any, **fields: Any) -> tuple[str, ...]:
    chunks, notes = read_notebook(notebook(*cells, **fields), NAME)
    assert notes == ()
    return chunks


def refusal(content: bytes) -> str:
    with pytest.raises(SourceProblem) as problem:
        read_notebook(content, NAME)
    return str(problem.value)


def test_code_cells_come_in_order_and_text_is_left_out() -> None:
    text = {"cell_type": "markdown", "source": "# Distance"}
    assert chunks_of(code("a = 1"), text, code(""), code("b = 2")) == ("a = 1", "", "b = 2")


def test_a_source_may_be_a_list_of_lines() -> None:
    assert chunks_of(code(["def f():\n", "    return 1"])) == ("def f():\n    return 1",)


def test_line_ends_are_made_equal() -> None:
    assert chunks_of(code("a = 1\r\nb = 2")) == ("a = 1\nb = 2",)


def test_the_older_format_has_worksheets() -> None:
    cell = {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python"}
    content = json.dumps({"nbformat": 3, "worksheets": [{"cells": [cell]}]}).encode()
    assert read_notebook(content, NAME) == (("a = 1\nb = 2",), ())


def test_metadata_may_be_missing_or_odd() -> None:
    assert chunks_of(code("a = 1"), metadata=None) == ("a = 1",)
    assert chunks_of(code("a = 1"), metadata={"kernelspec": []}) == ("a = 1",)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_notebook(b"\xef\xbb\xbf" + notebook(code("a = 1")), NAME)[0] == ("a = 1",)


def test_odd_cells_are_passed_over() -> None:
    assert chunks_of(None, 3, {}, code(None), code([1, "a = 1"])) == ("", "a = 1")


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "!pip install torch 'and more",
        "?stack_images",
        "stack_images??",
        "torch.stack?",
        "files = !ls",
        "here = %pwd",
        "!ls \\\n  -l",
    ],
)
def test_a_line_that_only_ipython_knows_leaves_the_rest_of_its_cell(line: str) -> None:
    (chunk,) = chunks_of(code(f"a = 1\n{line}\nb = 2"))
    assert [ast.unparse(part) for part in ast.parse(chunk).body] == ["a = 1", "pass", "b = 2"]


def test_such_a_line_may_stand_in_a_block() -> None:
    assert chunks_of(code("if True:\n    !ls\nb = 2")) == ("if True:\n    pass\nb = 2",)


def test_what_is_timed_stays() -> None:
    assert chunks_of(code("%time a = 1\n%timeit a")) == ("a = 1\npass",)


@pytest.mark.parametrize(
    "cell",
    [
        "text = '''\n%d images\n!\n'''\n%pwd",
        'text = """\n"quoted" \\"""\n!still text\n"""\n%pwd',
        "share = (3\n% 2)\n%pwd",
        "share = 3 \\\n% 2\n%pwd",
        "text = 'it''s (open' # and (\n%pwd",
    ],
    ids=["string", "escaped", "bracket", "backslash", "comment"],
)
def test_only_the_start_of_a_statement_can_be_a_magic(cell: str) -> None:
    assert chunks_of(code(cell)) == (cell.replace("%pwd", "pass"),)


def test_a_cell_that_parses_stays_as_it_is() -> None:
    cell = "share = (3\n% 2)"
    assert chunks_of(code(cell)) == (cell,)


@pytest.mark.parametrize(
    "magic", ["%%time", "%%timeit -n 3", "%%capture out", "\n%%time\n%%capture"]
)
def test_a_cell_that_is_timed_or_captured_keeps_its_body(magic: str) -> None:
    (chunk,) = chunks_of(code(f"{magic}\na = 1"))
    assert chunk.strip() == "a = 1"


@pytest.mark.parametrize("magic", ["%%bash", "%%writefile distance.py", "%%"])
def test_another_kind_of_cell_is_left_out_with_a_note(magic: str) -> None:
    chunks, notes = read_notebook(notebook(code("a = 1"), code(f"{magic}\nls")), NAME)
    assert chunks == ("a = 1", "")
    assert notes == (f"A cell was left out: {NAME}, code cell 2, is not Python: {magic}",)


def test_a_cell_that_does_not_parse_is_left_out_with_a_note() -> None:
    chunks, notes = read_notebook(notebook(code("a = 1"), code("b = (\n"), code("c = 3")), NAME)
    assert chunks == ("a = 1", "", "c = 3")
    assert notes == (
        f"A cell was left out: {NAME}, code cell 2, line 1: '(' was never closed: b = (",
    )


@pytest.mark.parametrize("source", ["a = '\ud800'", "a = '\0'", "-" * 100_000 + "1"])
def test_a_cell_that_no_parser_takes_is_left_out_with_a_printable_note(source: str) -> None:
    chunks, notes = read_notebook(notebook(code(source), code("b = 2")), NAME)
    assert chunks == ("", "b = 2")
    assert len(notes) == 1
    assert notes[0].isprintable()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b" \n", f"{NAME} is empty; save the notebook and hand it in again."),
        (
            b'{"cells": [\n',
            f"{NAME} line 2 is not what a notebook holds (Expecting value); {AGAIN}",
        ),
        (b"[" * 200_000, f"{NAME} is nested too deeply to be a notebook."),
        (b"[]", f"{NAME} is no notebook; {AGAIN}"),
        (b"9" * 5_000, f"{NAME} is no notebook; {AGAIN}"),
        (b"{}", f"{NAME} holds no cells; {AGAIN}"),
        ('{"é": 1}'.encode("latin-1"), f"{NAME} line 1 is not UTF-8; save it as UTF-8."),
        ('{"cells": []}'.encode("utf-16"), f"{NAME} is saved as UTF-16; save it as UTF-8."),
        (
            notebook(metadata={"language_info": {"name": "R"}}),
            f"{NAME} is a notebook for R; the exercises are in Python.",
        ),
        (
            notebook(metadata={"kernelspec": {"language": "julia"}}),
            f"{NAME} is a notebook for julia; the exercises are in Python.",
        ),
        (
            notebook(*[code("a")] * 2_001),
            f"{NAME} holds more than 2,000 code cells; shorten it.",
        ),
        (
            notebook(code("#" * (1 << 20)), code("a")),
            f"{NAME} holds more than 1 MiB of code; leave the data out of it.",
        ),
    ],
    ids=[
        "empty",
        "broken",
        "deep",
        "a-list",
        "a-number",
        "no-cells",
        "latin-1",
        "utf-16",
        "r",
        "julia",
        "many-cells",
        "much-code",
    ],
)
def test_what_is_no_python_notebook_gets_a_sentence(content: bytes, sentence: str) -> None:
    assert refusal(content) == sentence
