"""A newer release goes into a student's folder, and what they have edited stays theirs."""

import os
import sys

import pytest

from autograder.bundle.manifest import MANIFEST, BundleError, read_manifest
from autograder.bundle.merge import Change, Fate, merge
from autograder.bundle.release import Release
from autograder.files import write_atomically

FIRST = {
    "README.md": b"Read me.\n",
    "exercises/distance.py": b"def mnist_distance(): ...\n",
    "exercises/test_distance.py": b"def test_one(): ...\n",
    "kit/kit-1.whl": b"PK\0one\r\n",
}
STUB, TESTS, WHEEL = "exercises/distance.py", "exercises/test_distance.py", "kit/kit-1.whl"
ASIDE = f"kit/newer/{STUB}"


def release(files=FIRST, assignment="mnist_basics", **changed):
    """A release of ``files``, some of them ``changed``: ``stub=b"..."``."""
    names = {"stub": STUB, "tests": TESTS, "wheel": WHEEL}
    new = {names[name]: content for name, content in changed.items()}
    return Release(frozenset({assignment}), {**files, **new})


@pytest.fixture
def desk(tmp_path):
    """A student's folder, with the first release in it."""
    merge(release(), tmp_path / "desk")
    return tmp_path / "desk"


def contents(folder):
    """Every file in the folder but the manifest."""
    files = {f.relative_to(folder).as_posix(): f for f in folder.rglob("*") if f.is_file()}
    return {name: file.read_bytes() for name, file in files.items() if name != MANIFEST}


def fates(changes):
    return {change.path: change.fate for change in changes}


def test_into_a_folder_that_is_missing(tmp_path):
    changes = merge(release(), tmp_path / "a" / "desk")
    assert contents(tmp_path / "a" / "desk") == FIRST
    assert changes == [Change(path, Fate.ADDED) for path in sorted(FIRST)]


def test_the_same_release_again_changes_nothing(desk):
    assert merge(release(), desk) == []
    assert contents(desk) == FIRST


def test_what_nobody_edited_is_replaced(desk):
    assert fates(merge(release(stub=b"new\n"), desk)) == {STUB: Fate.REPLACED}
    assert contents(desk) == {**FIRST, STUB: b"new\n"}


def test_what_was_edited_and_has_not_changed_is_left_in_silence(desk):
    (desk / STUB).write_bytes(b"my answer\n")
    assert fates(merge(release(tests=b"new\n"), desk)) == {TESTS: Fate.REPLACED}
    assert contents(desk) == {**FIRST, STUB: b"my answer\n", TESTS: b"new\n"}


def test_what_was_edited_and_has_changed_too_is_kept(desk):
    (desk / STUB).write_bytes(b"my answer\n")
    assert fates(merge(release(stub=b"new\n"), desk)) == {STUB: Fate.KEPT}
    assert contents(desk) == {**FIRST, STUB: b"my answer\n", ASIDE: b"new\n"}


def test_what_was_set_aside_stays_while_it_is_the_newest(desk):
    (desk / STUB).write_bytes(b"my answer\n")
    merge(release(stub=b"new\n"), desk)
    assert merge(release(stub=b"new\n"), desk) == []
    assert contents(desk)[ASIDE] == b"new\n"
    assert fates(merge(release(stub=b"newest\n"), desk)) == {STUB: Fate.KEPT}
    assert contents(desk)[ASIDE] == b"newest\n"


@pytest.mark.parametrize("theirs", [b"new\n", None], ids=["taken over", "deleted"])
def test_what_was_set_aside_goes_when_it_has_its_place(desk, theirs):
    (desk / STUB).write_bytes(b"my answer\n")
    merge(release(stub=b"new\n"), desk)
    (desk / STUB).unlink() if theirs is None else (desk / STUB).write_bytes(theirs)
    merge(release(stub=b"new\n"), desk)
    assert contents(desk) == {**FIRST, STUB: b"new\n"}


def test_what_was_set_aside_and_then_edited_is_kept_as_well(desk):
    (desk / STUB).write_bytes(b"my answer\n")
    merge(release(stub=b"new\n"), desk)
    (desk / ASIDE).write_bytes(b"my other answer\n")
    assert fates(merge(release(stub=b"newest\n"), desk)) == {STUB: Fate.KEPT_TWICE}
    assert contents(desk) == {**FIRST, STUB: b"my answer\n", ASIDE: b"my other answer\n"}


def test_what_was_deleted_comes_back(desk):
    (desk / TESTS).unlink()
    assert fates(merge(release(), desk)) == {TESTS: Fate.ADDED}
    assert contents(desk) == FIRST


def test_other_line_ends_are_no_edit(desk):
    (desk / STUB).write_bytes(FIRST[STUB].replace(b"\n", b"\r\n"))
    assert fates(merge(release(stub=b"new\n"), desk)) == {STUB: Fate.REPLACED}
    assert contents(desk)[STUB] == b"new\n"


@pytest.mark.parametrize("damaged", [b"PK\0one\n", b""], ids=["line ends", "cut off"])
def test_a_damaged_wheel_is_replaced(desk, damaged):
    (desk / WHEEL).write_bytes(damaged)
    assert fates(merge(release(), desk)) == {WHEEL: Fate.REPLACED}
    assert contents(desk) == FIRST


def test_an_old_wheel_goes(desk):
    files = {**FIRST, "kit/kit-2.whl": b"PK\0two"}
    del files[WHEEL]
    changes = merge(release(files), desk)
    assert fates(changes) == {WHEEL: Fate.REMOVED, "kit/kit-2.whl": Fate.ADDED}
    assert contents(desk) == files


def test_what_is_no_longer_given_out_stays_if_it_was_edited(desk):
    (desk / STUB).write_bytes(b"my answer\n")
    rest = {path: content for path, content in FIRST.items() if path != STUB}
    assert merge(release(rest), desk) == []
    assert contents(desk)[STUB] == b"my answer\n"


def test_what_is_no_longer_given_out_is_not_set_aside_either(desk):
    (desk / STUB).write_bytes(b"my answer\n")
    merge(release(stub=b"new\n"), desk)
    rest = {path: content for path, content in FIRST.items() if path != STUB}
    merge(release(rest), desk)
    assert contents(desk) == {**rest, STUB: b"my answer\n"}


def test_files_of_the_students_own_stay(desk):
    (desk / "exercises" / "helpers.py").write_bytes(b"mine")
    (desk / "notes.txt").write_bytes(b"mine")
    merge(release(stub=b"new\n"), desk)
    assert contents(desk).items() >= {("exercises/helpers.py", b"mine"), ("notes.txt", b"mine")}


def test_a_file_that_stood_there_before_the_first_release(tmp_path):
    (tmp_path / "README.md").write_bytes(b"mine")
    assert fates(merge(release(), tmp_path))["README.md"] is Fate.KEPT
    assert contents(tmp_path) == {
        **FIRST,
        "README.md": b"mine",
        "kit/newer/README.md": FIRST["README.md"],
    }


def test_another_assignment_is_added_to_the_first(desk):
    other = {"mnist_beyond.ipynb": b"{}", "kit/kit-2.whl": b"PK\0two"}
    changes = merge(release(other, "mnist_beyond"), desk)
    assert fates(changes)[WHEEL] is Fate.REMOVED
    rest = {path: content for path, content in FIRST.items() if path != WHEEL}
    assert contents(desk) == {**rest, **other}
    manifest = read_manifest(desk)
    assert manifest.assignments == {"mnist_basics", "mnist_beyond"}
    assert set(manifest.files) == {*rest, *other}


def test_files_of_another_assignment_are_still_known_to_be_untouched(desk):
    merge(release({"mnist_beyond.ipynb": b"{}"}, "mnist_beyond"), desk)
    assert fates(merge(release(stub=b"new\n"), desk))[STUB] is Fate.REPLACED


class Killed(BaseException):
    """As a power cut: nothing may catch it."""


@pytest.mark.parametrize("writes", range(7))
def test_a_merge_that_was_stopped_is_finished_by_the_same_again(desk, monkeypatch, writes):
    """However many files were written: nothing of the student's is lost, and nothing is missed."""
    (desk / STUB).write_bytes(b"my answer\n")
    newer = {"README.md": b"new", STUB: b"new stub\n", TESTS: b"new", "kit/kit-2.whl": b"two"}
    left = writes

    def write(path, content):
        nonlocal left
        if not left:
            raise Killed
        left -= 1
        write_atomically(path, content)

    with monkeypatch.context() as patch:
        patch.setattr("autograder.bundle.merge.write_atomically", write)
        try:
            merge(release(newer), desk)
        except Killed:
            assert contents(desk)[STUB] == b"my answer\n"
    merge(release(newer), desk)
    assert contents(desk) == {**newer, STUB: b"my answer\n", ASIDE: b"new stub\n"}
    assert read_manifest(desk) == release(newer).manifest


def test_what_a_killed_merge_left_behind_goes(desk):
    left = desk / "exercises" / ".0123456789abcdef.tmp"
    left.write_bytes(b"half a st")
    merge(release(stub=b"new\n"), desk)
    assert not left.exists()


def test_a_damaged_manifest_changes_nothing(desk):
    (desk / MANIFEST).write_text("{")
    with pytest.raises(BundleError, match=r"release\.json is damaged; put back the one"):
        merge(release(stub=b"new\n"), desk)
    assert contents(desk) == FIRST


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
@pytest.mark.parametrize("folder", ["exercises", "kit", "kit/newer"])
def test_nothing_is_written_through_a_link(desk, tmp_path, folder):
    (desk / STUB).write_bytes(b"my answer\n")
    outside = tmp_path / "outside"
    if (desk / folder).exists():
        (desk / folder).rename(outside)
    else:
        outside.mkdir()
    (desk / folder).symlink_to(outside)
    before = contents(outside)
    with pytest.raises(BundleError, match=f"{folder} is a link; put the folder itself"):
        merge(release(stub=b"new\n"), desk)
    assert contents(outside) == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
@pytest.mark.parametrize("target", ["mine.py", "nowhere.py"])
def test_a_link_in_place_of_a_file_is_the_students_own(desk, target):
    (desk / "mine.py").write_bytes(b"my answer\n")
    (desk / STUB).unlink()
    (desk / STUB).symlink_to(desk / target)
    assert fates(merge(release(stub=b"new\n"), desk)) == {STUB: Fate.KEPT}
    assert (desk / STUB).is_symlink()
    assert (desk / "mine.py").read_bytes() == b"my answer\n"


def test_a_folder_in_place_of_a_file_is_the_students_own(desk):
    (desk / STUB).unlink()
    (desk / STUB).mkdir()
    assert fates(merge(release(), desk)) == {}
    assert fates(merge(release(stub=b"new\n"), desk)) == {STUB: Fate.KEPT}


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(desk):
    (desk / "exercises").chmod(0o500)
    with pytest.raises(OSError, match="Permission denied"):
        merge(release(stub=b"new\n"), desk)
    assert contents(desk) == FIRST
