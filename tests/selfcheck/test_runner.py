"""The self-check under pytest's own options, run in this process."""

import re
import threading

import pytest

from autograder.mnist import MnistError


def outcomes(out: str) -> str:
    """pytest's last line, without its ruler and time."""
    return re.search(r"^=* ?(.*?) in [\d.]+s", out, re.MULTILINE).group(1)


# Which tests are run


def test_k_takes_the_name_of_a_function(solved, inside):
    run = inside(solved, "exercises", "-k", "mnist_distance")
    assert run.code == 0
    assert outcomes(run.out) == "5 passed, 26 deselected"
    assert "1/1 functions · 5/5 tests" in run.out


def test_k_takes_a_part_of_a_test_name(solved, inside):
    run = inside(solved, "exercises", "-k", "tie")
    assert outcomes(run.out) == "1 passed, 30 deselected"


def test_one_file(solved, inside):
    run = inside(solved, "exercises/test_shapes.py")
    assert (run.code, outcomes(run.out)) == (0, "7 passed")


def test_one_test(stubs, inside):
    run = inside(stubs, "exercises/test_shapes.py::test_plain_int")
    assert (run.code, outcomes(run.out)) == (1, "1 not attempted")
    assert "Next: rank in exercises/shapes.py:" in run.out


def test_from_inside_of_the_folder(solved, inside):
    solved.answer("rank", "return 3")
    run = inside(solved, "test_shapes.py", folder="exercises")
    assert run.code == 1
    assert "Next: rank in exercises/shapes.py:66\n" in run.out


def test_x_stops_at_the_first_failure_and_calls_nothing_done_that_was_not_run(solved, inside):
    solved.answer("mean_template", "return stack.mean()")
    run = inside(solved, "exercises", "-x")
    assert run.code == 1
    assert outcomes(run.out) == "1 failed, 11 passed"
    assert "templates  mean_template      0 of 4 tests\n" in run.out
    assert "distance   mnist_distance     not run\n" in run.out
    assert "3/8 functions · 11/31 tests" in run.out


def test_lf_runs_what_failed(solved, inside):
    solved.answer("rank", "return tensor.shape[0]")
    run = inside(solved, "exercises", remember=True)
    assert outcomes(run.out) == "2 failed, 29 passed"
    run = inside(solved, "exercises", "--lf", remember=True)
    assert outcomes(run.out) == "2 failed"
    assert "0/1 functions · 0/2 tests" in run.out


def test_collecting_only_is_no_failure(stubs, inside):
    """What an IDE does to list the tests."""
    run = inside(stubs, "exercises", "--collect-only", "-q")
    assert run.code == 0
    assert "exercises/test_shapes.py::test_plain_int\n" in run.out
    assert "Threes" not in run.out


def test_tests_come_in_teaching_order(stubs, inside):
    run = inside(stubs, "exercises", "--collect-only", "-q")
    units = list(dict.fromkeys(re.findall(r"^exercises/test_(\w+)\.py::", run.out, re.M)))
    assert units == ["stacking", "shapes", "templates", "distance", "classify", "metrics"]


# Assignments and seeds


def test_all_assignments(solved, inside):
    run = inside(solved, "exercises/test_shapes.py", "--assignment=all")
    assert (run.code, outcomes(run.out)) == (0, "7 passed")


def test_an_unknown_assignment(solved, inside):
    run = inside(solved, "exercises", "--assignment=mnist_basic")
    assert run.code == pytest.ExitCode.USAGE_ERROR
    assert run.err.strip() == (
        "ERROR: There is no assignment 'mnist_basic'; choose one of: mnist_basics, all."
    )


@pytest.mark.parametrize("seconds", ["0", "-1", "inf", "nan", "ten"])
def test_no_time_limit_at_all(solved, inside, seconds):
    run = inside(solved, "exercises", f"--call-seconds={seconds}")
    assert run.code == pytest.ExitCode.USAGE_ERROR
    assert "argument --call-seconds: " in run.err


def test_the_seed_draws_other_cases(solved, inside):
    """A wrong answer that depends on the picture, seen by a test that draws its pictures."""
    seen = []
    for seed in ("1", "1", "2"):
        solved.answer("mnist_distance", "raise ValueError(a.sum().item())")
        run = inside(solved, "exercises/test_distance.py::test_no_loop", "--seed", seed)
        seen.append(re.search(r"it raised ValueError: ([\d.]+)", run.out).group(1))
    assert seen[0] == seen[1] != seen[2]


# What is shown


def test_messages_are_the_same_in_every_run(solved, inside):
    solved.answer("rank", "return object()")
    first, second = (inside(solved, "exercises/test_shapes.py").out for _ in range(2))
    assert "came back an object\n" in first
    assert first.partition("FAILURES")[2][:1500] == second.partition("FAILURES")[2][:1500]


def test_verbose_names_each_test(stubs, inside):
    stubs.answer("rank", "return 2")
    run = inside(stubs, "exercises/test_shapes.py", "-v")
    assert "test_plain_int PASSED" in run.out
    assert "test_axes_not_values FAILED" in run.out
    assert "test_good_stack SKIPPED (not attempted: exercises/shapes.py:19)" in run.out


@pytest.mark.parametrize("style", ["auto", "short", "native", "long"])
def test_pythons_own_traceback_comes_after_the_words_and_only_when_asked_for(solved, inside, style):
    solved.answer("mean_template", "return stack.mean(5)")
    run = inside(solved, "exercises/test_templates.py::test_one_picture_stays", f"--tb={style}")
    words = run.out.index("came back nothing: it raised IndexError: Dimension out of range")
    shown = run.out.find("templates.py", run.out.index("in        exercises/templates.py"))
    assert words < run.out.index("in        exercises/templates.py:67\n")
    assert ("def test_one_picture_stays" in run.out) == (style == "long")
    assert ("Traceback (most recent call last)" in run.out) == (style == "native")
    assert shown > 0


def test_one_line_for_each_failure(solved, inside):
    solved.answer("rank", "return 9")
    run = inside(solved, "exercises/test_shapes.py", "--tb=line")
    assert "exercises/shapes.py:66: A picture has rank 2, a stack of pictures rank 3\n" in run.out


def test_a_narrow_terminal(solved, inside, monkeypatch):
    monkeypatch.setattr("autograder.selfcheck.words.WIDTH", 60)
    solved.answer("rank", "return 9")
    run = inside(solved, "exercises/test_shapes.py")
    message = run.out[run.out.index("called") : run.out.index("in   ")]
    assert max(map(len, message.splitlines())) <= 60


def test_colours(solved, inside):
    solved.answer("rank", "return 9")
    run = inside(solved, "exercises/test_shapes.py", "--color=yes")
    assert "\x1b[31mcame back int 9\x1b[0m\n" in run.out
    assert "\x1b[32mexpected  2\x1b[0m\n" in run.out


def test_the_data_is_missing(solved, inside, monkeypatch):
    """The kit's own trouble is one sentence, said once, and no exercise is right."""

    def missing(*_args: object) -> None:
        raise MnistError("The data file 3.npz is missing; reinstall the kit.")

    monkeypatch.setattr("autograder.comparing.fixtures.pictures", missing)
    monkeypatch.setattr("autograder.comparing.fixtures.template", missing)
    run = inside(solved, "exercises/test_classify.py")
    assert run.code == 1
    assert run.out.count("The data file 3.npz is missing; reinstall the kit.\n") == 1
    assert "Traceback" not in run.out


# Debugging


def test_pdb_runs_answers_in_the_main_thread(solved, inside):
    """So that a debugger can follow, and nothing ends a call while somebody reads."""
    solved.answer(
        "rank",
        """
        import threading
        assert threading.current_thread() is threading.main_thread()
        return tensor.ndim
        """,
    )
    chosen = ("exercises/test_shapes.py", "-k", "rank and plain")
    assert threading.current_thread() is threading.main_thread()
    assert inside(solved, *chosen, "--pdb").code == 0
    assert inside(solved, *chosen).code == 1


# Among other tests


def test_tests_of_other_folders_are_left_alone(solved, inside):
    """Run together, a test elsewhere keeps its own fixture called rank."""
    other = solved.root / "tests"
    other.mkdir()
    (other / "test_other.py").write_text(
        "import pytest\n\n\n@pytest.fixture\ndef rank():\n    return 7\n\n\n"
        "def test_own(rank):\n    assert rank == 8\n"
    )
    run = inside(solved, "exercises/test_shapes.py", "tests")
    assert run.code == 1
    assert outcomes(run.out) == "1 failed, 7 passed"
    assert "FAILED tests/test_other.py::test_own - assert 7 == 8" in run.out
    assert "2/2 functions · 7/7 tests" in run.out
