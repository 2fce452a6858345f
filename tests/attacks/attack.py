"""One hostile submission, and what must hold when it has been graded."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

TOOLS = Path(__file__).with_name("tools.py")

Bytes = str | bytes
Make = Callable[[Path, Mapping[str, str]], None]


@dataclass(frozen=True)
class Attack:
    """A submission that tries to gain something.

    ``deserves`` are the points that the same answer earns without its trick: nearly always
    none. ``gains`` is what the trick is known to be able to win beyond that, a bound that its
    ``tries`` explains; 0 but for a few forgers of what is observed in a worker. ``says`` must
    stand in the result, which proves that the attack ran; ``hides`` must not stand in the page.
    ``student`` is a name of its own; ``make`` writes what is more than files.
    """

    name: str
    tries: str
    files: Mapping[str, Bytes]
    deserves: float = 0.0
    gains: float = 0.0
    says: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    status: str = "graded"
    student: str | None = None
    make: Make | None = None
    needs: str | None = None
    """The layer of the lock that alone stops this."""

    @property
    def most(self) -> float:
        return self.deserves + self.gains

    def write(self, folder: Path, where: Mapping[str, str]) -> None:
        """Hand it in as ``folder``; ``where`` says where things stand on this machine."""
        folder.mkdir()
        files = dict(self.files)
        if any("from tools import" in text for text in files.values() if isinstance(text, str)):
            files["tools.py"] = TOOLS.read_text("utf-8")
        for name, content in files.items():
            data = _filled(dedent(content), where).encode() if isinstance(content, str) else content
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if self.make:
            self.make(folder, where)


def _filled(text: str, where: Mapping[str, str]) -> str:
    for name, place in where.items():
        text = text.replace(f"@{name.upper()}@", place)
    return text


def probe(
    name: str, tries: str, attempts: str, before: str = "", needs: str | None = None
) -> Attack:
    """An attack that tries things which must all fail, and tells what did not.

    ``attempts`` is the inside of a dict: a name for each, and a lambda that makes it.
    """
    code = (
        "import ctypes, os, socket, sys\n"
        "from tools import *\n"
        f"{dedent(before)}\n"
        f"REPORT = report({{\n{dedent(attempts)}\n}})\n\n"
        "def rank(tensor):\n"
        "    print(REPORT)\n"
        "    raise RuntimeError(REPORT)\n"
    )
    return Attack(name, tries, {"shapes.py": code}, says=("tried ",), needs=needs)


def notebook(*cells: str, **metadata: object) -> str:
    """A notebook of these code cells."""
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": "python3", "language": "python"}, **metadata},
            "cells": [
                {"cell_type": "code", "metadata": {}, "outputs": [], "source": dedent(cell)}
                for cell in cells
            ],
        }
    )
