"""What a result rests on: hashes of submission, suite and kit, and the versions in use."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograder.files import files_digest
from autograder.judging.references import SOLUTIONS

KIT = Path(__file__).resolve().parents[1]


@cache
def kit_digest() -> str:
    """sha256 over the kit's own code, the course and the references; not over the suites."""
    files = [
        file
        for file in [*KIT.rglob("*.py"), KIT / "course.json", *SOLUTIONS.glob("*.py")]
        if "hidden" not in file.relative_to(KIT.parent).parts and file.is_file()
    ]
    return files_digest((file.relative_to(KIT.parent).as_posix(), file) for file in sorted(files))


def receipt(submission: str, suite: str, seed: int) -> dict[str, Any]:
    """Build the receipt; it holds nothing that differs between two equal runs.

    ``sandbox`` lists the layers that locked the worker: none yet.
    """
    return {
        "submission": submission,
        "suite": suite,
        "kit": kit_digest(),
        "torch": version("torch"),
        "python": platform.python_version(),
        "seed": seed,
        "sandbox": [],
        "device": "cpu",
    }
