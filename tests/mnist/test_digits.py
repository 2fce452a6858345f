"""The shipped pictures, as tensors."""

import subprocess
import sys

import pytest
import torch

from autograder.mnist import DIGITS, SPLITS, MnistError, digits, images, load


@pytest.mark.parametrize(
    ("digit", "split", "count"),
    [(3, "train", 6131), (7, "train", 6265), (3, "valid", 1010), (7, "valid", 1028)],
)
def test_the_figures_of_the_book(digit, split, count):
    pictures = images(digit, split)
    assert pictures.shape == (count, 28, 28)
    assert pictures.dtype == torch.uint8
    assert (pictures.min(), pictures.max()) == (0, 255)


@pytest.mark.parametrize(("split", "count"), [("train", 60_000), ("valid", 10_000)])
def test_all_of_mnist_is_there(split, count):
    assert sum(len(images(digit, split)) for digit in DIGITS) == count


def test_load_scales_and_labels():
    pictures, labels = load([7, 3], "valid")
    assert pictures.dtype == torch.float32
    assert labels.dtype == torch.int64
    assert torch.equal(pictures, torch.cat([images(7, "valid"), images(3, "valid")]) / 255)
    assert labels.tolist() == [7] * 1028 + [3] * 1010


def test_load_takes_any_iterable_of_digits():
    pictures, labels = load(iter((1, 0)), "valid")
    assert pictures.shape == (1135 + 980, 28, 28)
    assert labels.unique_consecutive().tolist() == [1, 0]


def test_a_change_to_the_tensor_stays_there():
    images(3, "valid").zero_()
    assert images(3, "valid").any()


def test_every_index_stands_once():
    for split, count in zip(SPLITS, (60_000, 10_000), strict=True):
        indices = [index for digit in DIGITS for index in digits.arrays(digit, split)[1]]
        assert sorted(indices) == list(range(count))


@pytest.mark.parametrize("digit", [10, -1, "3", None, [3]])
def test_an_unknown_digit_is_named(digit):
    with pytest.raises(ValueError, match="0, 1, 2, 3, 4, 5, 6, 7, 8, 9") as caught:
        images(digit, "train")
    assert repr(digit) in str(caught.value)


@pytest.mark.parametrize("split", ["test", "Train", "", None])
def test_an_unknown_split_is_named(split):
    with pytest.raises(ValueError, match="'train', 'valid'") as caught:
        load([3], split)
    assert repr(split) in str(caught.value)


def test_no_digits_is_an_error():
    with pytest.raises(ValueError, match="no digit was asked for"):
        load([], "train")


def flip_a_byte(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut off"),
        pytest.param(flip_a_byte, id="one bit flipped"),
        pytest.param(lambda data: b"version https://git-lfs", id="a pointer to the file"),
    ],
)
def test_a_damaged_file_asks_to_reinstall(damage, tmp_path, monkeypatch):
    whole = (digits.DATA / "3.npz").read_bytes()
    (tmp_path / "3.npz").write_bytes(damage(whole))
    monkeypatch.setattr(digits, "DATA", tmp_path)
    with pytest.raises(MnistError, match=r"3\.npz is missing or damaged.*reinstall"):
        images(3, "train")


def test_a_missing_file_asks_to_reinstall(tmp_path, monkeypatch):
    monkeypatch.setattr(digits, "DATA", tmp_path)
    with pytest.raises(MnistError, match=r"8\.npz is missing or damaged.*reinstall"):
        load([8], "valid")


def test_the_import_is_cheap():
    code = "import sys, autograder.mnist; print({'torch', 'numpy', 'PIL'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
