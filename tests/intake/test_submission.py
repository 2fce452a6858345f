"""What one student handed in becomes sources, faults and notes."""

import json
import os
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from autograder.intake.submission import Fault, Reader, Source, Submission
from autograder.intake.trees import DiskFolder

UNITS = ("stacking", "shapes", "distance", "metrics")
ASSIGNMENT = "mnist_basics"
HAND_IN = "hand in stacking.py and so on, or mnist_basics.ipynb"

Files = dict[str, str | bytes]


def put(folder: Path, files: Files) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def zipped(files: Files) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})


def read_folder(folder: Path) -> Submission:
    reader = Reader("alice", UNITS, ASSIGNMENT)
    reader.read_folder(DiskFolder(folder))
    return reader.submission()


def read_files(tmp_path: Path, files: Files) -> Submission:
    return read_folder(put(tmp_path / "alice", files))


def origins(submission: Submission) -> dict[str, str]:
    return {source.name: source.chunks[0] for source in submission.sources}


@pytest.mark.parametrize(
    "place",
    [
        "",
        "mnist_basics/",
        "exercises/",
        "homework/",
        "homework/mnist_basics/",
        "mnist_basics/exercises/",
        "homework/Homework/exercises/",
    ],
)
def test_files_are_found_where_students_put_them(tmp_path: Path, place: str) -> None:
    junk = {"__MACOSX/._distance.py": b"\0", ".DS_Store": b"\0"}
    submission = read_files(tmp_path, {f"{place}distance.py": "x = 1", **junk})
    assert submission.sources == (Source("distance", ("x = 1",), "distance.py"),)
    assert (submission.faults, submission.notes, submission.problem) == ((), (), None)
    assert not submission.unreadable


def test_units_come_in_teaching_order_then_helpers_then_the_notebook(tmp_path: Path) -> None:
    files: Files = {"my_tools.py": "", "mnist_basics.ipynb": notebook("x = 1")}
    submission = read_files(tmp_path, {"metrics.py": "", "distance.py": "", **files})
    assert [source.name for source in submission.sources] == [
        "distance",
        "metrics",
        "my_tools",
        "notebook",
    ]
    assert submission.sources[-1].origin == "mnist_basics.ipynb"


def test_the_tests_of_the_exercises_are_ignored_without_a_word(tmp_path: Path) -> None:
    given: Files = {"test_distance.py": "(", "conftest.py": "(", "__init__.py": ""}
    submission = read_files(tmp_path, {"distance.py": "", **given})
    assert [source.name for source in submission.sources] == ["distance"]
    assert submission.notes == ()


def test_the_file_nearest_to_the_top_is_read(tmp_path: Path) -> None:
    submission = read_files(tmp_path, {"distance.py": "x = 1", "exercises/distance.py": "x = 2"})
    assert origins(submission) == {"distance": "x = 1"}
    (note,) = submission.notes
    assert note == (
        "distance.py was handed in twice: the one in the top folder was read, "
        "the one in exercises/ was not."
    )


@pytest.mark.parametrize("name", ["torch", "random", "builtins", "autograder", "exercises"])
def test_a_helper_may_not_hide_a_library(tmp_path: Path, name: str) -> None:
    submission = read_files(tmp_path, {"distance.py": "", f"{name}.py": "boom()"})
    assert [source.name for source in submission.sources] == ["distance"]
    (note,) = submission.notes
    assert note == (
        f"A file was left out: {name}.py has the name of an installed library "
        "and would hide it; give it another name."
    )


def test_a_unit_keeps_its_name_whatever_is_installed(tmp_path: Path) -> None:
    reader = Reader("alice", ("random",), ASSIGNMENT)
    reader.read_folder(DiskFolder(put(tmp_path, {"random.py": "x = 1"})))
    assert origins(reader.submission()) == {"random": "x = 1"}


def test_a_library_is_not_looked_for_beside_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = put(tmp_path, {"distance.py": "", "my_own_tools.py": ""})
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(folder))
    assert "my_own_tools" in origins(read_folder(folder))


def test_a_helper_is_importable_whatever_it_is_called(tmp_path: Path) -> None:
    helpers: Files = {"my-tools.py": "", "2 more.py": "", "class.py": ""}
    submission = read_files(tmp_path, {"distance.py": "", **helpers})
    assert [(source.name, source.origin) for source in submission.sources[1:]] == [
        ("_2_more", "2 more.py"),
        ("_class", "class.py"),
        ("my_tools", "my-tools.py"),
    ]


@pytest.mark.parametrize("name", ["distance (1).py", "Distance.py", "distance.py.txt"])
def test_a_slip_in_a_unit_s_name_is_pointed_out(tmp_path: Path, name: str) -> None:
    submission = read_files(tmp_path, {"shapes.py": "", name: "x = 1"})
    sentence = f"{name} is not named distance.py; give it exactly that name."
    assert submission.notes == (sentence,)


def test_a_file_wins_over_the_notebook_and_both_are_there(tmp_path: Path) -> None:
    submission = read_files(tmp_path, {"distance.py": "x = 1", "any.ipynb": notebook("x = 2")})
    assert origins(submission) == {"distance": "x = 1", "notebook": "x = 2"}


def test_of_several_notebooks_the_assignment_s_own_is_read(tmp_path: Path) -> None:
    files: Files = {"a.ipynb": notebook("x = 1"), "mnist_basics.ipynb": notebook("x = 2")}
    assert origins(read_files(tmp_path, files)) == {"notebook": "x = 2"}


def test_of_several_notebooks_the_one_named_like_the_assignment_is_read(tmp_path: Path) -> None:
    files: Files = {"Untitled.ipynb": "(", "mnist_basics-Copy1.ipynb": notebook("x = 2")}
    submission = read_files(tmp_path, files)
    assert origins(submission) == {"notebook": "x = 2"}
    assert submission.notes == (
        "mnist_basics-Copy1.ipynb was read; of other notebooks, Untitled.ipynb, nothing was.",
    )


@pytest.mark.parametrize(
    "name",
    ["mnist_basics.ipynb.txt", "Untitled.ipynb.json", "mnist_basics.json", "mnist_basics.txt"],
)
def test_a_notebook_with_another_ending_is_read_with_a_note(tmp_path: Path, name: str) -> None:
    submission = read_files(tmp_path, {f"exercises/{name}": notebook("x = 1")})
    assert origins(submission) == {"notebook": "x = 1"}
    assert submission.notes == (
        f"{name} is not named mnist_basics.ipynb; give it exactly that name.",
    )


def test_beside_a_notebook_other_endings_mean_nothing(tmp_path: Path) -> None:
    files: Files = {"any.ipynb": notebook("x = 1"), "mnist_basics.txt": "my notes"}
    submission = read_files(tmp_path, files)
    assert (origins(submission), submission.notes) == ({"notebook": "x = 1"}, ())


def test_cells_that_are_left_out_are_noted(tmp_path: Path) -> None:
    submission = read_files(tmp_path, {"mnist_basics.ipynb": notebook("x = 1", "x = (")})
    assert submission.sources == (Source("notebook", ("x = 1", ""), "mnist_basics.ipynb"),)
    assert len(submission.notes) == 1
    assert "code cell 2, line 1: '(' was never closed" in submission.notes[0]


def test_a_zip_in_the_folder_is_opened(tmp_path: Path) -> None:
    submission = read_files(tmp_path, {"my work.zip": zipped({"work/distance.py": "x = 1"})})
    assert origins(submission) == {"distance": "x = 1"}


def test_a_zip_beside_the_work_is_not(tmp_path: Path) -> None:
    files: Files = {"old.zip": zipped({"shapes.py": ""}), "distance.py": "x = 1"}
    assert origins(read_files(tmp_path, files)) == {"distance": "x = 1"}


def test_notes_do_not_fill_a_page(tmp_path: Path) -> None:
    submission = read_files(tmp_path, {"mnist_basics.ipynb": notebook(*["("] * 30)})
    assert len(submission.notes) == 21
    assert submission.notes[-1] == "And 10 more notes like these."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"def f(:", "distance.py line 1: invalid syntax: def f(:"),
        (b"\xff\xfe\xfd", "distance.py is saved as UTF-16; save it as UTF-8."),
        ("é".encode("latin-1"), "distance.py line 1 is not UTF-8; save it as UTF-8."),
        (
            b"x = 1\0",
            "distance.py line 1 holds a NUL byte: it is no text, or was damaged; save it again.",
        ),
        (
            b"(" * 150 + b")" * 150 + b"." * 9,
            "distance.py line 1: invalid syntax: " + "(" * 79 + "…",
        ),
        (b"-" * 100_000 + b"1", "distance.py is nested too deeply to be read."),
        (
            b"#" * (50 << 20),
            "distance.py is larger than 1 MiB; hand in the code without the data.",
        ),
    ],
    ids=["syntax", "utf-16", "latin-1", "nul", "brackets", "deep", "50-MiB"],
)
def test_a_unit_that_cannot_be_read_costs_itself_only(
    tmp_path: Path, content: bytes, message: str
) -> None:
    submission = read_files(tmp_path, {"distance.py": content, "shapes.py": "x = 1"})
    assert submission.faults == (Fault("distance", message),)
    assert origins(submission) == {"shapes": "x = 1"}
    assert not submission.unreadable


def link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def dangling_link(path: Path) -> None:
    path.symlink_to("nowhere")


def pipe(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (link, "is a link; hand in the file itself."),
        (dangling_link, "is a link; hand in the file itself."),
        (pipe, "is not an ordinary file; hand in the file itself."),
        (Path.mkdir, "is a folder; hand in a file of that name."),
    ],
    ids=["link", "dangling-link", "pipe", "folder"],
)
@pytest.mark.parametrize("name", ["distance.py", "mnist_basics.ipynb"])
def test_what_is_no_file_is_a_fault(
    tmp_path: Path, make: Callable[[Path], None], message: str, name: str
) -> None:
    make(put(tmp_path / "alice", {"shapes.py": ""}) / name)
    unit = "distance" if name == "distance.py" else None
    assert read_folder(tmp_path / "alice").faults == (Fault(unit, f"{name} {message}"),)


@pytest.mark.parametrize(
    ("name", "content", "note"),
    [
        ("tools.py", "(", "tools.py line 1: '(' was never closed: ("),
        ("tools.py", b"\xff", "tools.py line 1 is not UTF-8; save it as UTF-8."),
    ],
)
def test_a_helper_that_cannot_be_read_is_a_note(
    tmp_path: Path, name: str, content: str | bytes, note: str
) -> None:
    submission = read_files(tmp_path, {"shapes.py": "", name: content})
    assert (submission.faults, submission.notes) == ((), (f"A file was left out: {note}",))


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, f"Nothing was handed in; {HAND_IN}."),
        (
            {"report.pdf": "", "data/a.png": ""},
            f"No exercise file was found, only data (folder), report.pdf (file); {HAND_IN}.",
        ),
        (
            {"a.ipynb": notebook(), "b.ipynb": notebook()},
            "There are 2 notebooks (a.ipynb, b.ipynb); hand in one, as mnist_basics.ipynb.",
        ),
        (
            {"mnist_basics.ipynb": ""},
            "mnist_basics.ipynb is empty; save the notebook and hand it in again.",
        ),
        ({"work.zip": b"PK"}, "work.zip is no zip, or is damaged; zip the folder again."),
        (
            {"work.zip": zipped({"inner.zip": zipped({"distance.py": ""})})},
            f"No exercise file was found, only inner.zip (file); {HAND_IN}.",
        ),
        (
            {"a.zip": zipped({}), "b.zip": zipped({})},
            f"No exercise file was found, only a.zip (file), b.zip (file); {HAND_IN}.",
        ),
        ({"distance.py": "("}, "distance.py line 1: '(' was never closed: ("),
    ],
    ids=[
        "empty",
        "other-files",
        "two-notebooks",
        "empty-notebook",
        "no-zip",
        "zip-in-a-zip",
        "two-zips",
        "only-a-broken-file",
    ],
)
def test_where_nothing_can_be_read_the_first_fault_says_why(
    tmp_path: Path, files: Files, message: str
) -> None:
    submission = read_files(tmp_path, files)
    assert submission.unreadable
    assert submission.faults[0].message == message


def test_an_exercises_link_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "bob", {"distance.py": "x = 1"})
    (put(tmp_path / "alice", {}) / "exercises").symlink_to(tmp_path / "bob")
    submission = read_folder(tmp_path / "alice")
    assert submission.unreadable
    assert "only exercises (link)" in submission.faults[0].message


def test_all_files_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.intake.submission.MAX_READ", 100)
    submission = read_files(tmp_path, {"distance.py": "#" * 90, "shapes.py": "#" * 90})
    assert [source.name for source in submission.sources] == ["shapes"]
    assert [fault.unit for fault in submission.faults] == ["distance"]
    assert "all files together are larger than" in submission.faults[0].message


def test_the_words_of_all_files_together_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.intake.submission.MAX_TOKENS", 100)
    files: Files = {"distance.py": "x=1\n" * 20, "a.py": "x=1\n" * 20, "b.py": "x=1"}
    submission = read_files(tmp_path, files)
    assert [source.name for source in submission.sources] == ["distance"]
    assert len(submission.notes) == 2
    assert "a.py was not read: all files together hold more than 100 words" in submission.notes[0]


def test_the_number_of_helpers_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.intake.submission.MAX_HELPERS", 2)
    submission = read_files(tmp_path, {f"{name}.py": "" for name in ("metrics", "a", "b", "c")})
    assert [source.name for source in submission.sources] == ["metrics", "a", "b"]
    assert submission.notes == ("Only 2 of 3 files of your own were read.",)


def test_the_digest_is_of_what_was_read_and_not_of_its_packaging(tmp_path: Path) -> None:
    files: Files = {"distance.py": "x = 1", "shapes.py": "y = 2"}
    backwards = dict(reversed(files.items()))
    same = {
        read_files(tmp_path / "folder", files).digest,
        read_files(tmp_path / "zip", {"work.zip": zipped(files)}).digest,
        read_files(tmp_path / "backwards", {"work.zip": zipped(backwards)}).digest,
        read_files(tmp_path / "deep", {f"exercises/{k}": v for k, v in files.items()}).digest,
    }
    others = {
        read_files(tmp_path / "edited", files | {"shapes.py": "y = 3"}).digest,
        read_files(tmp_path / "renamed", {"distance.py": "y = 2", "shapes.py": "x = 1"}).digest,
        read_files(tmp_path / "more", files | {"tools.py": ""}).digest,
    }
    assert len(same) == 1
    assert len(others | same) == 4


def test_a_broken_file_counts_in_the_digest(tmp_path: Path) -> None:
    one = read_files(tmp_path / "one", {"distance.py": "("}).digest
    two = read_files(tmp_path / "two", {"distance.py": "(("}).digest
    assert one != two
