"""What must be installed, said in one sentence before anything is imported from it."""

from __future__ import annotations

import sys
from importlib.util import find_spec

WRONG_USAGE = 2


def require(modules: dict[str, str]) -> None:
    """Exit unless these modules can be imported; ``modules`` says which package each is in."""
    missing = sorted({package for module, package in modules.items() if find_spec(module) is None})
    if missing:
        print(
            f'{", ".join(missing)} not found: run `pip install -e ".[bench]"` first.',
            file=sys.stderr,
        )
        sys.exit(WRONG_USAGE)
