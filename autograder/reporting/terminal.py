"""What the instructor sees in the terminal while a class is graded, and at the end."""

import sys
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from autograder.reporting.grades import function_names, points_by_function
from autograder.reporting.text import in_words, one_line, out_of

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_STYLES = {"graded": "", "unreadable": "yellow", "not_graded": "red"}


class Progress:
    """Shows how far the grading is: a bar on a terminal, otherwise a line a student.

    It writes to stderr, so that stdout holds the table alone.

        with Progress(total=12) as progress:
            progress.advance("anna", "17/30")
    """

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar
        from rich.table import Column

        self._total = total
        self._done = 0
        console = Console(file=sys.stderr)
        self._drawn = console.is_interactive
        # markup=False: a student's name is never an instruction to the terminal.
        latest = TextColumn(
            "{task.description}",
            markup=False,
            table_column=Column(no_wrap=True, overflow="ellipsis"),
        )
        self._bar = Bar(BarColumn(), MofNCompleteColumn(), latest, console=console, transient=True)
        self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> "Progress":
        if self._drawn:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drawn:
            self._bar.stop()

    def advance(self, student: str, score: str) -> None:
        """Say that one more student is done; `score` is what `score_text` says of the result."""
        self._done += 1
        latest = f"{one_line(student)} {score}"
        if self._drawn:
            self._bar.update(self._task, completed=self._done, description=latest)
        else:
            place = str(self._done).rjust(len(str(self._total)))
            print(f" {place}/{self._total} {latest}", file=sys.stderr, flush=True)


def class_table(results: Sequence[dict[str, Any]]) -> None:
    """Print the class to stdout: a line a student, then how many were graded and their mean.

    A column holds the points of one function. Where the names don't fit above the columns, the
    columns are numbered and the names stand below. Piped, there are no colours and no line is
    folded, so that `grep` finds a student in one line.
    """
    from rich.columns import Columns
    from rich.console import Console
    from rich.text import Text

    # The file is named since rich asks it which characters it can write.
    console = Console(file=sys.stdout)
    functions = function_names(results)
    table = _table(results, [name.replace("_", "\n") for name in functions], console)
    names = []
    if _natural_width(table, console) > console.width:
        numbers = [str(place) for place, _ in enumerate(functions, start=1)]
        table = _table(results, numbers, console)
        names = [f"{n} {name}" for n, name in zip(numbers, functions, strict=True)]
    if not console.is_terminal:
        console.width = max(console.width, _natural_width(table, console))
    console.print(table, "")
    if names:
        console.print(Columns([Text(name) for name in names], padding=(0, 3)), "")
    console.print(Text(_summary(results)), soft_wrap=True)


def _table(results: Sequence[dict[str, Any]], headers: list[str], console: "Console") -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.SIMPLE_HEAD, padding=(0, 1), collapse_padding=True, pad_edge=False, show_edge=False
    )
    table.add_column("student", overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for header in headers:
        table.add_column(Text(header), justify="right", no_wrap=True)
    functions = function_names(results)
    for result in results:
        points = points_by_function(result)
        style = _STYLES[result["status"]]
        table.add_row(
            Text(_encodable(one_line(result["student"]), console)),
            out_of(result["score"], result["max_score"]) if points else "",
            Text(in_words(result["status"]), style=style),
            *(points.get(name, "") for name in functions),
        )
    return table


def _natural_width(table: "Table", console: "Console") -> int:
    """The columns that the table takes when nothing in it is folded."""
    unlimited = console.options.update(max_width=100_000)
    return console.measure(table, options=unlimited).maximum


def _encodable(text: str, console: "Console") -> str:
    """The text with what the terminal's encoding lacks as escapes: a name must not end the run."""
    return text.encode(console.encoding, "backslashreplace").decode(console.encoding)


def _summary(results: Sequence[dict[str, Any]]) -> str:
    count = Counter(result["status"] for result in results)
    submissions = "1 submission" if len(results) == 1 else f"{len(results)} submissions"
    return (
        f"{submissions}: {count['graded']} graded{_mean(results)}, "
        f"{count['unreadable']} unreadable, {count['not_graded']} not graded."
    )


def _mean(results: Sequence[dict[str, Any]]) -> str:
    graded = [result for result in results if result["status"] == "graded"]
    if not graded:
        return ""
    mean = sum(result["score"] for result in graded) / len(graded)
    return f" (mean score {out_of(round(mean, 2), graded[0]['max_score'])})"
