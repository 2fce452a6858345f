"""What is said when nothing but ending Python helps. Each test ends a small process."""

import signal
import subprocess
import sys
import textwrap

import pytest

BEGIN = """
import os, sys
from autograder.selfcheck.last_words import LastWords
words = LastWords(sys.stderr.fileno())
"""


def run(code: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", BEGIN + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_block_that_never_ends():
    done = run("with words.ready('an endless loop, né', 0.01): sum(iter(int, 1))")
    assert done.returncode == 1
    assert done.stderr == "\n\nan endless loop, né\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to die of")
def test_python_crashes():
    done = run("with words.ready('a crash', 60): os.abort()")
    assert done.returncode == -signal.SIGABRT
    assert "a crash\n" in done.stderr


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("pass", id="it comes to an end"),
        pytest.param("1 / 0", id="it raises"),
    ],
)
def test_nothing_is_said_of_a_block_that_ends(block):
    done = run(
        f"""
        try:
            with words.ready('not to be said', 60): {block}
        except ZeroDivisionError:
            pass
        os._exit(7)
        """
    )
    assert done.returncode == 7
    assert done.stderr == ""


def test_only_the_last_block_counts():
    done = run(
        """
        for words_then in ('first', 'second', 'third'):
            with words.ready(words_then, 60):
                if words_then == 'second':
                    os._exit(0)
        """
    )
    assert done.stderr == "\n\nsecond\n"


def test_closed_it_is_silent():
    done = run(
        """
        with words.ready('not to be said', 60): pass
        words.close()
        """
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_closed_without_having_spoken():
    assert run("words.close()").returncode == 0


def test_no_second_process_to_be_had():
    done = run(
        """
        sys.executable = '/there/is/no/python'
        with words.ready('nobody says this', 60): print('it runs all the same')
        words.close()
        """
    )
    assert (done.returncode, done.stdout) == (0, "it runs all the same\n")
