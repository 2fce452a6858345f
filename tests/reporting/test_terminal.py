import io
import sys

import pytest

from autograder.reporting.terminal import Progress, class_table

BASICS = ["stack_images", "rank", "check_image_stack", "mean_template", "mnist_distance"]
BASICS += ["is_3", "accuracy", "accuracy_3_7"]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _ordinary_terminal(monkeypatch):
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")


def printed(results, capsys) -> str:
    class_table(results)
    return capsys.readouterr().out


def test_a_student_stands_in_one_line_with_score_status_and_points(result, function, capsys):
    anna = result("anna", function("rank", score=1.5), score=17.5, max_score=30.0)
    lines = [line.split() for line in printed([anna], capsys).splitlines()]
    assert ["student", "score", "status", "rank"] in lines
    assert ["anna", "17.5/30", "graded", "1.5"] in lines


def test_the_last_line_counts_the_class(result, capsys):
    results = [
        result("anna", score=17.0, max_score=30.0),
        result("ben", score=18.0, max_score=30.0),
        result("chloé", score=0.0, max_score=30.0, status="unreadable"),
        result("dmitri", score=0.0, max_score=30.0, status="not_graded"),
    ]
    last = printed(results, capsys).splitlines()[-1]
    assert last == ("4 submissions: 2 graded (mean score 17.5/30), 1 unreadable, 1 not graded.")


def test_a_class_without_grades_has_no_mean(result, capsys):
    last = printed([result(status="not_graded")], capsys).splitlines()[-1]
    assert last == "1 submission: 0 graded, 0 unreadable, 1 not graded."


def test_an_empty_class_is_counted_too(capsys):
    assert printed([], capsys).endswith("0 submissions: 0 graded, 0 unreadable, 0 not graded.\n")


def test_who_is_not_graded_has_no_points(result, capsys):
    line = next(
        line
        for line in printed([result(status="not_graded")], capsys).splitlines()
        if line.startswith("anna")
    )
    assert line.split() == ["anna", "not", "graded"]


def test_many_functions_are_numbered_and_named_below(result, function, capsys):
    anna = result("anna", *(function(name) for name in BASICS))
    lines = printed([anna], capsys).splitlines()
    assert max(map(len, lines[:4])) <= 80
    assert lines[0].split()[-8:] == list("12345678")
    for number, name in enumerate(BASICS, start=1):
        assert any(f"{number} {name}" in line for line in lines)


def test_a_long_name_is_whole_in_one_line_when_piped(result, function, capsys):
    student = "a-very-long-name.with.dots@" + "university." * 9 + "edu"
    anna = result(student, *(function(name) for name in BASICS))
    assert any(line.startswith(f"{student} ") for line in printed([anna], capsys).splitlines())


def test_on_a_terminal_a_long_name_is_folded_and_not_cut(result, function, monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    class_table([result("x" * 100, *(function(name) for name in BASICS))])
    assert sys.stdout.getvalue().count("x") == 100


@pytest.mark.parametrize(
    "student", ["[bold red]eve[/]", "[/nonsense]", ":smile:", "[link=x]y[/link]"]
)
def test_a_name_is_never_markup(result, capsys, student):
    assert student in printed([result(student)], capsys)


def test_a_name_sends_nothing_to_the_terminal(result, capsys):
    text = printed([result("eve\x1b[2J\u202e\nanna  30/30")], capsys)
    assert r"eve\x1b[2J\u202e\nanna" in text
    assert "\x1b" not in text


def test_a_stream_that_lacks_a_letter_shows_its_escape(result, monkeypatch):
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", ascii_only)
    class_table([result("Zoë")])
    ascii_only.flush()
    assert rb"Zo\xeb" in ascii_only.buffer.getvalue()


def test_piped_progress_is_a_line_a_student(capsys):
    with Progress(12) as progress:
        progress.advance("anna", "17/30")
        progress.advance("eve\x1b[2J[red]", "unreadable")
    streams = capsys.readouterr()
    assert streams.err == "  1/12 anna 17/30\n  2/12 eve\\x1b[2J[red] unreadable\n"
    assert streams.out == ""


def test_on_a_terminal_progress_is_a_bar(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with Progress(2) as progress:
        progress.advance("anna", "17/30")
        progress.advance("[/red]\x1b[2J", "3/30")
    drawn = sys.stderr.getvalue()
    assert "2/2" in drawn
    assert "━" in drawn
    assert r"[/red]\x1b[2J 3/30" in drawn


def test_progress_lets_an_error_through():
    progress = Progress(2)
    with pytest.raises(RuntimeError, match="no space left"), progress:
        raise RuntimeError("no space left")
