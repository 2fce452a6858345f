"""A class's submissions are found, whatever they came packed in."""

import io
import json
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.intake.entrants import Entrant, IntakeError, find_submissions
from autograder.intake.submission import Source, Submission

UNITS = ("stacking", "shapes", "distance", "metrics")
ASSIGNMENT = "mnist_basics"
NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}]})


def zipped(files: dict[str, Any]) -> bytes:
    """A zip of the files: a dict is a folder, or with a name in .zip another zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in flat(files).items():
            archive.writestr(name, content)
    return stream.getvalue()


def flat(files: dict[str, Any], prefix: str = "") -> dict[str, str | bytes]:
    found: dict[str, str | bytes] = {}
    for name, content in files.items():
        if isinstance(content, dict) and name.endswith(".zip"):
            found[f"{prefix}{name}"] = zipped(content)
        elif isinstance(content, dict):
            found |= {f"{prefix}{name}/": b""} | flat(content, f"{prefix}{name}/")
        else:
            found[f"{prefix}{name}"] = content
    return found


def put(folder: Path, files: dict[str, Any]) -> Path:
    folder.mkdir(parents=True)
    for name, content in flat(files).items():
        path = folder / name
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def find(submitted: Path) -> list[Entrant]:
    return find_submissions(submitted, UNITS, ASSIGNMENT)


def read_all(submitted: Path) -> dict[str, Submission]:
    return {entrant.student: entrant.read() for entrant in find(submitted)}


def read_one(submitted: Path) -> Submission:
    (entrant,) = find(submitted)
    return entrant.read()


WORK = {"distance.py": "x = 1"}
CLASS = {
    "alice": WORK,
    "bob": {"mnist_basics": WORK},
    "carol.zip": {"carol": WORK, "__MACOSX": {"._carol": ""}},
    "dan.ipynb": NOTEBOOK,
    "erin": {"work.zip": WORK},
    "frank": {},
}


@pytest.mark.parametrize("wrapper", [None, "submitted", "class", "2026 spring"])
@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_a_class_comes_in_any_packing(tmp_path: Path, wrapper: str | None, packed: bool) -> None:
    files = CLASS if wrapper is None else {wrapper: CLASS, ".DS_Store": "", "read me.txt": ""}
    submitted = tmp_path / "class.zip"
    if packed:
        submitted.write_bytes(zipped(files))
    else:
        put(submitted, files)
    found = read_all(submitted)
    assert list(found) == ["alice", "bob", "carol", "dan", "erin", "frank"]
    module = Source("distance", ("x = 1",), "distance.py")
    for student in ("alice", "bob", "carol", "erin"):
        assert found[student].sources == (module,)
        assert (found[student].faults, found[student].notes) == ((), ())
    assert found["dan"].sources == (Source("notebook", ("x = 1",), "dan.ipynb"),)
    assert found["frank"].unreadable
    assert found["frank"].faults[0].message.startswith("Nothing was handed in")
    assert {submission.problem for submission in found.values()} == {None}


def test_a_folder_and_a_zip_of_it_give_the_same(tmp_path: Path) -> None:
    folder = put(tmp_path / "class", CLASS)
    (tmp_path / "class.zip").write_bytes(zipped(CLASS))
    assert read_all(folder) == read_all(tmp_path / "class.zip")


@pytest.mark.parametrize(
    ("files", "students"),
    [
        ({"alice": WORK}, ["alice"]),
        ({"alice": {"mnist_basics": WORK}}, ["alice"]),
        ({"alice": {"exercises": WORK, "data": {}}}, ["alice"]),
        ({"alice": {"mnist_basics.ipynb": NOTEBOOK, "a.ipynb": NOTEBOOK}}, ["alice"]),
        ({"alice": {"homework": WORK}}, ["alice"]),
        ({"alice": {"homework.zip": WORK}}, ["alice"]),
        ({"alice": {}}, ["alice"]),
        ({"spring": {"alice": WORK, "bob": WORK}}, ["alice", "bob"]),
        ({"spring": {"alice.ipynb": NOTEBOOK, "bob.ipynb": NOTEBOOK}}, ["alice", "bob"]),
        ({"submitted": {"alice": WORK}}, ["alice"]),
        ({"submitted": {"alice.ipynb": NOTEBOOK}}, ["alice"]),
        ({"mnist_basics": {"alice": WORK}}, ["alice"]),
        ({"class": {"alice": {"homework": WORK}}}, ["alice"]),
        ({"class": {"submitted": {"alice": WORK}}}, ["alice"]),
    ],
)
def test_one_folder_is_a_student_or_a_wrapper(
    tmp_path: Path, files: dict[str, Any], students: list[str]
) -> None:
    (tmp_path / "class.zip").write_bytes(zipped(files))
    assert [entrant.student for entrant in find(tmp_path / "class.zip")] == students


def test_students_are_sorted_and_may_have_any_name(tmp_path: Path) -> None:
    names = ["Ærøskøbing Øst", "zoë o'neil", "Ada, Countess", "山田　太郎", "a.b.c", "-rf"]
    submitted = put(tmp_path / "class", dict.fromkeys(names, WORK))
    assert [entrant.student for entrant in find(submitted)] == sorted(names)


def test_an_entrant_travels_to_another_process_unread(tmp_path: Path) -> None:
    submitted = put(tmp_path / "class", {"alice": WORK, "bob.zip": WORK})
    for entrant in find(submitted):
        copy = pickle.loads(pickle.dumps(entrant))
        assert copy == entrant
        assert copy.read() == entrant.read()


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({"alice": WORK, "alice.zip": WORK}, "alice and alice.zip"),
        ({"alice.ipynb": NOTEBOOK, "alice.zip": WORK}, "alice.ipynb and alice.zip"),
        ({"Alice": WORK, "alice": WORK}, "Alice and alice"),
        ({"Zoe\u0308": WORK, "Zo\u00eb": WORK}, "Zoe\u0308 and Zo\u00eb"),
    ],
    ids=["folder-and-zip", "notebook-and-zip", "capitals", "accents"],
)
def test_a_student_handed_in_twice_is_not_graded(
    tmp_path: Path, files: dict[str, Any], names: str
) -> None:
    (tmp_path / "class.zip").write_bytes(zipped({**files, "bob": WORK}))
    (twice,) = [s for s in read_all(tmp_path / "class.zip").values() if s.student != "bob"]
    assert twice.problem == f"{twice.student} was handed in twice, as {names}; keep one of them."
    assert twice.sources == ()


@pytest.mark.parametrize(
    ("name", "student"),
    [("al\x1b[31m\nice", "al_[31m_ice"), ("a" * 3_000, "a" * 100), ("\u202ealice", "_alice")],
    ids=["control", "long", "direction"],
)
def test_a_name_that_would_do_harm_is_cleaned_with_a_note(
    tmp_path: Path, name: str, student: str
) -> None:
    (tmp_path / "class.zip").write_bytes(zipped({name: WORK, "bob": WORK}))
    submission = read_all(tmp_path / "class.zip")[student]
    assert submission.problem is None
    assert len(submission.notes) == 1
    assert submission.notes[0].endswith(f"is written as “{student}” here.")
    assert submission.notes[0].isprintable()


@pytest.mark.parametrize("name", ["alice.rar", "alice.tar.gz", "alice.7z", "alice.py"])
def test_what_cannot_be_opened_is_not_lost(tmp_path: Path, name: str) -> None:
    submission = read_one(put(tmp_path / "class", {name: "x"}))
    assert submission.student == "alice"
    assert submission.unreadable
    assert submission.faults[0].message == (
        f"{name} can't be opened; hand in a folder, a .zip or an .ipynb instead."
    )


def test_a_broken_zip_is_the_student_s_own(tmp_path: Path) -> None:
    submission = read_one(put(tmp_path / "class", {"alice.zip": b"PK\3\4"}))
    assert submission.unreadable
    assert submission.problem is None
    assert submission.faults[0].message == (
        "alice.zip is no zip, or is damaged; zip the folder again."
    )


def test_names_refused_in_the_class_zip_are_told_to_their_student_only(tmp_path: Path) -> None:
    files = {"alice/distance.py": "x = 1", "alice/../bob/distance.py": "x = 2"}
    (tmp_path / "class.zip").write_bytes(zipped({**files, "bob": WORK}))
    found = read_all(tmp_path / "class.zip")
    assert found["bob"].sources[0].chunks == ("x = 1",)
    assert found["bob"].notes == ()
    (note,) = found["alice"].notes
    assert note == (
        "“alice/../bob/distance.py” in the zip was left out: "
        "a name in a zip may not lead out of its folder."
    )


@pytest.mark.parametrize("name", ["alice", "alice.zip"])
def test_a_link_among_the_students_is_not_followed(tmp_path: Path, name: str) -> None:
    put(tmp_path / "elsewhere", WORK)
    (put(tmp_path / "class", {}) / name).symlink_to(tmp_path / "elsewhere")
    submission = read_one(tmp_path / "class")
    assert submission.problem == f"{name} is a link; put the submission itself in its place."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_among_the_students_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(put(tmp_path / "class", {}) / "alice.zip")
    problem = read_one(tmp_path / "class").problem
    assert problem == "alice.zip is not an ordinary file; put the submission itself in its place."


def test_a_file_that_the_machine_cannot_read_is_never_a_zero(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted = put(tmp_path / "class", {"alice": {"distance.py": "", "shapes.py": ""}})
    really_open = os.open

    def refuse(path: Path, flags: int, **within: int | None) -> int:
        if Path(path).name == "distance.py":
            raise PermissionError(13, "Permission denied", str(path))
        return really_open(path, flags, **within)

    monkeypatch.setattr("os.open", refuse)
    submission = read_one(submitted)
    assert submission.sources == ()
    assert submission.problem == (
        "alice/distance.py could not be read (Permission denied); mend that and grade again."
    )


def test_a_submission_that_is_gone_is_not_graded(tmp_path: Path) -> None:
    submitted = put(tmp_path / "class", {"alice": WORK})
    (entrant,) = find(submitted)
    (submitted / "alice").rename(tmp_path / "alice")
    assert entrant.read().problem == (
        "alice could not be read (No such file or directory); mend that and grade again."
    )


def test_the_originals_are_what_was_read_as_it_was_handed_in(tmp_path: Path) -> None:
    files = {"shapes.py": "# \u00e9\r\n", f"{ASSIGNMENT}.ipynb": NOTEBOOK, "data.csv": "1"}
    put(tmp_path / "class", {"anna.zip": files})
    [entrant] = find(tmp_path / "class")
    read = {name: files[name].encode() for name in ("shapes.py", f"{ASSIGNMENT}.ipynb")}
    assert entrant.read_with_originals()[1] == read


def test_what_may_not_count_has_no_originals(tmp_path: Path) -> None:
    put(tmp_path / "class", {"anna": {"shapes.py": ""}, "anna.zip": {"shapes.py": ""}})
    [entrant] = find(tmp_path / "class")
    assert entrant.read_with_originals()[1] == {}


def test_nothing_of_a_student_s_is_run(tmp_path: Path) -> None:
    trap = f"import pathlib\npathlib.Path({str(tmp_path / 'sprung')!r}).touch()\n"
    cell = {"cell_type": "code", "source": trap}
    files = {"distance.py": trap, "conftest.py": trap, "tools.py": trap, "sitecustomize.py": trap}
    work = {**files, "a.ipynb": json.dumps({"cells": [cell]})}
    submission = read_one(put(tmp_path / "class", {"alice": work}))
    assert len(submission.sources) >= 3
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("name", ["exercises", "submitted", "mnist_basics", "distance.py"])
def test_no_students_name_stops_the_class(tmp_path: Path, name: str) -> None:
    files = {"alice": WORK, "ben": WORK, name: {"hello.txt": ""}}
    entrants = find(put(tmp_path / "class", files))
    assert [entrant.student for entrant in entrants] == sorted(["alice", "ben", name])


@pytest.mark.parametrize(
    ("files", "ending"),
    [
        ({}, "holds no submission; put a folder, a .zip or an .ipynb a student in it."),
        (
            {".git": {}, "grades.csv": "", "__MACOSX": {}},
            "holds no submission; put a folder, a .zip or an .ipynb a student in it.",
        ),
        (
            {"distance.py": "", "data": {}},
            "holds distance.py itself; give the folder above it, with a folder a student.",
        ),
        (
            {"mnist_basics.ipynb": NOTEBOOK},
            "holds mnist_basics.ipynb itself; give the folder above it, with a folder a student.",
        ),
        (
            {"mnist_basics": WORK, "mnist_beyond": WORK},
            "holds mnist_basics itself; give the folder above it, with a folder a student.",
        ),
        (
            {"source": {}, "submitted": {"alice": WORK}, "release": {}},
            "holds more than submissions; give its folder submitted.",
        ),
        (
            {"mnist_basics": {"alice": WORK}, "mnist_beyond": {"alice": WORK}},
            "holds more than submissions; give its folder mnist_basics.",
        ),
    ],
    ids=["empty", "junk", "own-file", "own-notebook", "own-folder", "course", "assignments"],
)
@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_what_is_no_class_gets_a_sentence(
    tmp_path: Path, files: dict[str, Any], ending: str, packed: bool
) -> None:
    submitted = tmp_path / "class"
    if packed:
        submitted.write_bytes(zipped(files))
    else:
        put(submitted, files)
    with pytest.raises(IntakeError) as error:
        find(submitted)
    assert str(error.value) == f"{submitted} {ending}"


def test_a_missing_class_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="does not exist; give a folder or zip of submissions"):
        find(tmp_path / "clas")


@pytest.mark.parametrize(
    ("name", "content", "ending"),
    [
        ("class.txt", b"hello", "is neither a folder nor a zip."),
        ("alice.ipynb", NOTEBOOK.encode(), "is neither a folder nor a zip."),
        ("class.zip", b"hello", "is no zip, or is damaged; zip the folder again."),
        ("half.zip", zipped(CLASS)[:-30], "is no zip, or is damaged; zip the folder again."),
        ("empty.zip", b"", "is no zip, or is damaged; zip the folder again."),
    ],
)
def test_a_file_that_is_no_class_gets_a_sentence(
    tmp_path: Path, name: str, content: bytes, ending: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(IntakeError) as error:
        find(tmp_path / name)
    assert str(error.value).endswith(ending)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_no_class(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "class.zip")
    with pytest.raises(IntakeError, match="is neither a folder nor a zip"):
        find(tmp_path / "class.zip")


def test_a_zip_with_backslashes_says_why_nothing_was_found(tmp_path: Path) -> None:
    (tmp_path / "class.zip").write_bytes(zipped({"class\\alice\\distance.py": ""}))
    with pytest.raises(IntakeError, match=r"holds no submission.* a backslash nor a NUL"):
        find(tmp_path / "class.zip")


@pytest.mark.parametrize("name", ["zoë.docx", "zoë.pdf"])
def test_a_document_handed_in_is_unreadable_and_not_lost(tmp_path, name):
    (tmp_path / name).write_bytes(b"%PDF-1.7")
    [entrant] = find_submissions(tmp_path, UNITS, ASSIGNMENT)
    submission = entrant.read()
    assert (submission.student, submission.unreadable) == ("zoë", True)
    assert name in submission.faults[0].message
