"""``autograder regrade``: a suite is mended, and OUT changes when it is told to, not before."""

import io
import json
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest

from autograder.commands.grade import Request
from autograder.commands.regrade import run_regrade
from autograder.judging import suite
from autograder.judging.suite import HIDDEN
from autograder.reporting.folder import GradedFolder
from tests.commands.conftest import Run, autograder, read_results

if sys.platform == "win32":
    pytest.skip("grading needs Linux or macOS", allow_module_level=True)

ANSWERS = {
    "anna": "def rank(tensor):\n    return tensor.ndim\n",
    "ben": "def rank(tensor):\n    return tensor.ndim + 1\n",
    "cem": "import torch\n\ndef rank(tensor):\n    return torch.tensor(tensor.ndim)\n",
}
# The mended suite takes a rank of any type.
TOO_STRICT = "expect.type(rank(draw.images(6, 28, 28)), int)"
MENDED = "assert rank(draw.images(6, 28, 28)) is not None"


@dataclass(frozen=True)
class Class:
    submitted: Path
    out: Path
    suite: list[Path]

    def hand_in(self, student, text):
        (self.submitted / student).mkdir(parents=True)
        (self.submitted / student / "shapes.py").write_text(text)

    def copy(self, place):
        """The same class somewhere else, to be changed there."""
        shutil.copytree(self.submitted, place / "submitted")
        shutil.copytree(self.out, place / "out")
        return replace(self, submitted=place / "submitted", out=place / "out")

    def regrade(self, apply=False):
        """Regrade it by the mended suite, in this process."""
        said, complained = io.StringIO(), io.StringIO()
        with (
            pytest.MonkeyPatch.context() as patch,
            redirect_stdout(said),
            redirect_stderr(complained),
        ):
            patch.setattr(suite, "suite_files", lambda _private: self.suite)
            code = run_regrade(Request(self.submitted, self.out, "", workers=1), apply)
        return Run(code, said.getvalue(), complained.getvalue())


def everything(out):
    """A digest of each file."""
    return {
        path.relative_to(out).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in out.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class that was graded by the suite as it is, and a suite that was mended since."""
    place = tmp_path_factory.mktemp("graded")
    mended = shutil.copytree(HIDDEN, place / "mended", ignore=shutil.ignore_patterns("__*"))
    text = (mended / "test_shapes.py").read_text()
    assert TOO_STRICT in text
    (mended / "test_shapes.py").write_text(text.replace(TOO_STRICT, MENDED))
    made = Class(place / "submitted", place / "out", sorted(mended.glob("test_*.py")))
    for student, answer in ANSWERS.items():
        made.hand_in(student, answer)
    assert autograder("grade", made.submitted, "--out", made.out, "--seed", 7).code == 0
    return made


@pytest.fixture(scope="module")
def shown(graded, tmp_path_factory):
    """The class with one student more, after a regrade that only shows: class and command."""
    later = graded.copy(tmp_path_factory.mktemp("shown"))
    later.hand_in("dora", ANSWERS["anna"])
    return later, later.regrade()


@pytest.fixture(scope="module")
def applied(shown, tmp_path_factory):
    """The same regrade, written."""
    later = shown[0].copy(tmp_path_factory.mktemp("applied"))
    return later, later.regrade(apply=True)


def test_it_says_who_moves_by_how_much_and_by_which_test(shown):
    lines = shown[1].out.splitlines()
    assert lines[:2] == [
        "cem   2.5/50 -> 3/50  (+0.5)",
        "        +0.5 test_rank_is_an_int (rank): The rank is a Python int",
    ]


def test_whoever_has_handed_in_since_moves_too(shown):
    assert "dora  not graded -> 3/50  (+3)" in shown[1].out.splitlines()


def test_whoever_does_not_move_is_not_named(shown):
    assert "anna" not in shown[1].out
    assert "ben" not in shown[1].out


def test_it_ends_with_how_many_and_how_to_write_it(shown):
    assert shown[1].out.splitlines()[-2:] == [
        "4 submissions: 4 graded again, 2 of them move.",
        "Nothing was written; the same command with --apply writes it.",
    ]
    assert shown[1].code == 0


def test_nothing_is_written_until_it_is_told_to(graded, shown):
    assert everything(shown[0].out) == everything(graded.out)


def test_applied_it_shows_the_same(shown, applied):
    assert applied[1].out.splitlines()[:-1] == shown[1].out.splitlines()[:-1]
    assert applied[1].out.splitlines()[-1] == f"Written to {applied[0].out}."
    assert applied[1].code == 0


def test_applied_results_pages_and_grades_are_written(graded, applied):
    before, after = everything(graded.out), everything(applied[0].out)
    assert after.keys() - before.keys() == {"results/dora.json", "feedback/dora.html"}
    # Every result says by which suite; whose points stay has the same page but for that.
    assert [name for name in before if before[name] == after[name]] == []
    results = read_results(applied[0].out)
    assert {student: result["score"] for student, result in results.items()} == {
        "anna": 3.0,
        "ben": 1.0,
        "cem": 3.0,
        "dora": 3.0,
    }
    lines = applied[0].out.joinpath("grades.csv").read_text().splitlines()
    assert [line.split(",")[:2] for line in lines[1:]] == [
        ["anna", "3"],
        ["ben", "1"],
        ["cem", "3"],
        ["dora", "3"],
    ]


def test_assignment_and_seed_stay_those_of_the_first_time(applied):
    results = read_results(applied[0].out).values()
    assert {(r["assignment"], r["receipt"]["seed"]) for r in results} == {("mnist_basics", 7)}


def test_a_second_time_nobody_is_graded_and_nobody_moves(applied):
    again = applied[0].regrade()
    assert again.out == "4 submissions: 0 graded again, 0 of them move.\n"
    assert again.code == 0


def test_by_the_same_suite_nobody_is_graded_and_nobody_moves(graded):
    run = autograder("regrade", graded.submitted, "--out", graded.out)
    assert run.out == "3 submissions: 0 graded again, 0 of them move.\n"
    assert (run.code, run.err) == (0, "")


def test_whoever_can_not_be_graded_keeps_the_earlier_result(graded, tmp_path):
    twice = graded.copy(tmp_path)
    shutil.make_archive(str(twice.submitted / "anna"), "zip", twice.submitted / "anna")
    before = everything(twice.out)
    run = twice.regrade(apply=True)
    after = everything(twice.out)
    assert run.code == 1
    assert [s for s in run.sentences if s.startswith("autograder: anna is not graded: ")]
    assert after["results/anna.json"] == before["results/anna.json"]
    assert after["results/cem.json"] != before["results/cem.json"]
    assert "anna,3,50,graded" in twice.out.joinpath("grades.csv").read_text()


# Refused


def refused(run, *words):
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 1)
    for word in words:
        assert word in run.sentences[0]


def test_a_folder_without_results_is_refused(graded, tmp_path):
    refused(autograder("regrade", graded.submitted, "--out", tmp_path), "no results", "grade")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_refused_and_not_made(graded, tmp_path):
    refused(autograder("regrade", graded.submitted, "--out", tmp_path / "out"), "no results")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda result: result["receipt"].update(seed=8),
        lambda result: result.update(assignment="all"),
    ],
    ids=["seeds", "assignments"],
)
def test_results_of_several_seeds_or_assignments_are_refused(graded, tmp_path, change):
    mixed = graded.copy(tmp_path)
    file = mixed.out / "results" / "anna.json"
    result = json.loads(file.read_text())
    change(result)
    file.write_text(json.dumps(result))
    refused(
        autograder("regrade", mixed.submitted, "--out", mixed.out),
        "several assignments or seeds",
        "a folder of its own",
    )


def test_a_class_that_is_not_there_is_refused(graded, tmp_path):
    refused(autograder("regrade", tmp_path / "nowhere", "--out", graded.out), "nowhere")


def test_an_assignment_that_is_gone_is_refused(graded, tmp_path):
    renamed = graded.copy(tmp_path)
    for file in (renamed.out / "results").iterdir():
        file.write_text(file.read_text().replace('"mnist_basics"', '"mnist_bsics"'))
    refused(autograder("regrade", renamed.submitted, "--out", renamed.out), "mnist_bsics")


def test_stopped_while_it_writes_it_does_not_say_that_nothing_changed(
    graded, tmp_path, monkeypatch
):
    later = graded.copy(tmp_path)

    def stop(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(GradedFolder, "write", stop)
    run = later.regrade(apply=True)
    assert run.code == 130
    assert run.sentences == [
        "autograder: stopped while new results were written; the same command goes on."
    ]
