"""The judge runs a suite over answers; a suite at fault is told from an answer at fault."""

import pytest

from autograder.judging.failures import MachineFailure
from autograder.judging.judge import Judge, run_judge
from autograder.judging.suite import SuiteError, suite_files
from tests.judging.local import COURSE, judge_answers

GOOD = "def rank(tensor):\n    return tensor.dim()\n"
HEAD = "import pytest\nimport torch\n\n"
ONE_TEST = (
    HEAD
    + '''
@pytest.mark.rule("value", points=2)
def test_rank(rank, expect):
    """Counts the axes

    The rank is the number of axes.
    """
    expect.value(rank(torch.zeros(2, 3)), 2)
'''
)


def suite(folder, text):
    # A name of its own: Python imports a module of one name once in a process.
    file = folder / f"test_{folder.name}.py"
    file.write_text(text)
    return [file]


def judged(folder, text, answer=GOOD):
    """The verdict on ``answer`` to rank, by a suite of one test."""
    [verdicts] = judge_answers([("rank", answer)], files=suite(folder, text))
    [(test, verdict)] = verdicts.items()
    return test, verdict


def test_a_test_is_described_by_its_docstring_and_marker(tmp_path):
    test, verdict = judged(tmp_path, ONE_TEST)
    assert (test.title, test.lesson) == ("Counts the axes", "The rank is the number of axes.")
    assert (test.function, test.rule, test.points) == ("rank", "value", 2.0)
    assert verdict.status == "passed"


def test_a_wrong_answer_fails_in_words(tmp_path):
    _, verdict = judged(tmp_path, ONE_TEST, "def rank(tensor):\n    return len(tensor) + 1\n")
    assert verdict.status == "failed"
    assert verdict.message.splitlines() == [
        "called    rank(float32 (2, 3))",
        "came back int 3",
        "expected  2",
        "lesson    The rank is the number of axes.",
    ]


def test_a_plain_assert_works_too(tmp_path):
    text = ONE_TEST.replace(
        "expect.value(rank(torch.zeros(2, 3)), 2)", "assert rank(torch.zeros(2)) == 9"
    )
    _, verdict = judged(tmp_path, text)
    assert verdict.status == "failed"
    assert "called    rank(float32 (2,))" in verdict.message
    assert "1 == 9" in verdict.message


def test_what_a_test_does_to_an_odd_answer_is_the_answers_fault(tmp_path):
    text = ONE_TEST.replace(
        "expect.value(rank(torch.zeros(2, 3)), 2)", "assert rank(torch.zeros(2)).shape"
    )
    _, verdict = judged(tmp_path, text, "def rank(tensor):\n    return None\n")
    assert verdict.status == "failed"


def test_a_test_that_breaks_before_it_calls_anything_is_never_a_zero(tmp_path):
    text = ONE_TEST.replace("expect.value(rank(torch.zeros(2, 3)), 2)", "1 / 0")
    with pytest.raises(MachineFailure, match="test_rank is broken"):
        judged(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("import nothing_like_this\n", "nothing_like_this"),
        ("def test_rank(rank)\n", "SyntaxError"),
        (ONE_TEST.replace('@pytest.mark.rule("value", points=2)\n', ""), "rule"),
        (ONE_TEST.replace('"value"', '"valeu"'), "rule"),
        (ONE_TEST.replace("(rank, expect)", "(expect)"), "function under test"),
        (HEAD + '@pytest.mark.rule("value")\ndef test_rank(rank):\n    pass\n', "docstring"),
    ],
)
def test_a_suite_at_fault_says_where(tmp_path, text, word):
    with pytest.raises(SuiteError, match=word):
        run_judge(Judge(COURSE, 0, lambda judge: None), suite(tmp_path, text))


def test_a_missing_suite_is_a_sentence(tmp_path):
    with pytest.raises(SuiteError, match="no hidden suites"):
        suite_files(hidden=tmp_path)


def test_the_suite_is_collected_once_for_many_answers(tmp_path):
    text = f"{ONE_TEST}\nprint('collected')\n"
    counter = tmp_path / "counter"
    text += f"open({str(counter)!r}, 'a').write('x')\n"
    judge_answers([("rank", GOOD)] * 5, files=suite(tmp_path, text))
    assert counter.read_text() == "x"


def test_another_seed_draws_other_cases(tmp_path):
    text = (
        HEAD
        + '''
@pytest.mark.rule("value", points=1)
def test_rank(rank, draw, expect):
    """Counts"""
    expect.value(rank(draw.images(draw.number(1, 10**6))), 2)
'''
    )
    answers = [("rank", GOOD)]
    one, two, again = (
        [v.message for v in judge_answers(answers, seed, suite(tmp_path, text))[0].values()]
        for seed in (0, 1, 0)
    )
    assert one == again != two
