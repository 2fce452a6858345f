"""The command line: ``autograder COMMAND``.

Each command imports what it needs when it runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import difflib
import os
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NoReturn

import click

from autograder.commands.say import INTERRUPTED, problem
from autograder.course import FIRST_ASSIGNMENT, SUITE_VARIABLE
from autograder.intake.downloads import SYSTEMS


class Group(click.Group):
    """A group that suggests the command that was probably meant, in the order of use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if not name.startswith("-") and name not in self.commands:
            near = difflib.get_close_matches(name, self.commands, n=1)
            meant = f" Did you mean {near[0]!r}?" if near else " See `autograder --help`."
            raise click.UsageError(f"There is no command {name!r}.{meant}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            # Where a command has nothing to say of its own. click's code would be 1.
            problem("stopped.")
            finish(INTERRUPTED)


class GivenPath(click.Path):
    """A path; an empty one, as of a shell variable that isn't set, would mean this folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("it is empty; give a path.", param, ctx)
        return super().convert(value, param, ctx)


given_path = GivenPath(path_type=Path)


def _version() -> str:
    try:
        return version("threes-and-sevens")
    except PackageNotFoundError:
        return "not installed"


def finish(code: int) -> NoReturn:
    """End with this exit code, also when whoever reads our output has gone."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version())
def main() -> None:
    """Threes & Sevens: exercises for the MNIST lesson.

    \b
    Students    pytest exercises, and then: hint, solution, pack, update
    Instructors release, grade, regrade, demo, doctor
    Authors     build
    """


def workers_by_default() -> int:
    """One worker for each core that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


workers_option = click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=workers_by_default,
    show_default="the cores",
    help="How many submissions to grade at a time.",
)


unsafe_option = click.option(
    "--unsafe",
    is_flag=True,
    help="Grade even where submissions can't be locked up: only code that you trust.",
)
source_option = click.option(
    "--from",
    "source",
    type=click.Choice(list(SYSTEMS)),
    help="Where SUBMITTED was downloaded from, as it came or unzipped.",
)
suite_option = click.option(
    "--suite",
    type=given_path,
    envvar=SUITE_VARIABLE,
    show_envvar=True,
    help="Folder of hidden tests of your own, beside the kit's.",
)
submitted_argument = click.argument("submitted", type=given_path)


def _check_url(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Refuse what was meant as SUBMITTED: behind --gradebook it is taken for the URL."""
    if value and "://" not in value:
        raise click.BadParameter(f"{value} is no URL of a database; give SUBMITTED before it.")
    return value


@main.command()
@submitted_argument
@click.option("--out", required=True, type=given_path, help="Folder to write results to.")
@click.option(
    "--assignment",
    default=FIRST_ASSIGNMENT,
    show_default=True,
    help="Which exercises to grade, or all.",
)
@workers_option
@click.option("--seed", type=int, default=0, show_default=True, help="Draw other test cases.")
@unsafe_option
@source_option
@suite_option
@click.option(
    "--gradebook",
    is_flag=False,
    flag_value="",
    callback=_check_url,
    metavar="[URL]",
    help="Write the scores to nbgrader's gradebook too: the course's own, or that at URL.",
)
def grade(
    submitted: Path,
    out: Path,
    assignment: str,
    workers: int,
    seed: int,
    unsafe: bool,
    source: str | None,
    suite: Path | None,
    gradebook: str | None,
) -> None:
    """Grade a class: a folder, or a zip, of submissions.

    SUBMITTED holds a folder, a zip or a notebook for each student. Results, grades.csv and
    feedback pages are written to the folder OUT. Whom an earlier run has graded there is not
    graded again, unless submission, suite or kit have changed.
    """
    from autograder.commands.grade import Request, run_grade

    request = Request(submitted, out, assignment, workers, seed, unsafe, source, suite)
    if gradebook is None:
        finish(run_grade(request))
    from autograder.commands.gradebook import run_grade_to_gradebook

    finish(run_grade_to_gradebook(request, gradebook))


@main.command()
@submitted_argument
@click.option("--out", required=True, type=given_path, help="Folder of an earlier grading.")
@workers_option
@click.option("--apply", is_flag=True, help="Write the new results. Without it, only show them.")
@unsafe_option
@source_option
@suite_option
def regrade(
    submitted: Path,
    out: Path,
    workers: int,
    apply: bool,
    unsafe: bool,
    source: str | None,
    suite: Path | None,
) -> None:
    """After a suite is mended: who moves, by how much, and by which test.

    Grades again what the change touches, with the assignment and the seed of the results in
    OUT. Nothing there changes without --apply.
    """
    from autograder.commands.grade import Request
    from autograder.commands.regrade import run_regrade

    request = Request(submitted, out, "", workers, 0, unsafe, source, suite)
    finish(run_regrade(request, apply))


@main.command()
@click.option(
    "--out",
    type=given_path,
    default=Path("graded"),
    show_default=True,
    help="Folder for the sample class and its results.",
)
@workers_option
def demo(out: Path, workers: int) -> None:
    """Grade a sample class on real MNIST, offline."""
    from autograder.commands.demo import run_demo

    finish(run_demo(out, workers))


@main.command()
def doctor() -> None:
    """Say what is installed, and what is missing."""
    from autograder.commands.doctor import run_doctor

    finish(run_doctor())


@main.command()
@click.argument("function")
@click.option("--again", is_flag=True, help="Begin with the first hint again.")
def hint(function: str, again: bool) -> None:
    """Give the next hint for a FUNCTION, from gentle to nearly there."""
    from autograder.commands.hint import run_hint

    finish(run_hint(function, again))


@main.command()
@click.argument("function")
def solution(function: str) -> None:
    """Show the reference solution of a FUNCTION, once your own passes."""
    from autograder.commands.solution import run_solution

    finish(run_solution(function))


@main.command()
@click.option(
    "--assignment", default=FIRST_ASSIGNMENT, show_default=True, help="Which exercises to hand in."
)
@click.option(
    "--out", type=given_path, help="The zip to write.  [default: ASSIGNMENT.zip beside exercises]"
)
def pack(assignment: str, out: Path | None) -> None:
    """Make the one file that you hand in, and say what is in it."""
    from autograder.commands.pack import run_pack

    finish(run_pack(assignment, out))


@main.command()
@click.argument("newer", type=given_path)
def update(newer: Path) -> None:
    """Bring a newer release into your folder; what you have edited stays yours.

    NEWER is the new release, a folder or a zip. Run it in the folder of exercises.
    """
    from autograder.commands.update import run_update

    finish(run_update(newer))


@main.command()
@click.argument("assignment")
@click.option(
    "--to", required=True, type=given_path, help="Folder to write to; an earlier release in it too."
)
def release(assignment: str, to: Path) -> None:
    """Write what a student gets of an ASSIGNMENT, without an answer or a hidden test.

    In a folder that holds an earlier release, what was edited since stays as it is.
    """
    from autograder.commands.release import run_release

    finish(run_release(assignment, to))


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is stale.")
@suite_option
def build(check: bool, suite: Path | None) -> None:
    """Cut stubs and course.json from the solutions and suites."""
    from autograder.commands.build import run_build

    finish(run_build(check, suite))
