"""Count the work of one call in two independent ways.

A vectorised answer does the same number of tensor operations, and executes the same number
of bytecodes, for 2 pictures as for 50. Either count alone can be fooled: a loop over
``.tolist()`` does no tensor operation, a loop inside ``map(torch.dist, ...)`` few bytecodes.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode


class _Operations(TorchDispatchMode):
    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # Skipping it would import torch's whole compiler, which takes longer than torch itself.
        return False

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        self.count += 1
        return func(*args, **(kwargs or {}))


@contextmanager
def _tensors_written_for_free() -> Iterator[None]:
    """While counting, a tensor is written out in a word: whoever prints one does not loop."""
    before = torch._tensor_str._str
    torch._tensor_str._str = lambda *_args, **_options: "tensor(...)"
    try:
        yield
    finally:
        torch._tensor_str._str = before


def count_operations(call: Callable[[], Any]) -> tuple[Any, int]:
    """Run ``call`` and return its result and how many tensor operations it dispatched."""
    with _tensors_written_for_free(), _Operations() as operations:
        result = call()
    return result, operations.count


def count_bytecodes(call: Callable[[], Any]) -> tuple[Any, int]:
    """Run ``call`` and return its result and how many Python bytecodes it executed."""
    count = 0

    def trace(frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        if event == "opcode":
            count += 1
        return trace

    # Python 3.12 sends no opcodes to the first trace function of a process unless some frame
    # asked for them before.
    sys._getframe().f_trace_opcodes = True
    before = sys.gettrace()
    with _tensors_written_for_free():
        sys.settrace(trace)
        # A loop in a thread of its own is a loop all the same.
        threading.settrace(trace)
        try:
            result = call()
        finally:
            sys.settrace(before)
            threading.settrace(before)
    return result, count
