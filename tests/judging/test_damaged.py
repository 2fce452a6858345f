"""A class of damaged notebooks, graded for real: each loses what its damage costs and no more."""

import pytest

from autograder.course import load_course
from autograder.intake.entrants import find_submissions
from autograder.judging.grade import grade_all
from autograder.judging.plan import Plan
from autograder.judging.sandbox import find_sandbox
from autograder.judging.suite import suite_files
from tests.damaged import DAMAGES, FUNCTIONS, write_class

PLAN = Plan("mnist_basics", 0, tuple(suite_files()), find_sandbox())


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("damaged")
    write_class(folder)
    entrants = find_submissions(folder, load_course().unit_names, PLAN.assignment)
    return {result["student"]: result for result in grade_all(entrants, PLAN, workers=2)}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damage_costs_its_functions_and_is_told(name, results):
    damaged, result = DAMAGES[name], results[name]
    full = {f["name"] for f in result["functions"] if f["score"] == f["max_score"]}
    assert set(FUNCTIONS) - full == set(damaged.costs)
    told = " ".join([result["problem"] or "", *result["notes"]])
    assert damaged.says in told if damaged.says else not told.strip()


def test_only_a_notebook_of_another_language_can_not_be_read(results):
    assert {n for n, result in results.items() if result["status"] != "graded"} == {"really_r"}
