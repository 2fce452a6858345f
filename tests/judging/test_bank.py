"""Every wrong answer of the bank loses exactly the rules it lists; every hidden test is needed."""

from collections import Counter

import pytest

from autograder.judging.references import SOLUTIONS
from autograder.misconceptions.entries import load_bank
from tests.judging.local import COURSE, judge_answers, rules_lost

# What wrong answers make torch warn of is theirs.
pytestmark = pytest.mark.filterwarnings("ignore")

BANK = load_bank()
SEEDS = (0, 1)


@pytest.fixture(scope="module", params=SEEDS, ids="seed {}".format)
def verdicts(request):
    """The verdicts on every entry, by function and name of the entry."""
    found = judge_answers([(entry.function, entry.source) for entry in BANK], request.param)
    return {(e.function, e.name): verdict for e, verdict in zip(BANK, found, strict=True)}


def test_every_entry_loses_exactly_the_rules_it_lists(verdicts):
    lost = {key: rules_lost(found) for key, found in verdicts.items()}
    listed = {(entry.function, entry.name): set(entry.rules) for entry in BANK}
    assert {key: rules for key, rules in lost.items() if rules != listed[key]} == {}


def test_every_wrong_answer_loses_points(verdicts):
    for entry in BANK:
        found = verdicts[entry.function, entry.name]
        lost = sum(test.points for test, verdict in found.items() if not verdict.good)
        assert (lost == 0) == entry.is_right, (entry.function, entry.name)


def test_every_hidden_test_is_failed_by_some_wrong_answer(verdicts):
    tests = {test for found in verdicts.values() for test in found}
    needed = {t for found in verdicts.values() for t, verdict in found.items() if not verdict.good}
    assert {(test.function, test.name) for test in tests - needed} == set()


def test_the_bank_covers_every_function():
    wrong = Counter(entry.function for entry in BANK if not entry.is_right)
    right = Counter(entry.function for entry in BANK if entry.is_right)
    assert all(wrong[f.name] >= 8 and right[f.name] >= 4 for f in COURSE.functions)
    assert wrong.total() >= 60


def test_entries_have_names_of_their_own():
    names = Counter((entry.function, entry.name) for entry in BANK)
    assert max(names.values()) == 1


def test_the_references_earn_every_point():
    answers = [
        (function.name, (SOLUTIONS / f"{function.unit}.py").read_text())
        for function in COURSE.functions
    ]
    for seed in (2, 3):
        for (name, _), found in zip(answers, judge_answers(answers, seed), strict=True):
            assert rules_lost(found) == set(), name
            points = sum(test.points for test in found)
            assert points == COURSE.function(name).points > 0


def test_an_answer_that_always_raises_earns_nothing():
    for error in ("ValueError('no')", "NotImplementedError('no')"):
        answers = [(f.name, f"def {f.name}(*args):\n    raise {error}\n") for f in COURSE.functions]
        for (name, _), found in zip(answers, judge_answers(answers), strict=True):
            earned = [test.name for test, verdict in found.items() if verdict.good]
            assert earned == [], name


def test_an_answer_that_returns_nothing_earns_nothing():
    answers = [(f.name, f"def {f.name}(*args):\n    return None\n") for f in COURSE.functions]
    for (name, _), found in zip(answers, judge_answers(answers), strict=True):
        earned = {test.rule for test, verdict in found.items() if verdict.good}
        # check_image_stack returns nothing by contract: what it loses are the errors.
        allowed = {"value", "type", "in_place"} if name == "check_image_stack" else set()
        assert earned == allowed, name
