"""What is said about a file that can't be read."""

WIDTH = 80


class Unreadable(Exception):  # noqa: N818 - it is the file that is at fault, not the kit
    """A student's file can't be read; the message is a sentence for the student."""


def plain(text: str, width: int = WIDTH) -> str:
    """``text`` on one line, safe to print, at most ``width`` characters long.

    It comes from a stranger: escape sequences, changes of writing direction and
    halves of characters would spoil a terminal or a page.
    """
    shown = "".join(character if character.isprintable() else " " for character in text).strip()
    return shown if len(shown) <= width else shown[: width - 1] + "…"
