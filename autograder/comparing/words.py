"""Put a value into words: its wrapper, dtype and shape, and a number or two."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

import numpy as np
import torch

from autograder.comparing.numbers import as_numbers
from autograder.observing.outcome import Opaque

SHOWN = 3
LOOKED_AT = 1_000
LONGEST_TEXT = 300


def describe(value: Any, start: int = 0, numbers: bool = True) -> str:
    """Describe ``value`` in one line, for example ``float32 (1010,) 0.1286, 0.1421, …``.

    ``start`` is the place, counted through all elements, of the first number shown.
    """
    if isinstance(value, torch.Tensor | np.ndarray):
        return _describe_array(value, start, numbers)
    if value is None:
        return "None"
    if isinstance(value, np.generic):
        # Before float: NumPy's float64 is one of Python's floats too.
        return f"NumPy {value.dtype} {value}"
    if isinstance(value, bool | int | float):
        return f"{type(value).__name__} {_number(value)}"
    if isinstance(value, torch.Size):
        return f"torch.Size {tuple(value)}"
    if isinstance(value, list | tuple):
        return _describe_items(value, start, numbers)
    if isinstance(value, str):
        return f"the text {shorten(value, 60)!r}"
    name = value.type_name if isinstance(value, Opaque) else type(value).__name__
    return f"{_article(name)} {name}"


def describe_expected(value: Any, start: int = 0) -> str:
    """Describe what a test expects: plain numbers without their Python type, which is free."""
    if isinstance(value, bool | int | float):
        return _number(value)
    if isinstance(value, list | tuple) and not _of_one_kind(value):
        return ", ".join(describe_expected(item) for item in value)
    return describe(value, start)


def _describe_array(value: torch.Tensor | np.ndarray, start: int, numbers: bool) -> str:
    wrapper = "" if isinstance(value, torch.Tensor) else "NumPy "
    dtype = str(value.dtype).removeprefix("torch.")
    text = f"{wrapper}{dtype} {tuple(value.shape)}"
    if isinstance(value, torch.Tensor) and value.device.type == "meta":
        return f"{text} on meta"
    return f"{text} {_some_numbers(value, dtype, start)}".rstrip() if numbers else text


def _some_numbers(value: Any, dtype: str, start: int) -> str:
    known = as_numbers(value)
    if known is None:
        return ""
    flat = known.reshape(-1)
    as_in = bool if dtype == "bool" else int if dtype.startswith(("int", "uint")) else float
    shown = [_number(as_in(number)) for number in flat[start : start + SHOWN].tolist()]
    if start + SHOWN < len(flat):
        shown.append("…")
    return ("…, " if start else "") + ", ".join(shown)


def _describe_items(items: list[Any] | tuple[Any, ...], start: int, numbers: bool) -> str:
    name = type(items).__name__
    if not items:
        return f"an empty {name}"
    if all(type(item) in (bool, int, float) for item in items):
        shown = ", ".join(_number(item) for item in items[start : start + SHOWN])
        return f"{name} of {len(items)}: {shown}{', …' if start + SHOWN < len(items) else ''}"
    if _of_one_kind(items):
        text = f"{name} of {len(items)} {describe(items[0], numbers=False)}"
        shown = _some_numbers(items, str(items[0].dtype).removeprefix("torch."), start)
        return f"{text}: {shown}" if numbers and shown else text
    # Equal neighbours in one: among many pictures of one size, it is the odd one that matters.
    described = (_describe_item(item, numbers) for item in items[:LOOKED_AT])
    runs = [(text, len(list(same))) for text, same in groupby(described)]
    inside = "; ".join(
        text if times == 1 else f"{times} times {text}" for text, times in runs[:SHOWN]
    )
    more = "; …" if len(runs) > SHOWN or len(items) > LOOKED_AT else ""
    return f"{name} of {len(items)}: {inside}{more}"


def _describe_item(item: Any, numbers: bool) -> str:
    """An item of a list. A list of lists is only named there: one may even hold itself."""
    if isinstance(item, list | tuple) and any(isinstance(i, list | tuple) for i in item):
        return f"{type(item).__name__} of {len(item)}"
    return describe(item, numbers=numbers)


def _of_one_kind(items: list[Any] | tuple[Any, ...]) -> bool:
    """Are these all tensors, of one dtype, shape and device?"""
    return (
        all(isinstance(item, torch.Tensor) for item in items)
        and len({(item.dtype, item.shape, item.device) for item in items}) == 1
    )


def _number(number: float) -> str:
    if isinstance(number, bool | int):
        # Python refuses to write out a number of thousands of digits.
        written = str(number) if number.bit_length() < 1_000 else f"2**{number.bit_length()}"
        return shorten(written, 20)
    number = float(number)
    return f"{number:.1f}" if abs(number) < 1e4 and number.is_integer() else f"{number:.4g}"


def _article(word: str) -> str:
    return "an" if word[:1].lower() in "aeiou" else "a"


def shorten(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return ``text`` on one line, cut at ``longest`` characters, without control characters."""
    line = " ".join(text.split())
    line = "".join(letter if letter.isprintable() else "�" for letter in line)
    return line if len(line) <= longest else line[: longest - 1] + "…"


def mask(text: str) -> str:
    """Hide what differs from run to run: addresses and folders, but not a file's own name."""
    text = re.sub(r"0x[0-9a-fA-F]{4,}", "0x…", text)
    return re.sub(r"(?<![\w.:/])(?:[A-Za-z]:)?(?:[/\\][\w.+@~-]+)+[/\\](?=[\w.-])", "", text)


def describe_call(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Describe a call by the dtypes and shapes of its arguments, never their values."""
    parts = [describe(arg, numbers=_small(arg)) for arg in args]
    parts += [f"{key}={describe(value, numbers=_small(value))}" for key, value in kwargs.items()]
    return f"{name}({', '.join(parts)})"


def _small(value: Any) -> bool:
    """A number or two may be shown: they say more than a shape."""
    return isinstance(value, torch.Tensor) and value.dim() == 0
