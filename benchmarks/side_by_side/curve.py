"""Our own curve: wall time a submission and peak memory, from ten submissions to ten thousand."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from side_by_side.cost import Command, cost_from, give_up, start, used_by_orphans
from side_by_side.made_class import write_folders
from side_by_side.ours import grade_arguments

BETWEEN_SAMPLES = 0.1


@dataclass(frozen=True, slots=True)
class Point:
    """One class: its size, the workers, seconds of wall and processor time, and peak memory.

    ``main`` is the process that the instructor started, ``largest`` the largest of all.
    """

    size: int
    workers: int
    wall: float
    cpu: float
    main: int
    largest: int


def measure(sizes: list[int], workers: int, picture: Path, again: bool) -> list[Point]:
    """Grade a class of each size, and keep each as soon as it is measured.

    What an earlier run kept beside the picture is taken from there, unless ``again``.
    """
    file = picture.with_suffix(".json")
    kept = {} if again else _kept(file, workers)
    for size in sizes:
        if size in kept:
            print(f"{size:,} submissions: taken from {file}", flush=True)
            continue
        kept[size] = _point(size, workers)
        print(_line(kept[size]), flush=True)
        ordered = [asdict(kept[key]) for key in sorted(kept)]
        file.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")
    return [kept[size] for size in sorted(sizes)]


def table(points: list[Point]) -> str:
    """The points as text."""
    return "\n".join(map(_line, points))


def draw(points: list[Point], picture: Path) -> None:
    """Wall time above, memory below, both against the size of the class."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    sizes = [point.size for point in points]
    seconds = [point.wall / point.size for point in points]
    figure, (above, below) = pyplot.subplots(2, 1, sharex=True, figsize=(7, 6))
    above.plot(sizes, seconds, "o-", color="tab:green")
    for place, value in zip(sizes, seconds, strict=True):
        above.annotate(f"{value:.2g}", (place, value), (0, 6), textcoords="offset points")
    above.set(xscale="log", ylabel="wall seconds a submission")
    above.set_title(f"autograder grade, {points[0].workers} workers, start-up included")
    for name, label in (("largest", "largest process"), ("main", "main process")):
        values = [getattr(point, name) / 2**20 for point in points]
        below.plot(sizes, values, "o-", label=label)
    below.set(xlabel="submissions", ylabel="peak memory, MiB")
    below.legend(loc="lower right")
    below.set_xticks(sizes, [f"{size:,}" for size in sizes])
    below.set_xticks([], minor=True)
    for axes in (above, below):
        axes.grid(alpha=0.3)
        axes.margins(y=0.15)
        axes.set_ylim(bottom=0)
    figure.tight_layout()
    figure.savefig(picture)


def _kept(file: Path, workers: int) -> dict[int, Point]:
    try:
        points = [Point(**point) for point in json.loads(file.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError):
        sys.exit(f"{file} can't be read: delete it, or measure --again.")
    return {point.size: point for point in points if point.workers == workers}


def _point(size: int, workers: int) -> Point:
    print(f"{size:,} submissions ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        submitted = write_folders(Path(folder, "submitted"), size)
        arguments = grade_arguments(submitted, Path(folder, "out"), workers)
        point = _watched(Command(arguments, Path(folder)), Path(folder, "log"), size, workers)
        graded = len(list(Path(folder, "out", "results").glob("*.json")))
    if graded != size:
        sys.exit(f"only {graded:,} of {size:,} submissions have a result")
    return point


def _watched(command: Command, log: Path, size: int, workers: int) -> Point:
    """Run the command, and look at the memory of all of its processes meanwhile."""
    main = largest = 0
    began = time.perf_counter()
    process = start(command, log)
    try:
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            now = _memory(process.pid)
            main, largest = max(main, now[0]), max(largest, *now)
            time.sleep(BETWEEN_SAMPLES)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        if process.returncode is None:
            process.kill()
            process.wait()
    if process.returncode:
        give_up(process, log)
    cost = cost_from(wall, [usage, *used_by_orphans()])
    return Point(size, workers, wall, cost.cpu, main, max(largest, cost.largest))


def _memory(pid: int) -> list[int]:
    """The resident bytes of the process and of each of its descendants."""
    import psutil

    sizes = [0]
    with suppress(psutil.Error):
        main = psutil.Process(pid)
        sizes = [main.memory_info().rss]
        for process in main.children(recursive=True):
            with suppress(psutil.Error):
                sizes.append(process.memory_info().rss)
    return sizes


def _line(point: Point) -> str:
    return (
        f"{point.size:>6,} submissions  {point.workers} workers  wall {point.wall:9.1f} s  "
        f"{point.wall / point.size:7.3f} s each  CPU {point.cpu / point.size:7.3f} s each  "
        f"main process {point.main / 2**20:6,.0f} MiB  "
        f"largest process {point.largest / 2**20:6,.0f} MiB"
    )
