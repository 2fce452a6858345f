"""A student's zip is read in place; whatever it holds, it costs a sentence and little else."""

import struct
import zipfile
from pathlib import Path

import pytest

from autograder.intake.trees import LIMITS, DiskFolder, Kind, Limit, read
from autograder.intake.zips import open_class, open_zip
from autograder.sources import SourceProblem

Names = list[str | zipfile.ZipInfo]


def make_zip(
    path: Path, names: Names, content: bytes = b"x = 1", compression: int = zipfile.ZIP_STORED
) -> None:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name in names:
            archive.writestr(name, content)


def entries_and_notes(tmp_path: Path, names: Names) -> tuple[list[str], tuple[str, ...]]:
    make_zip(tmp_path / "alice.zip", names)
    with open_zip(DiskFolder(tmp_path), "alice.zip") as top:
        return list(top.entries()), top.notes


def refusal(tmp_path: Path) -> str:
    with (
        pytest.raises(SourceProblem) as problem,
        open_zip(DiskFolder(tmp_path), "alice.zip") as top,
    ):
        read(top, "distance.py")
    return str(problem.value)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../distance.py", "a name in a zip may not lead out of its folder"),
        ("work/../../distance.py", "a name in a zip may not lead out of its folder"),
        ("/etc/distance.py", "a name in a zip may not start at the root of a disk"),
        ("C:distance.py", "a name in a zip may not start at the root of a disk"),
        (
            "work\\distance.py",
            "a name in a zip may hold neither a backslash nor a NUL; use your system's own zip",
        ),
        ("a/" * 40 + "distance.py", "it lies more than 32 folders deep"),
    ],
)
def test_a_name_that_leads_elsewhere_is_left_out_with_a_note(
    tmp_path: Path, name: str, why: str
) -> None:
    entries, notes = entries_and_notes(tmp_path, [name, "shapes.py"])
    assert entries == ["shapes.py"]
    assert len(notes) == 1
    assert notes[0].endswith(f" in the zip was left out: {why}.")


def test_a_nul_in_a_name_does_not_shorten_it(tmp_path: Path) -> None:
    make_zip(tmp_path / "alice.zip", ["distance.py_txt", "shapes.py"])
    content = (tmp_path / "alice.zip").read_bytes()
    (tmp_path / "alice.zip").write_bytes(content.replace(b".py_txt", b".py\0txt"))
    with open_zip(DiskFolder(tmp_path), "alice.zip") as top:
        assert list(top.entries()) == ["shapes.py"]
        assert len(top.notes) == 1


def test_a_link_in_a_zip_is_seen_as_one(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("distance.py")
    link.external_attr = 0o120777 << 16
    make_zip(tmp_path / "alice.zip", [link])
    with open_zip(DiskFolder(tmp_path), "alice.zip") as top:
        assert top.entries() == {"distance.py": Kind.LINK}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_with_one_name_the_later_counts(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "alice.zip", "w") as archive:
        archive.writestr("distance.py", "old")
        archive.writestr("distance.py", "new")
    with open_zip(DiskFolder(tmp_path), "alice.zip") as top:
        assert read(top, "distance.py") == b"new"


def test_a_name_that_is_file_and_folder_is_a_folder(tmp_path: Path) -> None:
    entries, _ = entries_and_notes(tmp_path, ["distance.py", "distance.py/shapes.py"])
    assert entries == ["distance.py"]


def test_accents_from_a_mac_are_read_as_typed(tmp_path: Path) -> None:
    make_zip(tmp_path / "alice.zip", ["Zo__.py"])
    content = (tmp_path / "alice.zip").read_bytes()
    (tmp_path / "alice.zip").write_bytes(content.replace(b"Zo__", "Zoë".encode()))
    with open_zip(DiskFolder(tmp_path), "alice.zip") as top:
        assert list(top.entries()) == ["Zoë.py"]


def test_what_is_no_zip_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "alice.zip").write_bytes(b"Rar!")
    assert refusal(tmp_path) == "alice.zip is no zip, or is damaged; zip the folder again."


@pytest.mark.parametrize("kept", [10, 60, 100])
def test_half_a_zip_gets_a_sentence(tmp_path: Path, kept: int) -> None:
    make_zip(tmp_path / "alice.zip", ["distance.py"])
    content = (tmp_path / "alice.zip").read_bytes()
    assert len(content) > 100
    (tmp_path / "alice.zip").write_bytes(content[:kept])
    assert refusal(tmp_path) == "alice.zip is no zip, or is damaged; zip the folder again."


def test_a_zip_that_was_cut_off_is_not_taken_for_the_last_zip_in_it(tmp_path: Path) -> None:
    make_zip(tmp_path / "inner.zip", ["distance.py"])
    make_zip(tmp_path / "alice.zip", ["inner.zip"], (tmp_path / "inner.zip").read_bytes())
    content = (tmp_path / "alice.zip").read_bytes()
    (tmp_path / "alice.zip").write_bytes(content[:-40])
    assert refusal(tmp_path) == "alice.zip is no zip, or is damaged; zip the folder again."


def test_a_damaged_member_gets_a_sentence(tmp_path: Path) -> None:
    make_zip(tmp_path / "alice.zip", ["distance.py"], b"x = 1")
    content = (tmp_path / "alice.zip").read_bytes()
    (tmp_path / "alice.zip").write_bytes(content.replace(b"x = 1", b"x = 2"))
    assert refusal(tmp_path) == "distance.py is damaged; zip it again."


def test_damage_in_the_class_zip_is_not_the_student_s_doing(tmp_path: Path) -> None:
    make_zip(tmp_path / "class.zip", ["distance.py"], b"x = 1")
    content = (tmp_path / "class.zip").read_bytes()
    (tmp_path / "class.zip").write_bytes(content.replace(b"x = 1", b"x = 2"))
    with open_class(tmp_path / "class.zip") as top, pytest.raises(OSError, match="damaged"):
        read(top, "distance.py")


def test_a_password_is_asked_to_be_taken_off(tmp_path: Path) -> None:
    make_zip(tmp_path / "alice.zip", ["distance.py"])
    content = bytearray((tmp_path / "alice.zip").read_bytes())
    content[content.index(b"PK\1\2") + 8] |= 1
    (tmp_path / "alice.zip").write_bytes(content)
    assert refusal(tmp_path) == "distance.py has a password; zip it again without one."


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_the_common_compression_is_read(tmp_path: Path, method: int) -> None:
    make_zip(tmp_path / "alice.zip", ["distance.py"], compression=method)
    sentence = "distance.py is compressed in an unusual way; use your system's own zip."
    assert refusal(tmp_path) == sentence


def test_a_bomb_is_read_no_further_than_the_limit(tmp_path: Path) -> None:
    bomb = tmp_path / "alice.zip"
    make_zip(bomb, ["distance.py"], bytes(32 << 20), compression=zipfile.ZIP_DEFLATED)
    assert bomb.stat().st_size < 1 << 16
    sentence = "distance.py is larger than 1 MiB; hand in the code without the data."
    assert refusal(tmp_path) == sentence


def test_a_size_forged_in_the_header_is_not_believed(tmp_path: Path) -> None:
    make_zip(
        tmp_path / "alice.zip", ["distance.py"], bytes(4 << 20), compression=zipfile.ZIP_DEFLATED
    )
    content = (tmp_path / "alice.zip").read_bytes()
    size = struct.pack("<L", 4 << 20)
    assert content.count(size) == 2
    (tmp_path / "alice.zip").write_bytes(content.replace(size, struct.pack("<L", 5)))
    assert refusal(tmp_path) == "distance.py is damaged; zip it again."


def test_a_zip_may_not_hold_thousands_of_files(tmp_path: Path) -> None:
    make_zip(tmp_path / "alice.zip", [f"{number}.png" for number in range(2_001)])
    sentence = "alice.zip holds more than 2,000 files; zip only the exercise files."
    assert refusal(tmp_path) == sentence


def test_a_list_of_members_is_refused_before_it_is_read(tmp_path: Path) -> None:
    make_zip(tmp_path / "alice.zip", [f"{'long' * 4_000}{number}" for number in range(100)])
    sentence = "alice.zip holds more than 2,000 files; zip only the exercise files."
    assert refusal(tmp_path) == sentence


def test_a_bomb_for_a_zip_is_read_no_further_than_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, ".zip", Limit(1 << 20, "zip only the exercise files"))
    make_zip(
        tmp_path / "class.zip", ["alice.zip"], bytes(8 << 20), compression=zipfile.ZIP_DEFLATED
    )
    with (
        open_class(tmp_path / "class.zip") as top,
        pytest.raises(SourceProblem, match=r"alice\.zip is larger than 1 MiB; zip only"),
        open_zip(top, "alice.zip"),
    ):
        pass
