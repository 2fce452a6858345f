"""What is known of one call of a student's function, wherever it ran."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CALL_SECONDS = 10.0
"""The wall-clock limit of one call of a student's function, at home and in the grader."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that a student's function let out.

    ``types`` are the names of its class and base classes, the class itself first;
    ``where`` is the last line of the student's own that it passed, or None.
    """

    types: tuple[str, ...]
    message: str
    where: str | None = None

    def __str__(self) -> str:
        text = f"{self.types[0]}: {self.message}" if self.message else self.types[0]
        return f"{text} ({self.where})" if self.where else text


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that is no data (a function, a model, ...): only the name of its type is known."""

    type_name: str


@dataclass(slots=True)
class Outcome:
    """One call: a value, an exception, or (``lost``) a call that never came to an end."""

    value: Any = None
    raised: Raised | None = None
    lost: str | None = None
    timed_out: bool = False
    arguments: tuple[Any, ...] | None = None
    """The positional arguments as the call left them (watch ``"arguments"``)."""
    count: int | None = None
    """Tensor operations or bytecodes executed (watch ``"operations"``, ``"bytecodes"``)."""
    connected: tuple[bool, ...] | None = None
    """For each floating argument, whether a gradient reaches it (watch ``"graph"``)."""
    gradients: tuple[Any, ...] | None = None
    """For each floating argument, the gradient of the weighted sum (watch ``"gradients"``)."""
    printed: str = ""
    """The beginning of what the call printed, where that was caught."""
    error: BaseException | None = None
    """The exception itself, where the call ran in this process."""

    @property
    def returned(self) -> bool:
        return self.raised is None and self.lost is None
