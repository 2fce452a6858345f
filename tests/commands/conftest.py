"""One real run of the demo, for every test that looks at a graded class."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Run:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def sentences(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.startswith("autograder: ")]


def autograder(
    *arguments: object, cwd: Path | None = None, environment: Mapping[str, object] | None = None
) -> Run:
    """Run the command line as a user would, in a process of its own; ``environment`` is added."""
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    added = {name: str(value) for name, value in (environment or {}).items()}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env=os.environ | added, timeout=900
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return Run(done.returncode, done.stdout, done.stderr)


def read_results(out: Path) -> dict[str, dict]:
    """Every result under OUT, by student."""
    found = [json.loads(file.read_text()) for file in (out / "results").iterdir()]
    return {result["student"]: result for result in found}


@dataclass(frozen=True)
class Demo:
    run: Run
    folder: Path

    @property
    def results(self) -> dict[str, dict]:
        return read_results(self.folder / "autograded")

    def functions(self, student: str) -> dict[str, dict]:
        return {function["name"]: function for function in self.results[student]["functions"]}


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The sample class, graded with one worker."""
    folder = tmp_path_factory.mktemp("demo")
    return Demo(autograder("demo", "--out", folder, "--workers", 1), folder)
