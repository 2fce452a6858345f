"""Import torch once, for every worker to come, and all that torch itself puts off."""

from __future__ import annotations

import sys
import types
from typing import Any

from autograder.observing.startup import import_torch
from autograder.worker.pages import gather_in_large_pages


class _CompilerUntilNeeded(types.ModuleType):
    """Stands for ``torch._dynamo``, of which a worker needs nothing but the word "disable".

    The first operation on ``meta`` marks itself as not to be compiled, and imports the whole
    compiler to say so: as long again as torch itself, and as many pages to copy in each fork.
    Whoever asks for more gets the real one.
    """

    @staticmethod
    def disable(function: Any = None, *_args: Any, **_options: Any) -> Any:
        return function

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        import importlib

        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def warm_up() -> None:
    """Import torch, bound to one thread, and what its first uses would import.

    A two-thread operation before a fork would make every operation after it hang.
    """
    import_torch(then=_use_everything_once)
    gather_in_large_pages()


def _use_everything_once() -> None:
    import numpy as np
    import torch

    from autograder.observing.watch import WATCHES, watch

    torch.set_num_threads(1)
    stand_in = _CompilerUntilNeeded("torch._dynamo")
    stand_in.__path__ = []
    sys.modules["torch._dynamo"] = torch._dynamo = stand_in
    for what in WATCHES:
        watch(_some_work, (torch.ones(2, 3, 3), torch.ones(3, 3)), {}, what)
    watch(_some_work, (torch.ones(2, 3, 3, device="meta"), torch.ones(3, 3, device="meta")), {})
    # Every worker is born with these: equal submissions draw equal numbers.
    np.random.seed(0)
    torch.manual_seed(0)


def _some_work(a: Any, b: Any) -> Any:
    import torch

    difference = (torch.stack([a, a])[0] - b) ** 2
    distance = difference.sqrt() + (a - b).abs()
    return distance.mean((-1, -2)) * (distance > 0).float().mean()
