"""One worker slot: a judge process that takes submissions and gives results."""

from __future__ import annotations

import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from autograder.course import Function, load_course
from autograder.intake.entrants import Entrant
from autograder.intake.submission import Submission
from autograder.judging.backend import WorkerBackend
from autograder.judging.judge import Judge, run_judge
from autograder.judging.layout import find_layout
from autograder.judging.plan import Plan
from autograder.judging.receipt import receipt
from autograder.judging.result import Verdict, build_result
from autograder.judging.suite import HiddenTest, SuiteError, suite_digest
from autograder.judging.worker_process import MachineFailure


def serve_slot(plan: Plan, connection: Connection) -> None:
    """Grade the entrants that come down ``connection``; the entry point of a judge process.

    Sends the list of hidden tests, then a result for each entrant, or a text when the suite
    itself is at fault.
    """
    # The parent may end this process in the middle of a submission: as an interrupt, so that
    # the worker and its folder are cleaned up.
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    def work(judge: Judge) -> None:
        with suppress(EOFError, ConnectionError):
            connection.send(judge.tests)
            while not judge.suite_error:
                connection.send(grade_entrant(connection.recv(), judge, plan))

    with suppress(KeyboardInterrupt, ConnectionError):
        try:
            run_judge(Judge(load_course(), plan.seed, work), list(plan.suite))
        except SuiteError as error:
            connection.send(str(error))


def grade_entrant(entrant: Entrant, judge: Judge, plan: Plan) -> dict[str, Any]:
    """Read and judge one submission. Never raises for anything in it."""
    submission = entrant.read()
    return grade_submission(submission, judge, plan)


def grade_submission(submission: Submission, judge: Judge, plan: Plan) -> dict[str, Any]:
    """Judge one submission and build its result."""
    course = load_course()
    run_notes: list[str] = []
    layout = find_layout(submission, course)
    functions = course.of_assignment(plan.assignment)
    names = {function.name for function in functions}
    tests = [test for test in judge.tests if test.function in names]
    status, problem, verdicts = "graded", submission.problem, _faults(submission, functions, tests)
    if problem is not None:
        status, verdicts = "not_graded", {}
    elif submission.unreadable:
        status, problem = "unreadable", _why_unreadable(submission)
    else:
        backend = WorkerBackend(submission, layout, course, plan.seconds)
        try:
            verdicts |= judge.run(backend, layout.attempted & names)
        except (MachineFailure, OSError) as failure:
            status, problem, verdicts = "not_graded", f"the machine failed: {failure}", {}
        run_notes = backend.notes
    notes = [*(f.message for f in submission.faults), *submission.notes, *layout.notes, *run_notes]
    return build_result(
        submission.student,
        plan.assignment,
        functions,
        tests,
        verdicts,
        receipt(submission.digest, suite_digest(plan.suite), plan.seed),
        status=status,
        problem=problem,
        notes=[note for note in notes if note != problem],
    )


def _faults(
    submission: Submission, functions: tuple[Function, ...], tests: list[HiddenTest]
) -> dict[HiddenTest, Verdict]:
    """Every test of a function whose file could not be read fails, with the reason."""
    messages = {fault.unit: fault.message for fault in submission.faults if fault.unit}
    units = {function.name: function.unit for function in functions}
    return {
        test: Verdict("failed", messages[units[test.function]])
        for test in tests
        if units[test.function] in messages
    }


def _why_unreadable(submission: Submission) -> str:
    if submission.faults:
        return submission.faults[0].message
    return "nothing that can be graded was handed in: no unit's .py file and no notebook"
