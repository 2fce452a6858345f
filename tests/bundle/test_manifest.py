"""The manifest: what was given out, and what can't be one."""

import json

import pytest

from autograder.bundle.manifest import MANIFEST, BundleError, Manifest, digest, find_root

GOOD = Manifest(frozenset({"mnist_basics"}), {"README.md": digest(b"Read me.\n")})


def parsed(**changed):
    return Manifest.parse(json.dumps({**json.loads(GOOD.as_json()), **changed}).encode(), "it")


def test_it_is_read_as_it_was_written():
    assert Manifest.parse(GOOD.as_json().encode(), "it") == GOOD


def test_one_text_for_one_release():
    files = {"b": "2", "a": "1"}
    turned = dict(reversed(files.items()))
    assert Manifest(frozenset("xy"), files).as_json() == Manifest(frozenset("yx"), turned).as_json()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'{"schema": 1', id="cut off"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"{}", id="nothing in it"),
        pytest.param(b"\xff\xfe\x00", id="not UTF-8"),
        pytest.param(b"[" * 100_000, id="nested too deeply"),
        pytest.param(b'{"schema": 1, "assignments": 3, "files": {}}', id="no assignments"),
        pytest.param(b'{"schema": 1, "assignments": [], "files": [1]}', id="no files"),
        pytest.param(b'{"schema": 1, "assignments": [], "files": {"a": 1}}', id="no digest"),
        pytest.param(b'{"schema": 1, "assignments": [[]], "files": {}}', id="no name"),
    ],
)
def test_a_damaged_one(content):
    with pytest.raises(BundleError, match=r"^it is damaged; put back the one"):
        Manifest.parse(content, "it")


def test_one_of_another_kit():
    with pytest.raises(BundleError, match=r"^it was made by another version of the kit; install"):
        parsed(schema=2)


@pytest.mark.parametrize(
    "path",
    [
        "../outside.py",
        "exercises/../../outside.py",
        "/etc/passwd",
        "exercises//distance.py",
        "./README.md",
        "",
        "exercises/",
        "C:/Windows/system.ini",
        "..\\outside.py",
        "a\0b",
        ".bashrc",
        ".git/hooks/post-checkout",
        "exercises/__pycache__/distance.pyc",
        MANIFEST,
        "kit/newer/README.md",
    ],
)
def test_a_path_that_no_release_has(path):
    with pytest.raises(BundleError, match=r"^it names a file that no release has, "):
        parsed(files={path: "0"})


def test_line_ends_are_no_difference_in_text_only():
    assert digest(b"one\r\ntwo\r\n") == digest(b"one\ntwo\n")
    assert digest(b"one\ntwo") != digest(b"one two")
    assert digest(b"PK\0\r\n") != digest(b"PK\0\n")


def test_the_root_is_found_from_within(tmp_path):
    (tmp_path / "kit").mkdir()
    (tmp_path / MANIFEST).write_text(GOOD.as_json())
    (tmp_path / "exercises").mkdir()
    for folder in (tmp_path, tmp_path / "kit", tmp_path / "exercises"):
        assert find_root(folder) == tmp_path


def test_there_is_no_root(tmp_path):
    with pytest.raises(BundleError, match=r"is not in a folder of exercises: there is no kit/rel"):
        find_root(tmp_path)
