"""A receipt names what a result rests on, and nothing that changes between equal runs."""

from autograder.judging.receipt import kit_digest, receipt
from autograder.judging.suite import suite_digest, suite_files


def test_equal_runs_have_equal_receipts():
    assert receipt("abc", "def", 1) == receipt("abc", "def", 1)


def test_it_has_the_fields_of_the_contract():
    assert list(receipt("abc", "def", 7)) == [
        *("submission", "suite", "kit", "torch", "python", "seed", "sandbox", "device")
    ]
    assert receipt("abc", "def", 7)["seed"] == 7


def test_hashes_are_sha256():
    for digest in (kit_digest(), suite_digest(suite_files())):
        assert len(bytes.fromhex(digest)) == 32


def test_a_changed_suite_has_another_hash(tmp_path):
    file = tmp_path / "test_rank.py"
    file.write_text("one")
    before = suite_digest([file])
    file.write_text("two")
    assert suite_digest([file]) != before
