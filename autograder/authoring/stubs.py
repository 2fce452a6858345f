"""Cut the stub of a unit: what a student opens first."""

from __future__ import annotations

import textwrap

from autograder.authoring.source import FunctionSource, UnitSource
from autograder.course import STUB_BODY

INDENT = "    "
WIDTH = 100


def stub(unit: UnitSource) -> str:
    """The text of ``exercises/<unit>.py``."""
    head = f'r"""{unit.title}\n\n{unit.first_paragraph}\n"""'
    functions = "\n\n\n".join(function_stub(function) for function in unit.functions)
    return f"{head}\n\n{grouped(unit.imports)}\n\n\n{functions}\n"


def grouped(imports: tuple[str, ...]) -> str:
    """The imports as they stand: libraries, a blank line, the student's own units."""
    own = [line for line in imports if line.startswith("from exercises")]
    libraries = [line for line in imports if line not in own]
    return "\n\n".join("\n".join(group) for group in (libraries, own) if group)


def function_stub(function: FunctionSource) -> str:
    """One function as a student finds it."""
    return function_text(function, f"{INDENT}{STUB_BODY}")


def function_text(function: FunctionSource, body: str) -> str:
    """One function: its definition, its contract, one sentence saying what to do, its ``body``."""
    contract = textwrap.indent(f'r"""{function.contract}\n"""', INDENT)
    task = textwrap.fill(
        f"Your turn: {lower_first(function.task)}",
        WIDTH - len(INDENT),
        initial_indent=f"{INDENT}# ",
        subsequent_indent=f"{INDENT}# ",
    )
    return f"{function.definition}\n{contract}\n{task}\n{body}"


def lower_first(sentence: str) -> str:
    """The sentence as it goes on after a colon."""
    return sentence[:1].lower() + sentence[1:]
