"""The comparisons that tests are written in: one method, one rule.

Nothing here checks two rules at once, so that an answer loses only the rules it breaks. The
one exception is SPEC's: a value in a wrong shape is no right value, because comparing it would
mean broadcasting.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import torch

from autograder.comparing.function import Call, ExerciseFunction
from autograder.comparing.message import Message, Wrong
from autograder.comparing.numbers import as_numbers, close
from autograder.comparing.same import same_answer
from autograder.comparing.words import SHOWN, describe, describe_expected, shorten
from autograder.observing.tensors import map_tensors, tensors_in

# Named here, since inside Expect "type" is a method.
Kind = type
Errors = type[Exception] | tuple[type[Exception], ...]

# A number in a message: 2 in "rank2", "rank-2" and "2D", 1.5 in "0.25..1.5"; not 2 in "12".
NUMBER = re.compile(r"(?<!\d)(?<!\d\.)(?:(?<!\w)-)?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
DTYPE = re.compile(r"(?:bfloat|float|uint|int|complex)\d+")

FEW, MANY = 2, 50
"""Batch sizes between which a vectorised answer must not do more work."""


class Expect:
    """What a test expects of the function under test. Every method raises ``Wrong``."""

    def __init__(self, last_call: Callable[[], Call | None]) -> None:
        self._last_call = last_call

    def value(self, result: Any, expected: Any) -> None:
        """``result`` has the numbers of ``expected``: shape first, then values.

        The wrapper and the dtype do not matter here.
        """
        right = as_numbers(expected)
        if right is None:
            raise TypeError(f"the test expects {describe(expected)}, which is not numbers")
        numbers = as_numbers(result)
        if numbers is None or numbers.shape != right.shape:
            text = describe_expected(expected)
            if isinstance(result, torch.Tensor) and not isinstance(expected, torch.Tensor):
                # The number may be right, and only the shape wrong.
                text = f"{text}, of shape {tuple(right.shape)}"
            raise self._wrong(result, text)
        agree = close(numbers, right)
        if not bool(agree.all()):
            raise self._different(result, expected, agree)

    def shape(self, result: Any, shape: tuple[int, ...]) -> None:
        """``result`` has exactly this shape; of three 0-dim tensors it is ``(3,)``."""
        if isinstance(result, torch.Tensor):
            found: tuple[int, ...] | None = tuple(result.shape)
        else:
            numbers = as_numbers(result)
            found = None if numbers is None else tuple(numbers.shape)
        if found != tuple(shape):
            raise self._wrong(result, f"shape {tuple(shape)}")

    def type(self, result: Any, kind: Kind = torch.Tensor) -> None:
        """``result`` is a tensor, an int, None, or a tuple of tensors."""
        if not _is_kind(result, kind):
            raise self._wrong(result, _KINDS[kind])

    def dtype(self, result: Any, dtype: torch.dtype) -> None:
        """Every tensor of ``result`` has this dtype. Another wrapper loses *type*, not *dtype*."""
        self._dtypes(result, str(dtype).removeprefix("torch."), lambda found: found == dtype)

    def floating(self, result: Any) -> None:
        """Every tensor of ``result`` has a floating dtype."""
        self._dtypes(result, "a floating dtype", lambda found: found.is_floating_point)

    def unchanged(self, function: ExerciseFunction, *args: Any, nothing_back: bool = False) -> None:
        """Calling ``function`` leaves its arguments as they were."""
        before = map_tensors(args, lambda tensor: tensor.detach().clone())
        call = function.observe("arguments", *args)
        self._must_return(call)
        if not nothing_back and not _numeric(call.outcome.value):
            raise call.wrong(
                "a result, and the arguments left as they were", _with_advice(call.came_back)
            )
        after = call.outcome.arguments or ()
        if len(after) != len(before):
            raise call.wrong("the arguments left as they were", came_back="other arguments")
        for position, (old, new) in enumerate(zip(before, after, strict=True), start=1):
            if not _same(old, new):
                start = _first_change(old, new)
                raise call.wrong(
                    f"argument {position} left as it was: {describe(old, start)}",
                    came_back=f"argument {position} changed to {describe(new, start)}",
                )

    def vectorised(
        self, function: ExerciseFunction, arguments: Callable[[int], tuple[Any, ...]]
    ) -> None:
        """Neither operations nor bytecodes grow with N, the number of pictures or answers.

        ``arguments`` gives the arguments for N of them. The first calls are not counted: they
        may import or compile something, and show what a call gives that nobody watches.
        """
        unwatched = {n: function.observe("nothing", *arguments(n)) for n in (FEW, MANY)}
        for call in unwatched.values():
            self._must_return(call)
        for watch, unit in (("operations", "tensor operations"), ("bytecodes", "Python steps")):
            few, many = (self._count(function, watch, call) for call in unwatched.values())
            # A loop does at least one step more for every picture more.
            if many - few >= MANY - FEW:
                last = function.last
                assert last is not None
                raise last.wrong(
                    f"as much work for N = {MANY} as for N = {FEW}: one operation on the batch",
                    came_back=f"{few} {unit} for N = {FEW}, {many} for N = {MANY}",
                )

    def on_device(self, function: ExerciseFunction, *args: Any, kind: Kind = torch.Tensor) -> None:
        """The result stays on the arguments' device, shown on ``meta``, which holds no values.

        ``kind`` is ``tuple`` where the function gives a tuple of tensors.
        """
        what = "a tuple of tensors" if kind is tuple else "a tensor"
        expected = f"{what} on the arguments' device (here `meta`: shapes without values)"
        moved = map_tensors(args, lambda tensor: tensor.detach().to("meta"))
        call = function.observe("nothing", *moved)
        self._must_return(call, expected)
        value = call.outcome.value
        if not all(tensor.device.type == "meta" for tensor in tensors_in(value)):
            raise call.wrong(expected, came_back=f"{call.came_back}, on another device")
        if not _is_kind(value, kind):
            raise call.wrong(expected)

    def in_graph(self, function: ExerciseFunction, *args: Any) -> None:
        """A gradient flows from the result back to every floating argument."""
        expected = "a tensor in the autograd graph of its arguments"
        call = function.observe("graph", *args)
        self._must_return(call, expected)
        if not isinstance(call.outcome.value, torch.Tensor):
            raise call.wrong(expected)
        connected = call.outcome.connected or ()
        if not connected or not all(connected):
            lost = [str(i) for i, reached in enumerate(connected, start=1) if not reached]
            raise call.wrong(
                expected,
                came_back=f"{call.came_back}, from which no gradient reaches argument "
                f"{' and '.join(lost) or '1'}",
            )

    def raises(
        self,
        errors: Errors,
        function: ExerciseFunction,
        *args: Any,
    ) -> str:
        """Calling ``function`` raises one of ``errors``; returns the exception's message."""
        allowed = errors if isinstance(errors, tuple) else (errors,)
        names = [error.__name__ for error in allowed]
        call = function.observe("nothing", *args)
        raised = call.outcome.raised
        if raised is None or not set(names) & set(raised.types):
            raise call.wrong(f"to raise {' or '.join(names)}")
        return raised.message

    def says(self, message: str, word: str | float) -> None:
        """``message`` holds ``word``; a number to three significant digits."""
        if isinstance(word, str):
            found = word in message
        else:
            numbers = NUMBER.findall(DTYPE.sub("", message))
            found = any(f"{float(number):.3g}" == f"{float(word):.3g}" for number in numbers)
        if not found:
            raise self._wrong_text(
                f"the message {shorten(message, 120)!r}", f"a message that names {word}"
            )

    def _dtypes(self, result: Any, expected: str, right: Callable[[torch.dtype], bool]) -> None:
        tensors = tensors_in(result)
        if not _numeric(result) or not all(right(tensor.dtype) for tensor in tensors):
            raise self._wrong(result, expected)

    def _count(self, function: ExerciseFunction, watch: str, unwatched: Call) -> int:
        call = function.observe(watch, *unwatched.args)
        self._must_return(call)
        if not _numeric(call.outcome.value) or call.outcome.count is None:
            raise call.wrong("a result")
        if not same_answer(call.outcome, unwatched.outcome):
            raise call.wrong(f"the same answer, watched or not: {unwatched.came_back}")
        return call.outcome.count

    def _must_return(self, call: Call, expected: str | None = None) -> None:
        if not call.outcome.returned:
            raise call.wrong(expected or call.should_have_returned)

    def _different(self, result: Any, expected: Any, agree: torch.Tensor) -> Wrong:
        start = _first_shown(~agree)
        wrong = int((~agree).sum())
        share = f" ({wrong} of {agree.numel()} differ)" if agree.numel() > 1 else ""
        return self._wrong_text(describe(result, start) + share, describe_expected(expected, start))

    def _wrong(self, result: Any, expected: str) -> Wrong:
        return self._wrong_text(_with_advice(describe(result)), expected)

    def _wrong_text(self, came_back: str, expected: str) -> Wrong:
        call = self._last_call()
        if call is None:
            return Wrong(Message("", came_back, expected))
        return call.wrong(expected, came_back)


_KINDS: dict[type, str] = {
    torch.Tensor: "a tensor, kept in PyTorch from start to end",
    int: "a Python int",
    tuple: "a tuple of tensors",
    type(None): "None: return nothing",
}


def _with_advice(came_back: str) -> str:
    """The two slips that a result gives away."""
    if came_back == "None":
        return f"{came_back}: is a `return` missing?"
    if came_back.endswith(("function", "method", "function_or_method")):
        return f"{came_back}: are the brackets `()` of a call missing?"
    return came_back


def _is_kind(value: Any, kind: type) -> bool:
    if kind is int:
        return type(value) is int
    if kind is tuple:
        items = value if isinstance(value, tuple) else ()
        return bool(items) and all(isinstance(item, torch.Tensor) for item in items)
    return isinstance(value, kind)


def _numeric(value: Any) -> bool:
    """Is it made of numbers at all? A tensor without values (``meta``) is, an empty list not."""
    numbers = None if isinstance(value, torch.Tensor) else as_numbers(value)
    return isinstance(value, torch.Tensor) or (numbers is not None and numbers.numel() > 0)


def _first_shown(differs: torch.Tensor) -> int:
    """The place from which to show numbers, so that one that ``differs`` is among them."""
    first = int(differs.reshape(-1).int().argmax())
    return 0 if first < SHOWN else first


def _first_change(old: Any, new: Any) -> int:
    before, after = as_numbers(old), as_numbers(new)
    if before is None or after is None or before.shape != after.shape or not before.numel():
        return 0
    return _first_shown(before != after)


def _same(old: Any, new: Any) -> bool:
    """Exactly the same: type, dtype, shape and every value, NaN included."""
    if isinstance(old, torch.Tensor):
        return (
            isinstance(new, torch.Tensor)
            and old.dtype == new.dtype
            and old.shape == new.shape
            and old.device == new.device
            and bool(((old == new) | (old.isnan() & new.isnan())).all())
        )
    if isinstance(old, list | tuple):
        return (
            isinstance(new, type(old))
            and len(old) == len(new)
            and all(_same(a, b) for a, b in zip(old, new, strict=True))
        )
    return type(old) is type(new) and old == new
