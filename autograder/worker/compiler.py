"""Keep torch's compiler out of workers until somebody asks for it.

The first operation on ``meta`` marks itself as not to be compiled, and imports the whole compiler
to say so: as long again as torch itself, and as many pages for each fork to share.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from typing import Any

COMPILER = "torch._dynamo"


def put_off_the_compiler() -> None:
    """Put a stand-in in the compiler's place. Needs torch."""
    import torch

    stand_in = _StandIn(COMPILER)
    sys.modules[COMPILER] = torch._dynamo = stand_in
    sys.meta_path.insert(0, _BelowTheStandIn())
    torch.compile = _uncompiled  # type: ignore[assignment]


def _uncompiled(function: Any = None, *_args: Any, **_options: Any) -> Any:
    """``torch.compile`` for a worker, which may start no compiler: the values are the same."""
    return function if function is not None else lambda decorated: decorated


class _StandIn(types.ModuleType):
    """Knows nothing of the compiler but the word "disable"; whoever asks for more gets it all."""

    __path__: Any

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    @staticmethod
    def disable(function: Any = None, *_args: Any, **_options: Any) -> Any:
        return function

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(_real_compiler(), name)


class _BelowTheStandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the compiler's own modules, once the real one has taken its place."""

    def find_spec(
        self, fullname: str, path: Any = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        below = fullname.startswith(f"{COMPILER}.")
        if not below or not isinstance(sys.modules.get(COMPILER), _StandIn):
            return None
        _real_compiler()
        if fullname in sys.modules:
            # The compiler has imported it meanwhile: not a second time.
            return importlib.machinery.ModuleSpec(fullname, self)
        return importlib.util.find_spec(fullname)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        module = sys.modules[spec.name]
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        assert module.__spec__ is not None
        module.__spec__ = module.__spec__.loader_state


def _real_compiler() -> types.ModuleType:
    if isinstance(sys.modules.get(COMPILER), _StandIn):
        del sys.modules[COMPILER]
    return importlib.import_module(COMPILER)
