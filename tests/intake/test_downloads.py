"""A download is told by its names, and sorted out by them alone."""

from autograder.intake.downloads import SYSTEMS, sort_out, system_of
from autograder.intake.trees import DiskFolder, Kind
from tests.intake.test_entrants import put


def test_everybody_gets_what_is_theirs(tmp_path):
    download = put(
        tmp_path / "d",
        {
            "lastanna_77_1_distance.py": "",
            "lastanna_77_2_shapes.py": "",
            "lastanna_78_3_distance.py": "",
            "notes.txt": "",
            "lastben_LATE_9_4_hw.zip": "",
        },
    )
    found = sort_out(DiskFolder(download), SYSTEMS["canvas"], {"distance.py"})
    assert {owner: [p.name for p in c.parts] for owner, c in found.collected.items()} == {
        "lastben_9": ["hw.zip"],
        "lastanna_77": ["distance.py", "shapes.py"],
        "lastanna_78": ["distance.py"],
    }
    assert found.notes == (
        "left out, for Canvas names nothing like that: “notes.txt”.",
        "handed in late, says Canvas: “lastben_9”.",
    )


def test_a_long_list_of_what_was_left_out_is_cut(tmp_path):
    download = put(tmp_path / "d", {f"{n:02}.txt": "" for n in range(25)})
    [note] = sort_out(DiskFolder(download), SYSTEMS["moodle"], set()).notes
    assert note.endswith("“19.txt” and 5 more.")


def test_most_names_decide_what_a_download_is_of():
    canvas = {f"a_{n}_{n}_x.zip": Kind.FILE for n in range(3)}
    moodle = {f"a_{n}_assignsubmission_file_": Kind.FOLDER for n in range(3)}
    plain = dict.fromkeys(("s001", "s002", "s003"), Kind.FOLDER)
    assert system_of(canvas) == "canvas"
    assert system_of(moodle) == "moodle"
    assert system_of(plain) is None
    assert system_of({}) is None
    assert system_of(plain | {"a_1_1_x.zip": Kind.FILE}) is None
    assert system_of(canvas | {"s001": Kind.FOLDER}) == "canvas"
