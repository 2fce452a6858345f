"""``autograder hint``: one hint at a time, and it remembers."""

import os
import sys

import pytest

from autograder.commands.hint import MEMORY, run_hint
from autograder.course import load_course
from tests.commands.conftest import autograder

HINTS = load_course().function("rank").hints


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """The student's folder: what was given is remembered there."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def hint(capsys):
    """Asks for a hint; gives the lines that are shown."""

    def ask(name="rank", again=False):
        assert run_hint(name, again) == 0
        return capsys.readouterr().out.splitlines()

    return ask


def shown(lines):
    """The hint itself, of any number of lines."""
    return " ".join(lines[2:-2])


def test_one_after_the_other(hint):
    assert [shown(hint()) for _ in HINTS] == list(HINTS)


def test_where_one_is(hint):
    first = hint()
    assert first[0] == f"rank, hint 1 of {len(HINTS)}"
    assert first[-1] == "For the next one: autograder hint rank"


def test_after_the_last_one_it_stays(hint):
    for _ in HINTS:
        last = hint()
    assert last[-1] == "That was the last one. To see them again: autograder hint --again rank"
    assert hint() == last


def test_again(hint):
    first, second = hint(), hint()
    assert hint(again=True) == first
    assert hint() == second


def test_each_function_has_its_own_count(hint):
    hint("rank")
    hint("rank")
    assert hint("accuracy")[0].startswith("accuracy, hint 1 of ")
    assert hint("rank")[0].startswith("rank, hint 3 of ")


@pytest.mark.parametrize("function", load_course().functions, ids=lambda function: function.name)
def test_every_hint_fits_a_terminal(hint, function):
    for _ in function.hints:
        assert max(map(len, hint(function.name))) <= 100


@pytest.mark.parametrize(
    "memory",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'{"rank": ', id="half written"),
        pytest.param(b"[1, 2]", id="a list"),
        pytest.param(b'{"rank": "many"}', id="no number"),
        pytest.param(b'{"rank": null}', id="null"),
        pytest.param(b'{"rank": -3}', id="below zero"),
        pytest.param(b'{"rank": Infinity}', id="infinite"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
        pytest.param(b"[" * 100_000, id="nested too deeply"),
    ],
)
def test_a_damaged_memory_is_begun_anew(hint, memory):
    MEMORY.parent.mkdir()
    MEMORY.write_bytes(memory)
    assert hint()[0] == f"rank, hint 1 of {len(HINTS)}"
    assert hint()[0] == f"rank, hint 2 of {len(HINTS)}"


def test_more_hints_remembered_than_there_are(hint):
    MEMORY.parent.mkdir()
    MEMORY.write_text('{"rank": 99}')
    assert hint()[0] == f"rank, hint {len(HINTS)} of {len(HINTS)}"


def test_nothing_can_be_remembered(capsys):
    """A file stands where the folder should be: the hint is given all the same."""
    MEMORY.parent.write_text("in the way")
    assert run_hint("rank", again=False) == 0
    printed = capsys.readouterr()
    assert HINTS[0].split(":")[0] in printed.out
    assert printed.err.startswith(f"autograder: {MEMORY} can't be written (")
    assert printed.err.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder(own_folder, capsys):
    own_folder.chmod(0o500)
    assert run_hint("rank", again=False) == 0
    assert "the next hint will be this again" in capsys.readouterr().err


def test_as_a_command():
    run = autograder("hint", "rank")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("rank, hint 1 of ")


def test_an_unknown_name():
    run = autograder("hint", "rnak")
    assert (run.code, run.out) == (2, "")
    (sentence,) = run.sentences
    assert sentence.startswith(
        "autograder: There is no exercise function 'rnak'; the functions are"
    )
    assert "rank" in sentence


def test_no_name():
    run = autograder("hint")
    assert run.code == 2
    assert "Missing argument 'FUNCTION'" in run.err
