"""The end of a run on the terminal."""


def test_quiet(stubs, inside):
    run = inside(stubs, "exercises", "-q")
    assert run.code == 1
    assert run.out.startswith("-" * 31)
    assert "Next: stack_images" in run.out


def test_a_summary_when_asked_for(solved, inside):
    solved.answer("rank", "return 9")
    run = inside(solved, "exercises/test_shapes.py", "-rf")
    assert "FAILED exercises/test_shapes.py::test_picture_and_stack - A picture has rank" in run.out


def test_no_traceback_at_all(solved, inside):
    solved.answer("rank", "return 9")
    run = inside(solved, "exercises", "--tb=no")
    assert run.code == 1
    assert "came back" not in run.out
    assert "Next: rank" in run.out


def test_the_figures_come_with_the_last_function(solved, inside):
    run = inside(solved, "exercises/test_metrics.py")
    assert run.code == 0
    assert "2/2 functions · 7/7 tests\nYour ideal digits are right about 0.9168" in run.out
    solved.answer("accuracy_3_7", "return valid3.mean(), valid7.mean(), mean3.mean()")
    assert "Your ideal digits" not in inside(solved, "exercises/test_metrics.py").out


def test_it_is_the_last_thing_that_is_said(solved, inside):
    solved.answer("rank", "return 9")
    run = inside(solved, "exercises/test_shapes.py", "-rf")
    *_rest, before, hint, total = run.out.splitlines()
    assert before == "      Return the number of axes, not the number of values."
    assert hint == "      For a hint: autograder hint rank"
    assert " 2 failed, 5 passed in " in total


def test_no_exercises_no_summary(solved, inside):
    (solved.root / "test_other.py").write_text("def test_other():\n    assert 7 == 8\n")
    run = inside(solved, "test_other.py")
    assert "Threes" not in run.out
    assert "FAILED test_other.py::test_other - assert 7 == 8" in run.out
