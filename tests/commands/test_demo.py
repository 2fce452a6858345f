"""The sample class, graded end to end by the real command."""

import csv

import pytest

from autograder.authoring.sample_class import SAMPLES
from autograder.course import load_course

COURSE = load_course()
FULL = sum(function.points for function in COURSE.of_assignment("mnist_basics"))


def lost(function):
    return {test["rule"] for test in function["tests"] if test["status"] != "passed"}


def test_every_submission_is_graded(demo):
    assert demo.run.code == 0
    assert len(demo.results) == len(SAMPLES) >= 12
    assert {result["status"] for result in demo.results.values()} == {"graded", "unreadable"}


@pytest.mark.parametrize("student", ["01-all-right", "02-another-style", "13-zip", "14-notebook"])
def test_right_answers_earn_full_marks_however_they_are_handed_in(demo, student):
    result = demo.results[student]
    assert (result["score"], result["max_score"]) == (FULL, FULL)
    assert {function["status"] for function in result["functions"]} == {"passed"}


def test_untouched_stubs_are_not_attempted_and_never_wrong(demo):
    result = demo.results["04-untouched"]
    assert result["score"] == 0
    statuses = {test["status"] for f in result["functions"] for test in f["tests"]}
    assert statuses == {"not_attempted"}


@pytest.mark.parametrize(
    ("student", "function", "rules"),
    [
        ("05-differences-cancel", "mnist_distance", {"value"}),
        ("06-mean-of-everything", "mnist_distance", {"value", "shape"}),
        ("07-a-loop", "mean_template", {"vectorised"}),
        ("08-numpy", "stack_images", {"type", "device"}),
    ],
)
def test_one_mistake_costs_one_function_and_the_rules_it_breaks(demo, student, function, rules):
    functions = demo.functions(student)
    assert lost(functions.pop(function)) == rules
    assert {other["status"] for other in functions.values()} == {"passed"}


def test_the_message_says_what_was_called_and_what_came_back(demo):
    tests = demo.functions("05-differences-cancel")["mnist_distance"]["tests"]
    message = next(test["message"] for test in tests if test["status"] == "failed")
    labels = [line[:9].strip() for line in message.splitlines()]
    assert labels == ["called", "came back", "expected", "lesson"]


def test_a_syntax_error_fails_its_file_with_the_line(demo):
    functions = demo.functions("10-syntax-error")
    assert {test["status"] for test in functions["is_3"]["tests"]} == {"failed"}
    assert "classify.py line " in functions["is_3"]["tests"][0]["message"]
    assert functions["accuracy_3_7"]["status"] == "passed"


def test_an_endless_loop_costs_that_function(demo):
    functions = demo.functions("11-endless-loop")
    statuses = [test["status"] for test in functions["mnist_distance"]["tests"]]
    assert set(statuses) == {"timeout"}
    assert functions["is_3"]["status"] == functions["accuracy_3_7"]["status"] == "passed"


def test_a_process_that_ends_itself_costs_that_function(demo):
    functions = demo.functions("12-exits")
    assert {test["status"] for test in functions["mean_template"]["tests"]} == {"error"}
    assert functions["mnist_distance"]["status"] == "passed"


def test_a_notebook_is_graded_as_far_as_it_goes(demo):
    result = demo.results["15-half-a-notebook"]
    statuses = {function["name"]: function["status"] for function in result["functions"]}
    assert statuses["mnist_distance"] == "passed"
    assert statuses["is_3"] == "not_attempted"
    assert any("left out" in note for note in result["notes"])


def test_an_empty_submission_is_unreadable_with_every_test_listed(demo):
    result = demo.results["16-empty"]
    assert (result["status"], result["score"]) == ("unreadable", 0)
    listed = [[test["name"] for test in f["tests"]] for f in result["functions"]]
    full = [[t["name"] for t in f["tests"]] for f in demo.results["01-all-right"]["functions"]]
    assert listed == full


def test_the_grades_open_in_a_spreadsheet(demo):
    with (demo.folder / "autograded" / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [function.name for function in COURSE.of_assignment("mnist_basics")]
    assert list(rows[0]) == ["student", "score", "max_score", "status", *names]
    assert [row["student"] for row in rows] == sorted(demo.results)
    assert float(rows[0]["score"]) == FULL


def test_every_student_gets_a_page_without_outside_requests(demo):
    for student in demo.results:
        page = (demo.folder / "autograded" / "feedback" / f"{student}.html").read_text()
        assert student in page
        assert "http" not in page.replace("http-equiv", "")


def test_no_page_and_no_result_holds_a_line_of_a_hidden_test_or_a_solution(demo):
    from autograder.judging.references import SOLUTIONS
    from autograder.judging.suite import suite_files

    files = [*suite_files(), *SOLUTIONS.glob("*.py")]
    lines = {line.strip() for file in files for line in file.read_text().splitlines()}
    code = {line for line in lines if "(" in line and "=" in line and len(line) > 25}
    assert len(code) > 50
    for file in (demo.folder / "autograded").rglob("*.*"):
        text = file.read_text()
        assert [line for line in code if line in text] == [], file


def test_progress_is_shown_in_plain_lines_when_piped(demo):
    assert f"{len(SAMPLES)}/{len(SAMPLES)} " in demo.run.err
    assert "\x1b" not in demo.run.out + demo.run.err


def test_the_table_stands_at_the_end(demo):
    assert "16 submissions: 15 graded" in demo.run.out
    assert "grades.csv" in demo.run.out


def test_a_folder_that_is_not_the_demos_is_left_alone(tmp_path):
    from tests.commands.conftest import autograder

    precious = tmp_path / "submitted" / "anna" / "distance.py"
    precious.parent.mkdir(parents=True)
    precious.write_text("# a real submission\n")
    run = autograder("demo", "--out", tmp_path)
    assert (run.code, len(run.sentences)) == (2, 1)
    assert precious.read_text() == "# a real submission\n"
