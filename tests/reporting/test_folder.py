"""OUT: what is written there, and what of an earlier run can be trusted."""

import json
import os

import pytest

from autograder.reporting.folder import GradedFolder, row_of

LEFT_BEHIND = ".0123456789abcdef.tmp"


@pytest.fixture
def folder(tmp_path):
    folder = GradedFolder(tmp_path / "course" / "out")
    folder.prepare()
    return folder


def everything(folder):
    return sorted(
        path.relative_to(folder.path).as_posix()
        for path in folder.path.rglob("*")
        if path.is_file()
    )


def test_a_new_folder_is_made_and_empty(folder):
    assert folder.results.is_dir()
    assert folder.feedback.is_dir()
    assert everything(folder) == []


def test_what_is_there_stays_when_it_is_made_ready_again(folder, result):
    folder.write(result("anna"))
    (folder.path / "notes.txt").write_text("mine")
    before = everything(folder)
    folder.prepare()
    assert everything(folder) == before


def test_what_a_killed_run_has_left_goes_away(folder):
    for place in (folder.results, folder.feedback, folder.path):
        (place / LEFT_BEHIND).write_text("half a page")
    folder.prepare()
    assert everything(folder) == []


@pytest.mark.parametrize(
    "name", [".hidden", "a.tmp", ".0123.tmp", f"x{LEFT_BEHIND}", f"{LEFT_BEHIND}.json"]
)
def test_what_looks_a_little_like_it_stays(folder, name):
    (folder.results / name).write_text("mine")
    folder.prepare()
    assert everything(folder) == [f"results/{name}"]


def test_a_folder_that_can_not_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        GradedFolder(tmp_path / "file" / "out").prepare()


def test_a_folder_that_can_not_be_written_is_an_error(folder):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    folder.results.chmod(0o500)
    with pytest.raises(OSError, match="Permission denied"):
        folder.prepare()


def test_a_student_has_a_result_and_a_page(folder, result):
    folder.write(result("Anna Bäcker"))
    assert everything(folder) == ["feedback/Anna Bäcker.html", "results/Anna Bäcker.json"]


def test_a_result_is_read_as_it_was_written(folder, result):
    folder.write(result("陳大文"))
    assert folder.read("陳大文") == result("陳大文")


def test_whoever_has_no_result_is_none(folder):
    assert folder.read("anna") is None


def test_the_page_is_written_first(folder, result):
    # A folder in the result's place: the write fails where the machine might have stopped.
    (folder.results / "anna.json").mkdir()
    with pytest.raises(OSError, match=r"anna\.json"):
        folder.write(result("anna"))
    assert everything(folder) == ["feedback/anna.html"]


def test_no_result_is_written_without_its_page(folder, result):
    (folder.feedback / "anna.html").mkdir()
    with pytest.raises(OSError, match=r"anna\.html"):
        folder.write(result("anna"))
    assert everything(folder) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"schema": 1',
        "[]",
        "null",
        '"anna"',
        "{}",
        '{"schema": 1, "student": "anna"}',
        "[" * 100_000,
        "\0",
    ],
)
def test_half_a_result_is_none(folder, text):
    (folder.results / "anna.json").write_text(text)
    assert folder.read("anna") is None
    assert list(folder.all_results()) == []


@pytest.mark.parametrize("part", ["receipt", "functions"])
def test_a_result_with_a_part_of_another_kind_is_none(folder, result, part):
    (folder.results / "anna.json").write_text(json.dumps(result("anna") | {part: None}))
    assert folder.read("anna") is None


@pytest.mark.parametrize("key", ["max_score", "notes", "problem", "status"])
def test_a_result_that_lacks_something_is_none(folder, result, key):
    lacking = {name: value for name, value in result("anna").items() if name != key}
    (folder.results / "anna.json").write_text(json.dumps(lacking))
    assert folder.read("anna") is None


def test_a_result_whose_points_do_not_add_up_is_none(folder, result, function):
    folder.write(result("anna", score=50))
    folder.write(result("ben", function("rank", score=3)))
    assert folder.read("anna") is None
    assert folder.read("ben") is None


def test_who_is_not_graded_has_no_score_and_a_whole_result(folder, result):
    folder.write(result("anna", status="not_graded", score=None))
    assert folder.read("anna")["score"] is None


def test_a_result_in_another_encoding_is_none(folder, result):
    (folder.results / "anna.json").write_bytes(json.dumps(result("anna")).encode("utf-16"))
    assert folder.read("anna") is None


def test_a_folder_in_a_results_place_is_none(folder):
    (folder.results / "anna.json").mkdir()
    assert folder.read("anna") is None


def test_all_results_come_by_file_name_without_the_broken_ones(folder, result):
    for student in ("cem", "anna", "ben"):
        folder.write(result(student))
    (folder.results / "anna.json").write_text("{")
    assert [found["student"] for found in folder.all_results()] == ["ben", "cem"]


def test_a_folder_that_does_not_exist_has_no_results(tmp_path):
    assert list(GradedFolder(tmp_path / "nowhere").all_results()) == []


def test_whether_there_is_a_page(folder, result):
    folder.write(result("anna"))
    assert folder.has_feedback("anna")
    assert not folder.has_feedback("ben")


def test_an_empty_page_is_none(folder, result):
    folder.write(result("anna"))
    (folder.feedback / "anna.html").write_text("")
    assert not folder.has_feedback("anna")


def test_results_of_whoever_is_not_in_the_class_are_named(folder, result):
    for student in ("anna", "Zoë/1"):
        folder.write(result(student))
    assert folder.of_others(["anna"]) == ["Zoë%2F1.json"]
    assert folder.of_others(["anna", "Zoë/1"]) == []


def test_grades_stand_beside_the_results(folder, result):
    folder.write_grades([row_of(result("anna")), row_of(result("ben"))])
    lines = folder.grades.read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["student", "anna", "ben"]


def test_a_row_has_what_grades_need_and_no_test(result, function):
    row = row_of(result("anna", function("rank"), function("is_3", score=0.5)))
    assert row["functions"] == [{"name": "rank", "score": 1.0}, {"name": "is_3", "score": 0.5}]
    assert row.keys() == {"student", "status", "problem", "score", "max_score", "functions"}


def test_one_process_writes_to_it_at_a_time(folder):
    with folder.claimed(), pytest.raises(BlockingIOError), folder.claimed():
        pass
    with folder.claimed():
        pass
