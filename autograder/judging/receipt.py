"""What a result rests on: hashes of submission, suite and kit, and the versions in use."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

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
    digest = hashlib.sha256()
    for file in sorted(files):
        name = file.relative_to(KIT.parent).as_posix()
        content = file.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


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
