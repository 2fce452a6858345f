"""What a student meets: ``pytest exercises``, and ``check`` in a notebook."""

from typing import Any


def __getattr__(name: str) -> Any:
    # On demand: the pytest plugin lives here too, and must not import what it may not need.
    if name == "check":
        from autograder.selfcheck.notebook import check

        return check
    raise AttributeError(name)
