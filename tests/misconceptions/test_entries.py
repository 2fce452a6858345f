"""The bank is read as text: each entry becomes a module that a student could hand in."""

import ast

import pytest

from autograder.misconceptions.entries import load_bank

FILE = '''
import torch

from autograder.misconceptions.entries import right, wrong


def half(x):
    return x / 2


@wrong("value", "shape")
def forgot_abs(a, b):
    """Differences cancel. Take the absolute values first."""
    return half(a - b).mean()


@right
def in_one_line(a, b):
    return (a - b).abs().mean((-1, -2))
'''


def bank(folder, text, name="mnist_distance"):
    (folder / f"{name}.py").write_text(text)
    return load_bank(folder)


def test_an_entry_has_a_name_rules_and_an_explanation(tmp_path):
    wrong, right = bank(tmp_path, FILE)
    assert (wrong.function, wrong.name) == ("mnist_distance", "forgot-abs")
    assert wrong.rules == {"value", "shape"}
    assert wrong.explanation == "Differences cancel. Take the absolute values first."
    assert right.is_right
    assert not wrong.is_right


def test_its_source_is_a_module_with_the_functions_own_name(tmp_path):
    wrong, _ = bank(tmp_path, FILE)
    tree = ast.parse(wrong.source)
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert names == ["half", "mnist_distance"]
    assert "autograder" not in wrong.source
    assert "Differences cancel" not in wrong.source
    namespace = {}
    exec(wrong.source, namespace)
    assert callable(namespace["mnist_distance"])


def test_other_entries_are_left_out(tmp_path):
    wrong, right = bank(tmp_path, FILE)
    assert "abs()" not in wrong.source
    assert "half(a - b)" not in right.source


@pytest.mark.parametrize(
    "text",
    [
        FILE.replace('@wrong("value", "shape")', "@wrong()"),
        FILE.replace('"""Differences cancel. Take the absolute values first."""', "pass"),
    ],
)
def test_a_wrong_answer_names_rules_and_explains_itself(tmp_path, text):
    with pytest.raises(ValueError, match=r"forgot_abs|forgot-abs"):
        bank(tmp_path, text)


def test_the_kits_own_bank_explains_in_a_few_words():
    for entry in load_bank():
        if not entry.is_right:
            assert 40 < len(entry.explanation) < 400, entry.name
