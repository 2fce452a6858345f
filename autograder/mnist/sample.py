"""MNIST_SAMPLE, the 3s and 7s as a folder of pictures, made where fastai looks for it."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from autograder.mnist.digits import SPLITS, arrays
from autograder.mnist.errors import MnistError
from autograder.mnist.location import sample_folder

if TYPE_CHECKING:
    import numpy as np

LABELS = {3: 0, 7: 1}  # fastai's numbers for its two classes
LABELS_FILE = "labels.csv"

# Called with the number of pictures written so far, and of all.
Progress = Callable[[int, int], object]


def mnist_sample(progress: Progress | None = None) -> Path:
    """The folder of MNIST_SAMPLE, made now unless it is there already.

    It is laid out as fastai's download: ``train/3/10.png``, ``valid/7/0.png``, ``labels.csv``.
    A whole folder is used as it is, and nothing in it is touched. Raises ``MnistError`` when the
    folder is there but lacks files, when it can't be written, or when the kit's data is damaged.
    """
    return complete_folder(sample_folder(), sample_pictures(), progress)


def sample_pictures() -> dict[str, np.ndarray]:
    """Every picture of MNIST_SAMPLE by its file name: uint8 ``(28, 28)``.

    Training comes before validation, 3s before 7s, and then by the index that names the file.
    """
    return {
        f"{split}/{digit}/{index}.png": image
        for split in SPLITS
        for digit in LABELS
        for image, index in zip(*arrays(digit, split), strict=True)
    }


def complete_folder(
    folder: Path, pictures: Mapping[str, np.ndarray], progress: Progress | None = None
) -> Path:
    """The folder, with every picture and ``labels.csv``; made when nothing has its name.

    Raises ``MnistError`` when it is there but lacks files, or can't be read or written.
    """
    try:
        if not os.path.lexists(folder):
            _make(folder, pictures, progress)
        _check_whole(folder, [*pictures, LABELS_FILE])
    except OSError as error:
        raise MnistError(
            f"MNIST_SAMPLE can't be kept at {folder} ({_reason(error)}); free some space there, "
            "or set the environment variable FASTAI_HOME to a folder that you may write to."
        ) from error
    return folder


def _make(folder: Path, pictures: Mapping[str, np.ndarray], progress: Progress | None) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Made under another name on the same disk, so that one rename shows it whole or not at all.
    # Made one level down, since a temporary folder itself is closed to other users.
    with tempfile.TemporaryDirectory(
        dir=folder.parent, prefix=f"{folder.name}-unfinished-", ignore_cleanup_errors=True
    ) as workshop:
        made = Path(workshop) / folder.name
        _write(made, pictures, progress)
        try:
            made.rename(folder)
        except OSError:
            # Another process was faster: its folder stays, and is checked like any other.
            if not os.path.lexists(folder):
                raise


def _write(folder: Path, pictures: Mapping[str, np.ndarray], progress: Progress | None) -> None:
    for subfolder in _subfolders(pictures):
        (folder / subfolder).mkdir(parents=True)
    for done, (name, pixels) in enumerate(pictures.items(), start=1):
        (folder / name).write_bytes(_png(pixels))
        if progress:
            progress(done, len(pictures))
    (folder / LABELS_FILE).write_text(_labels(pictures), encoding="utf-8", newline="\n")


def _png(pixels: np.ndarray) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="PNG")
    return file.getvalue()


def _labels(names: Iterable[str]) -> str:
    rows = [f"{name},{LABELS[int(PurePosixPath(name).parent.name)]}\n" for name in names]
    return "".join(["name,label\n", *rows])


def _check_whole(folder: Path, names: list[str]) -> None:
    present = {name for subfolder in _subfolders(names) for name in _files(folder, subfolder)}
    missing = [name for name in names if name not in present]
    if missing:
        raise MnistError(
            f"{folder} lacks {len(missing):,} of the {len(names):,} files of MNIST_SAMPLE, "
            f"{missing[0]} for one; if nothing is still writing there, move it away, "
            "and a whole one will be made."
        )


def _subfolders(names: Iterable[str]) -> list[str]:
    """The folders that the files lie in, such as ``train/3/``; ``""`` is the folder itself."""
    return sorted({name[: name.rfind("/") + 1] for name in names})


def _files(folder: Path, subfolder: str) -> list[str]:
    """The names of the files in it that hold anything: a crash can leave empty ones behind."""
    try:
        with os.scandir(folder / subfolder) as entries:
            return [
                f"{subfolder}{entry.name}"
                for entry in entries
                if entry.is_file() and entry.stat().st_size
            ]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _reason(error: OSError) -> str:
    return f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror or error)
