"""A release is read from a folder or a zip, and only what its manifest names."""

import os
import sys
import zipfile

import pytest

from autograder.bundle.manifest import MANIFEST, BundleError
from autograder.bundle.merge import merge
from autograder.bundle.release import Release, read_release

RELEASE = Release(
    frozenset({"mnist_basics"}),
    {"README.md": b"Read me.\n", "exercises/distance.py": b"...\n", "kit/kit-1.whl": b"PK\0one"},
)


@pytest.fixture
def folder(tmp_path):
    merge(RELEASE, tmp_path / "newer")
    return tmp_path / "newer"


def zipped(folder, within="", **extra):
    """The folder as a zip, ``within`` another folder."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, f"{within}{file.relative_to(folder).as_posix()}")
        for name, content in extra.items():
            archive.writestr(name, content)
    return path


def test_from_a_folder(folder):
    assert read_release(folder) == RELEASE


@pytest.mark.parametrize("within", ["", "newer/", "one folder/"])
def test_from_a_zip(folder, within):
    assert read_release(zipped(folder, within)) == RELEASE


def test_from_a_folder_in_which_a_zip_was_unpacked(folder):
    outer = folder.with_name("outer")
    outer.mkdir()
    folder.rename(outer / "newer")
    assert read_release(outer) == RELEASE


def test_what_the_manifest_does_not_name_is_no_part_of_it(folder):
    (folder / "notes.txt").write_text("somebody's own")
    assert read_release(folder) == RELEASE
    path = zipped(folder, **{"../outside.py": b"", "/etc/cron.d/job": b""})
    assert read_release(path) == RELEASE


def test_line_ends_changed_on_the_way(folder):
    (folder / "README.md").write_bytes(b"Read me.\r\n")
    assert read_release(folder).manifest == RELEASE.manifest


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("README.md", "README.md is missing; get it once more"),
        ("exercises/distance.py", "exercises/distance.py is missing; get it once more"),
        (MANIFEST, "kit/release.json is missing; get it once more"),
    ],
)
def test_a_file_is_missing(folder, path, words):
    (folder / path).unlink()
    with pytest.raises(BundleError, match=words):
        read_release(folder)


def test_a_whole_folder_is_missing(folder):
    (folder / "exercises/distance.py").unlink()
    (folder / "exercises").rmdir()
    with pytest.raises(BundleError, match=r"exercises/distance\.py is missing"):
        read_release(folder)


def test_a_file_that_is_not_as_it_was_given_out(folder):
    (folder / "README.md").write_text("Something else.\n")
    for path in (folder, zipped(folder)):
        with pytest.raises(BundleError, match=r"^README\.md in .* is not as it was given out"):
            read_release(path)


def test_a_damaged_manifest(folder):
    (folder / MANIFEST).write_text("{")
    with pytest.raises(BundleError, match=r"newer, kit/release\.json, is damaged"):
        read_release(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
@pytest.mark.parametrize("path", ["README.md", MANIFEST])
def test_a_link_is_not_followed(folder, path):
    file = folder / path
    file.rename(folder.with_name("elsewhere"))
    file.symlink_to(folder.with_name("elsewhere"))
    with pytest.raises(BundleError, match=f"{path} is not an ordinary file"):
        read_release(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_to_a_folder_is_not_followed(folder):
    (folder / "exercises").rename(folder.with_name("elsewhere"))
    (folder / "exercises").symlink_to(folder.with_name("elsewhere"))
    with pytest.raises(BundleError, match=r"exercises/distance\.py is missing"):
        read_release(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_a_pipe_is_not_waited_for(folder):
    (folder / "README.md").unlink()
    os.mkfifo(folder / "README.md")
    with pytest.raises(BundleError, match=r"README\.md is not an ordinary file"):
        read_release(folder)


def test_nothing_there(tmp_path):
    with pytest.raises(BundleError, match="nothing does not exist; give the new release"):
        read_release(tmp_path / "nothing")


def test_no_release(tmp_path):
    (tmp_path / "photos").mkdir()
    with pytest.raises(BundleError, match=r"is no release: there is no kit/release\.json in it"):
        read_release(tmp_path)


def test_neither_folder_nor_zip(tmp_path):
    (tmp_path / "kit.whl").write_bytes(b"PK")
    with pytest.raises(BundleError, match="is neither a folder nor a zip"):
        read_release(tmp_path / "kit.whl")


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04"])
def test_a_zip_that_is_none(tmp_path, content):
    (tmp_path / "newer.zip").write_bytes(content)
    with pytest.raises(BundleError, match=r"newer\.zip is no zip, or is damaged"):
        read_release(tmp_path / "newer.zip")


def test_a_damaged_zip(folder):
    path = zipped(folder)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Read me.", b"Read us."))
    with pytest.raises(BundleError, match=r"README\.md is damaged"):
        read_release(path)


def test_a_file_too_large_for_a_release(folder, monkeypatch):
    monkeypatch.setattr("autograder.bundle.release.MAX_RELEASE", 10)
    with pytest.raises(BundleError, match="too large for a release"):
        read_release(folder)
