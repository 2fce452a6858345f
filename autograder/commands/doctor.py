"""``autograder doctor``: what is there and what is missing, in words."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from autograder.commands.say import wrapped

if TYPE_CHECKING:
    from autograder.judging.sandbox import Sandbox

OLDEST_PYTHON = (3, 11)
SIGN, WHAT = 8, 10
"""Widths of the first two columns."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``needed`` says whether the kit works without it."""

    what: str
    good: bool
    words: str
    needed: bool = True


def run_doctor() -> int:
    """Print a line for each thing; 1 when something that the kit needs is missing."""
    checks: list[Callable[[], Finding]] = [
        _python,
        _torch,
        _cuda,
        _data,
        _book,
        _suites,
        _sandbox,
    ]
    findings = [check() for check in checks]
    for finding in findings:
        sign = "ok" if finding.good else "MISSING" if finding.needed else "-"
        print(wrapped(f"{sign:<{SIGN}}{finding.what:<{WHAT}}{finding.words}", SIGN + WHAT))
    return 0 if all(finding.good or not finding.needed for finding in findings) else 1


def _python() -> Finding:
    wanted = ".".join(map(str, OLDEST_PYTHON))
    good = sys.version_info >= OLDEST_PYTHON
    words = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Finding("Python", good, words if good else f"{words}; the kit needs {wanted} or newer")


def _torch() -> Finding:
    if importlib.util.find_spec("torch") is None:
        return Finding("torch", False, "not installed; run: pip install -e .")
    try:
        import torch

        torch.ones(1).sum()
    except Exception as error:
        return Finding("torch", False, f"installed, but it does not start: {error}")
    return Finding("torch", True, torch.__version__)


def _cuda() -> Finding:
    try:
        import torch

        there = torch.cuda.is_available()
        words = torch.cuda.get_device_name(0) if there else "no GPU; GPU tests are skipped"
    except Exception:
        there, words = False, "can't be asked without torch"
    return Finding("CUDA", there, words, needed=False)


def _data() -> Finding:
    from autograder.mnist import MnistError, sample_folder

    try:
        from autograder.mnist.digits import DIGITS, SPLITS, arrays

        sizes = {s: sum(len(arrays(d, s)[0]) for d in DIGITS) for s in SPLITS}
        sample = sample_folder()
    except (MnistError, ImportError, OSError) as error:
        return Finding("data", False, str(error))
    # os.path: a home that may not be looked into has no sample, and is no error.
    made = "made" if os.path.isdir(sample) else "not made yet"  # noqa: PTH112
    words = " and ".join(f"{count:,} {split}" for split, count in sizes.items())
    return Finding("data", True, f"{words} pictures; MNIST_SAMPLE is {made}, in {sample}")


def _book() -> Finding:
    try:
        return Finding("book", True, f"fastai {version('fastai')}")
    except PackageNotFoundError:
        return Finding("book", False, "no fastai; pip install -e '.[book]'", needed=False)


def _suites() -> Finding:
    try:
        from autograder.judging.suite import SuiteError, suite_files
    except ImportError as error:
        return Finding("suites", False, f"{error}; run: pip install -e .")
    try:
        words = f"{len(suite_files())} hidden suites; this installation can grade"
    except SuiteError:
        return Finding("suites", False, "no hidden suites; enough for students", needed=False)
    return Finding("suites", True, words)


def _sandbox() -> Finding:
    """Lock a worker up and try to break out: what the machine offers is not yet what holds."""
    from autograder.judging.sandbox import find_sandbox

    sandbox = find_sandbox()
    if not sandbox.locked:
        words = f"{'; '.join(sandbox.missing)}: `autograder grade` refuses without --unsafe"
        return Finding("sandbox", False, words, needed=False)
    hole = _hole(sandbox)
    if hole:
        return Finding("sandbox", False, f"{hole}; report this, and grade only trusted code")
    words = f"tried out, and it holds: {', '.join(sandbox.layers)}"
    if "bubblewrap" not in sandbox.layers:
        words += "; install bubblewrap for one layer more"
    return Finding("sandbox", True, words, needed=False)


def _hole(sandbox: Sandbox) -> str | None:
    """What a locked worker can still do, or why there is none; None when the lock holds."""
    try:
        from autograder.judging.workers import MachineFailure, fork_server
    except ImportError as error:
        return f"can't be tried out: {error}"
    try:
        with fork_server(sandbox):
            return None
    except MachineFailure as failure:
        return str(failure)
