"""grades.csv: a line a student, for a spreadsheet or the university's own system."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.files import write_atomically
from autograder.reporting.text import number, visible

_FORMULA = re.compile(r"(^|;)(?=[\s\u200c\u200d]*[=+\-@＝＋－＠])|^(?=\t)")  # noqa: RUF001
_COLUMNS = ("student", "score", "max_score", "status")


def write_grades(results: Sequence[dict[str, Any]], path: Path) -> None:
    """Write the results, in their order, as CSV: UTF-8, no byte order mark, `\\n` line ends.

    After `student,score,max_score,status` comes a column of points for each function.
    Whoever is not graded has empty cells, since the machine's failure is never a zero.
    Raises OSError when `path` can't be written.
    """
    functions = function_names(results)
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([*_COLUMNS, *functions])
    rows.writerows(_row(result, functions) for result in results)
    write_atomically(path, text.getvalue())


def function_names(results: Sequence[dict[str, Any]]) -> list[str]:
    """The functions of all results, each once, in the order in which they appear."""
    return list(dict.fromkeys(f["name"] for result in results for f in result["functions"]))


def points_by_function(result: dict[str, Any]) -> dict[str, str]:
    """The points of each function as written in a cell; none for whoever is not graded."""
    if result["status"] == "not_graded":
        return {}
    return {f["name"]: number(f["score"]) for f in result["functions"]}


def _row(result: dict[str, Any], functions: Sequence[str]) -> list[str]:
    points = points_by_function(result)
    return [
        _cell(result["student"]),
        "" if result["status"] == "not_graded" else number(result["score"]),
        number(result["max_score"]),
        result["status"],
        *(points.get(name, "") for name in functions),
    ]


def _cell(student: str) -> str:
    # A spreadsheet runs a cell that begins so as a formula, and a student chooses the name of
    # what they hand in: =HYPERLINK(...) could send the class's grades away. An apostrophe in
    # front makes it text. Behind a semicolon too, which separates cells in many countries.
    return _FORMULA.sub(r"\1'", visible(student))
