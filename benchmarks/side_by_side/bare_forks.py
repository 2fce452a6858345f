"""The limit: one process that has imported everything, and a bare fork for each submission.

    python -m side_by_side.bare_forks SUBMITTED POINTS

No lock on the child, no time limit, no wire, and the hidden tests are in its memory: this is
what warm grading could cost at the least, not a way to grade. Writes the points, and what
the forks cost from the first to the last.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from pathlib import Path

import torch

from autograder.judging.judge import Judge, run_judge
from autograder.judging.suite import suite_files
from side_by_side.same_checks import (
    COURSE,
    SEED,
    InProcess,
    from_units,
    unit_modules,
)

ALL = frozenset(function.name for function in COURSE.functions)


def points_of(folder: Path, judge: Judge) -> dict[str, float]:
    """The points of each function, judged in this process."""
    points = dict.fromkeys(sorted(ALL), 0.0)
    with unit_modules(folder):
        for test, verdict in judge.run(InProcess(from_units), ALL).items():
            if verdict.status == "passed":
                points[test.function] += test.points
    return points


def points_in_fork(folder: Path, judge: Judge) -> dict[str, float]:
    """The same, in a child that sends the points through a pipe."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            with os.fdopen(writing, "w", encoding="utf-8") as pipe:
                json.dump(points_of(folder, judge), pipe)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        sent = pipe.read()
    os.waitpid(child, 0)
    points: dict[str, float] = json.loads(sent)
    return points


def main() -> None:
    """Grade every folder in SUBMITTED, one after the other."""
    submitted, target = Path(sys.argv[1]), Path(sys.argv[2])
    folders = sorted(submitted.iterdir())
    # Before any operation: one that ran in two threads makes every operation of a fork hang.
    torch.set_num_threads(1)

    def work(judge: Judge) -> None:
        # What is imported at the first use is imported here, and not in every fork.
        points_of(folders[0], judge)
        # The collector writes to every object it looks at, and the fork would copy all of them.
        gc.freeze()
        began = time.perf_counter(), sum(os.times()[:4])
        points = {folder.name: points_in_fork(folder, judge) for folder in folders}
        spent = {"wall": time.perf_counter() - began[0], "cpu": sum(os.times()[:4]) - began[1]}
        target.write_text(json.dumps({"points": points, **spent}), encoding="utf-8")

    run_judge(Judge(COURSE, SEED, work), suite_files())


if __name__ == "__main__":
    main()
