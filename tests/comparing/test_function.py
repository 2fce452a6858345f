"""A student's function as a test sees it."""

import pytest
import torch

from autograder.comparing.function import ExerciseFunction
from autograder.comparing.message import Wrong
from autograder.observing.outcome import Outcome, Raised
from tests.comparing.answers import Elsewhere, fixture


def elsewhere(**outcome):
    return ExerciseFunction("rank", Elsewhere(Outcome(**outcome)))


def test_calling_it_gives_the_value():
    rank = fixture(lambda tensor: tensor.ndim, "rank")
    assert rank(torch.ones(2, 3)) == 2
    assert rank.last.called == "rank(float32 (2, 3))"
    assert rank.last.came_back == "int 2"


def test_keywords_arrive():
    covered = fixture(lambda images, threshold=0.5: threshold, "ink_coverage")
    assert covered(torch.ones(2, 2), threshold=0.25) == 0.25
    assert "threshold=float 0.25" in covered.last.called


def test_none_is_a_value():
    assert fixture(lambda tensor: None)(torch.ones(1)) is None


def test_an_exception_fails_the_test_in_words():
    def answer(tensor):
        raise ValueError("not today")

    with pytest.raises(Wrong) as caught:
        fixture(answer, "rank")(torch.ones(2))
    assert caught.value.message.called == "rank(float32 (2,))"
    assert caught.value.message.came_back == "nothing: it raised ValueError: not today"
    assert caught.value.message.expected == "no exception"
    assert not caught.value.lost


def test_the_exception_itself_is_the_cause_so_that_tb_long_shows_it():
    with pytest.raises(Wrong) as caught:
        fixture(lambda: 1 / 0)()
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_call_that_is_lost_fails_the_test_in_words():
    with pytest.raises(Wrong) as caught:
        elsewhere(lost="no answer within 10 seconds: an endless loop?", timed_out=True)()
    assert caught.value.message.came_back.startswith("nothing: no answer within 10 seconds")
    assert caught.value.timed_out
    assert caught.value.lost


def test_observe_gives_the_outcome_whatever_it_is():
    rank = elsewhere(raised=Raised(("SystemExit",), ""))
    assert not rank.observe("nothing", 1).outcome.returned
    assert rank.last.came_back == "nothing: it raised SystemExit"


def test_an_answer_that_changes_its_arguments_does_not_spoil_the_tests_own():
    picture, pictures = torch.ones(2), [torch.ones(2)]

    def answer(one, many):
        one.zero_()
        many[0].zero_()
        many.clear()

    fixture(answer)(picture, pictures)
    assert torch.equal(picture, torch.ones(2))
    assert len(pictures) == 1
    assert torch.equal(pictures[0], torch.ones(2))
