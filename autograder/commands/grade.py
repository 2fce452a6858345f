"""``autograder grade``: from submissions to results, grades and feedback."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from autograder.commands.say import os_problem, problem
from autograder.course import CourseError, load_course
from autograder.intake.entrants import Entrant, IntakeError, find_submissions

INTERRUPTED = 130


def run_grade(submitted: Path, out: Path, assignment: str, workers: int, seed: int) -> int:
    """Grade a class and return the exit code.

    0 when every submission was graded, 1 when one was not or the machine failed, 2 on wrong
    usage. What is done when something goes wrong stays on disk.
    """
    from autograder.judging.plan import Plan
    from autograder.judging.suite import SuiteError, suite_files
    from autograder.judging.worker_process import MachineFailure

    if sys.platform == "win32":
        problem("grading needs Linux or macOS; on Windows, run it inside WSL.")
        return 2
    try:
        course = load_course()
        course.of_assignment(assignment)
        plan = Plan(assignment, seed, tuple(suite_files()))
        _refuse_overlap(submitted, out)
        entrants = find_submissions(submitted, course.unit_names, assignment)
        _prepare(out)
    except (CourseError, IntakeError, SuiteError) as error:
        problem(str(error))
        return 2
    except OSError as error:
        problem(f"can't write to {os_problem(error, out)} Choose another --out.")
        return 2
    try:
        return _grade(entrants, plan, workers, out)
    except SuiteError as error:
        problem(f"the hidden suite is at fault: {error}")
    except MachineFailure as failure:
        problem(f"the machine failed: {failure}; grade again.")
    return 1


def _refuse_overlap(submitted: Path, out: Path) -> None:
    # os.path: a ring of links is for whoever opens it to report.
    if Path(os.path.realpath(out)).is_relative_to(os.path.realpath(submitted)):
        raise IntakeError(f"{out} lies inside {submitted}: choose an --out outside of it.")


def _prepare(out: Path) -> None:
    """Make the folders, and find out now, not after an hour, whether they can be written."""
    for folder in (out / "results", out / "feedback"):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def _grade(entrants: list[Entrant], plan: Any, workers: int, out: Path) -> int:
    from autograder.judging.grade import grade_all
    from autograder.reporting.grades import write_grades
    from autograder.reporting.terminal import Progress, class_table
    from autograder.reporting.text import in_words, score_text

    results: list[dict[str, Any]] = []
    code = 0
    try:
        with (
            Progress(len(entrants)) as progress,
            closing(grade_all(entrants, plan, workers)) as graded,
        ):
            for result in graded:
                try:
                    write_result(result, out)
                except OSError as error:
                    problem(
                        f"can't write to {os_problem(error, out)} {len(results)} of "
                        f"{len(entrants)} are graded and written; make room and grade again."
                    )
                    code = 1
                    break
                results.append(result)
                progress.advance(result["student"], score_text(result))
    except KeyboardInterrupt:
        problem(f"stopped; {len(results)} of {len(entrants)} are graded, and written to {out}.")
        code = INTERRUPTED
    results.sort(key=lambda result: result["student"])
    if results:
        try:
            write_grades(results, out / "grades.csv")
        except OSError as error:
            problem(f"can't write {os_problem(error, out / 'grades.csv')}")
            code = code or 1
        class_table(results)
        print(f"\nGrades    {out / 'grades.csv'}")
        print(f"Feedback  {out / 'feedback'}, one page for each student")
    for result in results:
        if result["status"] != "graded":
            problem(f"{result['student']} is {in_words(result['status'])}: {result['problem']}")
    if any(result["status"] == "not_graded" for result in results):
        code = code or 1
    return code


def write_result(result: dict[str, Any], out: Path) -> None:
    """Write one student's result and feedback page, each whole or not at all."""
    from autograder.files import write_atomically
    from autograder.judging.result import to_json
    from autograder.reporting.feedback import write_feedback
    from autograder.reporting.files import student_file

    file = student_file(out / "results", result["student"], ".json")
    write_atomically(file, to_json(result))
    write_feedback(result, out / "feedback")
