"""``pytest exercises`` as a student types it: real processes, each looked at by many tests."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as ET
from dataclasses import dataclass

import pytest

from autograder.course import load_course
from autograder.selfcheck.plugin import beside
from tests.selfcheck.conftest import ROOT, Run, StudentsDesk, make_desk, plain_environment

FUNCTIONS = [function.name for function in load_course().functions]
INTERNALS = re.compile(r"Traceback|site-packages|autograder/|Error:.*torch/|terminate called")


@dataclass(frozen=True)
class Checked:
    """A desk, and one run of ``pytest exercises`` on it."""

    desk: StudentsDesk
    run: Run


# Fresh stubs


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    desk = make_desk(tmp_path_factory.mktemp("fresh"), solved=False)
    return Checked(desk, desk.pytest("exercises"))


def test_fresh_stubs_are_not_attempted(fresh):
    assert fresh.run.code == 1
    assert "= 31 not attempted in " in fresh.run.out
    for function in FUNCTIONS:
        assert re.search(rf"\b{function} +not attempted$", fresh.run.out, re.MULTILINE)


def test_fresh_stubs_show_no_failure_and_no_traceback(fresh):
    assert "FAILURES" not in fresh.run.out
    assert not INTERNALS.search(fresh.run.out)
    assert fresh.run.err == ""


def test_fresh_stubs_show_what_to_do_next(fresh):
    assert "░" * 24 + " 0/8 functions · 0/31 tests\nNext: stack_images in " in fresh.run.out
    file, line = re.search(r"Next: stack_images in (\S+):(\d+)$", fresh.run.out, re.M).groups()
    lines = (fresh.desk.root / file).read_text().splitlines()
    assert lines[int(line) - 1].startswith("def stack_images(")
    assert "autograder hint stack_images\n" in fresh.run.out


# All solutions


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    desk = make_desk(tmp_path_factory.mktemp("finished"), solved=True)
    return Checked(desk, desk.pytest("exercises"))


def test_the_solutions_are_done(finished):
    assert finished.run.code == 0
    assert "█" * 24 + " 8/8 functions · 31/31 tests\n" in finished.run.out
    assert "Next:" not in finished.run.out
    assert finished.run.err == ""


def test_the_students_own_figures(finished):
    assert "0.9168 of the 3s and 0.9854 of the 7s, 0.9511 together.\n" in finished.run.out


# One student, many mistakes


@pytest.fixture(scope="module")
def clumsy(tmp_path_factory):
    """Something else is wrong in every file, and a loop can't be stopped.

    Run from inside of the folder, which ``python -m`` puts on Python's path, with its torch.py.
    """
    desk = make_desk(tmp_path_factory.mktemp("clumsy"), solved=True)
    never_ends = """
        while True:
            try:
                while True:
                    torch.ones(3).sum()
            except BaseException:
                pass
    """
    desk.answer("stack_images", "print('I was here')\nreturn torch.stack(images).float()")
    desk.answer("rank", "exit()")
    desk.write("templates.py", b"def mean_template(stack):\n    return stack.mean(0)\0\n")
    with (desk.exercises / "distance.py").open("a") as file:
        file.write("\n\nwhile True:\n    pass\n")
    desk.write("classify.py", f"import torch\n\n\ndef is_3(*pictures):{never_ends}")
    desk.write(
        "metrics.py", b"# caf\xe9\ndef accuracy(a, b):\n    return (a == b).float().mean()\n"
    )
    desk.write("torch.py", "raise SystemExit('this is not torch')")
    report = desk.root / "report.xml"
    run = desk.pytest("--call-seconds=1", f"--junitxml={report}", cwd=desk.exercises)
    return Checked(desk, run)


def blocks(run: Run) -> dict[str, str]:
    """What stands under each failed test's name."""
    failures = run.out.partition("= FAILURES =")[2].partition("= Threes & Sevens =")[0]
    parts = re.split(r"^_+ (test_\w+) _+\n", failures, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_the_run_ends_with_code_1(clumsy):
    assert clumsy.run.code == 1
    assert re.search(r"= \d+ failed, \d+ passed, \d+ failed the same way in ", clumsy.run.out)


def test_nothing_of_pytest_or_torch_is_shown(clumsy):
    assert not INTERNALS.search(clumsy.run.out)
    assert clumsy.run.err == ""


def test_a_wrong_value_is_put_into_words(clumsy):
    *first, lesson = blocks(clumsy.run)["test_two_pictures"].splitlines()[:5]
    assert first == [
        "Two pictures become one tensor with values from 0 to 1",
        "called    stack_images(list of 2 uint8 (2, 2))",
        "came back float32 (2, 2, 2) 0.0, 51.0, 102.0, … (5 of 8 differ)",
        "expected  float32 (2, 2, 2) 0.0, 0.2, 0.4, …",
    ]
    assert lesson.startswith("lesson    The new first axis counts the pictures")


def test_what_the_answer_printed_comes_last(clumsy):
    block = blocks(clumsy.run)["test_two_pictures"]
    assert block.endswith(
        "Captured stdout call ---------------------------------------\nI was here\n"
    )


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("test_picture_and_stack", "it raised SystemExit (shapes.py line "),
        ("test_mean_of_each_pixel", "exercises/templates.py line 2 holds a NUL byte"),
        ("test_differences_do_not_cancel", "exercises/distance.py did not finish running"),
        ("test_the_nearer_template_wins", "no answer within 1 second: an endless loop?"),
        ("test_three_of_four", "exercises/metrics.py line 1 is not UTF-8; save it as UTF-8."),
    ],
)
def test_no_answer_and_why(clumsy, test, words):
    assert f"came back nothing: {words}" in " ".join(blocks(clumsy.run)[test].split())


def test_one_cause_is_shown_once(clumsy):
    """Each of these files fails all its tests for one reason."""
    shown = blocks(clumsy.run)
    for unit in ("templates", "distance", "classify", "metrics"):
        tests = re.findall(r"def (test_\w+)", (ROOT / f"exercises/test_{unit}.py").read_text())
        assert len([test for test in tests if test in shown]) == 1


def test_a_function_below_is_mended_first(clumsy):
    assert (
        "first     get mnist_distance right: "
        in blocks(clumsy.run)["test_the_nearer_template_wins"]
    )


def test_each_function_has_its_line_in_the_table(clumsy):
    table = clumsy.run.out.partition("= Threes & Sevens =")[2]
    assert re.search(r"stacking +stack_images +\d of 4 tests\n", table)
    assert re.search(r" check_image_stack +done\n", table)
    assert re.search(r"classify +is_3 +0 of 4 tests\n", table)


def test_no_summary_repeats_the_titles(clumsy):
    assert "short test summary" not in clumsy.run.out


def test_junit_xml_holds_every_message_whole(clumsy):
    """Also of the tests that failed the same way: a viewer shows them one by one."""
    cases = list(ET.parse(clumsy.desk.root / "report.xml").iter("testcase"))
    assert len(cases) == 31
    failed = [case.find("failure") for case in cases if case.find("failure") is not None]
    assert len(failed) > len(blocks(clumsy.run))
    for failure in failed:
        assert failure.get("message") == failure.text.splitlines()[0]
        assert re.search(r"^called .*^came back .*^expected ", failure.text, re.M | re.S)


# What ends Python itself


def test_a_loop_that_no_thread_can_stop(tmp_path):
    """``sum(iter(int, 1))`` runs in C and never lets go of Python's lock."""
    desk = make_desk(tmp_path, solved=True)
    desk.answer("rank", "return sum(iter(int, 1))")
    run = desk.pytest("exercises/test_shapes.py", "--call-seconds=0.1")
    assert run.code == 1
    assert run.err.strip() == (
        "Python ended in the middle of rank (exercises/shapes.py:66): "
        "look there for an endless loop, or a crash."
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C can't be sent to one process")
def test_ctrl_c_in_an_endless_loop(tmp_path):
    desk = make_desk(tmp_path, solved=True)
    desk.answer(
        "rank",
        """
        print("looping", flush=True)
        while True:
            try:
                while True:
                    torch.ones(3).sum()
            except BaseException:
                pass
        """,
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-s", "exercises/test_shapes.py"],
        cwd=desk.root,
        env=plain_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for line in process.stdout:
        if "looping" in line:
            break
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == pytest.ExitCode.INTERRUPTED
    assert "rank               not run\n" in out
    assert "Traceback" not in out
    assert err == ""


# Other people's tests


def test_a_project_with_fixtures_of_the_same_names_is_not_affected(tmp_path):
    """The kit is installed, and nothing of it is to be seen."""
    test = """
    import sys

    import pytest


    @pytest.fixture
    def rank():
        return 7


    @pytest.fixture
    def accuracy():
        return 0.5


    def test_own_fixtures(rank, accuracy):
        assert (rank, accuracy) == (7, 0.5)


    def test_no_kit(request):
        assert not request.config.pluginmanager.has_plugin("exercise_check")
        assert "torch" not in sys.modules and "autograder" not in sys.modules
    """
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "test_shapes.py").write_text(textwrap.dedent(test))
    run = StudentsDesk(tmp_path).pytest("exercises")
    assert run.code == 0
    assert "2 passed" in run.out
    assert "Threes" not in run.out


def test_the_kits_own_tests_run_without_torch(tmp_path):
    """The plugin is loaded in this repository, and imports torch for exercises alone."""
    probe = tmp_path / "tests" / "test_shapes.py"
    probe.parent.mkdir()
    probe.write_text("import sys\n\ndef test_no_torch():\n    assert 'torch' not in sys.modules\n")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    run = StudentsDesk(tmp_path).pytest("-v")
    assert run.code == 0
    assert "tests/test_shapes.py::test_no_torch PASSED" in run.out
    assert "Threes" not in run.out


def test_the_file_that_a_student_edits_stands_for_its_tests(tmp_path):
    (tmp_path / "test_distance.py").write_text("")
    edited = str(tmp_path / "distance.py")
    assert beside(edited, ["distance"]) == str(tmp_path / "test_distance.py")
    for other in (str(tmp_path / "helpers.py"), ".", "..", "/", ""):
        assert beside(other, ["distance"]) == other
