"""A file's bytes become source text, or one sentence that says what is wrong."""

import codecs

import pytest

from autograder.sources import SourceProblem, decode, parse_problem, plain, read_python


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("é = 1\n".encode(), "é = 1\n"),
        (codecs.BOM_UTF8 + b"x = 1\n", "x = 1\n"),
        ("# coding: latin-1\né = 1\n".encode("latin-1"), "# coding: latin-1\né = 1\n"),
        (b"x = 1\r\ny = 2\rz = 3", "x = 1\ny = 2\nz = 3"),
        (b"", ""),
    ],
    ids=["utf-8", "byte-order-mark", "declared-latin-1", "line-ends", "empty"],
)
def test_text_is_decoded_as_python_would(content: bytes, text: str) -> None:
    assert read_python(content, "distance.py") == text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "x = 1\n# née\n".encode("latin-1"),
            "distance.py line 2 is not UTF-8; save it as UTF-8.",
        ),
        (
            "# coding: ascii\n# née\n".encode(),
            "distance.py line 2 is not ascii; save it as UTF-8.",
        ),
        ("x = 1".encode("utf-16"), "distance.py is saved as UTF-16; save it as UTF-8."),
        ("x = 1".encode("utf-16-le"), "distance.py is saved as UTF-16; save it as UTF-8."),
        ("x = 1".encode("utf-16-be"), "distance.py is saved as UTF-16; save it as UTF-8."),
        (
            b"x = 1\ny = 'a\0b'\n",
            "distance.py line 2 holds a NUL byte: it is no text, or was damaged; save it again.",
        ),
        (
            b"def f(:\n    return 1\n",
            "distance.py line 1: invalid syntax: def f(:",
        ),
        (
            b"x = (1,\n",
            "distance.py line 1: '(' was never closed: x = (1,",
        ),
        (b"-" * 100_000 + b"1", "distance.py is nested too deeply to be read."),
        (b"x" + b"[0]" * 50_000, "distance.py is nested too deeply to be read."),
        (
            b"0," * 200_000,
            "distance.py holds more than 250,000 words and signs; leave the data out of it.",
        ),
    ],
    ids=[
        "latin-1",
        "not-as-declared",
        "utf-16",
        "utf-16-little",
        "utf-16-big",
        "nul",
        "syntax",
        "open-bracket",
        "minuses",
        "subscripts",
        "data",
    ],
)
def test_what_is_no_python_gets_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(SourceProblem) as problem:
        read_python(content, "distance.py")
    assert str(problem.value) == sentence


@pytest.mark.parametrize(
    "encoding", ["no-such-thing", "rot13", "punycode", "idna", "utf-7", "undefined", "hex"]
)
def test_a_declared_encoding_must_be_one_for_source(encoding: str) -> None:
    with pytest.raises(SourceProblem, match="declares an encoding that can't be used"):
        decode(f"# coding: {encoding}\n".encode(), "distance.py")


def test_a_long_line_without_a_declaration_takes_no_time() -> None:
    assert decode(b"#" + b" " * 1_000_000, "distance.py").startswith("# ")


def test_half_of_a_character_is_named() -> None:
    problem = parse_problem("x = 1\ny = '\ud800'\n", "Code cell 1")
    assert problem == "Code cell 1 line 2 holds half of a character; type that line again."


def test_the_offending_line_is_short_and_safe_to_print() -> None:
    problem = parse_problem("x = = '\x1b[31m\u202e'" + "y" * 200, "distance.py")
    assert problem is not None
    assert problem.isprintable()
    assert problem.endswith("y…")
    assert len(problem) < 130


def test_warnings_of_the_parser_are_not_shown(recwarn: pytest.WarningsRecorder) -> None:
    assert parse_problem(r"x = '\d'", "distance.py") is None
    assert not recwarn.list


def test_plain_keeps_ordinary_names_as_they_are() -> None:
    assert plain("Zoë's homework (2).py") == "Zoë's homework (2).py"
    assert plain("山田　太郎") == "山田　太郎"
