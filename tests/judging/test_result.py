"""A result lists every function and test, and claims no score that was not earned."""

import json

from autograder.course import load_course
from autograder.judging.result import Verdict, build_result, to_json
from autograder.judging.suite import HiddenTest

FUNCTIONS = load_course().of_assignment("mnist_basics")[1:3]
TESTS = [
    HiddenTest("test_a", "rank", "value", 2.0, "Counts axes", ""),
    HiddenTest("test_b", "rank", "type", 1.0, "An int", ""),
    HiddenTest("test_c", "check_image_stack", "errors", 3.0, "Refuses", ""),
]


def result(verdicts, **more):
    return build_result("anna", "mnist_basics", FUNCTIONS, TESTS, verdicts, {}, **more)


def test_points_are_those_of_the_tests_passed():
    found = result({TESTS[0]: Verdict("passed"), TESTS[1]: Verdict("failed", "a float")})
    rank, check = found["functions"]
    assert (rank["status"], rank["score"], rank["max_score"]) == ("failed", 2.0, 3.0)
    assert (check["status"], check["score"]) == ("not_attempted", 0.0)
    assert (found["score"], found["max_score"]) == (2.0, 6.0)


def test_a_skipped_test_costs_no_status_and_earns_no_point():
    found = result({TESTS[0]: Verdict("passed"), TESTS[1]: Verdict("skipped", "no GPU")})
    assert found["functions"][0]["status"] == "passed"
    assert found["functions"][0]["score"] == 2.0


def test_not_graded_is_never_a_zero():
    found = result({}, status="not_graded", problem="the disk is full")
    assert found["score"] is None
    assert found["problem"] == "the disk is full"


def test_every_test_is_in_every_result():
    listed = [t["name"] for f in result({})["functions"] for t in f["tests"]]
    assert listed == ["test_a", "test_b", "test_c"]


def test_it_is_written_as_json_that_keeps_accents():
    found = result({}, notes=["café"])
    assert "café" in to_json(found)
    assert json.loads(to_json(found)) == found
