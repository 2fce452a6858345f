"""``autograder grade`` once more: what holds is kept, and a run may end at any moment."""

import io
import json
import random
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.authoring.sample_class import half_done, solutions, with_answers, without_colon
from autograder.commands.grade import Request, run_grade
from autograder.judging import grade, sandbox
from autograder.judging.sandbox import LIMITS, Sandbox, readable
from tests.commands.conftest import Run, read_results
from tests.commands.killing import Grading, adopted_orphans
from tests.judging.private import write_suite
from tests.worker import children

if sys.platform == "win32":
    pytest.skip("grading needs Linux or macOS", allow_module_level=True)

RIGHT = "def rank(tensor):\n    return tensor.ndim\n"
WRONG = "def rank(tensor):\n    return tensor.ndim + 1\n"


def run(submitted, out, **options):
    """Grade in this process."""
    said, complained = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(complained):
        code = run_grade(Request(submitted, out, "mnist_basics", workers=1, **options))
    return Run(code, said.getvalue(), complained.getvalue())


def hand_in(student, **units):
    """Write a student's folder."""
    student.mkdir(parents=True, exist_ok=True)
    for unit, text in units.items():
        (student / f"{unit}.py").write_text(text)


def everything(out):
    """The bytes of each file."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file()
    }


@dataclass(frozen=True)
class Class:
    submitted: Path
    out: Path

    def copy(self, place):
        """The same class somewhere else, to be changed there."""
        shutil.copytree(self.submitted, place / "submitted")
        shutil.copytree(self.out, place / "out")
        return Class(place / "submitted", place / "out")

    def result(self, student):
        return self.out / "results" / f"{student}.json"

    def page(self, student):
        return self.out / "feedback" / f"{student}.html"

    def written_by(self, grading: Callable[[], Run]) -> set[str]:
        """The students whose result ``grading`` writes, whether it is the same or another."""
        before = {path: path.stat().st_ino for path in (self.out / "results").iterdir()}
        assert grading().code == 0
        after = {path: path.stat().st_ino for path in (self.out / "results").iterdir()}
        return {path.stem for path in after if after[path] != before.get(path)}


STUDENTS = ("anna", "ben", "cem", "dora", "eve", "finn")


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A small class, graded."""
    place = tmp_path_factory.mktemp("first")
    made = Class(place / "submitted", place / "out")
    for student in STUDENTS:
        hand_in(made.submitted / student, shapes=RIGHT)
    assert run(made.submitted, made.out).code == 0
    return made


@pytest.fixture
def graded(first, tmp_path):
    return first.copy(tmp_path)


# What holds is kept


def test_a_second_run_grades_nobody_and_leaves_the_same_bytes(graded, first, monkeypatch):
    monkeypatch.setattr(grade, "Crew", lambda *_: pytest.fail("a judge was started"))
    again = run(graded.submitted, graded.out)
    assert again.out.startswith(
        "6 of 6 were graded before and have not changed since; these results are kept.\n"
    )
    assert (again.code, again.err) == (0, "")
    assert everything(graded.out) == everything(first.out)


def test_a_kept_result_is_not_written_again(graded):
    assert graded.written_by(lambda: run(graded.submitted, graded.out)) == set()


def test_a_missing_page_is_written_again(graded, first):
    graded.page("anna").unlink()
    run(graded.submitted, graded.out)
    assert everything(graded.out) == everything(first.out)


def test_missing_grades_are_written_again(graded, first):
    (graded.out / "grades.csv").unlink()
    run(graded.submitted, graded.out)
    assert everything(graded.out) == everything(first.out)


def test_what_a_killed_run_has_left_goes_away(graded, first):
    for place in ("results", "feedback", "."):
        (graded.out / place / ".0123456789abcdef.tmp").write_text("half a page")
    run(graded.submitted, graded.out)
    assert everything(graded.out) == everything(first.out)


@pytest.fixture(scope="module")
def mended(first, tmp_path_factory):
    """The class after all sorts of things went wrong with it, graded again: who, by what run."""
    later = first.copy(tmp_path_factory.mktemp("mended"))
    hand_in(later.submitted / "ben", shapes=WRONG)
    later.result("cem").unlink()
    result = json.loads(later.result("dora").read_text())
    result |= {"status": "not_graded", "problem": "the machine failed", "score": None}
    later.result("dora").write_text(json.dumps(result))
    half = later.result("eve").read_bytes()
    later.result("eve").write_bytes(half[: len(half) // 2])
    shutil.copy(later.result("anna"), later.result("finn"))
    said = []

    def again():
        said.append(run(later.submitted, later.out))
        return said[0]

    return later, later.written_by(again), said[0]


def test_who_has_not_changed_is_kept(mended):
    assert "anna" not in mended[1]
    assert mended[2].out.startswith("1 of 6 were graded before")


def test_a_changed_submission_is_graded_again(mended):
    assert "ben" in mended[1]
    assert read_results(mended[0].out)["ben"]["score"] < 3


@pytest.mark.parametrize(
    "student", ["cem", "dora", "eve", "finn"], ids=["gone", "not graded", "half", "another's"]
)
def test_a_result_that_does_not_hold_is_found_again(mended, first, student):
    assert student in mended[1]
    for found, before in ((mended[0].result, first.result), (mended[0].page, first.page)):
        assert found(student).read_bytes() == before(student).read_bytes()


def test_kept_and_new_results_stand_together_in_the_grades(mended):
    lines = (mended[0].out / "grades.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["student", *STUDENTS]


def test_by_another_seed_everybody_is_graded_again(graded):
    again = graded.written_by(lambda: run(graded.submitted, graded.out, seed=1))
    assert again == set(STUDENTS)
    assert {r["receipt"]["seed"] for r in read_results(graded.out).values()} == {1}


# What can't be locked up is refused


UNLOCKED = Sandbox((LIMITS,), ("this kernel has no Landlock", "system calls can't be filtered"))


@pytest.fixture
def unlocked(monkeypatch):
    """A machine on which two layers are missing."""
    monkeypatch.setattr(sandbox, "find_sandbox", lambda: UNLOCKED)


@pytest.fixture
def anna(tmp_path):
    hand_in(tmp_path / "class" / "anna", shapes=RIGHT)
    return tmp_path / "class"


def refused(run):
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 1)
    return run.sentences[0]


def test_without_a_lock_nothing_is_graded(unlocked, anna, tmp_path):
    sentence = refused(run(anna, tmp_path / "out"))
    for missing in UNLOCKED.missing:
        assert missing in sentence
    assert "--unsafe" in sentence
    assert not (tmp_path / "out").exists()


def test_unsafe_grades_and_both_terminal_and_receipt_say_so(unlocked, anna, tmp_path):
    graded = run(anna, tmp_path / "out", unsafe=True)
    assert graded.code == 0
    assert all(missing in graded.sentences[0] for missing in UNLOCKED.missing)
    result = read_results(tmp_path / "out")["anna"]
    assert (result["score"], result["receipt"]["sandbox"]) == (3.0, [LIMITS])


def test_what_was_graded_unsafe_is_graded_again_under_a_lock(first, tmp_path):
    result = first.result("anna").read_text()
    layers = json.dumps(json.loads(result)["receipt"]["sandbox"])
    less = first.copy(tmp_path)
    less.result("anna").write_text(result.replace(f'"sandbox": {layers}', '"sandbox": []'))
    assert less.written_by(lambda: run(less.submitted, less.out)) == {"anna"}
    assert less.result("anna").read_text() == result


@pytest.fixture
def libraries(tmp_path, monkeypatch):
    """A folder in which the system looks for libraries: workers may read it."""
    folder = tmp_path / "libraries"
    folder.mkdir()
    monkeypatch.setenv("LD_LIBRARY_PATH", str(folder))
    readable.cache_clear()
    yield folder
    readable.cache_clear()


def test_a_class_that_submissions_could_read_is_refused(anna, libraries, tmp_path):
    inside = anna.rename(libraries / "class")
    sentence = refused(run(inside, tmp_path / "out"))
    assert sentence.startswith(f"autograder: {inside} lies inside {libraries}")
    assert "move it elsewhere" in sentence


def test_results_that_submissions_could_read_are_refused(anna, libraries):
    assert str(libraries / "out") in refused(run(anna, libraries / "out"))
    assert not (libraries / "out").exists()


def test_a_private_suite_that_submissions_could_read_is_refused(anna, libraries, tmp_path):
    suite = write_suite(libraries / "suite")
    sentence = refused(run(anna, tmp_path / "out", suite=suite))
    assert sentence.startswith(f"autograder: {suite} lies inside {libraries}")


# Killed at any moment


SLOW = "import time\n\ntime.sleep(0.3)\n"
"""At the beginning of a file: long enough for a run to end before the class does."""


@pytest.fixture(scope="module")
def class_of_sixteen(tmp_path_factory):
    """Right, half done, wrong and broken submissions: none takes long, and none no time."""
    folder = tmp_path_factory.mktemp("class")
    kinds = [
        solutions(),
        half_done(),
        with_answers(rank="number-of-elements", mnist_distance="forgot-abs"),
        without_colon("classify"),
    ]
    for number in range(16):
        files = {name.removesuffix(".py"): text for name, text in kinds[number % 4].items()}
        files["shapes"] = SLOW + files["shapes"]
        hand_in(folder / f"{number:02}", **files)
    return folder


KILLS_AT_THE_START, KILLS_AT_A_PAGE, KILLS_AFTER_A_RESULT = 12, 5, 3


def moments(chance):
    """Twenty moments to end a run at: so long after the start, or after a new file in a folder."""
    starting = [("", chance.uniform(0.3, 2.5)) for _ in range(KILLS_AT_THE_START)]
    at_a_page = [("feedback", 0.0)] * KILLS_AT_A_PAGE
    grading = [("results", chance.uniform(0.0, 0.4)) for _ in range(KILLS_AFTER_A_RESULT)]
    return chance.sample([*starting, *at_a_page, *grading], k=20)


def assert_whole(out):
    """Where a result stands it is whole, and its page stands too."""
    for file in (out / "results").glob("*.json") if out.is_dir() else ():
        assert json.loads(file.read_text())["student"] == file.stem
        assert (out / "feedback" / f"{file.stem}.html").read_text().rstrip().endswith("</html>")


@children.linux
def test_a_grader_killed_twenty_times_ends_with_the_bytes_of_one_left_alone(
    class_of_sixteen, tmp_path
):
    disturbed, alone = tmp_path / "disturbed", tmp_path / "alone"
    done = set()
    with adopted_orphans():
        for folder, seconds in moments(random.Random(3)):
            grading = Grading(class_of_sixteen, disturbed)
            if folder:
                grading.wait_for_one_more(folder)
            grading.wait_for(seconds)
            grading.kill()
            assert_whole(disturbed)
            done.add(len(list(disturbed.glob("results/*.json"))))
        for grading in [Grading(class_of_sixteen, out) for out in (disturbed, alone)]:
            grading.finish()
    # The kills did fall into the grading, and the class was never done before the last of them.
    assert len(done) >= KILLS_AFTER_A_RESULT
    assert max(done) < 16
    assert everything(disturbed) == everything(alone)
    assert len(list(alone.glob("results/*.json"))) == 16
