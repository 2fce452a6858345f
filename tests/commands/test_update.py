"""``autograder update``: a newer release comes into a folder that somebody works in."""

import errno
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from autograder.bundle.manifest import MANIFEST
from autograder.bundle.merge import merge
from autograder.bundle.release import Release
from autograder.commands.update import run_update
from autograder.files import write_atomically
from tests.commands.conftest import autograder

STUB, TESTS, WHEEL = "exercises/shapes.py", "exercises/test_shapes.py", "kit/kit-1.whl"
FIRST = {STUB: b"stub\n", TESTS: b"tests\n", WHEEL: b"PK\0one"}


def write_release(folder, files):
    merge(Release(frozenset({"mnist_basics"}), files), folder)
    return folder


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A student's folder; they have edited the stub."""
    write_release(tmp_path / "desk", FIRST)
    (tmp_path / "desk" / STUB).write_bytes(b"my answer\n")
    monkeypatch.chdir(tmp_path / "desk")
    return tmp_path / "desk"


@pytest.fixture
def newer(tmp_path):
    """Makes a newer release, in which some files are others."""
    return lambda **changed: write_release(tmp_path / "newer", {**FIRST, **changed})


@pytest.fixture
def update(capsys):
    """Updates; gives the exit code, and the lines on either stream."""

    def run(path):
        code = run_update(Path(path))
        printed = capsys.readouterr()
        return code, printed.out.splitlines(), printed.err.splitlines()

    return run


def contents(folder):
    files = {f.relative_to(folder).as_posix(): f for f in folder.rglob("*") if f.is_file()}
    return {name: file.read_bytes() for name, file in files.items() if name != MANIFEST}


def test_it_says_what_it_did(desk, newer, update):
    code, out, err = update(newer(**{STUB: b"new stub\n", TESTS: b"new tests\n"}))
    assert code == 0
    assert out == [f"kept        {STUB}", f"replaced    {TESTS}"]
    [sentence] = err
    assert sentence.startswith(f"autograder: {STUB} is edited, and stays as it is; ")
    assert f"is in kit/newer/{STUB}: compare" in sentence
    assert contents(desk) == {
        **FIRST,
        STUB: b"my answer\n",
        TESTS: b"new tests\n",
        f"kit/newer/{STUB}": b"new stub\n",
    }


def test_what_was_edited_and_has_not_changed_is_no_word_worth(desk, newer, update):
    assert update(newer()) == (0, [f"{desk} is up to date."], [])


def test_edits_in_what_was_put_aside(desk, newer, update):
    update(newer(**{STUB: b"new stub\n"}))
    (desk / "kit" / "newer" / STUB).write_bytes(b"my other answer\n")
    code, out, [sentence] = update(newer(**{STUB: b"newest stub\n"}))
    assert (code, out) == (0, [f"kept twice  {STUB}"])
    assert sentence.endswith("both stay as they are; compare them with the new release.")


def test_a_wheel_of_another_version_is_to_be_installed(desk, tmp_path, update):
    files = {STUB: b"stub\n", TESTS: b"tests\n", "kit/kit-2.whl": b"PK\0two"}
    code, out, err = update(write_release(tmp_path / "newer", files))
    assert (code, err) == (0, [])
    assert out == [
        f"removed     {WHEEL}",
        "new         kit/kit-2.whl",
        "The kit is a new one. Run: pip install kit/kit-2.whl",
    ]


def test_a_wheel_of_the_same_version_is_to_be_forced(desk, newer, update):
    _, out, _ = update(newer(**{WHEEL: b"PK\0two"}))
    assert out[-1] == (
        f"The kit is a new one. Run: pip install --force-reinstall --no-deps {WHEEL}"
    )


def test_from_a_zip_and_from_a_folder_further_down(desk, newer, update, monkeypatch):
    folder = newer(**{TESTS: b"new tests\n"})
    zipped = shutil.make_archive(str(folder), "zip", folder.parent, folder.name)
    monkeypatch.chdir(desk / "exercises")
    assert update(zipped)[0] == 0
    assert contents(desk)[TESTS] == b"new tests\n"


def test_a_zip_that_leads_out_of_the_folder(desk, newer, update, tmp_path):
    folder = newer()
    manifest = folder / MANIFEST
    manifest.write_text(manifest.read_text().replace(TESTS, "../outside.py"))
    with zipfile.ZipFile(tmp_path / "newer.zip", "w") as archive:
        archive.write(manifest, MANIFEST)
        archive.writestr("../outside.py", "tests\n")
    code, out, [sentence] = update(tmp_path / "newer.zip")
    assert (code, out) == (2, [])
    assert "names a file that no release has, '../outside.py'" in sentence
    assert not (tmp_path / "outside.py").exists()
    assert contents(desk) == {**FIRST, STUB: b"my answer\n"}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("../nothing", "does not exist; give the new release"),
        ("exercises", "is no release: there is no kit/release.json in it"),
        (STUB, "is neither a folder nor a zip"),
        (".", "is the folder that you work in; give the new release"),
    ],
)
def test_what_is_no_new_release(desk, update, path, words):
    code, out, [sentence] = update(path)
    assert (code, out) == (2, [])
    assert words in sentence


def test_elsewhere(newer, update, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, [sentence] = update(newer())
    assert (code, out) == (2, [])
    assert "is not in a folder of exercises" in sentence


def test_a_damaged_manifest_of_ones_own(desk, newer, update):
    (desk / MANIFEST).write_text("[]")
    code, _, [sentence] = update(newer(**{TESTS: b"new tests\n"}))
    assert code == 2
    assert "release.json is damaged; put back the one that you were given." in sentence
    assert contents(desk) == {**FIRST, STUB: b"my answer\n"}


def test_the_disk_is_full(desk, newer, update, monkeypatch):
    def write(path, content):
        if path.name == "test_shapes.py":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        write_atomically(path, content)

    folder = newer(**{STUB: b"new stub\n", TESTS: b"new tests\n"})
    with monkeypatch.context() as patch:
        patch.setattr("autograder.bundle.merge.write_atomically", write)
        code, out, [sentence] = update(folder)
    assert (code, out) == (1, [])
    assert sentence == (
        f"autograder: the update is not finished: {desk / TESTS}: No space left on device. "
        "The same command finishes it."
    )
    assert contents(desk)[STUB] == b"my answer\n"
    assert update(folder)[0] == 0
    assert contents(desk)[TESTS] == b"new tests\n"


def test_as_a_command(desk, newer):
    run = autograder("update", newer(**{TESTS: b"new tests\n"}), cwd=desk)
    assert (run.code, run.out, run.err) == (0, f"replaced    {TESTS}\n", "")
