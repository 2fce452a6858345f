"""``autograder grade``: from submissions to results, grades and feedback."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.commands.say import INTERRUPTED, os_problem, problem
from autograder.course import CourseError, load_course
from autograder.intake.downloaded import find_downloaded
from autograder.intake.entrants import Entrant, IntakeError, find_submissions
from autograder.reporting.folder import GradedFolder, row_of

if TYPE_CHECKING:
    from autograder.judging.plan import Plan

OTHERS_SHOWN = 5
PAUSE = 1.0
"""Seconds before a file that could not be written is tried once more."""


class Refused(Exception):
    """This can't be graded as asked; the message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    submitted: Path
    out: Path
    assignment: str
    workers: int
    seed: int = 0
    unsafe: bool = False
    source: str | None = None
    """The learning system that ``submitted`` was downloaded from."""
    suite: Path | None = None
    """The instructor's own tests, beside the kit's."""


def run_grade(request: Request, then: Callable[[Batch], int] = lambda batch: 0) -> int:
    """Grade a class and return the exit code.

    0 when every submission was graded, 1 when one was not or the machine failed, 2 on wrong
    usage. What is done when something goes wrong stays on disk, and is not done again.
    ``then`` is told what was graded, and its exit code counts where grading's own is 0.
    """
    folder = GradedFolder(request.out)
    with ExitStack() as stack:
        try:
            plan, entrants = prepare(request)
            stack.enter_context(folder.claimed())
            folder.prepare()
        except Refused as refusal:
            problem(str(refusal))
        except BlockingIOError:
            problem(in_use(folder))
        except OSError as error:
            problem(f"can't write to {os_problem(error, request.out)} Choose another --out.")
        else:
            batch = Batch(entrants, plan, folder)
            code = batch.run(request.workers)
            return code if code == INTERRUPTED else then(batch) or code
    return 2


def in_use(folder: GradedFolder) -> str:
    """What to say when another process has claimed OUT."""
    return f"another run is writing to {folder.path}: wait until it ends, or choose another --out."


def prepare(request: Request) -> tuple[Plan, list[Entrant]]:
    """What to grade with, and whom. Raises Refused."""
    from autograder.judging.plan import Plan
    from autograder.judging.suite import SuiteError, suite_files

    if sys.platform == "win32":
        raise Refused("grading needs Linux or macOS; on Windows, run it inside WSL.")
    try:
        course = load_course()
        course.of_assignment(request.assignment)
        suite = tuple(suite_files(request.suite))
        _refuse_overlap(request)
        entrants = _find_entrants(request, course.unit_names)
    except (CourseError, IntakeError, SuiteError) as error:
        raise Refused(str(error)) from error
    sandbox = _find_sandbox(request, {file.parent for file in suite})
    return Plan(request.assignment, request.seed, suite, sandbox), entrants


def _find_entrants(request: Request, units: Sequence[str]) -> list[Entrant]:
    if request.source is None:
        return find_submissions(request.submitted, units, request.assignment)
    entrants, notes = find_downloaded(request.submitted, request.source, units, request.assignment)
    for note in notes:
        problem(note)
    return entrants


def _refuse_overlap(request: Request) -> None:
    for option, path in (("--out", request.out), ("--suite", request.suite)):
        # os.path: a ring of links is for whoever opens it to report.
        if path and Path(os.path.realpath(path)).is_relative_to(
            os.path.realpath(request.submitted)
        ):
            raise IntakeError(
                f"{path} lies inside {request.submitted}: choose another place for {option}."
            )


def _find_sandbox(request: Request, suites: Iterable[Path]) -> Any:
    """The lock for workers. Raises Refused when it has a hole that matters, unless ``unsafe``."""
    from autograder.judging.sandbox import exposed, find_sandbox

    sandbox = find_sandbox()
    why_not = "; ".join(sandbox.missing)
    if request.unsafe:
        if why_not:
            problem(f"submissions are not locked up here: {why_not}.")
        return sandbox
    if why_not:
        raise Refused(
            f"strangers' code can't be locked up here: {why_not}. "
            "Run `autograder doctor`, or grade code that you trust with --unsafe."
        )
    found = exposed([*sorted(suites), request.submitted, request.out])
    if found:
        secret, readable = found
        raise Refused(
            f"{secret} lies inside {readable}, which submissions may read: move it elsewhere."
        )
    return sandbox


@dataclass(slots=True)
class Batch:
    """A class on its way from submissions to grades."""

    entrants: Sequence[Entrant]
    plan: Plan
    folder: GradedFolder
    rows: list[dict[str, Any]] = field(default_factory=list)

    def run(self, workers: int) -> int:
        """Grade whom no earlier result holds for, write it all, and return the exit code."""
        from autograder.judging.failures import MachineFailure
        from autograder.judging.suite import SuiteError

        try:
            code = self._grade(self._take_earlier(), workers)
        except KeyboardInterrupt:
            problem(
                f"stopped; {len(self.rows)} of {len(self.entrants)} are graded, and written to "
                f"{self.folder.path}. The same command goes on from there."
            )
            code = INTERRUPTED
        except SuiteError as error:
            problem(f"the hidden suite is at fault: {error}")
            return 1
        except MachineFailure as failure:
            problem(f"the machine failed: {failure}; grade again, and it goes on from there.")
            code = 1
        return self._report(code)

    def _take_earlier(self) -> list[Entrant]:
        """Take the results that still hold from an earlier run; return who is left to grade."""
        left = []
        for entrant in self.entrants:
            result = kept_result(entrant, self.plan, self.folder)
            if result is None:
                left.append(entrant)
                continue
            if not self.folder.has_feedback(entrant.student):
                self.folder.write(result)
            self.rows.append(row_of(result))
        if self.rows:
            print(
                f"{len(self.rows)} of {len(self.entrants)} were graded before and have not "
                "changed since; these results are kept."
            )
        return left

    def _grade(self, entrants: Sequence[Entrant], workers: int) -> int:
        with closing(graded_with_progress(entrants, self.plan, workers)) as graded:
            for result in graded:
                try:
                    self._write(result)
                except OSError as error:
                    problem(
                        f"can't write to {os_problem(error, self.folder.path)} {len(self.rows)} "
                        f"of {len(self.entrants)} are graded and written, {result['student']} is "
                        "not graded; make room and grade again."
                    )
                    return 1
                self.rows.append(row_of(result))
        return 0

    def _write(self, result: dict[str, Any]) -> None:
        try:
            self.folder.write(result)
        except OSError:
            # A disk that somebody is just making room on deserves a second try.
            time.sleep(PAUSE)
            self.folder.write(result)

    def _report(self, code: int) -> int:
        from autograder.reporting.terminal import class_table
        from autograder.reporting.text import in_words

        self.rows.sort(key=lambda row: row["student"])
        if self.rows:
            try:
                self.folder.write_grades(self.rows)
            except OSError as error:
                problem(f"can't write {os_problem(error, self.folder.grades)}")
                code = code or 1
            class_table(self.rows)
            print(f"\nGrades    {self.folder.grades}")
            print(f"Feedback  {self.folder.feedback}, one page for each student")
        self._name_others()
        for row in self.rows:
            if row["status"] != "graded":
                problem(f"{row['student']} is {in_words(row['status'])}: {row['problem']}")
        if any(row["status"] == "not_graded" for row in self.rows):
            code = code or 1
        return code

    def _name_others(self) -> None:
        others = self.folder.of_others(entrant.student for entrant in self.entrants)
        if others:
            shown = ", ".join(others[:OTHERS_SHOWN]) + (", …" if others[OTHERS_SHOWN:] else "")
            problem(
                f"{self.folder.results} also holds {len(others)} of an earlier run, of students "
                f"who are not in the class now: {shown}. They are left as they are."
            )


def graded_with_progress(
    entrants: Sequence[Entrant], plan: Plan, workers: int
) -> Generator[dict[str, Any]]:
    """Each result as it comes, shown on the terminal when whoever asked is done with it."""
    from autograder.judging.grade import grade_all
    from autograder.reporting.terminal import Progress
    from autograder.reporting.text import score_text

    if not entrants:
        return
    with Progress(len(entrants)) as progress, closing(grade_all(entrants, plan, workers)) as graded:
        for result in graded:
            yield result
            progress.advance(result["student"], score_text(result))


def kept_result(entrant: Entrant, plan: Plan, folder: GradedFolder) -> dict[str, Any] | None:
    """The result of an earlier run, when a new one could not be different; else None."""
    from autograder.judging.receipt import receipt

    result = folder.read(entrant.student)
    if result is None or result["status"] == "not_graded":
        return None
    if (result["student"], result["assignment"]) != (entrant.student, plan.assignment):
        return None
    submission = entrant.read()
    same = submission.problem is None and result["receipt"] == receipt(submission.digest, plan)
    return result if same else None
