import pytest

from autograder.reporting.text import number, one_line, score_text, visible


@pytest.mark.parametrize(
    ("value", "written"),
    [(17.0, "17"), (17.5, "17.5"), (0.0, "0"), (1.125, "1.125"), (0.1 + 0.2, "0.3"), (30, "30")],
)
def test_a_score_is_written_without_needless_digits(value, written):
    assert number(value) == written


def test_a_graded_result_shows_its_points(result):
    assert score_text(result(score=17.5, max_score=30.0)) == "17.5/30"


@pytest.mark.parametrize(
    ("status", "words"), [("unreadable", "unreadable"), ("not_graded", "not graded")]
)
def test_another_result_shows_its_status_and_no_points(result, status, words):
    assert score_text(result(status=status)) == words


@pytest.mark.parametrize("text", ["Bäcker Zoë", "陳大文", "क्\u200dष", "a\n\tb", "1 < 2 & 3"])
def test_what_can_be_seen_stays_as_it_is(text):
    assert visible(text) == text


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("nul\0", r"nul\x00"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("\udce9", r"\udce9"),
        ("a\u2028b", r"a\u2028b"),
        ("a\rb", r"a\rb"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_its_escape(hidden, shown):
    assert visible(hidden) == shown


def test_windows_line_ends_are_line_ends():
    assert visible("a\r\nb") == "a\nb"


def test_a_name_stays_in_its_line():
    assert one_line("an\tna\nben") == r"an\tna\nben"
