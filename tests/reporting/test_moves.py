"""Two results of one student: whether the score moves, by how much, and by which tests."""

import pytest

from autograder.reporting.moves import find_move, move_lines, signed


@pytest.fixture
def ties(hidden_test):
    """Makes the test of ties, for two points."""
    return lambda status="passed", points=2.0: hidden_test(
        status, points, name="test_ties", title="A tie is not a 3"
    )


def test_equal_results_are_no_move(result, function, ties):
    one, other = (result("anna", function("is_3", ties("failed"))) for _ in range(2))
    assert find_move(one, other) is None


def test_other_words_for_the_same_points_are_no_move(result, function, ties):
    before = result("anna", function("is_3", ties("failed")))
    after = result("anna", function("is_3", ties("timeout") | {"message": "an endless loop?"}))
    assert find_move(before, after) is None


def test_a_test_that_is_passed_now_moves_the_score_up(result, function, ties):
    before = result("anna", function("is_3", ties("failed")))
    move = find_move(before, result("anna", function("is_3", ties())))
    assert (move.student, move.before, move.after, move.difference) == ("anna", "0/2", "2/2", 2.0)
    assert [test.words for test in move.tests] == ["+2 test_ties (is_3): A tie is not a 3"]


def test_a_test_that_is_lost_now_moves_it_down(result, function, ties):
    before = result("anna", function("is_3", ties()))
    move = find_move(before, result("anna", function("is_3", ties("failed"))))
    assert move.difference == -2.0
    assert [test.words for test in move.tests] == ["-2 test_ties (is_3): A tie is not a 3"]


def test_a_test_that_counts_for_more_moves_who_passed_it(result, function, ties):
    before = result("anna", function("is_3", ties(points=1.0)))
    move = find_move(before, result("anna", function("is_3", ties(points=2.5))))
    assert (move.before, move.after, move.difference) == ("1/1", "2.5/2.5", 1.5)


def test_a_new_test_is_told_as_such(result, function, hidden_test, ties):
    before = result("anna", function("is_3", hidden_test()))
    move = find_move(before, result("anna", function("is_3", hidden_test(), ties())))
    assert [test.words for test in move.tests] == [
        "+2 test_ties (is_3) (new test): A tie is not a 3"
    ]


def test_a_removed_test_is_told_with_the_title_that_it_had(result, function, hidden_test, ties):
    before = result("anna", function("is_3", hidden_test(), ties()))
    move = find_move(before, result("anna", function("is_3", hidden_test())))
    assert [test.words for test in move.tests] == [
        "-2 test_ties (is_3) (test removed): A tie is not a 3"
    ]


def test_a_new_test_that_is_failed_moves_nobody(result, function, hidden_test, ties):
    before = result("anna", function("is_3", hidden_test()))
    after = result("anna", function("is_3", hidden_test(), ties("failed")))
    assert find_move(before, after) is None


def test_two_tests_that_cancel_are_still_a_move(result, function, hidden_test, ties):
    before = result("anna", function("is_3", hidden_test("passed", 2.0), ties("failed")))
    move = find_move(
        before, result("anna", function("is_3", hidden_test("failed", 2.0), ties("passed")))
    )
    assert move.difference == 0.0
    assert [test.difference for test in move.tests] == [-2.0, 2.0]


def test_tests_of_one_name_are_told_apart_by_their_function(result, function, ties):
    before = result("anna", function("is_3", ties()), function("rank", ties("failed")))
    after = result("anna", function("is_3", ties("failed")), function("rank", ties()))
    words = [test.words for test in find_move(before, after).tests]
    assert words == [
        "-2 test_ties (is_3): A tie is not a 3",
        "+2 test_ties (rank): A tie is not a 3",
    ]


def test_whoever_had_no_result_moves(result, function, ties):
    move = find_move(None, result("anna", function("is_3", ties("failed"))))
    assert (move.before, move.after, move.difference) == ("not graded", "0/2", 0.0)


def test_whoever_was_not_graded_moves(result, function, ties):
    before = result("anna", function("is_3", ties("failed")), status="not_graded", score=None)
    move = find_move(before, result("anna", function("is_3", ties())))
    assert (move.before, move.after, move.difference) == ("not graded", "2/2", 2.0)


def test_whoever_could_not_be_read_and_can_be_now_moves(result, function, ties):
    before = result("anna", function("is_3", ties("failed")), status="unreadable")
    move = find_move(before, result("anna", function("is_3", ties("failed"))))
    assert (move.before, move.after) == ("0/2", "0/2")


def test_each_move_is_a_line_with_its_tests_below(result, function, hidden_test, ties):
    anna = find_move(
        result("anna", function("is_3", hidden_test(), ties("failed"))),
        result("anna", function("is_3", hidden_test("failed"), ties())),
    )
    benedict = find_move(
        result("benedict", function("is_3", ties())),
        result("benedict", function("is_3", ties("failed"))),
    )
    title = "One distance for each picture of a batch"
    assert move_lines([anna, benedict]) == [
        "anna      1/3 -> 2/3  (+1)",
        f"            -1 test_batch (is_3): {title}",
        "            +2 test_ties (is_3): A tie is not a 3",
        "benedict  2/2 -> 0/2  (-2)",
        "            -2 test_ties (is_3): A tie is not a 3",
    ]


def test_a_test_that_earns_what_it_earned_has_no_line(result, function, hidden_test, ties):
    before = result("anna", function("is_3", ties("failed")))
    after = result("anna", function("is_3", ties(), hidden_test("failed")))
    assert len(move_lines([find_move(before, after)])) == 2


def test_nobody_who_moves_is_no_line():
    assert move_lines([]) == []


def test_a_name_that_can_not_be_seen_stays_in_its_line(result, function, ties):
    move = find_move(None, result("an\nna\u202e", function("is_3", ties())))
    assert move_lines([move])[0].startswith(r"an\nna\u202e  not graded -> 2/2")


@pytest.mark.parametrize(
    ("points", "words"), [(1.5, "+1.5"), (-2.0, "-2"), (0.0, "+0"), (0.1 + 0.2, "+0.3")]
)
def test_points_have_their_sign(points, words):
    assert signed(points) == words
