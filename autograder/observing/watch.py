"""Watch one call of a function: in the self-check's process or in a worker."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from autograder.observing.counting import count_bytecodes, count_operations
from autograder.observing.outcome import Outcome, Raised
from autograder.observing.tensors import gradient_reaches, gradients_of, with_gradients

LONGEST_MESSAGE = 2_000
WATCHES = ("nothing", "arguments", "operations", "bytecodes", "graph", "gradients")


def watch(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    what: str = "nothing",
    own_files: Collection[str] = (),
) -> Outcome:
    """Call ``function`` once, note ``what`` (one of ``WATCHES``), and never raise.

    ``own_files`` are the file names of the student's code, to say where it raised.
    """
    if what in ("graph", "gradients"):
        args = with_gradients(args)
    try:
        value, count = _counted(lambda: function(*args, **kwargs), what)
        # Following the graph back may run the answer's code once more, in a backward of its own.
        connected = gradient_reaches(value, args) if what == "graph" else None
        gradients = gradients_of(value, args) if what == "gradients" else None
    except BaseException as error:
        # BaseException: a stray exit() in an answer must not end the run either.
        return Outcome(raised=describe_exception(error, own_files), error=error)
    return Outcome(
        value=value,
        count=count,
        arguments=args if what == "arguments" else None,
        connected=connected,
        gradients=gradients,
    )


def _counted(call: Callable[[], Any], what: str) -> tuple[Any, int | None]:
    if what == "operations":
        return count_operations(call)
    if what == "bytecodes":
        return count_bytecodes(call)
    return call(), None


def describe_exception(error: BaseException, own_files: Collection[str] = ()) -> Raised:
    """Put an exception into words that can cross to another process."""
    types = tuple(
        cls.__name__ for cls in type(error).__mro__ if cls not in (object, BaseException)
    ) or (type(error).__name__,)
    try:
        # The base class's own str: an exception may give a text that lies about itself.
        message = str.__str__(str(error))
        if type(error) is SystemExit and error.code is None:
            message = ""
    except BaseException:
        message = "(its message could not be read)"
    return Raised(types, message[:LONGEST_MESSAGE], _last_own_line(error, own_files))


def _last_own_line(error: BaseException, own_files: Collection[str]) -> str | None:
    if isinstance(error, SyntaxError) and error.filename in own_files:
        return f"{_base_name(error.filename)} line {error.lineno}"
    where = None
    step = error.__traceback__
    while step is not None:
        file = step.tb_frame.f_code.co_filename
        if file in own_files:
            where = f"{_base_name(file)} line {step.tb_lineno}"
        step = step.tb_next
    return where


def _base_name(file: str | None) -> str:
    return (file or "").replace("\\", "/").rsplit("/", 1)[-1]
