"""What is one student's in a download reads like that student's folder."""

from autograder.intake.parts import Collected, Part
from autograder.intake.trees import DiskFolder, Kind, read
from tests.intake.test_entrants import put


def test_files_have_the_names_that_the_student_gave_them(tmp_path):
    download = put(tmp_path / "d", {"a_1_2_distance.py": "x = 1", "b_2_3_distance.py": "x = 2"})
    part = Part("a_1_2_distance.py", Kind.FILE, "a_1", "distance.py")
    folder = Collected((part,)).folder(DiskFolder(download))
    assert folder.entries() == {"distance.py": Kind.FILE}
    assert read(folder, "distance.py") == b"x = 1"


def test_folders_of_the_system_are_opened_and_those_of_the_student_are_kept(tmp_path):
    download = put(
        tmp_path / "d",
        {
            "a_file": {"shapes.py": "x = 3", "data": {"one.py": "1"}},
            "a_text": {"onlinetext.html": "<p>", "shapes.py": "never seen"},
            "a_1_2_unzipped": {"distance.py": "x = 4"},
        },
    )
    parts = (
        Part("a_file", Kind.FOLDER, "a", ""),
        Part("a_text", Kind.FOLDER, "a", ""),
        Part("a_1_2_unzipped", Kind.FOLDER, "a", "unzipped"),
    )
    folder = Collected(parts).folder(DiskFolder(download))
    assert folder.entries() == {
        "data": Kind.FOLDER,
        "onlinetext.html": Kind.FILE,
        "shapes.py": Kind.FILE,
        "unzipped": Kind.FOLDER,
    }
    assert read(folder, "shapes.py") == b"x = 3"
    assert read(folder.folder("data"), "one.py") == b"1"
    assert read(folder.folder("unzipped"), "distance.py") == b"x = 4"


def test_what_a_system_left_behind_is_no_hand_in(tmp_path):
    download = put(tmp_path / "d", {"a_1_2_.DS_Store": "?"})
    part = Part("a_1_2_.DS_Store", Kind.FILE, "a_1", ".DS_Store")
    assert Collected((part,)).folder(DiskFolder(download)).entries() == {}
