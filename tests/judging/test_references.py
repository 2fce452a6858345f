"""A worker gets right versions of earlier functions, and nothing more than they need."""

import marshal
import types

import pytest
import torch

from autograder.course import load_course
from autograder.judging.references import compiled_references, with_requirements

COURSE = load_course()


def names_in(code):
    """Every name that the compiled code mentions, in nested functions too."""
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return {*code.co_names, *(name for c in inner for name in names_in(c) | {c.co_name})}


def test_a_reference_works_by_itself():
    namespace = {}
    exec(marshal.loads(compiled_references(frozenset({"mnist_distance"}), COURSE)), namespace)
    distance = namespace["mnist_distance"](torch.ones(2, 2), torch.zeros(2, 2))
    assert distance == torch.tensor(1.0)


def test_a_reference_brings_what_it_calls():
    assert with_requirements({"is_3"}, COURSE) == {"is_3", "mnist_distance"}
    namespace = {}
    exec(marshal.loads(compiled_references(frozenset({"is_3"}), COURSE)), namespace)
    three, seven = torch.ones(2, 2), torch.zeros(2, 2)
    assert bool(namespace["is_3"](three, three, seven))


@pytest.mark.parametrize("function", [f.name for f in COURSE.functions])
def test_a_function_under_judgement_is_in_no_reference_before_it(function):
    names = [f.name for f in COURSE.functions]
    earlier = names[: names.index(function)]
    if earlier:
        code = marshal.loads(compiled_references(frozenset(earlier), COURSE))
        assert function not in names_in(code)


def test_no_text_of_a_solution_crosses():
    compiled = compiled_references(frozenset({"mean_template"}), COURSE)
    assert b"SOLUTION" not in compiled
    assert b"stack.mean(0)" not in compiled
