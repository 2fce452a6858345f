"""One call, watched; whatever an answer does, the watcher itself never raises."""

import pytest
import torch

from autograder.observing.watch import LONGEST_MESSAGE, WATCHES, describe_exception, watch


def run(source, *args, what="nothing", **kwargs):
    """Watch ``answer`` of a student's file distance.py with this source."""
    names = {}
    exec(compile(source, "/home/anna/distance.py", "exec"), names)
    return watch(names["answer"], args, kwargs, what, {"/home/anna/distance.py"})


def test_a_value_comes_back():
    outcome = watch(lambda a, b=2: a * b, (3,), {"b": 5})
    assert outcome.returned
    assert outcome.value == 15
    assert (outcome.count, outcome.arguments, outcome.connected) == (None, None, None)


def test_arguments_are_shown_as_the_call_left_them():
    picture = torch.ones(2)
    outcome = watch(lambda tensor: tensor.add_(1), (picture,), {}, "arguments")
    assert torch.equal(outcome.arguments[0], torch.full((2,), 2.0))


@pytest.mark.parametrize("what", ["operations", "bytecodes"])
def test_counts_are_numbers_above_zero(what):
    outcome = watch(lambda tensor: tensor + 1, (torch.ones(2),), {}, what)
    assert torch.equal(outcome.value, torch.full((2,), 2.0))
    assert outcome.count > 0


def test_the_graph_is_followed_to_copies_of_the_arguments():
    picture = torch.ones(2)
    outcome = watch(lambda a, b: (a - b).abs().sum(), (picture, torch.zeros(2)), {}, "graph")
    assert outcome.connected == (True, True)
    assert not picture.requires_grad


@pytest.mark.parametrize("what", WATCHES)
@pytest.mark.parametrize(
    ("raising", "name"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit", "SystemExit"),
        ("import sys; sys.exit(1)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("raise BaseException('no')", "BaseException"),
        ("raise ExceptionGroup('two', [ValueError(), TypeError()])", "ExceptionGroup"),
        ("raise BaseExceptionGroup('two', [KeyboardInterrupt()])", "BaseExceptionGroup"),
    ],
)
def test_every_exception_becomes_an_outcome(what, raising, name):
    outcome = run(f"def answer(tensor):\n    {raising}", torch.ones(2), what=what)
    assert not outcome.returned
    assert outcome.raised.types[0] == name
    assert type(outcome.error).__name__ == name
    assert outcome.raised.where == "distance.py line 2"


@pytest.mark.parametrize("what", WATCHES)
def test_endless_recursion_becomes_an_outcome(what):
    outcome = run("def answer(tensor):\n    return answer(tensor)", torch.ones(2), what=what)
    assert outcome.raised.types[0] == "RecursionError"
    assert outcome.raised.where.startswith("distance.py line")


def test_a_wrong_number_of_arguments_is_the_answers_exception():
    outcome = run("def answer():\n    return 1", torch.ones(2))
    assert outcome.raised.types[0] == "TypeError"
    assert "positional argument" in outcome.raised.message


def test_what_can_not_be_called_is_an_exception_too():
    assert watch(torch.ones(2), (1,), {}).raised.types[0] == "TypeError"


def test_base_classes_are_named_after_the_class():
    outcome = run("class Mine(KeyError): pass\ndef answer():\n    raise Mine('key')")
    assert outcome.raised.types == ("Mine", "KeyError", "LookupError", "Exception")


def test_a_long_message_is_cut():
    message = describe_exception(ValueError("x" * 10_000)).message
    assert message == "x" * LONGEST_MESSAGE


@pytest.mark.parametrize("inside", ["ValueError", "SystemExit", "KeyboardInterrupt"])
def test_an_exception_that_can_not_be_read(inside):
    class Unreadable(ValueError):
        def __str__(self):
            raise {"ValueError": ValueError, "SystemExit": SystemExit}.get(
                inside, KeyboardInterrupt
            )

    assert describe_exception(Unreadable()).message == "(its message could not be read)"


def test_a_message_that_lies_about_itself():
    class Text(str):
        __slots__ = ()

        def __getitem__(self, place):
            raise SystemExit

        def __str__(self):
            return self

    class Lying(ValueError):
        def __str__(self):
            return Text("the truth")

    message = describe_exception(Lying()).message
    assert message == "the truth"
    assert type(message) is str


def test_a_result_whose_backward_raises_is_an_exception_of_the_answer():
    source = """
import torch
class Odd(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, gradient):
        raise SystemExit("no way back")
def answer(tensor):
    return Odd.apply(tensor)
"""
    outcome = run(source, torch.ones(2), what="graph")
    assert outcome.raised.types[0] == "SystemExit"
    assert run(source, torch.ones(2)).returned


def test_a_result_that_holds_itself_is_watched_like_any_other():
    source = "def answer(tensor):\n    ring = [tensor]\n    ring.append(ring)\n    return ring"
    for what in WATCHES:
        assert run(source, torch.ones(2), what=what).returned


# Where it raised


def test_the_last_line_of_the_students_own_is_named():
    source = """
import torch
def helper(tensor):
    return tensor.reshape(3)
def answer(tensor):
    return helper(tensor)
"""
    outcome = run(source, torch.ones(2))
    assert outcome.raised.types[0] == "RuntimeError"
    assert outcome.raised.where == "distance.py line 4"


def test_lines_of_other_files_are_never_named():
    outcome = watch(lambda: 1 / 0, (), {}, own_files={"elsewhere.py"})
    assert outcome.raised.where is None


def test_folders_are_left_out_on_windows_too():
    names = {}
    exec(compile("def answer():\n    1 / 0", "C:\\work\\distance.py", "exec"), names)
    outcome = watch(names["answer"], (), {}, own_files={"C:\\work\\distance.py"})
    assert outcome.raised.where == "distance.py line 2"


def test_a_syntax_error_is_placed_where_it_stands():
    with pytest.raises(SyntaxError) as caught:
        compile("x = 1\ndef f(:\n", "/home/anna/distance.py", "exec")
    described = describe_exception(caught.value, {"/home/anna/distance.py"})
    assert described.where == "distance.py line 2"
