"""The names in Moodle's "Download all submissions".

They are made in ``mod/assign/classes/downloader.php``
(https://github.com/moodle/moodle/blob/MOODLE_401_STABLE/mod/assign/classes/downloader.php):

- ``First Last_123_assignsubmission_file/`` for each student, or ``…_file_/``, with the files as
  the student named them. Without "Download submissions in folders" it is
  ``First Last_123_assignsubmission_file_distance.py`` instead.
- ``…_assignsubmission_onlinetext/onlinetext.html`` is what was typed into Moodle.
- The number is the participant's in this assignment, which Moodle's grading worksheet has in its
  first column (``col_recordid`` in ``mod/assign/gradingtable.php``). When marking is blind, the
  name is ``Participant``; when a group hands in together, name and number are the group's, and
  the ``Default team`` has no number.
- Only the last attempt is in it. When downloads are put together, later files replace earlier
  ones of the same name, since nothing in a name tells attempts apart.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from autograder.intake.parts import Collected, Part
from autograder.intake.trees import Kind

TITLE = "Moodle"
_MARK = "_assignsubmission_"


def part_of(stored: str, kind: Kind) -> Part | None:
    """Whose this is, or None when it isn't one of Moodle's names.

    What stands before the first mark is Moodle's, for it takes the underscores out of names of
    people and groups; what comes after it may be the student's, and is believed in nothing.
    """
    owner, mark, rest = stored.partition(_MARK)
    _plugin, _, name = rest.partition("_")
    if not owner or not mark or (not name and kind is not Kind.FOLDER):
        return None
    return Part(stored, kind, owner, name)


def settle(parts: Sequence[Part], known: Collection[str]) -> Collected:
    """All of one student's parts count."""
    return Collected(tuple(parts))
