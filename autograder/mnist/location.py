"""Where fastai looks for MNIST_SAMPLE, found out without importing fastai."""

import configparser
import os
from pathlib import Path

from autograder.mnist.errors import MnistError


def sample_folder() -> Path:
    """The folder that ``untar_data(URLs.MNIST_SAMPLE)`` takes as downloaded once it exists.

    It is ``mnist_sample`` in the data folder of fastai's ``config.ini``, which lies in
    ``FASTAI_HOME``, or in ``~/.fastai``. Raises ``MnistError`` when they name no folder.
    """
    home = _fastai_home()
    return home / _data_setting(home / "config.ini") / "mnist_sample"


def _fastai_home() -> Path:
    try:
        return Path(os.getenv("FASTAI_HOME", "~/.fastai")).expanduser().absolute()
    except RuntimeError as error:
        raise MnistError(
            "There is no home folder to keep MNIST_SAMPLE in; "
            "set the environment variable FASTAI_HOME to a folder that you may write to."
        ) from error


def _data_setting(config_file: Path) -> str:
    """The data folder, absolute or relative to the folder of the configuration file."""
    config = configparser.ConfigParser()
    try:
        # A file that can't be opened is passed over here, as it is by fastai.
        found = config.read(config_file, encoding="utf-8")
        setting = config["DEFAULT"].get("data") if found else "data"
    except (configparser.Error, UnicodeDecodeError) as error:
        raise MnistError(
            f"fastai's {config_file} can't be read as a configuration file; "
            "mend it, or delete it and fastai will write a new one."
        ) from error
    if setting is None:
        raise MnistError(
            f"fastai's {config_file} names no data folder; add the line `data = data` to it."
        )
    return setting
