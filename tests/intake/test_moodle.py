"""Moodle's names: whose a file or a folder is."""

import pytest

from autograder.intake.moodle import part_of
from autograder.intake.trees import Kind


@pytest.mark.parametrize(
    ("stored", "kind", "owner", "name"),
    [
        ("First Last_12_assignsubmission_file", Kind.FOLDER, "First Last_12", ""),
        ("First Last_12_assignsubmission_file_", Kind.FOLDER, "First Last_12", ""),
        ("First Last_12_assignsubmission_onlinetext", Kind.FOLDER, "First Last_12", ""),
        ("Participant_12_assignsubmission_file_", Kind.FOLDER, "Participant_12", ""),
        ("Group A_3_assignsubmission_file", Kind.FOLDER, "Group A_3", ""),
        ("Default team_assignsubmission_file", Kind.FOLDER, "Default team", ""),
        ("Anna_12_assignsubmission_file_distance.py", Kind.FILE, "Anna_12", "distance.py"),
        ("Anna_12_assignsubmission_file_a_b.py", Kind.FILE, "Anna_12", "a_b.py"),
        (
            "Anna_12_assignsubmission_onlinetext_onlinetext.html",
            Kind.FILE,
            "Anna_12",
            "onlinetext.html",
        ),
    ],
)
def test_a_name_says_whose_it_is(stored, kind, owner, name):
    found = part_of(stored, kind)
    assert found is not None
    assert (found.owner, found.name) == (owner, name)


def test_a_student_stays_the_owner_whatever_the_file_is_called():
    chosen = "Ben_13_assignsubmission_file_distance.py"
    found = part_of(f"Anna_12_assignsubmission_file_{chosen}", Kind.FILE)
    assert found is not None
    assert (found.owner, found.name) == ("Anna_12", chosen)


@pytest.mark.parametrize(
    ("stored", "kind"),
    [
        ("First Last_12", Kind.FOLDER),
        ("_assignsubmission_file_", Kind.FOLDER),
        ("distance.py", Kind.FILE),
        # Not a folder, and nothing says what the student had called it.
        ("Anna_12_assignsubmission_file_", Kind.FILE),
        ("Anna_12_assignsubmission_file_", Kind.LINK),
    ],
)
def test_other_names_are_nobodys(stored, kind):
    assert part_of(stored, kind) is None
