"""``autograder regrade``: after a suite is mended, who moves, by how much, and by which test."""

from __future__ import annotations

import json
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from autograder.commands.grade import (
    Refused,
    Request,
    graded_with_progress,
    in_use,
    kept_result,
    prepare,
)
from autograder.commands.say import INTERRUPTED, os_problem, problem
from autograder.reporting.folder import GradedFolder, row_of
from autograder.reporting.moves import Move, find_move, move_lines

if TYPE_CHECKING:
    from autograder.intake.entrants import Entrant
    from autograder.judging.plan import Plan


def run_regrade(request: Request, apply: bool) -> int:
    """Grade again whatever an earlier result no longer holds for, and show what would change.

    Assignment and seed are those of the earlier results. Nothing in OUT changes without
    ``apply``. Returns 0, 1 when the machine failed on a submission, 2 on wrong usage.
    """
    from autograder.judging.failures import MachineFailure
    from autograder.judging.suite import SuiteError

    folder = GradedFolder(request.out)
    try:
        plan, entrants = prepare(_as_before(request, folder))
        claimed = folder.claimed() if apply else nullcontext()
        with claimed, TemporaryDirectory(prefix="regraded-") as spool:
            regrading = Regrading(plan, folder, Path(spool))
            regrading.grade(entrants, request.workers)
            return regrading.finish(apply)
    except Refused as refusal:
        problem(str(refusal))
        return 2
    except SuiteError as error:
        problem(f"the hidden suite is at fault: {error}")
    except MachineFailure as failure:
        problem(f"the machine failed: {failure}; nothing was changed, try again.")
    except BlockingIOError:
        problem(in_use(folder))
        return 2
    except OSError as error:
        problem(f"can't write {os_problem(error, error.filename or request.out)}")
    except KeyboardInterrupt:
        problem("stopped before anything was changed.")
        return INTERRUPTED
    return 1


def _as_before(request: Request, folder: GradedFolder) -> Request:
    """The request with the assignment and the seed that OUT was graded with. Raises Refused."""
    found = {(r["assignment"], r["receipt"].get("seed")) for r in folder.all_results()}
    if not found:
        raise Refused(f"{request.out} holds no results; run `autograder grade` first.")
    if len(found) > 1:
        raise Refused(
            f"{request.out} holds results of several assignments or seeds; "
            "grade each into a folder of its own."
        )
    [(assignment, seed)] = found
    return replace(request, assignment=assignment, seed=seed)


@dataclass(slots=True)
class Regrading:
    """New results, kept aside in ``spool`` until it is said that they count."""

    plan: Plan
    folder: GradedFolder
    spool: Path
    students: set[str] = field(default_factory=set)
    graded: int = 0
    moves: list[Move] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def grade(self, entrants: list[Entrant], workers: int) -> None:
        """Grade whom the suite, the kit or a new hand-in touches."""
        touched = [e for e in entrants if kept_result(e, self.plan, self.folder) is None]
        self.students = {entrant.student for entrant in entrants}
        with closing(graded_with_progress(touched, self.plan, workers)) as graded:
            for result in graded:
                self._take(result)

    def _take(self, result: dict[str, Any]) -> None:
        if result["status"] == "not_graded":
            # What was graded before stays as it is.
            self.failed.append(f"{result['student']} is not graded: {result['problem']}")
            return
        file = self.spool / f"{self.graded}.json"
        file.write_text(json.dumps(result), encoding="utf-8")
        self.graded += 1
        move = find_move(self.folder.read(result["student"]), result)
        if move:
            self.moves.append(move)

    def finish(self, apply: bool) -> int:
        """Show what changes; then write it, with ``apply``, or say how to. The exit code."""
        self.moves.sort(key=lambda move: move.student)
        for line in move_lines(self.moves):
            print(line)
        print(
            f"{len(self.students)} submissions: {self.graded} graded again, "
            f"{len(self.moves)} of them move."
        )
        for failure in self.failed:
            problem(failure)
        if apply:
            try:
                self._write()
            except KeyboardInterrupt:
                problem("stopped while new results were written; the same command goes on.")
                return INTERRUPTED
            print(f"Written to {self.folder.path}.")
        elif self.graded:
            print("Nothing was written; the same command with --apply writes it.")
        return 1 if self.failed else 0

    def _write(self) -> None:
        self.folder.prepare()
        for number in range(self.graded):
            text = (self.spool / f"{number}.json").read_text(encoding="utf-8")
            self.folder.write(json.loads(text))
        results = (self.folder.read(student) for student in sorted(self.students))
        self.folder.write_grades([row_of(result) for result in results if result])
