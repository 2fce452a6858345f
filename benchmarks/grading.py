"""How quick is `autograder grade` beside nbgrader, otter, a fresh pytest each, and bare forks?

    python benchmarks/grading.py [--rounds 3] [--quick]
    python benchmarks/grading.py curve [--sizes 10 100 1000 10000] [--out curve.svg]

The first runs the same assignment, the same 90 hidden tests and the same 10 submissions through
all of them, in one run, several times, and ours on a class of 200 as well. A round takes about
six minutes on two cores. None of the peers is run on 200: their lines are extrapolated.
The second draws our own curve, up to 10,000 submissions, which need about 1 GB in the temporary
folder. What is measured stays beside the picture, so that it can go on where it was stopped.

Both need `pip install -e ".[bench]"`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from side_by_side.needs import require

SMALL, LARGE = 10, 200
QUICK_SMALL, QUICK_LARGE = 2, 20


def compare(rounds: int, small: int, large: int) -> None:
    """Measure all tools and print tables, ratios and notes."""
    require({"nbgrader": "nbgrader", "otter": "otter-grader", "autograder": "the kit"})
    from side_by_side import report
    from side_by_side.contest import Contest, Round

    measured: list[Round] = []
    began = time.perf_counter()

    def say(what: str) -> None:
        print(f"{time.perf_counter() - began:7.0f} s  {what}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        say("our own points, and one submission through each tool, to warm up")
        contest = Contest(Path(folder), small, large)
        contest.prepare_peers()
        for number in range(1, rounds + 1):
            measured.append({})
            for label, sample in contest.round():
                measured[-1][label] = sample
                say(f"round {number} of {rounds}: {label}, {sample.wall:.2f} s a submission")
    print()
    spread = f"{rounds} rounds: median (smallest to largest)" if rounds > 1 else "1 round"
    print(f"{report.machine()}; {spread}")
    for part in (
        report.class_table(measured, small),
        report.large_table(measured, large),
        report.ratios(measured, small, large),
        report.agreement(contest.followed, contest.odd),
        report.notes(),
    ):
        print(f"\n{part}")


def curve(sizes: list[int], workers: int, picture: Path, again: bool) -> None:
    """Measure and draw our own curve."""
    require({"matplotlib": "matplotlib", "psutil": "psutil", "autograder": "the kit"})
    from side_by_side.curve import draw, measure, table

    points = measure(sorted(set(sizes)), workers, picture, again)
    print(f"\n{table(points)}")
    draw(points, picture)
    print(f"\nCurve  {picture}")


def positive(text: str) -> int:
    """A whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no whole number above 0")
    return int(text)


def picture_file(text: str) -> Path:
    """A file that matplotlib can draw into, in a folder that is there."""
    file = Path(text)
    if file.suffix not in (".svg", ".png", ".pdf"):
        raise argparse.ArgumentTypeError(f"{text} should end in .svg, .png or .pdf")
    if not file.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {file.parent}")
    return file


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=positive, default=3, help="rounds of all (default: 3)")
    parser.add_argument(
        "--quick",
        action="store_true",
        help=f"one round with {QUICK_SMALL} and {QUICK_LARGE} submissions, to see that it works",
    )
    commands = parser.add_subparsers(dest="command")
    drawn = commands.add_parser("curve", help="draw our own curve")
    drawn.add_argument(
        "--sizes", type=positive, nargs="+", default=[10, 100, 1000, 10000], metavar="N"
    )
    drawn.add_argument("--workers", type=positive, default=2)
    drawn.add_argument("--out", type=picture_file, default=Path("curve.svg"))
    drawn.add_argument("--again", action="store_true", help="measure anew what is kept already")
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    try:
        if chosen.command == "curve":
            curve(chosen.sizes, chosen.workers, chosen.out, chosen.again)
        elif chosen.quick:
            compare(1, QUICK_SMALL, QUICK_LARGE)
        else:
            compare(chosen.rounds, SMALL, LARGE)
    except KeyboardInterrupt:
        sys.exit("stopped")


if __name__ == "__main__":
    main()
