"""The judges: the suite is collected once, then each worker slot gets a judge by fork."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, NoReturn

import torch

from autograder.attempts import forget
from autograder.comparing.fixtures import warm_up
from autograder.comparing.words import shorten
from autograder.course import Function, load_course
from autograder.intake.submission import Readable, Submission
from autograder.judging.backend import WorkerBackend
from autograder.judging.failures import BrokenTest, MachineFailure, ServerLost, SlotLost
from autograder.judging.judge import Judge, run_judge
from autograder.judging.layout import find_layout
from autograder.judging.oddities import odd_notes, without_pasted_stubs
from autograder.judging.plan import Plan
from autograder.judging.receipt import not_graded, receipt
from autograder.judging.references import reference_submission
from autograder.judging.result import Verdict, build_result
from autograder.judging.script import Scripts
from autograder.judging.suite import HiddenTest, SuiteError
from autograder.judging.workers import ForkServer
from autograder.worker.lock import die_with_the_parent


def serve_slots(
    plan: Plan, connections: Sequence[Connection], controls: Sequence[socket.socket]
) -> None:
    """Collect the suite and grade what comes down each connection, by a judge for each.

    Slot n takes entrants from ``connections[n]`` and its workers from ``controls[n]``. Down
    each connection go the hidden tests, then a result for each entrant; or a text, when the
    suite itself is at fault; or SlotLost.
    """
    die_with_the_parent()
    # The parent may end this process in the middle of it all, and its judges must end too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # A two-thread operation before a fork would make every operation after it hang.
    torch.set_num_threads(1)

    def work(judge: Judge) -> None:
        if not judge.suite_error:
            warm_up()
            _fork_judges(judge, plan, connections, controls)

    with suppress(KeyboardInterrupt, ConnectionError):
        try:
            run_judge(Judge(load_course(), plan.seed, work), list(plan.suite))
        except SuiteError as error:
            for connection in connections:
                connection.send(str(error))
    # Nothing is left to be ended: now it would only raise in the middle of Python's own end.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _fork_judges(
    judge: Judge, plan: Plan, connections: Sequence[Connection], controls: Sequence[socket.socket]
) -> None:
    judges = []
    try:
        for connection, control in zip(connections, controls, strict=True):
            pid = os.fork()
            if pid == 0:
                _close(*(c for c in connections if c is not connection))
                _close(*(c for c in controls if c is not control))
                _be_a_judge(judge, plan, connection, control)
            judges.append(pid)
        # What only the judges hold open closes with them: the other side sees them die.
        _close(*connections, *controls)
        for pid in judges:
            os.waitpid(pid, 0)
    except KeyboardInterrupt:
        for pid in judges:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        raise


def _close(*ends: Connection | socket.socket) -> None:
    for end in ends:
        end.close()


def _be_a_judge(
    judge: Judge, plan: Plan, connection: Connection, control: socket.socket
) -> NoReturn:
    """The child's whole life. Nothing of it may return into the parent's pytest."""
    try:
        die_with_the_parent()
        with suppress(EOFError, ConnectionError, KeyboardInterrupt):
            _serve(judge, plan, connection, ForkServer(control))
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)


def _serve(judge: Judge, plan: Plan, connection: Connection, server: ForkServer) -> None:
    try:
        server.wait_until_ready()
        scripts = rehearse(judge, plan, server)
        connection.send(judge.tests)
        while True:
            connection.send(grade_entrant(connection.recv(), judge, plan, server, scripts))
    except SuiteError as error:
        connection.send(str(error))
    except (MachineFailure, OSError) as failure:
        connection.send(SlotLost(str(failure)))


def rehearse(judge: Judge, plan: Plan, server: ForkServer) -> Scripts:
    """Judge the reference solutions, and write down what the suite asks of each function.

    Raises SuiteError when the solutions lose a test: then no student could pass it either.
    """
    course = load_course()
    submission = reference_submission(course)
    layout = find_layout(submission, course)
    backend = WorkerBackend(submission, layout, course, server, plan.seconds)
    try:
        verdicts = judge.run(backend, layout.attempted)
    except BrokenTest as broken:
        raise SuiteError(f"{broken}.") from broken
    for test, verdict in verdicts.items():
        if not verdict.good:
            lost = " ".join(verdict.message.split())
            raise SuiteError(f"{test.name} ({test.function}) fails the reference solution: {lost}")
    return backend.asked


def grade_entrant(
    entrant: Readable, judge: Judge, plan: Plan, server: ForkServer, scripts: Scripts
) -> dict[str, Any]:
    """Read and judge one submission. Raises ServerLost, and nothing else whatever is in it."""
    try:
        return grade_submission(entrant.read(), judge, plan, server, scripts)
    except ServerLost:
        raise
    except Exception as error:
        # A fault of ours, that this submission has found: no reason to lose the others.
        reason = shorten(f"{type(error).__name__}: {error}", 120)
        return not_graded(entrant.student, plan, judge.tests, f"the judge failed on it ({reason})")


def grade_submission(
    submission: Submission, judge: Judge, plan: Plan, server: ForkServer, scripts: Scripts
) -> dict[str, Any]:
    """Judge one submission and build its result. Raises ServerLost when the machine fails."""
    forget()
    course = load_course()
    run_notes: list[str] = []
    submission = without_pasted_stubs(submission, course)
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
        backend = WorkerBackend(submission, layout, course, server, plan.seconds, scripts)
        try:
            verdicts |= judge.run(backend, layout.attempted & names)
        except ServerLost:
            raise
        except (MachineFailure, OSError) as failure:
            status, problem, verdicts = "not_graded", f"the machine failed: {failure}", {}
        run_notes = backend.notes
    notes = [
        *(fault.message for fault in submission.faults),
        *submission.notes,
        *layout.notes,
        *odd_notes(submission, layout, course),
        *run_notes,
    ]
    return build_result(
        submission.student,
        plan.assignment,
        functions,
        tests,
        verdicts,
        receipt(submission.digest, plan),
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
