"""What no file that a student gets may hold: every line of an answer and of a hidden test."""

import ast
import json
import zipfile
from collections.abc import Iterator
from io import BytesIO

from autograder.authoring.build import ROOT
from autograder.authoring.source import read_units

# Shorter lines say nothing: `return tensor`, `except RuntimeError as error:`.
ANSWER, BANK = 13, 31


def secret_lines() -> set[str]:
    """Lines of the solutions' bodies, the hidden suites and the bank, but for what is public."""
    public = _lines_of(ROOT / "exercises", ANSWER)
    solutions = answers()
    bank = _lines_of(ROOT / "autograder" / "misconceptions", BANK, {"entries", "__init__"})
    assert min(len(solutions), len(bank)) > 20
    return solutions | hidden_lines() | ({line for line in bank if not _is_plumbing(line)} - public)


def answers() -> set[str]:
    """The lines of the solutions' bodies."""
    return {
        line
        for unit in read_units(ROOT / "solutions")
        for function in unit.functions
        for line in _long_lines(function.body, ANSWER)
    }


def hidden_lines() -> set[str]:
    """The lines of the hidden suites alone, but for what a public test has too."""
    hidden = _lines_of(ROOT / "autograder" / "hidden", ANSWER)
    public = _lines_of(ROOT / "exercises", ANSWER)
    return {line for line in hidden if not _is_plumbing(line)} - public


def hidden_code() -> set[str]:
    """What feedback must not show: no titles and lessons, and what is no student's own answer."""
    lines = hidden_lines() - answers()
    for file in (ROOT / "autograder" / "hidden").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                lines -= _long_lines(ast.get_docstring(node) or "", 0)
                # Its first line stands behind the quotes.
                lines = {line for line in lines if not line.startswith('"""')}
    assert len(lines) > 100
    return lines


def given_away(name: str, content: bytes, secrets: set[str]) -> list[tuple[str, str]]:
    """The secret lines in a file, each with the file's name; looks into zips and notebooks."""
    if name.endswith((".whl", ".zip")):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            inner = [(f"{name}/{n}", archive.read(n)) for n in archive.namelist()]
        return [found for n, c in inner for found in given_away(n, c, secrets)]
    text = content.decode("utf-8", "replace")
    if name.endswith((".ipynb", ".json")):
        text += "\n".join(_strings(json.loads(text)))
    return [(name, line) for line in sorted(secrets & _long_lines(text, 0))]


def _lines_of(folder, shortest, without=frozenset()) -> set[str]:
    files = [file for file in folder.glob("*.py") if file.stem not in without]
    return {line for file in files for line in _long_lines(file.read_text(), shortest)}


def _long_lines(text: str, shortest: int) -> set[str]:
    return {line.strip() for line in text.splitlines() if len(line.strip()) >= shortest}


def _is_plumbing(line: str) -> bool:
    return line.startswith(("import ", "from ", "@"))


def _strings(data) -> Iterator[str]:
    """Every text in a JSON document; the lines of a notebook's cell stand apart in a list."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for item in data:
            yield from _strings(item)
    elif isinstance(data, dict):
        yield from _strings([*data, *data.values()])
