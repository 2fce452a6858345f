"""``autograder demo``: grade a sample class, end to end."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.commands.grade import Request, run_grade
from autograder.commands.say import os_problem, problem
from autograder.course import FIRST_ASSIGNMENT


def run_demo(out: Path, workers: int) -> int:
    """Write the sample class to ``out/submitted``, grade it, and say where everything is."""
    from autograder.judging.suite import SuiteError, suite_files

    submitted, graded = out / "submitted", out / "autograded"
    try:
        suite_files()
        # After that: a student's kit has no sample class, as it has no suites.
        from autograder.authoring.sample_class import write_sample_class

        if submitted.exists() and not (out / ".sample-class").exists():
            problem(f"{submitted} exists and is not the demo's: choose another --out.")
            return 2
        for folder in (submitted, graded):
            shutil.rmtree(folder, ignore_errors=True)
        submitted.mkdir(parents=True)
        (out / ".sample-class").touch()
        students = write_sample_class(submitted)
    except SuiteError as error:
        problem(str(error))
        return 2
    except (SyntaxError, ValueError, StopIteration) as error:
        problem(f"the sample class can't be put together: {error}")
        return 2
    except OSError as error:
        problem(f"can't write to {os_problem(error, out)} Choose another --out.")
        return 2
    print(f"A sample class of {len(students)} is in {submitted}. Grading it on real MNIST:")
    # The sample class is the kit's own code: where it can't be locked up, it may still run.
    return run_grade(Request(submitted, graded, FIRST_ASSIGNMENT, workers, unsafe=True))
