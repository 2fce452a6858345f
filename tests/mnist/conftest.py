"""The real MNIST_SAMPLE, made once for all tests. It takes a second or two."""

from pathlib import Path

import pytest

from autograder.mnist import mnist_sample


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that ``mnist_sample()`` made; only to be read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FASTAI_HOME", str(tmp_path_factory.mktemp("fastai")))
        return mnist_sample()
