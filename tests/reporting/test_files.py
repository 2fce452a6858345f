import pytest

from autograder.files import write_atomically
from autograder.reporting.files import student_file


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
