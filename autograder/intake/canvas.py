"""The names in Canvas's "Download Submissions", a flat zip.

They are made in ``lib/content_zipper.rb``
(https://github.com/instructure/canvas-lms/blob/master/lib/content_zipper.rb):

- ``lastfirst_77_5001_distance.py``, or ``lastfirst_LATE_77_5001_distance.py``: the student's
  sortable name in lower case, word characters only; Canvas's number of the student, which is the
  column "ID" of its gradebook; the number of the upload, which grows; the student's file name.
- ``anon_Ab3dE_5001_distance.py``, or ``LATE_anon_…``, when grading is anonymous.
- ``lastfirst_77_text.html`` and ``…_link.html`` are what was typed into Canvas.
- Only the last attempt is in it, but a file uploaded again under its old name is called
  ``distance-1.py`` (``make_unique_filename`` in ``app/models/attachment.rb`` there). Where
  downloads are put together, the numbers of the uploads tell which came last.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from autograder.intake.parts import Collected, Part
from autograder.intake.trees import Kind, suffix_of
from autograder.sources import plain

TITLE = "Canvas"

# The shortest name that is followed by numbers: Canvas takes "_77_" out of people's names, for
# it reads these names again when graded files are uploaded. A student chooses only what comes
# after the numbers. Whoever may change their own name in Canvas, and ends it with "_77", can
# pass for another of that name and number, here as there.
_STORED = re.compile(
    r"""(?: (?P<name>.+?) (?P<late>_LATE)? _ (?P<id>[0-9]{1,30})
          | (?P<anonymous_late>LATE_)? (?P<anonymous>anon(?:ymous)?_[^\W_]+) )
        _ (?: (?P<upload>[0-9]{1,30}) _ (?P<file>.+) | (?P<typed>(?:text|link)\.html) )""",
    re.VERBOSE | re.DOTALL,
)
_AGAIN = re.compile(
    r"(?P<stem>.+?)(?:-(?:[0-9]{1,3}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))+"
    r"(?P<suffix>\.(?:py|ipynb|zip))",
    re.DOTALL,
)


def part_of(stored: str, kind: Kind) -> Part | None:
    """Whose this is, or None when it isn't one of Canvas's names."""
    found = _STORED.fullmatch(stored)
    if found is None:
        return None
    owner = found["anonymous"] or f"{found['name']}_{found['id']}"
    late = bool(found["late"] or found["anonymous_late"])
    name = found["file"] or found["typed"]
    return Part(stored, kind, owner, name, int(found["upload"] or 0), late)


def settle(parts: Sequence[Part], known: Collection[str]) -> Collected:
    """What counts of one student's parts: of two with one name the later.

    ``known`` are the file names that the course gives out. Of several zips, or of several
    notebooks that are none of these, the last counts too: each is a whole submission.
    """
    in_order = sorted(parts, key=lambda part: part.upload)
    names = _first_names([part.name for part in in_order], known)
    last: dict[str, Part] = {}
    for name, part in zip(names, in_order, strict=True):
        last.pop(name, None)
        last[name] = part
    notes = [
        f"{plain(name)} was handed in {times} times; {plain(last[name].name)}, the last, counts."
        for name, times in Counter(names).items()
        if times > 1
    ]
    notes += _drop_earlier(last, ".zip", known) + _drop_earlier(last, ".ipynb", known)
    late = in_order[-1].late
    if late:
        notes.insert(0, f"{TITLE} says that this was handed in late.")
    counting = tuple(replace(part, name=name) for name, part in last.items())
    return Collected(counting, tuple(notes), late)


def _first_names(names: Sequence[str], known: Collection[str]) -> list[str]:
    """The names as they were before Canvas numbered them, where that is what the numbers are.

    Where a student's own ``part-1.py`` and ``part-2.py`` stand without a ``part.py``, the
    numbers may be the student's.
    """
    found = [_AGAIN.fullmatch(name) for name in names]
    before = [
        f"{f['stem']}{f['suffix']}" if f else name for f, name in zip(found, names, strict=True)
    ]
    claims = Counter(before)
    return [
        first if first in known or first in names or claims[first] == 1 else name
        for first, name in zip(before, names, strict=True)
    ]


def _drop_earlier(last: dict[str, Part], suffix: str, known: Collection[str]) -> list[str]:
    """Keep the last of the files with this suffix, and return what to say of it."""
    same = [name for name in last if suffix_of(name) == suffix]
    if len(same) < 2 or any(name in known for name in same):
        return []
    for name in same[:-1]:
        del last[name]
    return [
        f"{len(same)} files in {suffix} were handed in; the last one, {plain(same[-1])}, counts."
    ]
