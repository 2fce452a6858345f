"""A folder is listed and read the same way, on disk or in a zip."""

import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from autograder.intake.trees import LIMITS, DiskFolder, Kind, PlainFolder, Tree, read
from autograder.intake.zips import open_class
from autograder.sources import SourceProblem

Maker = Callable[[dict[str, bytes]], Tree]


@pytest.fixture(params=["disk", "plain", "zip"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Maker]:
    """Makes a tree of the files given, on disk or in a zip."""
    with ExitStack() as stack:

        def plainly(files: dict[str, bytes]) -> Tree:
            on_disk(files)
            return PlainFolder(tmp_path / "class")

        def on_disk(files: dict[str, bytes]) -> Tree:
            for name, content in files.items():
                path = tmp_path / "class" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            return stack.enter_context(open_class(tmp_path / "class"))

        def in_a_zip(files: dict[str, bytes]) -> Tree:
            with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
                for name, content in files.items():
                    archive.writestr(name, content)
            return stack.enter_context(open_class(tmp_path / "class.zip"))

        yield {"disk": on_disk, "plain": plainly, "zip": in_a_zip}[request.param]


def test_entries_are_sorted_and_say_what_they_are(tree: Maker) -> None:
    top = tree({"shapes.py": b"", "alice/distance.py": b"", "b.zip": b""})
    assert list(top.entries().items()) == [
        ("alice", Kind.FOLDER),
        ("b.zip", Kind.FILE),
        ("shapes.py", Kind.FILE),
    ]


def test_what_a_system_or_an_editor_left_is_not_seen(tree: Maker) -> None:
    junk = [".DS_Store", "__MACOSX/._a.py", ".ipynb_checkpoints/a.ipynb", "__pycache__/a.pyc"]
    assert list(tree(dict.fromkeys([*junk, "a.py"], b"")).entries()) == ["a.py"]


def test_a_folder_knows_its_place(tree: Maker) -> None:
    inner = (
        tree({"alice/mnist_basics/distance.py": b"x = 1"}).folder("alice").folder("mnist_basics")
    )
    assert inner.title == "alice/mnist_basics/"
    assert read(inner, "distance.py") == b"x = 1"


@pytest.mark.parametrize("suffix", LIMITS)
def test_a_file_may_be_as_large_as_its_kind(
    tree: Maker, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = LIMITS[suffix]
    monkeypatch.setitem(LIMITS, suffix, type(limit)(1 << 20, limit.advice))
    top = tree({f"a{suffix}": b"x" * (1 << 20), f"b{suffix}": b"x" * ((1 << 20) + 1)})
    assert len(read(top, f"a{suffix}")) == 1 << 20
    with pytest.raises(SourceProblem) as problem:
        read(top, f"b{suffix}")
    assert str(problem.value) == f"b{suffix} is larger than 1 MiB; {limit.advice}."


def test_a_link_is_seen_as_one_and_never_opened(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("mine")
    (tmp_path / "distance.py").symlink_to("secret")
    top = DiskFolder(tmp_path)
    assert top.entries()["distance.py"] is Kind.LINK
    with pytest.raises(OSError, match=r"distance\.py"):
        read(top, "distance.py")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_no_file_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "distance.py")
    top = DiskFolder(tmp_path)
    assert top.entries()["distance.py"] is Kind.OTHER
    with pytest.raises(SourceProblem, match=r"distance\.py is not an ordinary file"):
        read(top, "distance.py")


def test_an_error_names_the_file_and_not_where_the_class_stands(tmp_path: Path) -> None:
    folder = DiskFolder(tmp_path).folder("alice")
    with pytest.raises(OSError, match="No such file") as error:
        read(folder, "distance.py")
    assert error.value.filename == "alice/distance.py"


@pytest.mark.parametrize("swapped", ["alice", "alice/exercises"])
def test_a_folder_that_becomes_a_link_is_not_followed(tmp_path, swapped):
    secret = tmp_path / "solutions"
    secret.mkdir()
    (secret / "rank.py").write_text("secret")
    (tmp_path / "class" / "alice" / "exercises").mkdir(parents=True)
    folder = DiskFolder(tmp_path / "class").folder("alice").folder("exercises")
    assert folder.entries() == {}
    place = tmp_path / "class" / swapped
    place.rename(tmp_path / "before")
    place.symlink_to(secret if swapped.endswith("exercises") else tmp_path)
    (tmp_path / "exercises").symlink_to(secret)
    with pytest.raises(OSError, match="Not a directory"):
        folder.entries()
    with pytest.raises(OSError, match="Not a directory"):
        read(folder, "rank.py")
