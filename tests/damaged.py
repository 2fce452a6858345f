"""A class of damaged notebooks: what happens to a finished one in students' hands.

``DAMAGES`` holds them all by name. Each takes the finished notebook as JSON has it, may change
it, and returns it, or the bytes of a file that is no JSON any more. Its docstring says what the
student did; ``costs`` names the functions that are lost by it, and ``says`` is a part of the
sentence that the student is told, "" where there is nothing to tell.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from autograder.authoring.build import ROOT
from autograder.authoring.source import BEGIN, END
from autograder.course import STUB_BODY, load_course

Notebook = dict[str, Any]
Damage = Callable[[Notebook], Any]

NAME = "mnist_basics.ipynb"
BEGIN_HIDDEN = "### BEGIN HIDDEN TESTS"
SOURCE = ROOT / "source" / "mnist_basics" / NAME
FUNCTIONS = [function.name for function in load_course().of_assignment("mnist_basics")]


@dataclass(frozen=True)
class Damaged:
    """One kind of damage, and what has to come of it."""

    damage: Damage
    costs: tuple[str, ...]
    says: str
    file: str
    slow: bool

    def content(self, notebook: Notebook) -> bytes:
        """What the student hands in."""
        damaged = self.damage(notebook)
        return damaged if isinstance(damaged, bytes) else written(damaged)


DAMAGES: dict[str, Damaged] = {}


def damage(
    *, costs: tuple[str, ...] = (), says: str = "", file: str = NAME, slow: bool = False
) -> Callable[[Damage], Damage]:
    def note(function: Damage) -> Damage:
        DAMAGES[function.__name__] = Damaged(function, costs, says, file, slow)
        return function

    return note


def released() -> Notebook:
    """The notebook as students get it: solutions and hidden tests cut out."""
    return _cut(solved=False)


def finished() -> Notebook:
    """The same, with every function solved."""
    return _cut(solved=True)


def written(notebook: Notebook) -> bytes:
    """The file as Jupyter writes it."""
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    return f"{text}\n".encode("utf-8", "surrogatepass")


def write_class(folder: Path, *, slow: bool = True) -> list[str]:
    """A folder for each damage, named after it, with its notebook; returns the names."""
    names = [name for name, made in DAMAGES.items() if slow or not made.slow]
    for name in names:
        path = folder / name / DAMAGES[name].file
        path.parent.mkdir(parents=True)
        path.write_bytes(DAMAGES[name].content(finished()))
    return names


def _cut(*, solved: bool) -> Notebook:
    notebook: Notebook = json.loads(SOURCE.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        text = text_of(cell).partition(BEGIN_HIDDEN)[0].rstrip("\n")
        head, begun, rest = text.partition(f"    {BEGIN}\n")
        if begun:
            answer = rest.partition(f"    {END}")[0].rstrip("\n")
            text = head + (answer if solved else f"    {STUB_BODY}")
        set_text(cell, text)
    return notebook


# What damages are made of


def code(*lines: str) -> dict[str, Any]:
    """A cell of the student's own."""
    source = "\n".join(lines).splitlines(keepends=True)
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    return {**cell, "id": f"own-{crc32(repr(lines).encode())}", "source": source}


def place_of(notebook: Notebook, name: str) -> int:
    """Where the cell with this id stands."""
    return next(n for n, cell in enumerate(notebook["cells"]) if cell.get("id") == name)


def cell_of(notebook: Notebook, name: str) -> dict[str, Any]:
    """The cell with this id."""
    found: dict[str, Any] = notebook["cells"][place_of(notebook, name)]
    return found


def text_of(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def set_text(cell: dict[str, Any], text: str) -> None:
    cell["source"] = text.splitlines(keepends=True)


def insert(notebook: Notebook, before: str, cell: dict[str, Any]) -> Notebook:
    notebook["cells"].insert(place_of(notebook, before), cell)
    return notebook


def take(notebook: Notebook, name: str) -> dict[str, Any]:
    found: dict[str, Any] = notebook["cells"].pop(place_of(notebook, name))
    return found


def stub_of(name: str) -> str:
    return text_of(cell_of(released(), name))


def code_cells(notebook: Notebook) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


# Nothing is wrong


@damage()
def untouched(notebook: Notebook) -> Notebook:
    """Finished, and handed in as it is."""
    return notebook


@damage()
def from_scratch(notebook: Notebook) -> Notebook:
    """Typed into a notebook of one's own: no lesson, no check, no role."""
    kept = [cell_of(notebook, name) for name in FUNCTIONS]
    return {
        "cells": [code("import torch"), *(code(text_of(cell)) for cell in kept)],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@damage(file="Untitled1.ipynb")
def untitled(notebook: Notebook) -> Notebook:
    """Saved under the name that Jupyter gave."""
    return notebook


@damage(file="mnist_basics (1).ipynb")
def downloaded_twice(notebook: Notebook) -> Notebook:
    """The browser kept both downloads apart."""
    return notebook


@damage(file="mnist_basics-Copy1.ipynb")
def copied_file(notebook: Notebook) -> Notebook:
    """Made a copy in JupyterLab, and handed that in."""
    return notebook


@damage(file="Desktop/homework 3/mnist_basics.ipynb")
def wrong_folder(notebook: Notebook) -> Notebook:
    """Handed in folders and all."""
    return notebook


@damage()
def sources_as_text(notebook: Notebook) -> Notebook:
    """Saved by another editor, with each source as one text."""
    for cell in notebook["cells"]:
        cell["source"] = text_of(cell)
    return notebook


@damage()
def windows_line_ends(notebook: Notebook) -> bytes:
    """Saved on Windows, line ends in the file and in the cells."""
    for cell in notebook["cells"]:
        set_text(cell, text_of(cell).replace("\n", "\r\n"))
    return written(notebook).replace(b"\n", b"\r\n")


@damage()
def byte_order_mark(notebook: Notebook) -> bytes:
    """Saved by an editor that marks UTF-8."""
    return b"\xef\xbb\xbf" + written(notebook)


@damage()
def not_a_number(notebook: Notebook) -> bytes:
    """Holds an output in which a plotting library wrote NaN."""
    cell_of(notebook, "rank")["outputs"] = [{"data": {"application/json": float("nan")}}]
    return written(notebook)


@damage()
def keys_twice(notebook: Notebook) -> bytes:
    """Merged by hand, so that the list of cells stands there twice: the last is what opens."""
    return written(notebook).replace(b"{", b'{"cells": [],', 1)


# The file


@damage(says="is not named mnist_basics.ipynb", file="mnist_basics.ipynb.txt")
def saved_as_text(notebook: Notebook) -> Notebook:
    """The browser added an ending."""
    return notebook


@damage(says="is not named mnist_basics.ipynb", file="mnist_basics.json")
def saved_as_json(notebook: Notebook) -> Notebook:
    """The editor knew that it is JSON."""
    return notebook


@damage(says="UTF-16")
def utf_16(notebook: Notebook) -> bytes:
    """Saved by an old editor on Windows as "Unicode"."""
    return written(notebook).decode().encode("utf-16")


@damage(says="not UTF-8")
def latin_1(notebook: Notebook) -> bytes:
    """Saved by an editor that knows one alphabet."""
    set_text(cell_of(notebook, "write-up"), "Die Größe heißt „shape“: très général.")
    return written(notebook).decode().encode("cp1252", "replace")


@damage(costs=("accuracy", "accuracy_3_7"), says="is damaged")
def cut_off(notebook: Notebook) -> bytes:
    """The disk was full: the file ends in the middle of a cell."""
    content = written(notebook)
    return content[: content.index(b"def accuracy(") + 50]


@damage(says="conflict")
def merge_conflict(notebook: Notebook) -> bytes:
    """Merged with git, and the conflict left in the file."""
    text = written(notebook).decode()
    line = next(line for line in text.splitlines() if "return tensor.ndim" in line)
    theirs = line.replace("return tensor.ndim", STUB_BODY)
    conflict = f"<<<<<<< HEAD\n{line}\n=======\n{theirs}\n>>>>>>> upstream/main"
    return text.replace(line, conflict).encode()


@damage(says="is damaged")
def a_comma_too_many(notebook: Notebook) -> bytes:
    """Edited the JSON by hand, in a cell of no importance."""
    text = written(insert(notebook, "rank", code("x = 'a cell of my own'"))).decode()
    return text.replace("x = 'a cell of my own'\"", "x = 'a cell of my own'\",,").encode()


@damage()
def large_pictures(notebook: Notebook) -> Notebook:
    """Drew every picture of the training set: 50 MB of outputs."""
    data = {"image/png": "iVBORw0KGgo" * 100_000}
    plot = {"output_type": "display_data", "metadata": {}, "data": data}
    cell_of(notebook, "rank")["outputs"] = [plot] * 48
    return notebook


@damage()
def much_printed(notebook: Notebook) -> Notebook:
    """Printed tensors in a loop: 30 MB of text."""
    lines = ["tensor([[0.0000, 0.0000, 0.3451], [0.0000, 0.9961, 0.0000]])\n"] * 450_000
    output = {"output_type": "stream", "name": "stdout", "text": lines}
    cell_of(notebook, "rank")["outputs"] = [output]
    return notebook


@damage(says="notebook format 3")
def nbformat_3(notebook: Notebook) -> Notebook:
    """Opened in a program of ten years ago."""
    cells = [
        {"cell_type": "code", "input": cell["source"], "language": "python", "metadata": {}}
        if cell["cell_type"] == "code"
        else {"cell_type": "markdown", "source": cell["source"], "metadata": {}}
        for cell in notebook["cells"]
    ]
    return {"metadata": {"name": ""}, "nbformat": 3, "worksheets": [{"cells": cells}]}


@damage(says="notebook format 2")
def nbformat_2(notebook: Notebook) -> Notebook:
    """Opened in a program of fifteen years ago."""
    return {**nbformat_3(notebook), "nbformat": 2}


@damage(says="notebook format 6")
def nbformat_6(notebook: Notebook) -> Notebook:
    """Opened in a program of the future."""
    return {**notebook, "nbformat": 6}


@damage()
def wrapped_by_a_server(notebook: Notebook) -> Notebook:
    """Saved what a Jupyter server answered, with the notebook in it."""
    return {"name": NAME, "type": "notebook", "content": notebook}


@damage()
def cells_by_number(notebook: Notebook) -> Notebook:
    """Went through a program that turned the list of cells into a table."""
    cells = {str(number): cell for number, cell in enumerate(notebook["cells"])}
    return {**notebook, "cells": cells}


@damage()
def cells_without_type(notebook: Notebook) -> Notebook:
    """Went through a program that dropped each code cell's type."""
    for cell in code_cells(notebook):
        del cell["cell_type"]
    return notebook


@damage(costs=("rank",), says="")
def a_cell_without_source(notebook: Notebook) -> Notebook:
    """Went through a program that lost the text of a cell."""
    del cell_of(notebook, "rank")["source"]
    return notebook


# The kernel


@damage(says="kernel")
def kernel_r(notebook: Notebook) -> Notebook:
    """Chose the kernel of another course, after the work was done."""
    notebook["metadata"] = {
        "kernelspec": {"display_name": "R", "language": "R", "name": "ir"},
        "language_info": {"name": "R"},
    }
    return notebook


@damage(says="kernel")
def kernel_julia(notebook: Notebook) -> Notebook:
    """Chose Julia's kernel by a slip."""
    spec = {"display_name": "Julia 1.10", "language": "julia", "name": "julia-1.10"}
    notebook["metadata"] = {"kernelspec": spec}
    return notebook


@damage(says="kernel")
def kernel_sage(notebook: Notebook) -> Notebook:
    """Worked in SageMath, which is nearly Python."""
    spec = {"display_name": "SageMath 10", "language": "sage", "name": "sagemath"}
    notebook["metadata"] = {"kernelspec": spec}
    return notebook


@damage(says="Python 2")
def kernel_python_2(notebook: Notebook) -> Notebook:
    """Worked with a Python of ten years ago."""
    spec = {"display_name": "Python 2", "language": "python", "name": "python2"}
    notebook["metadata"] = {
        "kernelspec": spec,
        "language_info": {"name": "python", "version": "2.7.18"},
    }
    return notebook


@damage(costs=tuple(FUNCTIONS), says="is a notebook for R")
def really_r(notebook: Notebook) -> Notebook:
    """Handed in the homework of another course."""
    cells = [code("x <- c(1, 2, 3)", "mean(x)"), code("f <- function(a, b) {", "  a - b", "}")]
    return {**kernel_r(notebook), "cells": cells}


# Cells missing, moved, doubled, split, merged


@damage(says="cells that came with the notebook are gone")
def test_cells_deleted(notebook: Notebook) -> Notebook:
    """Deleted the cells with check(...), which seemed to be in the way."""
    for name in FUNCTIONS:
        take(notebook, f"test-{name}")
    return notebook


@damage(says="torch is never imported")
def set_up_deleted(notebook: Notebook) -> Notebook:
    """Deleted the cell with ``import torch``: the kernel still had it."""
    take(notebook, "set-up")
    return notebook


@damage(costs=("rank",), says="cells that came with the notebook are gone")
def an_answer_deleted(notebook: Notebook) -> Notebook:
    """Deleted an answer cell and did not write another."""
    take(notebook, "rank")
    return notebook


@damage(says="cells that came with the notebook are gone")
def answers_moved_to_own_cells(notebook: Notebook) -> Notebook:
    """Wrote all answers into one cell, and deleted the ones for them."""
    texts = [text_of(take(notebook, name)) for name in FUNCTIONS]
    return insert(notebook, "test-stack_images", code("\n\n\n".join(texts)))


@damage(says="cells that came with the notebook are gone")
def renamed_cells(notebook: Notebook) -> Notebook:
    """Went through a program that gave new names to the cells."""
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"cell-{number}"
        if "nbgrader" in cell["metadata"] and cell["metadata"]["nbgrader"]["grade"]:
            cell["metadata"]["nbgrader"]["grade_id"] = f"cell-{number}"
    return notebook


@damage()
def changed_ids(notebook: Notebook) -> Notebook:
    """Went through a program that gave new ids to the cells, as several do."""
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"cell-{number}"
    return notebook


@damage(says="have lost their role")
def metadata_deleted(notebook: Notebook) -> Notebook:
    """Went through a program that keeps no metadata."""
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    return notebook


@damage()
def all_marks_deleted(notebook: Notebook) -> Notebook:
    """Went through a program that keeps nothing but the text."""
    for cell in metadata_deleted(notebook)["cells"]:
        del cell["id"]
    return notebook


@damage(says="stand there more than once")
def cells_duplicated(notebook: Notebook) -> Notebook:
    """Copied an answer with its test, and pasted both below, role and all."""
    for name in ("rank", "test-rank"):
        notebook["cells"].append(json.loads(json.dumps(cell_of(notebook, name))))
    return notebook


@damage()
def cells_reversed(notebook: Notebook) -> Notebook:
    """Moved cells about, until the last came first; the set-up stayed at the top."""
    set_up = take(notebook, "set-up")
    notebook["cells"] = [set_up, *reversed(notebook["cells"])]
    return notebook


@damage()
def set_up_last(notebook: Notebook) -> Notebook:
    """Moved the imports to the end: the kernel had them."""
    set_up = take(notebook, "set-up")
    notebook["cells"].append(set_up)
    return notebook


@damage()
def all_merged(notebook: Notebook) -> Notebook:
    """Merged all code cells into one of one's own: of what came with it there is no trace."""
    texts = [text_of(cell) for cell in code_cells(notebook)]
    return {**notebook, "cells": [code("\n\n".join(texts))]}


@damage(costs=("is_3",), says="and is_3 with it")
def merged_with_a_syntax_error(notebook: Notebook) -> Notebook:
    """Merged two answer cells; one of them had a colon missing."""
    broken = text_of(take(notebook, "is_3")).replace("torch.Tensor:\n", "torch.Tensor\n", 1)
    cell = cell_of(notebook, "mnist_distance")
    set_text(cell, f"{text_of(cell)}\n\n\n{broken}")
    return notebook


@damage(costs=("is_3",), says="and is_3 with it")
def a_syntax_error(notebook: Notebook) -> Notebook:
    """Left a bracket open in one cell."""
    cell = cell_of(notebook, "is_3")
    set_text(cell, text_of(cell).replace(") -> torch.Tensor:", " -> torch.Tensor:"))
    return notebook


@damage(costs=("mean_template",), says="code cell")
def split_in_the_body(notebook: Notebook) -> Notebook:
    """Split a cell in the middle of its function."""
    cell = cell_of(notebook, "mean_template")
    head, line, rest = text_of(cell).partition("    return")
    set_text(cell, head)
    return insert(notebook, "test-mean_template", code(line + rest))


@damage()
def indented_cell(notebook: Notebook) -> Notebook:
    """Indented a whole cell, which IPython takes."""
    cell = cell_of(notebook, "rank")
    set_text(cell, "".join(f"    {line}" for line in cell["source"]))
    return notebook


# Functions defined twice, elsewhere, otherwise


@damage(costs=("rank",), says="rank (code cells ")
def a_wrong_one_below(notebook: Notebook) -> Notebook:
    """Tried another way at the end: the last definition counts."""
    notebook["cells"].append(code("def rank(tensor):", "    return len(tensor)"))
    return notebook


@damage(says="rank (code cells ")
def a_right_one_below(notebook: Notebook) -> Notebook:
    """Had it wrong at first, and right further down."""
    cell = cell_of(notebook, "rank")
    right = text_of(cell)
    set_text(cell, "def rank(tensor):\n    return len(tensor)")
    notebook["cells"].append(code(right))
    return notebook


@damage(says="the released cell stands once more")
def the_stub_below(notebook: Notebook) -> Notebook:
    """Pasted the released cell again, to read the task."""
    return insert(notebook, "write-up-task", code(stub_of("rank")))


@damage()
def helpers_in_other_cells(notebook: Notebook) -> Notebook:
    """Put the work into a helper, defined further down."""
    set_text(cell_of(notebook, "rank"), "def rank(tensor):\n    return count_axes(tensor)")
    return insert(notebook, "test-rank", code("def count_axes(t):", "    return t.ndim"))


@damage(costs=("rank",), says="a cell of Markdown or raw text")
def answer_as_markdown(notebook: Notebook) -> Notebook:
    """Turned a cell into Markdown by pressing M."""
    cell = cell_of(notebook, "rank")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]
    return notebook


@damage(costs=("rank",), says="a cell of Markdown or raw text")
def answer_as_raw(notebook: Notebook) -> Notebook:
    """Turned a cell into raw text by pressing R."""
    cell_of(notebook, "rank")["cell_type"] = "raw"
    return notebook


@damage()
def in_an_if(notebook: Notebook) -> Notebook:
    """Put a function into a condition."""
    cell = cell_of(notebook, "rank")
    set_text(cell, "if True:\n" + "".join(f"    {line}" for line in cell["source"]))
    return notebook


@damage(costs=("rank",), says="inside another function or class")
def in_a_class(notebook: Notebook) -> Notebook:
    """Put a function into a class, where its name can't be called."""
    cell = cell_of(notebook, "rank")
    set_text(cell, "class Mine:\n" + "".join(f"    {line}" for line in cell["source"]))
    return notebook


@damage()
def a_lambda(notebook: Notebook) -> Notebook:
    """Wrote it in one line."""
    set_text(cell_of(notebook, "rank"), "rank = lambda tensor: tensor.ndim")
    return notebook


@damage()
def decorated(notebook: Notebook) -> Notebook:
    """Measures the time of a function with a decorator."""
    cell = cell_of(notebook, "rank")
    head = ["import functools, time", "def timed(f):", "    @functools.wraps(f)"]
    head += ["    def inner(*a, **k):", "        time.time()", "        return f(*a, **k)"]
    set_text(cell, "\n".join([*head, "    return inner", "@timed", text_of(cell)]))
    return notebook


@damage()
def by_global(notebook: Notebook) -> Notebook:
    """Defines a function in a function."""
    lines = [
        "def make():",
        "    global rank",
        "    def rank(tensor):",
        "        return tensor.ndim",
    ]
    set_text(cell_of(notebook, "rank"), "\n".join([*lines, "make()"]))
    return notebook


# What only a kernel knows


@damage()
def magics(notebook: Notebook) -> Notebook:
    """Uses what IPython offers, in cells with answers too."""
    cell = cell_of(notebook, "rank")
    lines = ["%matplotlib inline", "!pip install torch", "?torch.mean", "files = !ls", "%pwd"]
    set_text(cell, "\n".join([*lines, text_of(cell), "torch.mean??"]))
    cell = cell_of(notebook, "mean_template")
    set_text(cell, "%%time\n" + text_of(cell))
    cell = cell_of(notebook, "is_3")
    set_text(cell, "%%capture\n" + text_of(cell))
    return notebook


@damage(says="is not Python: %%bash")
def a_shell_cell(notebook: Notebook) -> Notebook:
    """Ran a shell in a cell of its own."""
    return insert(notebook, "rank", code("%%bash", "ls"))


@damage()
def shown_by_the_kernel(notebook: Notebook) -> Notebook:
    """Calls what a kernel has without an import, in a cell with an answer."""
    cell = cell_of(notebook, "rank")
    lines = ["get_ipython().system('ls')", "display(torch.ones(2))"]
    set_text(cell, "\n".join([*lines, text_of(cell)]))
    return notebook


@damage(says="a cell raised")
def waiting_at_the_top(notebook: Notebook) -> Notebook:
    """Waits for something at the top of a cell, which IPython allows."""
    cell = cell_of(notebook, "rank")
    set_text(cell, f"import asyncio\nawait asyncio.sleep(0)\n{text_of(cell)}")
    return notebook


@damage(says="a cell raised EOFError")
def asking(notebook: Notebook) -> Notebook:
    """Asks whoever runs it for a number."""
    cell = cell_of(notebook, "rank")
    set_text(cell, f"n = int(input('How many? '))\n{text_of(cell)}")
    return notebook


@damage(says="a cell raised SystemExit")
def leaving(notebook: Notebook) -> Notebook:
    """Ends the kernel, in the middle of everything."""
    insert(notebook, "rank", code("exit()"))
    return insert(notebook, "is_3", code("import sys", "sys.exit(1)"))


@damage()
def checks_and_grades(notebook: Notebook) -> Notebook:
    """Calls check and grade everywhere, also by other ways."""
    lines = ["import autograder.notebook as kit", "kit.check()", "kit.grade('rank')"]
    lines += ["from autograder.selfcheck import check", "check('is_3')", "check(is_3)"]
    notebook["cells"].append(code(*lines))
    notebook["cells"].append(code("grade('accuracy')"))
    return notebook


@damage()
def imports_of_the_exercises(notebook: Notebook) -> Notebook:
    """Imports the units as the files do, which the notebook stands for itself."""
    lines = ["from exercises.stacking import *", "import exercises.distance as d"]
    return insert(notebook, "write-up-task", code(*lines, "d.mnist_distance"))


@damage(costs=("stack_images",), says="cells that came with the notebook are gone")
def an_import_without_its_file(notebook: Notebook) -> Notebook:
    """Has a function in a file that was not handed in."""
    take(notebook, "stack_images")
    return insert(
        notebook, "test-stack_images", code("from exercises.stacking import stack_images")
    )


# Cells that fail or never end


@damage(says="a cell raised NameError")
def raises_before_the_answer(notebook: Notebook) -> Notebook:
    """Uses above the function, in the same cell, what is made further down."""
    cell = cell_of(notebook, "rank")
    set_text(cell, f"pictures.shape\n{text_of(cell)}")
    notebook["cells"].append(code("pictures = torch.ones(3, 2, 2)"))
    return notebook


@damage(says="a cell raised ModuleNotFoundError")
def a_library_is_missing(notebook: Notebook) -> Notebook:
    """Imports, in the cell with torch, what the grading machine lacks."""
    cell = cell_of(notebook, "set-up")
    set_text(cell, f"import plots_of_my_own\n{text_of(cell)}")
    return notebook


@damage(says="never finished running", slow=True)
def a_cell_without_end(notebook: Notebook) -> Notebook:
    """Trains something for hours, above half of the answers."""
    lines = ["def train():", "    while True: pass", "losses = train()"]
    return insert(notebook, "rank", code(*lines))


# Several at once


@damage(costs=("rank", "is_3"), says="and is_3 with it")
def everything_at_once(notebook: Notebook) -> bytes:
    """Old format, another kernel, a syntax error, an answer as Markdown, a cell that raises."""
    for harm in (answer_as_markdown, a_syntax_error, kernel_r, nbformat_3):
        notebook = harm(notebook)
    cells = notebook["worksheets"][0]["cells"]
    cells.insert(3, {"cell_type": "code", "input": "exit()", "language": "python"})
    return b"\xef\xbb\xbf" + written(notebook)
