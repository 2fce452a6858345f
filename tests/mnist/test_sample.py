"""MNIST_SAMPLE as a folder: its contents, and what happens when making it goes wrong."""

import csv
import errno
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autograder.mnist import MnistError, images, mnist_sample
from autograder.mnist.digits import arrays
from autograder.mnist.sample import complete_folder

FIGURES = {"train/3": 6131, "train/7": 6265, "valid/3": 1010, "valid/7": 1028}


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def state(folder: Path) -> dict[Path, tuple[int, int]]:
    """Which files lie below a folder, and when each was last written."""
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*")}


def start(home: Path, code: str) -> subprocess.Popen:
    """A Python process of its own, which a test can talk to."""
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "FASTAI_HOME": str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


MAKE_IN_STEP = """
import sys
from autograder.mnist import mnist_sample

def wait_after_the_first(done, total):
    if done == 1:
        print("begun", flush=True)
        sys.stdin.readline()

print(mnist_sample(wait_after_the_first))
"""


# What is in it


def test_it_is_laid_out_like_fastai_s(sample):
    assert sample.name == "mnist_sample"
    assert listing(sample) == ["labels.csv", "train", "valid"]
    assert {folder: len(listing(sample / folder)) for folder in FIGURES} == FIGURES


@pytest.mark.parametrize("folder", FIGURES)
def test_a_file_s_name_is_the_picture_s_index(sample, folder):
    split, digit = folder.split("/")
    _, indices = arrays(int(digit), split)
    assert set(listing(sample / folder)) == {f"{index}.png" for index in indices}


@pytest.mark.parametrize(
    "name",
    [
        "train/3/10.png",
        "train/3/10000.png",
        "train/3/10011.png",
        "train/3/7463.png",
        "train/3/21102.png",
        "train/3/31559.png",
        "train/3/46882.png",
        "valid/7/0.png",
    ],
)
def test_names_that_fastai_s_download_is_known_to_have(sample, name):
    assert (sample / name).is_file()
    assert f"\n{name},{0 if '/3/' in name else 1}\n" in (sample / "labels.csv").read_text()


@pytest.mark.parametrize("folder", FIGURES)
def test_a_picture_shows_its_array(sample, folder):
    split, digit = folder.split("/")
    _, indices = arrays(int(digit), split)
    stack = images(int(digit), split)
    for place in (0, len(stack) // 2, len(stack) - 1):
        with Image.open(sample / folder / f"{indices[place]}.png") as picture:
            assert (picture.format, picture.mode, picture.size) == ("PNG", "L", (28, 28))
            assert np.array_equal(np.asarray(picture), stack[place].numpy())


def test_labels_csv_lists_every_picture_in_order(sample):
    with (sample / "labels.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["name", "label"]
    assert rows == [
        [f"{split}/{digit}/{index}.png", label]
        for split in ("train", "valid")
        for digit, label in ((3, "0"), (7, "1"))
        for index in sorted(arrays(digit, split)[1])
    ]
    assert len(rows) == 14_434


def test_labels_csv_has_plain_line_ends(sample):
    assert (sample / "labels.csv").read_bytes().startswith(b"name,label\ntrain/3/7.png,0\n")


def test_nothing_else_is_left_beside_it(sample):
    assert listing(sample.parent) == [sample.name]


@pytest.mark.skipif(
    find_spec("fastai") is None, reason="needs fastai: pip install 'threes-and-sevens[book]'"
)
def test_fastai_takes_it_for_its_own_download(sample):
    code = """
import socket

def refuse(*_):
    raise OSError("there is no network in this test")

socket.socket.connect = socket.getaddrinfo = refuse
from fastai.data.external import URLs, untar_data
print(untar_data(URLs.MNIST_SAMPLE))
"""
    before = state(sample)
    with start(sample.parent.parent, code) as process:
        printed, _ = process.communicate()
    assert process.returncode == 0
    assert printed.splitlines()[-1] == str(sample)
    assert state(sample) == before


def test_a_whole_one_is_used_and_not_touched(sample, monkeypatch):
    monkeypatch.setenv("FASTAI_HOME", str(sample.parent.parent))
    before = state(sample)
    assert mnist_sample(progress=lambda done, total: pytest.fail("made again")) == sample
    assert state(sample) == before


def test_two_processes_make_it_at_once(tmp_path):
    with start(tmp_path, MAKE_IN_STEP) as one, start(tmp_path, MAKE_IN_STEP) as other:
        # Each has written its first picture before either may go on.
        assert one.stdout.readline() == other.stdout.readline() == "begun\n"
        for process in (one, other):
            process.stdin.write("\n")
            process.stdin.flush()
        answers = {one.communicate()[0], other.communicate()[0]}
    assert (one.returncode, other.returncode) == (0, 0)
    folder = tmp_path / "data" / "mnist_sample"
    assert answers == {f"{folder}\n"}
    assert listing(folder.parent) == ["mnist_sample"]
    assert {part: len(listing(folder / part)) for part in FIGURES} == FIGURES


# How it is made, with four pictures


@pytest.fixture
def four() -> dict[str, np.ndarray]:
    pixels = np.random.default_rng(0).integers(0, 256, (4, 28, 28), dtype=np.uint8)
    names = ["train/3/10.png", "train/7/15.png", "valid/3/18.png", "valid/7/0.png"]
    return dict(zip(names, pixels, strict=True))


@pytest.fixture
def folder(tmp_path) -> Path:
    """Where the sample is to be made: neither it nor the folder above it is there yet."""
    return tmp_path / "data" / "mnist_sample"


def test_progress_is_told_after_each_picture(folder, four):
    told = []
    complete_folder(folder, four, lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_other_users_may_read_it(folder, four, tmp_path):
    ordinary = tmp_path / "ordinary"
    ordinary.mkdir()
    assert complete_folder(folder, four).stat().st_mode == ordinary.stat().st_mode


def test_what_the_user_keeps_in_it_stays(folder, four):
    complete_folder(folder, four)
    (folder / "models").mkdir()
    (folder / "cleaned.csv").write_text("mine")
    before = state(folder)
    assert complete_folder(folder, four) == folder
    assert state(folder) == before


def test_the_slower_of_two_keeps_the_faster_one_s(folder, four):
    faster = {}

    def overtake(done, total):
        if done == 2:
            complete_folder(folder, four)
            faster.update(state(folder))

    assert complete_folder(folder, four, overtake) == folder
    assert faster
    assert state(folder) == faster
    assert listing(folder.parent) == ["mnist_sample"]


def test_a_half_made_one_that_turns_up_meanwhile_is_refused(folder, four):
    def get_in_the_way(done, total):
        (folder / "train").mkdir(parents=True, exist_ok=True)

    with pytest.raises(MnistError, match=r"lacks 5 of the 5 files"):
        complete_folder(folder, four, get_in_the_way)
    assert listing(folder.parent) == ["mnist_sample"]


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda folder: (folder / "train/7/15.png").unlink(), "lacks 1 .*train/7/15.png"),
        (lambda folder: (folder / "valid/7/0.png").write_bytes(b""), "lacks 1 .*valid/7/0.png"),
        (lambda folder: (folder / "labels.csv").unlink(), "lacks 1 .*labels.csv"),
        (lambda folder: (folder / "valid").rename(folder / "test"), "lacks 2 .*valid/3/18.png"),
    ],
    ids=["a picture gone", "an empty picture", "no labels", "no validation set"],
)
def test_a_half_made_one_is_refused_and_not_touched(folder, four, spoil, complaint):
    complete_folder(folder, four)
    spoil(folder)
    before = state(folder)
    with pytest.raises(MnistError, match=f"{complaint} for one; .*move it away") as caught:
        complete_folder(folder, four)
    assert str(folder) in str(caught.value)
    assert state(folder) == before


def test_an_empty_folder_is_refused(folder, four):
    folder.mkdir(parents=True)
    with pytest.raises(MnistError, match=r"lacks 5 of the 5 files"):
        complete_folder(folder, four)


def test_a_file_in_its_place_is_refused(folder, four):
    folder.parent.mkdir()
    folder.write_text("mine")
    with pytest.raises(MnistError, match=r"lacks 5 of the 5 files"):
        complete_folder(folder, four)
    assert folder.read_text() == "mine"


def test_a_link_to_a_whole_one_is_used(folder, four, tmp_path):
    elsewhere = complete_folder(tmp_path / "big disk" / "mnist_sample", four)
    folder.parent.mkdir()
    folder.symlink_to(elsewhere, target_is_directory=True)
    assert complete_folder(folder, four) == folder


def test_an_interrupted_run_leaves_nothing_behind(folder, four):
    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        complete_folder(folder, four, interrupt)
    assert listing(folder.parent) == []


def test_what_a_killed_run_leaves_never_counts(folder, four, tmp_path):
    with start(tmp_path, MAKE_IN_STEP) as process:
        assert process.stdout.readline() == "begun\n"
        process.kill()
    (left,) = listing(folder.parent)
    assert left.startswith("mnist_sample-unfinished-")
    complete_folder(folder, four)
    assert listing(folder.parent) == ["mnist_sample", left]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_disk_that_takes_no_more_is_one_sentence(folder, four, number, monkeypatch):
    def write(path, data):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", write)
    with pytest.raises(MnistError, match=rf"\({os.strerror(number)}\); free some space") as caught:
        complete_folder(folder, four)
    assert str(folder) in str(caught.value)
    assert listing(folder.parent) == []


def test_a_data_folder_that_can_t_be_made_is_one_sentence(folder, four):
    folder.parent.write_text("a file where the data folder should be")
    with pytest.raises(MnistError, match=r"can't be kept at .*FASTAI_HOME"):
        complete_folder(folder, four)
