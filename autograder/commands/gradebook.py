"""``autograder grade --gradebook``: a graded class into nbgrader's gradebook."""

from __future__ import annotations

from autograder.commands.grade import Batch, Refused, Request, run_grade
from autograder.commands.say import INTERRUPTED, os_problem, problem
from autograder.reporting.nbgrader_course import (
    GradebookError,
    NbgraderCourse,
    known_cells,
    open_course,
)


def run_grade_to_gradebook(request: Request, url: str) -> int:
    """Grade nbgrader's folder of submissions, and write all scores to its gradebook.

    ``url`` is the gradebook's, empty for the course's own. Returns the exit code of grading,
    1 when a student could not be written, 2 when there is no such gradebook.
    """
    try:
        if request.assignment == "all":
            raise Refused("a gradebook is filled with one assignment: name it with --assignment.")
        if request.source is not None:
            raise Refused(
                "--gradebook reads nbgrader's own folder of submissions: leave --from out."
            )
        course = open_course(request.submitted, url)
        # Now, and not after an hour.
        known_cells(course, request.assignment)
    except (GradebookError, Refused) as error:
        problem(str(error))
        return 2
    return run_grade(request, lambda batch: fill(batch, course))


def fill(batch: Batch, course: NbgraderCourse) -> int:
    """Write a graded batch to the gradebook, and return the exit code."""
    if not batch.rows:
        return 0
    written = _Written(len(batch.rows))
    try:
        _fill(batch, course, written)
    except GradebookError as error:
        problem(str(error))
        return 1
    except OSError as error:
        problem(f"can't write {os_problem(error, error.filename or course.root)}")
        return 1
    except KeyboardInterrupt:
        problem(f"stopped; {written} are in the gradebook. The same command goes on.")
        return INTERRUPTED
    print(f"Gradebook {course.shown_url}, {written}")
    for sentence in written.failures:
        problem(sentence)
    return 1 if written.failures else 0


class _Written:
    """How far it is."""

    def __init__(self, total: int) -> None:
        self._total = total
        self.done = 0
        self.failures: list[str] = []

    def __str__(self) -> str:
        return f"{self.done} of {self._total}"


def _fill(batch: Batch, course: NbgraderCourse, written: _Written) -> None:
    from autograder.reporting.gradebook import NotWritten, filling
    from autograder.reporting.terminal import Progress

    entrants = {entrant.student: entrant for entrant in batch.entrants}
    assignment = batch.plan.assignment
    with filling(course, assignment) as book, Progress(len(batch.rows)) as progress:
        for row in batch.rows:
            student = row["student"]
            result = batch.folder.read(student)
            try:
                if result is None or result["status"] == "not_graded":
                    raise NotWritten("not graded")
                book.write(entrants[student], result)
                written.done += 1
                progress.advance(student, "in the gradebook")
            except NotWritten as why:
                written.failures.append(f"{student} is not in the gradebook: {why}.")
                progress.advance(student, "not in the gradebook")
