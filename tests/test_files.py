import os

import pytest

from autograder.files import write_atomically


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
