"""Import torch once, for every worker to come, and all that torch itself puts off."""

from __future__ import annotations

from typing import Any

from autograder.observing.startup import import_torch
from autograder.worker.compiler import put_off_the_compiler
from autograder.worker.pages import gather_in_large_pages


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
    put_off_the_compiler()
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
