"""Whatever made a test fail, in the words of a message."""

import pytest
import torch

from autograder.comparing.explain import explain
from autograder.comparing.message import Message, Wrong
from tests.comparing.answers import fixture

TITLE, LESSON = "The rank of a picture is 2", "Rank is the number of axes."


@pytest.fixture
def last():
    rank = fixture(lambda tensor: 784, "rank")
    rank(torch.ones(28, 28))
    return rank.last


def test_a_wrong_answer_keeps_its_words_and_gets_the_lesson(last):
    wrong = Wrong(Message("rank(…)", "int 784", "int 2"))
    assert explain(wrong, last, TITLE, LESSON) == Message("rank(…)", "int 784", "int 2", LESSON)


def test_a_lesson_of_its_own_stays():
    wrong = Wrong(Message("rank", "nothing", "a file", "It must be Python."))
    assert explain(wrong, None, TITLE, LESSON).lesson == "It must be Python."


def test_a_plain_assert_says_what_was_compared(last):
    message = explain(AssertionError("assert 784 == 2\n  more\n  lines"), last, TITLE, LESSON)
    assert message == Message(
        "rank(float32 (28, 28))", "int 784", f"{TITLE}: assert 784 == 2", LESSON
    )


@pytest.mark.parametrize("error", [TypeError("unsupported"), AssertionError(), None])
def test_an_error_in_using_the_result_is_the_answers(last, error):
    message = explain(error, last, TITLE, LESSON)
    assert message == Message("rank(float32 (28, 28))", "int 784", TITLE, LESSON)


def test_a_test_that_fails_before_it_calls_anything_is_broken():
    assert explain(TypeError("typo in the test"), None, TITLE, LESSON) is None
    assert explain(AssertionError("no"), None, TITLE, LESSON) is None
