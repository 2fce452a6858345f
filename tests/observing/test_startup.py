"""Importing torch quickly."""

import gc
import subprocess
import sys

from autograder.observing.startup import import_torch

# Stands for torch, and says whether garbage is collected while it is imported.
SMALL_TORCH = """
import gc, sys
from importlib.machinery import ModuleSpec

class SmallTorch:
    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self) if name == "torch" else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        print("collecting" if gc.isenabled() else "not collecting")

sys.meta_path.insert(0, SmallTorch())
from autograder.observing.startup import import_torch
"""


def fresh(code: str) -> list[str]:
    """The lines that a new process prints."""
    command = [sys.executable, "-c", SMALL_TORCH + code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()


def test_the_collector_rests_during_the_import_alone():
    lines = fresh("import_torch(); print(gc.isenabled(), gc.get_freeze_count() > 0)")
    assert lines == ["not collecting", "True True"]


def test_a_collector_that_was_off_stays_off():
    lines = fresh("gc.disable(); import_torch(); print(gc.isenabled())")
    assert lines == ["not collecting", "False"]


def test_torch_that_is_there_is_left_alone():
    """As in a notebook's kernel, whose objects are the student's."""
    import torch  # noqa: F401

    before = gc.get_freeze_count()
    import_torch()
    assert gc.get_freeze_count() == before
