"""Two independent counts of the work that one call does."""

import subprocess
import sys
import textwrap

import pytest
import torch

from autograder.observing.counting import count_bytecodes, count_operations


def pictures(count):
    return torch.arange(count * 12.0).reshape(count, 3, 4), torch.ones(3, 4)


def broadcasting(a, b):
    return (a - b).abs().mean((-1, -2))


def loop_over_lists(a, b):
    template = b.flatten().tolist()
    distances = []
    for row in a.flatten(1).tolist():
        distances.append(sum(abs(x - y) for x, y in zip(row, template, strict=True)) / len(row))
    return torch.tensor(distances)


def loop_over_pictures(a, b):
    return torch.stack([(picture - b).abs().mean() for picture in a])


def loop_over_unbound(a, b):
    return torch.stack([(picture - b).abs().mean() for picture in a.unbind()])


def loop_inside_map(a, b):
    return torch.stack(list(map(torch.dist, a.unbind(), [b] * len(a))))


def both(answer, count):
    arguments = pictures(count)
    _, operations = count_operations(lambda: answer(*arguments))
    _, bytecodes = count_bytecodes(lambda: answer(*arguments))
    return operations, bytecodes


def test_a_vectorised_answer_does_the_same_work_for_2_pictures_as_for_50():
    assert both(broadcasting, 2) == both(broadcasting, 50)
    operations, bytecodes = both(broadcasting, 50)
    assert operations >= 3  # subtract, abs, mean
    assert bytecodes >= 3


@pytest.mark.parametrize(
    ("answer", "seen_by"),
    [
        (loop_over_lists, {"bytecodes"}),
        (loop_over_pictures, {"operations", "bytecodes"}),
        (loop_over_unbound, {"operations", "bytecodes"}),
        (loop_inside_map, {"operations"}),
    ],
)
def test_a_loop_shows_in_one_count_or_the_other(answer, seen_by):
    few, many = both(answer, 2), both(answer, 50)
    grown = {
        name
        for name, before, after in zip(("operations", "bytecodes"), few, many, strict=True)
        if after - before >= 48
    }
    assert grown == seen_by


@pytest.mark.parametrize("write", [print, repr, "{}".format, lambda value: f"{value}"])
def test_writing_a_tensor_out_is_no_loop(write, capsys):
    def printing(a, b):
        distances = broadcasting(a, b)
        write(distances)
        return distances

    assert both(printing, 2) == both(printing, 50)
    assert str(torch.ones(1)) == "tensor([1.])"


def test_both_give_back_the_result():
    a, b = pictures(5)
    for count in (count_operations, count_bytecodes):
        result, _ = count(lambda: broadcasting(a, b))
        assert torch.equal(result, broadcasting(a, b))


def test_the_trace_function_from_before_is_restored():
    def debugger(frame, event, argument):
        return None

    before = sys.gettrace()
    sys.settrace(debugger)
    try:
        count_bytecodes(lambda: 1)
        after_a_result = sys.gettrace()
        with pytest.raises(ZeroDivisionError):
            count_bytecodes(lambda: 1 / 0)
        after_an_exception = sys.gettrace()
    finally:
        sys.settrace(before)
    assert after_a_result is debugger
    assert after_an_exception is debugger


def test_after_an_exception_operations_are_not_counted_any_more():
    with pytest.raises(ZeroDivisionError):
        count_operations(lambda: 1 / 0)
    _, outer = count_operations(lambda: torch.ones(2) + 1)
    assert outer == 2


def test_the_first_count_of_a_process_is_whole_and_needs_no_compiler():
    # In a process of its own: Python 3.12 starts opcode events late, and torch's compiler
    # takes longer to import than torch, if anything here asks for it.
    code = """
        import sys, torch
        from autograder.observing.counting import count_bytecodes, count_operations

        def loop(count):
            return sum(number for number in range(count))

        first, second = (count_bytecodes(lambda: loop(50))[1] for _ in range(2))
        print(first == second > 50)
        count_operations(lambda: torch.ones(3) + 1)
        print([name for name in sys.modules if name.startswith("torch._dynamo")])
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines() == ["True", "[]"]
