"""Where MNIST_SAMPLE belongs, by fastai's own rules."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from autograder.mnist import MnistError, sample_folder

needs_fastai = pytest.mark.skipif(
    find_spec("fastai") is None, reason="needs fastai: pip install 'threes-and-sevens[book]'"
)


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A folder named by FASTAI_HOME, not there yet."""
    folder = tmp_path / "fastai"
    monkeypatch.setenv("FASTAI_HOME", str(folder))
    return folder


def configure(home: Path, text: str) -> None:
    home.mkdir()
    (home / "config.ini").write_text(text, encoding="utf-8")


def test_without_a_configuration_file(home):
    assert sample_folder() == home / "data" / "mnist_sample"
    assert not home.exists(), "looking must not make anything"


def test_a_relative_data_folder(home):
    configure(home, "[DEFAULT]\ndata = datasets/vision\n")
    assert sample_folder() == home / "datasets" / "vision" / "mnist_sample"


def test_an_absolute_data_folder(home, tmp_path):
    configure(home, f"[DEFAULT]\ndata = {tmp_path / 'disk'}\n")
    assert sample_folder() == tmp_path / "disk" / "mnist_sample"


def test_without_fastai_home(tmp_path, monkeypatch):
    monkeypatch.delenv("FASTAI_HOME", raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    assert sample_folder() == tmp_path / ".fastai" / "data" / "mnist_sample"


def test_a_relative_fastai_home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FASTAI_HOME", "here")
    assert sample_folder() == tmp_path / "here" / "data" / "mnist_sample"


def test_no_home_folder_at_all(monkeypatch):
    monkeypatch.setenv("FASTAI_HOME", "~no-such-user-here/fastai")
    with pytest.raises(MnistError, match="set the environment variable FASTAI_HOME"):
        sample_folder()


@pytest.mark.parametrize(
    "text",
    ["data = data\n", "[DEFAULT\n", "[DEFAULT]\ndata = %(nowhere)s\n", "[DEFAULT]\ndata = %\n"],
)
def test_an_unreadable_configuration_file(home, text):
    configure(home, text)
    with pytest.raises(MnistError, match=r"config\.ini can't be read.*mend it, or delete it"):
        sample_folder()


def test_a_configuration_file_that_is_not_utf_8(home):
    home.mkdir()
    (home / "config.ini").write_bytes(b"[DEFAULT]\ndata = caf\xe9\n")
    with pytest.raises(MnistError, match=r"config\.ini can't be read"):
        sample_folder()


def test_a_configuration_file_without_a_data_folder(home):
    configure(home, "[DEFAULT]\narchive = archive\n")
    with pytest.raises(MnistError, match=r"config\.ini names no data folder"):
        sample_folder()


@needs_fastai
@pytest.mark.parametrize(
    "text",
    [
        None,
        "[DEFAULT]\ndata = data\narchive = archive\nstorage = tmp\nmodel = models\n",
        "[DEFAULT]\nDATA = Grand Écart\n",
        "[DEFAULT]\nroot = /big\ndata = %(root)s/disk\n",
        "[DEFAULT]\ndata = ~/not-expanded\n",
        "[DEFAULT]\ndata = ../beside\n",
        "[DEFAULT]\ndata =\n",
    ],
)
def test_fastai_looks_in_the_same_place(home, text):
    from fastcore.xtras import Config

    if text is not None:
        configure(home, text)
    ours = sample_folder()
    theirs = Config(home, "config.ini", create={"data": "data"}).path("data") / "mnist_sample"
    assert ours == theirs
