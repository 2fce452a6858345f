"""The measured rounds as text: tables, ratios, and what each tool does and does not do."""

from __future__ import annotations

import os
import platform
import statistics
import textwrap
from collections.abc import Sequence
from importlib.metadata import version

from side_by_side.contest import (
    FORKS,
    LARGE,
    NBGRADER,
    NBGRADER_TWICE,
    OTTER,
    OURS,
    OURS_TWICE,
    PYTEST,
    Round,
    Sample,
)
from side_by_side.cost import Cost
from side_by_side.points import SHOWN

PEERS = (NBGRADER, NBGRADER_TWICE, OTTER, PYTEST, FORKS)
WIDTH = 98

NOTES = {
    "nbgrader": """
        Runs each notebook from top to bottom in a Jupyter kernel of its own, one student after
        the other. It has no option to grade several at once: two processes are two commands on
        two course folders with half of the class each, whose gradebooks would have to be
        merged. The hidden tests are put back into the notebook and run in the kernel that holds
        the student's code, as the same user. A cell gives partial credit by its last value; an
        exception or any text on stderr is 0 points. It keeps every executed notebook with its
        outputs, a gradebook, grading by hand and comments in a browser, and it grades notebooks
        on any subject: we do none of that. Its feedback pages are another command, not timed.""",
    "otter": """
        `otter run` copies one submission into a temporary folder, runs it in a Jupyter kernel as
        the same user, and the tests after it in the same kernel, whose results it reads as a
        pickle. One process a submission, so that each pays for the start-up. It writes a
        results.json for Gradescope and can make a PDF. `otter grade`, which puts each submission
        into a Docker container and runs several at once, needs Docker and is not measured.""",
    "fresh pytest": """
        `python -m pytest` on the hidden suite, with the submission in the same process: no
        isolation, no time limit, no report but the points. Each pays for importing torch and for
        collecting the suite.""",
    "bare fork limit": """
        One process imports torch, collects the suite, runs it once, and forks for each
        submission; the child judges itself and sends its points. No lock, no time limit, hidden
        tests in the child's memory: a lower limit for warm grading, and no grader.""",
    "ours": """
        `autograder grade`, start-up included, with a result, a feedback page and a line in
        grades.csv for each. The student's code runs in two locked processes of its own, without
        a hidden test or an expected value, with a time limit for each call. A function that
        answers bit by bit like one before gets that one's verdicts, without running the tests
        once more; no two submissions of the large class are equal. It takes notebooks
        too, but grades only the functions of this kit: there is no executed notebook to look
        at, no gradebook, no grading by hand, no comments.""",
}


def machine() -> str:
    """What it was measured on, in one line."""
    versions = [f"{name} {version(name)}" for name in ("torch", "nbgrader", "otter-grader")]
    return ", ".join([f"{os.cpu_count()} cores", f"Python {platform.python_version()}", *versions])


def class_table(rounds: Sequence[Round], count: int) -> str:
    """Every tool on the same submissions: cost a submission, start-up included."""
    rows = [_row(label, [r[label] for r in rounds]) for label in (*PEERS, OURS, OURS_TWICE)]
    warm = [_without_start(r[FORKS]) for r in rounds]
    rows.insert(len(PEERS), _row("  without start-up", warm))
    return _table(f"{count} submissions, all run", rows)


def large_table(rounds: Sequence[Round], count: int) -> str:
    """Ours, run on the large class, and what the peers would have taken for it."""
    rows = [_row(f"{OURS_TWICE}: run", [r[LARGE] for r in rounds])]
    for label in PEERS:
        samples = [r[label].extrapolated(count) for r in rounds]
        rows.append(_row(f"{label}: extrapolated", samples))
    explained = (
        "extrapolated: the start-up once (nbgrader's is that of `nbgrader --version`), and for\n"
        "each submission what one cost beyond that in the same round"
    )
    return f"{_table(f'{count} submissions', rows)}\n{explained}"


def ratios(rounds: Sequence[Round], count: int, large: int) -> str:
    """How many times ours is quicker: the median, the smallest and the largest round."""
    pairs = [
        (NBGRADER, OURS),
        (NBGRADER, OURS_TWICE),
        (NBGRADER_TWICE, OURS_TWICE),
        (OTTER, OURS),
        (PYTEST, OURS),
        (FORKS, OURS),
    ]
    small = [
        [f"{above} / {below}", *_ratio([(r[above], r[below]) for r in rounds])]
        for above, below in pairs
    ]
    beyond = [
        [
            f"{above}, extrapolated / {OURS_TWICE}",
            *_ratio([(r[above].extrapolated(large), r[LARGE]) for r in rounds]),
        ]
        for above in PEERS
    ]
    return "\n\n".join(
        [
            _aligned([[f"ratio, {count} submissions, both run", "wall", "CPU"], *small]),
            _aligned([[f"ratio, {large} submissions, ours run", "wall", "CPU"], *beyond]),
        ]
    )


def notes() -> str:
    """A paragraph for each tool."""
    return "\n\n".join(
        textwrap.fill(f"{name}: " + " ".join(text.split()), WIDTH, subsequent_indent="  ")
        for name, text in NOTES.items()
    )


def agreement(followed: dict[str, list[str]], odd: Sequence[str]) -> str:
    """What was compared, and the ways in which the points differ."""
    same = "Every tool gave every function of every submission the same points as we did"
    if odd:
        others = "\n  ".join(odd[:SHOWN])
        same = f"{len(odd)} times a peer gave other points, in one of its runs:\n  {others}\n{same}"
    listed = sorted({line for found in followed.values() for line in found})
    if not listed:
        return f"{same}."
    lines = [
        f"{same}, but for what",
        "builds on a wrong function: there only we put in a right one.",
    ]
    for line in listed:
        who = [label for label in PEERS if line in followed[label]]
        lines.append(f"  {line} ({'all others' if len(who) == len(PEERS) else ', '.join(who)})")
    return "\n".join(lines)


def _without_start(sample: Sample) -> Sample:
    rest = sample.extrapolated(sample.count)
    cost = Cost(
        rest.cost.wall - sample.start.wall, rest.cost.cpu - sample.start.cpu, rest.cost.largest
    )
    return Sample(cost, sample.count)


def _table(title: str, rows: list[list[str]]) -> str:
    head = [title, "wall s each", "CPU s each", "whole run", "largest process"]
    return _aligned([head, *rows])


def _row(label: str, samples: Sequence[Sample]) -> list[str]:
    whole = statistics.median(sample.cost.wall for sample in samples)
    largest = max(sample.cost.largest for sample in samples)
    return [
        label,
        _spread([sample.wall for sample in samples]),
        _spread([sample.cpu for sample in samples]),
        _duration(whole),
        f"{largest / 2**20:,.0f} MiB",
    ]


def _ratio(pairs: Sequence[tuple[Sample, Sample]]) -> list[str]:
    walls = [above.wall / below.wall for above, below in pairs]
    cpus = [above.cpu / below.cpu for above, below in pairs]
    return [_spread(walls), _spread(cpus)]


def _spread(values: Sequence[float]) -> str:
    """The median, and the smallest and the largest."""
    low, middle, high = map(_short, (min(values), statistics.median(values), max(values)))
    return f"{middle} ({low} to {high})" if len(values) > 1 else middle


def _short(value: float) -> str:
    """Three digits that count, as far as there are as many."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.995 else 3
    return f"{value:,.{digits}f}"


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _aligned(rows: list[list[str]]) -> str:
    """Columns of equal width: labels to the left, numbers to the right; a line under the head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([row[0].ljust(widths[0]), *numbers]))
    return "\n".join([lines[0], "─" * len(lines[0]), *lines[1:]])
