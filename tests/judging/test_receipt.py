"""A receipt names what a result rests on, and nothing that changes between equal runs."""

from autograder.judging.plan import Plan
from autograder.judging.receipt import kit_digest, receipt
from autograder.judging.sandbox import Sandbox
from autograder.judging.suite import suite_digest, suite_files


def plan(seed=7, layers=("landlock", "seccomp")):
    return Plan("mnist_basics", seed, tuple(suite_files()), Sandbox(layers, ()))


def test_equal_runs_have_equal_receipts():
    assert receipt("abc", plan()) == receipt("abc", plan())
    assert receipt("abc", plan()) != receipt("abc", plan(seed=8))


def test_it_has_the_fields_of_the_contract():
    assert list(receipt("abc", plan())) == [
        *("submission", "suite", "kit", "torch", "python", "seed", "sandbox", "device")
    ]
    assert receipt("abc", plan())["seed"] == 7
    assert receipt("abc", plan())["sandbox"] == ["landlock", "seccomp"]


def test_hashes_are_sha256():
    for digest in (kit_digest(), suite_digest(suite_files())):
        assert len(bytes.fromhex(digest)) == 32


def test_a_changed_suite_has_another_hash(tmp_path):
    file = tmp_path / "test_rank.py"
    file.write_text("one")
    before = suite_digest([file])
    file.write_text("two")
    assert suite_digest([file]) != before
