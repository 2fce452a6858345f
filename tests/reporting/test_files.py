import os

import pytest

from autograder.reporting.files import student_file, write_atomically


def test_text_is_written_as_utf8_with_its_line_ends_as_they_are(tmp_path):
    write_atomically(tmp_path / "anna.txt", "Bäcker\nZoë\n")
    assert (tmp_path / "anna.txt").read_bytes() == "Bäcker\nZoë\n".encode()


def test_bytes_are_written_as_they_are(tmp_path):
    write_atomically(tmp_path / "picture", b"\x00\xff\r\n")
    assert (tmp_path / "picture").read_bytes() == b"\x00\xff\r\n"


def test_a_name_that_is_no_utf8_loses_no_report(tmp_path):
    write_atomically(tmp_path / "class.txt", os.fsdecode(b"andr\xe9"))
    assert (tmp_path / "class.txt").read_text() == r"andr\udce9"


def test_an_older_report_is_replaced(tmp_path):
    report = tmp_path / "anna.txt"
    report.write_text("a longer report from last week")
    write_atomically(report, "new")
    assert report.read_text() == "new"


def test_a_link_is_replaced_and_what_it_points_to_stays(tmp_path):
    precious, report = tmp_path / "precious", tmp_path / "anna.txt"
    precious.write_text("mine")
    try:
        report.symlink_to(precious)
    except OSError:
        pytest.skip("this system makes no links")
    write_atomically(report, "new")
    assert (precious.read_text(), report.read_text()) == ("mine", "new")


def test_others_may_read_the_report_as_any_file(tmp_path):
    (tmp_path / "ordinary").write_text("")
    write_atomically(tmp_path / "report", "")
    assert (tmp_path / "report").stat().st_mode == (tmp_path / "ordinary").stat().st_mode


def test_a_failure_goes_up_and_leaves_nothing_behind(tmp_path):
    folder = tmp_path / "anna.txt"
    folder.mkdir()
    with pytest.raises(OSError, match=r"anna\.txt"):
        write_atomically(folder, "new")
    assert list(tmp_path.iterdir()) == [folder]


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "nowhere" / "anna.txt", "new")


@pytest.mark.parametrize(
    "student", ["s001", "Anna Bäcker", "陳大文", "o'neill@example.edu", "~", "a.b"]
)
def test_an_ordinary_name_is_the_name_of_the_file(tmp_path, student):
    assert student_file(tmp_path, student, ".json") == tmp_path / f"{student}.json"


@pytest.mark.parametrize(
    "student",
    [
        *("../../etc/passwd", "/etc/passwd", r"..\x", "C:x", "what?*"),
        *("", ".", "..", ".hidden", "con", "NUL.txt"),
        *("a\0b", "a\nb", "\u202egpj", "\udce9"),
        *("a" * 300, "é" * 200),
    ],
)
def test_a_hostile_name_is_a_file_in_the_folder(tmp_path, student):
    path = student_file(tmp_path, student, ".json")
    write_atomically(path, "{}")
    assert path.parent == tmp_path
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert path.name.isprintable()


def test_no_report_is_a_hidden_file(tmp_path):
    assert student_file(tmp_path, ".anna", ".json") == tmp_path / "%2Eanna.json"


@pytest.mark.parametrize(
    ("one", "other"),
    [("a/b", "a%2Fb"), ("a/b", r"a\b"), (".a", "%2Ea"), ("x" * 300, "x" * 301), ("\udce9", "é")],
)
def test_two_students_never_share_a_file(tmp_path, one, other):
    assert student_file(tmp_path, one, ".html") != student_file(tmp_path, other, ".html")
