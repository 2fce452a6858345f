"""A notebook becomes its Python, cell by cell."""

import ast
import json
from typing import Any

import pytest

from autograder.intake.notebooks import MAX_MENDED, Marks, read_notebook
from autograder.sources import SourceProblem

NAME = "mnist_basics.ipynb"
AGAIN = "save it in Jupyter and hand it in again."


def code(source: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}


def notebook(*cells: Any, **fields: Any) -> bytes:
    return json.dumps({"nbformat": 4, "cells": list(cells), **fields}).encode()


def chunks_of(*cells: Any, **fields: Any) -> tuple[str, ...]:
    found = read_notebook(notebook(*cells, **fields), NAME)
    assert found.notes == ()
    return found.chunks


def notes_of(*cells: Any, **fields: Any) -> tuple[str, ...]:
    return read_notebook(notebook(*cells, **fields), NAME).notes


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
    found = read_notebook(content, NAME)
    assert found.chunks == ("a = 1\nb = 2",)
    assert found.notes == (
        (
            f"{NAME} is in notebook format 3, where Jupyter writes 4: "
            "its code cells were read all the same."
        ),
    )


@pytest.mark.parametrize("version", [4, 4.5, "3", None, 10**400, -1, []])
def test_any_other_number_of_a_format_says_nothing(version: Any) -> None:
    found = read_notebook(json.dumps({"nbformat": version, "cells": []}).encode(), NAME)
    assert found.notes == ()


def test_the_cells_may_stand_in_a_table_or_in_a_server_s_answer() -> None:
    assert read_notebook(json.dumps({"cells": {"0": code("a = 1")}}).encode(), NAME).chunks == (
        "a = 1",
    )
    answer = {"name": NAME, "content": {"cells": [code("a = 1")]}}
    assert read_notebook(json.dumps(answer).encode(), NAME).chunks == ("a = 1",)


def test_a_cell_that_has_lost_its_kind_is_taken_for_code() -> None:
    assert chunks_of({"source": "a = 1"}) == ("a = 1",)


def test_metadata_may_be_missing_or_odd() -> None:
    assert chunks_of(code("a = 1"), metadata=None) == ("a = 1",)
    assert chunks_of(code("a = 1"), metadata={"kernelspec": []}) == ("a = 1",)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_notebook(b"\xef\xbb\xbf" + notebook(code("a = 1")), NAME).chunks == ("a = 1",)


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
    found = read_notebook(notebook(code("a = 1"), code(f"{magic}\nls")), NAME)
    assert found.chunks == ("a = 1", "")
    assert found.notes == (f"A cell was left out: {NAME}, code cell 2, is not Python: {magic}",)


def test_a_cell_that_does_not_parse_is_left_out_with_a_note() -> None:
    found = read_notebook(notebook(code("a = 1"), code("b = (\n"), code("c = 3")), NAME)
    assert found.chunks == ("a = 1", "", "c = 3")
    assert found.notes == (
        f"A cell was left out: {NAME}, code cell 2, line 1: '(' was never closed: b = (",
    )


@pytest.mark.parametrize("source", ["a = '\ud800'", "a = '\0'", "-" * 100_000 + "1"])
def test_a_cell_that_no_parser_takes_is_left_out_with_a_printable_note(source: str) -> None:
    found = read_notebook(notebook(code(source), code("b = 2")), NAME)
    assert found.chunks == ("", "b = 2")
    [note] = found.notes
    assert note.isprintable()


def test_a_note_names_the_functions_that_are_lost_with_a_cell() -> None:
    [note] = notes_of(code("def rank(t)\n    return t.ndim\n\ndef helper(x):\n  return (x"))
    assert note.startswith(f"A cell was left out, and rank and helper with it: {NAME}, code cell 1")
    [note] = notes_of(code("%%writefile shapes.py\ndef rank(t): return t.ndim"))
    assert note == (
        f"A cell was left out, and rank with it: {NAME}, code cell 1, is not Python: "
        "%%writefile shapes.py"
    )


def test_of_a_cell_that_does_not_parse_the_other_statements_stay() -> None:
    cell = "def rank(t):\n    return t.ndim\n\ndef is_3(x)\n    return x"
    found = read_notebook(notebook(code(cell)), NAME)
    assert [ast.unparse(part) for part in ast.parse(found.chunks[0]).body] == [
        "def rank(t):\n    return t.ndim"
    ]
    assert found.notes == (
        (
            f"A part of a cell was left out, and is_3 with it: {NAME}, code cell 1, line 4: "
            "expected ':': def is_3(x)"
        ),
    )


def test_many_broken_cells_are_not_looked_at_so_closely() -> None:
    found = read_notebook(notebook(*[code("a = 1\nb = (")] * (MAX_MENDED + 1)), NAME)
    assert [bool(chunk) for chunk in found.chunks] == [*[True] * MAX_MENDED, False]


def test_a_cell_may_be_indented_as_a_whole() -> None:
    assert chunks_of(code("    a = 1\n\n    if a:\n        b = 2")) == (
        "a = 1\n\nif a:\n    b = 2",
    )


def test_a_file_that_is_run_defines_its_names_here() -> None:
    assert chunks_of(code("%run helpers.py")) == ("from helpers import *",)
    assert chunks_of(code("%run -i helpers.py")) == ("from helpers import *",)
    assert chunks_of(code("%run other.ipynb\n%run ~/helpers.py")) == ("pass\npass",)


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"language_info": {"name": "R"}}, "R"),
        ({"kernelspec": {"language": "julia"}}, "julia"),
        ({"kernelspec": {"language": "sage"}, "language_info": {"name": "python"}}, "sage"),
        ({"language_info": {"name": "python", "version": "2.7.18"}}, "Python 2"),
        ({"kernelspec": {"name": "python2", "language": "python"}}, "Python 2"),
    ],
)
def test_python_under_another_kernel_is_read_with_a_note(metadata: Any, language: str) -> None:
    found = read_notebook(notebook(code("def f(): return 1"), metadata=metadata), NAME)
    assert found.chunks == ("def f(): return 1",)
    assert found.notes == (
        (
            f"{NAME} has a kernel for {language}: its cells were graded as Python 3; "
            "choose a kernel for that."
        ),
    )


def test_python_in_cells_that_are_not_code_is_kept_aside() -> None:
    texts = [
        {"cell_type": "markdown", "source": "def rank(t): return t.ndim"},
        {"cell_type": "raw", "source": ["%%time\n", "def is_3(x): return x"]},
        {"cell_type": "markdown", "source": "# Rank\nWrite a def rank(t) that counts."},
        {"cell_type": "markdown", "source": "x = 1"},
    ]
    found = read_notebook(notebook(*texts), NAME)
    assert (found.chunks, found.notes) == ((), ())
    assert [text.strip() for text in found.marks.asides] == [
        "def rank(t): return t.ndim",
        "def is_3(x): return x",
    ]


def test_cells_are_known_by_nbgrader_s_ids_or_by_their_own() -> None:
    graded = {**code(""), "id": "a", "metadata": {"nbgrader": {"grade_id": "test-rank"}}}
    odd = {**code(""), "id": 3, "metadata": {"nbgrader": [], "tags": None}}
    found = read_notebook(notebook(graded, {**code(""), "id": "b"}, odd, code("")), NAME)
    assert found.marks == Marks(roles=("test-rank",), bare=("b",))


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
        ('{"é": 1}'.encode("latin-1"), f"{NAME} holds no cells; {AGAIN}"),
        (
            notebook(code("x <- 3\nf <- function(x) x"), metadata={"language_info": {"name": "R"}}),
            f"{NAME} is a notebook for R; the exercises are in Python 3.",
        ),
        (
            notebook(metadata={"kernelspec": {"language": "julia"}}),
            f"{NAME} is a notebook for julia; the exercises are in Python 3.",
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
        "r",
        "julia",
        "many-cells",
        "much-code",
    ],
)
def test_what_is_no_python_notebook_gets_a_sentence(content: bytes, sentence: str) -> None:
    assert refusal(content) == sentence
