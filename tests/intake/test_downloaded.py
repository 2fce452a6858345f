"""A class is found in what Canvas and Moodle hand out, as a zip or unzipped."""

import pickle
from pathlib import Path
from typing import Any

import pytest

from autograder.intake.downloaded import find_downloaded
from autograder.intake.entrants import Entrant, IntakeError, find_submissions
from autograder.intake.submission import Submission
from tests.intake.test_entrants import ASSIGNMENT, NOTEBOOK, UNITS, put, zipped

DISTANCE, SHAPES = "def mnist_distance(a, b): ...", "def rank(t): ..."
CANVAS: dict[str, Any] = {
    "lastben_LATE_9_50_distance-1.py": DISTANCE,
    "lastben_LATE_9_51_shapes.py": SHAPES,
    "lastsam_10_52_hand_in.zip": {"hw": {"shapes.py": SHAPES, "distance.py": DISTANCE}},
    "lastanna_77_53_mnist_basics.ipynb": NOTEBOOK,
    "lastanna_78_54_distance.py": DISTANCE,
    "lastanna_79_text.html": "<p>distance</p>",
}
MOODLE: dict[str, Any] = {
    "First Last_1_assignsubmission_file_": {"distance.py": DISTANCE, "shapes.py": SHAPES},
    "First Last_1_assignsubmission_onlinetext_": {"onlinetext.html": "<p>hello</p>"},
    "First Last_2_assignsubmission_file_": {"hw.zip": {"shapes.py": SHAPES}},
    "Participant_3_assignsubmission_file": {"mnist_basics.ipynb": NOTEBOOK},
}


def find(submitted: Path, system: str) -> list[Entrant]:
    return find_downloaded(submitted, system, UNITS, ASSIGNMENT)[0]


def read_all(submitted: Path, system: str) -> dict[str, Submission]:
    return {entrant.student: entrant.read() for entrant in find(submitted, system)}


def modules(submission: Submission) -> list[str]:
    return sorted(source.name for source in submission.sources)


@pytest.fixture(params=["zip", "folder", "folder in a folder"])
def laid_out(request, tmp_path):
    """How a download may lie there: as it came, or unzipped with or without a folder around."""

    def lay_out(files: dict[str, Any]) -> Path:
        submitted = tmp_path / "submissions.zip"
        if request.param == "zip":
            submitted.write_bytes(zipped(files))
            return submitted
        inner = tmp_path / "submitted" / "submissions"
        put(inner, files)
        return inner if request.param == "folder" else inner.parent

    return lay_out


def test_canvas_hands_out_files_and_each_student_is_one_submission(laid_out):
    found = read_all(laid_out(CANVAS), "canvas")
    assert {student: modules(submission) for student, submission in found.items()} == {
        "lastben_9": ["distance", "shapes"],
        "lastsam_10": ["distance", "shapes"],
        "lastanna_77": ["notebook"],
        "lastanna_78": ["distance"],
        "lastanna_79": [],
    }
    assert found["lastben_9"].notes == ("Canvas says that this was handed in late.",)
    assert "only text.html (file)" in found["lastanna_79"].faults[0].message


def test_moodle_hands_out_folders(laid_out):
    found = read_all(laid_out(MOODLE), "moodle")
    assert {student: modules(submission) for student, submission in found.items()} == {
        "First Last_1": ["distance", "shapes"],
        "First Last_2": ["shapes"],
        "Participant_3": ["notebook"],
    }
    assert [fault for submission in found.values() for fault in submission.faults] == []


def test_moodle_hands_out_files_when_told_so(laid_out):
    flat = {
        "First Last_1_assignsubmission_file_distance.py": DISTANCE,
        "First Last_1_assignsubmission_file_shapes.py": SHAPES,
        "Default team_assignsubmission_file_shapes.py": SHAPES,
    }
    found = read_all(laid_out(flat), "moodle")
    assert {student: modules(submission) for student, submission in found.items()} == {
        "First Last_1": ["distance", "shapes"],
        "Default team": ["shapes"],
    }


def test_a_hand_in_that_names_another_student_stays_with_its_own(laid_out):
    hostile = {
        "lastanna_77_53_shapes.py": SHAPES,
        "lastben_9_54_lastanna_77_99_distance.py": DISTANCE,
        "lastben_9_55_.._.._lastanna_77_99_distance.py": DISTANCE,
        "lastsam_10_56_x\nlastanna_77_99_distance.py": DISTANCE,
    }
    found = read_all(laid_out(hostile), "canvas")
    assert sorted(found) == ["lastanna_77", "lastben_9", "lastsam_10"]
    assert modules(found["lastanna_77"]) == ["shapes"]


def test_a_zip_that_leads_out_of_its_folder_is_said_and_left_out(tmp_path):
    submitted = tmp_path / "submissions.zip"
    submitted.write_bytes(zipped({"../b_2_3_distance.py": DISTANCE, "a_1_2_distance.py": DISTANCE}))
    entrants, notes = find_downloaded(submitted, "canvas", UNITS, ASSIGNMENT)
    assert [entrant.student for entrant in entrants] == ["a_1"]
    [note] = notes
    assert "“../b_2_3_distance.py” in the zip was left out" in note


def test_a_link_is_refused_as_everywhere(tmp_path):
    secret = tmp_path / "secret.py"
    secret.write_text(DISTANCE)
    submitted = put(tmp_path / "submissions", {"a_1_2_shapes.py": SHAPES})
    (submitted / "a_1_3_distance.py").symlink_to(secret)
    (submitted / "b_2_assignsubmission_file_").symlink_to(tmp_path)
    submission = read_all(submitted, "canvas")["a_1"]
    assert modules(submission) == ["shapes"]
    assert submission.faults[0].message == "distance.py is a link; hand in the file itself."
    with pytest.raises(IntakeError):
        find(submitted, "moodle")


def test_what_is_no_hand_in_is_named_and_stops_nobody(laid_out):
    _, notes = find_downloaded(laid_out({**CANVAS, "readme.txt": "?"}), "canvas", UNITS, ASSIGNMENT)
    assert notes == [
        "left out, for Canvas names nothing like that: “readme.txt”.",
        "handed in late, says Canvas: “lastben_9”.",
    ]


def test_who_handed_in_nothing_of_use_is_still_in_the_class(tmp_path):
    submitted = put(tmp_path / "submissions", {"a_1_2_.DS_Store": "?"})
    assert "Nothing was handed in" in read_all(submitted, "canvas")["a_1"].faults[0].message


def test_the_wrong_system_is_refused_with_the_right_one(laid_out):
    with pytest.raises(
        IntakeError, match=r"nothing named as Canvas names .* give --from moodle\.$"
    ):
        find(laid_out(MOODLE), "canvas")


@pytest.mark.parametrize("system", ["canvas", "moodle"])
def test_what_is_no_download_is_refused(tmp_path, system):
    submitted = put(tmp_path / "submitted", {"s001": {"shapes.py": SHAPES}, "s002": {}})
    with pytest.raises(IntakeError, match="holds nothing named as"):
        find(submitted, system)
    with pytest.raises(IntakeError, match="does not exist"):
        find(tmp_path / "missing", system)


@pytest.mark.parametrize(("files", "system"), [(CANVAS, "canvas"), (MOODLE, "moodle")])
def test_a_download_given_without_its_system_is_recognised(laid_out, files, system):
    with pytest.raises(IntakeError, match=rf"looks like a download from .* --from {system}\.$"):
        find_submissions(laid_out(files), UNITS, ASSIGNMENT)


def test_one_hand_in_with_such_a_name_does_not_stop_a_class(tmp_path):
    files = {"s001": {"shapes.py": SHAPES}, "a_1_2_hw.zip": {"shapes.py": SHAPES}, "s003": {}}
    found = find_submissions(put(tmp_path / "submitted", files), UNITS, ASSIGNMENT)
    assert [entrant.student for entrant in found] == ["a_1_2_hw", "s001", "s003"]


def test_names_that_look_alike_are_two_students_and_long_ones_keep_their_number(tmp_path):
    long = "a" * 150
    files = {f"{long}_{n}_5_shapes.py": SHAPES for n in (1, 2)}
    students = [e.student for e in find(put(tmp_path / "submissions", files), "canvas")]
    assert students == [f"{'a' * 98}_1", f"{'a' * 98}_2"]


def test_two_who_would_share_a_name_here_are_not_put_together(tmp_path):
    files = {"anon_aB_5_shapes.py": SHAPES, "anon_Ab_6_shapes.py": SHAPES}
    [entrant] = find(put(tmp_path / "submissions", files), "canvas")
    assert "handed in twice, as anon_Ab and anon_aB" in (entrant.read().problem or "")


def test_an_entrant_goes_to_a_judge_as_it_is(laid_out):
    for entrant in find(laid_out(CANVAS), "canvas"):
        assert pickle.loads(pickle.dumps(entrant)).read() == entrant.read()


def test_what_a_student_handed_in_has_one_digest_whatever_it_came_in(tmp_path):
    direct = put(tmp_path / "submitted", {"s001": {"shapes.py": SHAPES}, "s002": {}})
    [first, _] = find_submissions(direct, UNITS, ASSIGNMENT)
    canvas = put(tmp_path / "submissions", {"a_1_2_shapes-1.py": SHAPES})
    assert read_all(canvas, "canvas")["a_1"].digest == first.read().digest
