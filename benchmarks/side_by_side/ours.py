"""Our own grader, through its public command."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from side_by_side.cost import Command, Cost, cost_of
from side_by_side.otter_zip import HiddenTests
from side_by_side.points import Points


def grade(submitted: Path, out: Path, workers: int) -> tuple[Cost, Points]:
    """Grade the folders, and leave no result in ``out`` from before."""
    shutil.rmtree(out, ignore_errors=True)
    cost = cost_of(Command(grade_arguments(submitted, out, workers), submitted.parent))
    return cost, {result["student"]: _points(result) for result in _results(out)}


def grade_arguments(submitted: Path, out: Path, workers: int) -> list[str]:
    """The command, as an instructor writes it."""
    return ["autograder", "grade", str(submitted), "--out", str(out), "--workers", str(workers)]


def hidden_tests(out: Path) -> HiddenTests:
    """Every hidden test and its points, as a result lists them."""
    listed = next(_results(out))["functions"]
    return {f["name"]: {t["name"]: t["max_score"] for t in f["tests"]} for f in listed}


def _points(result: dict[str, Any]) -> dict[str, float]:
    return {function["name"]: function["score"] for function in result["functions"]}


def _results(out: Path) -> Iterator[dict[str, Any]]:
    for file in sorted((out / "results").glob("*.json")):
        yield json.loads(file.read_text(encoding="utf-8"))
