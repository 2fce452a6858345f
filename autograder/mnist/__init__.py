"""All of MNIST, shipped with the kit: as tensors, or as a folder laid out like fastai's."""

from autograder.mnist.digits import DIGITS, SPLITS, images, load
from autograder.mnist.errors import MnistError
from autograder.mnist.location import sample_folder
from autograder.mnist.sample import mnist_sample

__all__ = ["DIGITS", "SPLITS", "MnistError", "images", "load", "mnist_sample", "sample_folder"]
