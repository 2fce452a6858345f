"""Equal answers get equal verdicts, found once: a class hands in the same few answers."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.intake.submission import Source, Submission
from autograder.judging import judge as judging
from autograder.judging.backend import WorkerBackend
from autograder.judging.judge import Judge, run_judge
from autograder.judging.layout import find_layout
from autograder.judging.plan import Plan
from autograder.judging.sandbox import find_sandbox
from autograder.judging.slot import rehearse

COURSE = load_course()

HEAD = """
import pytest
import torch

def ran(test):
    with open(COUNTER, "a") as file:
        file.write(test + " ")

"""
COUNTING = (
    HEAD
    + '''
@pytest.mark.rule("value", points=1)
def test_axes(rank, expect):
    """Counts the axes"""
    ran("axes")
    expect.value(rank(torch.zeros(2, 3)), 2)

@pytest.mark.rule("type", points=1)
def test_int(rank, expect):
    """Is an int"""
    ran("int")
    expect.type(rank(torch.zeros(2, 3, 4)), int)
'''
)
MEASURING = (
    HEAD
    + '''
@pytest.mark.rule("value", points=1)
def test_distance(mnist_distance, expect):
    """Is the mean of the differences"""
    ran("distance")
    expect.value(mnist_distance(torch.ones(2, 2), torch.zeros(2, 2)), 1)

@pytest.mark.rule("graph", points=1)
def test_gradient(mnist_distance, draw, expect):
    """Has a gradient"""
    ran("gradient")
    expect.in_graph(mnist_distance, draw.images(3, 2, 2), draw.images(2, 2))
'''
)
CURIOUS = (
    HEAD
    + '''
@pytest.mark.rule("value", points=1)
def test_axes(rank, expect):
    """Asks an answer that is wrong for more"""
    ran("axes")
    if rank(torch.zeros(2, 3)) != 2:
        rank(torch.zeros(5))
        expect.value(rank(torch.zeros(2, 3)), 2)
'''
)

RIGHT = "def rank(tensor):\n    return tensor.ndim\n"
ALSO_RIGHT = "def rank(tensor):\n    axes = len(tensor.shape)\n    return axes\n"
WRONG = "def rank(tensor):\n    return tensor.ndim + 1\n"
A_TENSOR = "import torch\ndef rank(tensor):\n    return torch.tensor(tensor.ndim)\n"
DISTANCE = "def mnist_distance(a, b):\n    return (a - b).abs().mean((-1, -2))\n"


@dataclass(frozen=True)
class Judged:
    """What came of one submission: each test's verdict, and which tests ran for it."""

    verdicts: dict
    ran: list[str]

    @property
    def statuses(self):
        return {name: verdict.status for name, verdict in self.verdicts.items()}


@pytest.fixture
def judge_all(server, tmp_path):
    """Judges submissions, one after the other, by a suite that notes down what it runs."""

    def judge_all(suite, *texts, unit="shapes", seconds=10.0):
        counter = tmp_path / "ran"
        # A name of its own: Python imports a module of one name once in a process.
        file = tmp_path / f"test_{tmp_path.name}.py"
        file.write_text(f"COUNTER = {str(counter)!r}\n{suite}")
        plan = Plan("mnist_basics", 0, (file,), find_sandbox(), seconds)
        found = []

        def work(judge):
            scripts = rehearse(judge, plan, server)
            for text in texts:
                counter.write_text("")
                found.append(one(judge, text, unit, plan, scripts, counter))

        run_judge(Judge(COURSE, 0, work), [file])
        return found

    def one(judge, text, unit, plan, scripts, counter: Path):
        submission = Submission("anna", (Source(unit, (text,), f"{unit}.py"),), (), (), None, "")
        layout = find_layout(submission, COURSE)
        backend = WorkerBackend(submission, layout, COURSE, server, plan.seconds, scripts)
        verdicts = judge.run(backend, layout.attempted)
        named = {test.name: verdict for test, verdict in verdicts.items()}
        return Judged(named, counter.read_text().split())

    return judge_all


def test_equal_answers_are_judged_once(judge_all):
    first, second = judge_all(COUNTING, RIGHT, ALSO_RIGHT)
    assert first.statuses == {"test_axes": "passed", "test_int": "passed"}
    assert first.ran == ["axes", "int"]
    assert second.verdicts == first.verdicts
    assert second.ran == []


def test_equal_mistakes_get_the_same_words(judge_all):
    first, second = judge_all(COUNTING, WRONG, f"# By myself.\n{WRONG}")
    assert "came back int 3" in first.verdicts["test_axes"].message
    assert (second.verdicts, second.ran) == (first.verdicts, [])


def test_another_answer_is_judged(judge_all):
    found = judge_all(COUNTING, RIGHT, WRONG, A_TENSOR)
    assert [judged.ran for judged in found] == [["axes", "int"]] * 3
    assert found[1].statuses == {"test_axes": "failed", "test_int": "passed"}
    assert found[2].statuses == {"test_axes": "passed", "test_int": "failed"}


def test_an_answer_is_known_again_after_others(judge_all):
    found = judge_all(COUNTING, RIGHT, WRONG, A_TENSOR, WRONG, RIGHT)
    assert [bool(judged.ran) for judged in found] == [True, True, True, False, False]
    assert found[3].verdicts == found[1].verdicts
    assert found[4].verdicts == found[0].verdicts


def test_what_a_call_prints_is_part_of_the_answer(judge_all):
    talking = "def rank(tensor):\n    print('hello')\n    return tensor.ndim + 1\n"
    quiet, loud = judge_all(COUNTING, WRONG, talking)
    assert loud.ran == ["axes", "int"]
    assert "hello" in loud.verdicts["test_axes"].message
    assert "hello" not in quiet.verdicts["test_axes"].message


def test_where_an_answer_raised_is_part_of_it(judge_all):
    raising = "def rank(tensor):\n    raise ValueError('no')\n"
    first, second = judge_all(COUNTING, raising, f"\n\n{raising}")
    assert "line 2" in first.verdicts["test_axes"].message
    assert "line 4" in second.verdicts["test_axes"].message


def test_the_graph_is_judged_every_time(judge_all):
    first, second = judge_all(MEASURING, DISTANCE, f"# Mine.\n{DISTANCE}", unit="distance")
    assert first.ran == ["distance", "gradient"]
    assert second.ran == ["gradient"]
    assert second.verdicts == first.verdicts


def test_a_gradient_that_holds_for_another_is_no_help(judge_all):
    # Alike in every call of the script, and without values where the gradient is compared.
    forged = (
        "import torch\n"
        "def mnist_distance(a, b):\n"
        "    found = (a - b).abs().mean((-1, -2))\n"
        "    return found if a.requires_grad or a.ndim == 2 else found.detach() * 0\n"
    )
    honest, other = judge_all(MEASURING, DISTANCE, forged, unit="distance")
    assert honest.statuses == {"test_distance": "passed", "test_gradient": "passed"}
    assert other.ran == ["gradient"]
    assert other.statuses == {"test_distance": "passed", "test_gradient": "failed"}


def test_an_answer_that_was_asked_for_more_is_not_remembered(judge_all):
    first, second = judge_all(CURIOUS, WRONG, f"# Mine.\n{WRONG}")
    assert first.ran == second.ran == ["axes"]
    assert first.statuses == second.statuses == {"test_axes": "failed"}


def test_an_answer_that_was_asked_for_no_more_is_remembered_by_the_same_suite(judge_all):
    first, second = judge_all(CURIOUS, RIGHT, ALSO_RIGHT)
    assert (first.ran, second.ran) == (["axes"], [])


def test_an_answer_to_a_call_that_nobody_foresaw_is_not_remembered(judge_all):
    drawn_anew = COUNTING.replace("torch.zeros(2, 3))", "torch.rand(2, 3))")
    first, second = judge_all(drawn_anew, RIGHT, RIGHT)
    assert first.ran == second.ran == ["axes", "int"]
    assert second.verdicts == first.verdicts


def test_an_answer_that_never_came_is_not_remembered(judge_all):
    leaving = "import os\ndef rank(tensor):\n    os._exit(3)\n"
    first, second = judge_all(COUNTING, leaving, leaving)
    assert first.ran == second.ran == ["axes", "int"]
    assert first.statuses == second.statuses == {"test_axes": "error", "test_int": "error"}


def test_the_oldest_answer_is_forgotten_first(judge_all, monkeypatch):
    monkeypatch.setattr(judging, "MOST_KNOWN", 2)
    found = judge_all(COUNTING, RIGHT, WRONG, A_TENSOR, WRONG, RIGHT)
    assert [bool(judged.ran) for judged in found] == [True, True, True, False, True]
