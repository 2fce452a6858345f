"""Of a cell that does not parse, the statements that do are kept in their places."""

import pytest

from autograder.intake.pieces import MAX_PIECES, defined_in, whole_pieces

RANK = "def rank(tensor):\n    return tensor.ndim\n"


@pytest.mark.parametrize(
    ("broken", "lost"),
    [
        ("def is_3(images)\n    return images", ("is_3",)),
        ("def is_3(images:\n    return images", ("is_3",)),
        ("def is_3(images):\n    return (images", ("is_3",)),
        ("@timed\ndef is_3(images)\n    return images", ("is_3",)),
        ("class Mine:\n    def is_3(self)\n        return self", ("is_3",)),
        ("print('hello'", ()),
        ("x = = 1", ()),
        ("for x in 3\n    print(x)\nelse:\n    pass", ()),
    ],
)
def test_a_function_beside_a_mistake_stays(broken: str, lost: tuple[str, ...]) -> None:
    gap = "\n" * (broken.count("\n") + 1)
    kept, gone = whole_pieces(f"{RANK}{broken}")
    assert (kept.rstrip("\n"), gone) == (RANK.rstrip("\n"), lost)
    kept, gone = whole_pieces(f"{broken}\n{RANK}")
    assert (kept.rstrip("\n"), gone) == (gap + RANK.rstrip("\n"), lost)


def test_what_stands_in_a_text_is_no_statement() -> None:
    old = f"'''\n{RANK}'''\n"
    kept, lost = whole_pieces(f"{old}x = (\n")
    assert kept.rstrip("\n") == old.rstrip("\n")
    assert lost == ()


def test_a_text_that_never_ends_takes_all_that_follows() -> None:
    kept, lost = whole_pieces(f"x = 1\n'''\n{RANK}")
    assert (kept.strip(), lost) == ("x = 1", ("rank",))


def test_a_decorated_function_and_a_try_stay_whole() -> None:
    cell = "@cache\n@timed\ndef f():\n    pass\ntry:\n    f()\nexcept ValueError:\n    pass\n"
    assert whole_pieces(f"{cell}x = (\n")[0].strip() == cell.strip()


def test_nothing_is_left_of_one_statement_or_of_too_many() -> None:
    assert whole_pieces("def rank(tensor)\n    return 3") == ("", ("rank",))
    assert whole_pieces("x\n" * MAX_PIECES + "def rank(t") == ("", ("rank",))


def test_names_are_found_in_what_does_not_parse() -> None:
    text = "def a(\n  async def b():\n# def c\nundef d\ndef a()"
    assert defined_in(text) == ("a", "b")
