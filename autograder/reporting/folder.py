"""OUT, the folder of a graded class: what is written there, and what an earlier run left."""

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.files import remove_leftovers, write_atomically
from autograder.reporting.feedback import write_feedback
from autograder.reporting.files import student_file
from autograder.reporting.grades import write_grades

_KEYS = {"schema", "student", "assignment", "status", "problem", "score", "max_score", "notes"}
_TEST_KEYS = {"name", "title", "rule", "status", "score", "max_score", "message"}


@dataclass(frozen=True, slots=True)
class GradedFolder:
    """OUT. Every method that writes raises OSError, and leaves no half of a file."""

    path: Path

    @property
    def results(self) -> Path:
        return self.path / "results"

    @property
    def feedback(self) -> Path:
        return self.path / "feedback"

    @property
    def grades(self) -> Path:
        return self.path / "grades.csv"

    def prepare(self) -> None:
        """Make the folders, and find out now, not after an hour, whether they can be written."""
        for folder in (self.results, self.feedback, self.path):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
            remove_leftovers(folder)

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Make the folder, and keep it to this process until that ends, in whatever way.

        Raises BlockingIOError while another process has it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            _lock(descriptor)
            yield
        finally:
            os.close(descriptor)

    def write(self, result: dict[str, Any]) -> None:
        """Write one student's feedback page and result.

        The result comes last: where it stands, the page does too, whenever the machine stopped.
        """
        from autograder.judging.result import to_json

        write_feedback(result, self.feedback)
        write_atomically(self._result_file(result["student"]), to_json(result))

    def read(self, student: str) -> dict[str, Any] | None:
        """The student's result from an earlier run, or None when there is none that is whole."""
        return _read(self._result_file(student))

    def all_results(self) -> Iterator[dict[str, Any]]:
        """Every whole result, by file name."""
        files = sorted(self.results.glob("*.json")) if self.results.is_dir() else []
        return (result for file in files if (result := _read(file)) is not None)

    def has_feedback(self, student: str) -> bool:
        page = student_file(self.feedback, student, ".html")
        return page.is_file() and page.stat().st_size > 0

    def of_others(self, students: Iterable[str]) -> list[str]:
        """The result files of an earlier run that belong to none of these students."""
        own = {self._result_file(student).name for student in students}
        return sorted(file.name for file in self.results.glob("*.json") if file.name not in own)

    def write_grades(self, rows: Sequence[dict[str, Any]]) -> None:
        write_grades(rows, self.grades)

    def _result_file(self, student: str) -> Path:
        return student_file(self.results, student, ".json")


def row_of(result: dict[str, Any]) -> dict[str, Any]:
    """What grades and tables need of a result: a class's results in full would fill the memory."""
    kept = ("student", "status", "problem", "score", "max_score")
    functions = [{"name": f["name"], "score": f["score"]} for f in result["functions"]]
    return {key: result[key] for key in kept} | {"functions": functions}


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        # A file system that knows no locks is no reason not to grade.
        return


def _read(file: Path) -> dict[str, Any] | None:
    try:
        result = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return result if _is_whole(result) else None


def _is_whole(result: Any) -> bool:
    """Is this a result, and do its points add up? Somebody may have written into it."""
    try:
        functions = result["functions"]
        tests = [test for function in functions for test in function["tests"]]
        known = result.keys() >= _KEYS and isinstance(result["receipt"], dict)
        described = all(test.keys() >= _TEST_KEYS for test in tests)
        graded = [(result, functions)] if result["status"] != "not_graded" else []
        sums = graded + [(function, function["tests"]) for function in functions]
        added_up = all(whole["score"] == sum(p["score"] for p in parts) for whole, parts in sums)
        return known and described and added_up and all("name" in f for f in functions)
    except (AttributeError, KeyError, TypeError):
        return False
