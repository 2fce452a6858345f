"""A student's desk in a folder of its own, and ways to run the self-check on it."""

import ast
import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.selfcheck.runner import SelfCheck
from autograder.selfcheck.session import check_files

ROOT = Path(__file__).parents[2]
COURSE = load_course()


@dataclass(frozen=True)
class Run:
    """A finished run of pytest."""

    code: int
    out: str
    err: str = ""


@dataclass(frozen=True)
class StudentsDesk:
    """A copy of the exercises, with a pyproject.toml like the root's above it."""

    root: Path

    @property
    def exercises(self) -> Path:
        return self.root / "exercises"

    def write(self, file: str, content: str | bytes) -> None:
        """Write a whole file of the exercises."""
        data = content if isinstance(content, bytes) else textwrap.dedent(content).encode()
        (self.exercises / file).write_bytes(data)

    def answer(self, function: str, body: str) -> None:
        """Put ``body`` under the docstring of a function."""
        file = self.exercises / f"{COURSE.function(function).unit}.py"
        lines = file.read_text().splitlines()
        definition = next(
            node
            for node in ast.parse(file.read_text()).body
            if isinstance(node, ast.FunctionDef) and node.name == function
        )
        body = textwrap.indent(textwrap.dedent(body).strip(), "    ")
        lines[definition.body[0].end_lineno : definition.end_lineno] = body.splitlines()
        file.write_text("\n".join(lines) + "\n")

    def pytest(self, *arguments: str, cwd: Path | None = None) -> Run:
        """Run pytest as a student does, in a process of its own. It imports torch: seconds."""
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=cwd or self.root,
            env=plain_environment(),
            capture_output=True,
            text=True,
            timeout=120,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def check(self, function: str | None = None, assignment: str = "mnist_basics") -> SelfCheck:
        """Run the public tests in this process, as ``autograder solution`` does."""
        unit = COURSE.function(function).unit if function else "*"
        tests = sorted(self.exercises.glob(f"test_{unit}.py"))
        return check_files(tests, assignment=assignment, function=function)

    def message(self, function: str) -> str:
        """The first message that the student gets about a function."""
        return str(self.check(function).failures[0])


def plain_environment() -> dict[str, str]:
    """Without what the developer's own environment would change in a student's run."""
    ours = {"PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTHONUNBUFFERED", "PYTEST_CURRENT_TEST"}
    environment = {key: value for key, value in os.environ.items() if key not in ours}
    return environment | {"COLUMNS": "100", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def make_desk(root: Path, *, solved: bool) -> StudentsDesk:
    caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "exercises", root / "exercises", ignore=caches)
    shutil.copy(ROOT / "pyproject.toml", root)
    if solved:
        for solution in (ROOT / "solutions").glob("*.py"):
            shutil.copy(solution, root / "exercises")
    return StudentsDesk(root)


@pytest.fixture
def inside(monkeypatch, capsys):
    """Run pytest on a desk in this process: quick, for what needs no process of its own."""

    def run(desk: StudentsDesk, *arguments: str, folder: str = ".", remember: bool = False) -> Run:
        monkeypatch.chdir(desk.root / folder)
        monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
        monkeypatch.setenv("COLUMNS", "100")
        capsys.readouterr()
        code = pytest.main([*arguments, *([] if remember else ["-p", "no:cacheprovider"])])
        return Run(int(code), *capsys.readouterr())

    return run
