"""Canvas's names: whose a file is, and which of several counts."""

import pytest

from autograder.intake.canvas import part_of, settle
from autograder.intake.parts import Collected
from autograder.intake.trees import Kind

KNOWN = {"mnist_basics.ipynb", "distance.py", "shapes.py"}


def part(stored: str):
    found = part_of(stored, Kind.FILE)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("stored", "owner", "name", "upload", "late"),
    [
        ("lastanna_77_5001_distance.py", "lastanna_77", "distance.py", 5001, False),
        ("lastanna_LATE_77_5001_distance.py", "lastanna_77", "distance.py", 5001, True),
        ("van_der_berg_77_5001_distance.py", "van_der_berg_77", "distance.py", 5001, False),
        ("अनिता_77_5001_distance.py", "अनिता_77", "distance.py", 5001, False),
        ("anon_Ab3dE_5001_distance.py", "anon_Ab3dE", "distance.py", 5001, False),
        ("LATE_anon_Ab3dE_5001_distance.py", "anon_Ab3dE", "distance.py", 5001, True),
        ("anonymous_Ab3dE_5001_distance.py", "anonymous_Ab3dE", "distance.py", 5001, False),
        ("lastanna_77_text.html", "lastanna_77", "text.html", 0, False),
        ("lastanna_LATE_77_link.html", "lastanna_77", "link.html", 0, True),
    ],
)
def test_a_name_says_whose_the_file_is(stored, owner, name, upload, late):
    found = part(stored)
    assert (found.owner, found.name, found.upload, found.late) == (owner, name, upload, late)


@pytest.mark.parametrize(
    "chosen",
    [
        "lastben_88_6001_distance.py",
        "_88_6001_distance.py",
        "x_LATE_88_6001_distance.py",
        "anon_Ab3dE_6001_distance.py",
        "88_6001_distance.py",
        "distance.py\nlastben_88_6001_distance.py",
        "_text.html",
        ".._.._lastben_88_6001_distance.py",
    ],
)
def test_a_student_stays_the_owner_whatever_the_file_is_called(chosen):
    found = part(f"lastanna_77_5001_{chosen}")
    assert (found.owner, found.name, found.late) == ("lastanna_77", chosen, False)


@pytest.mark.parametrize(
    "stored", ["distance.py", "lastanna", "lastanna_77_distance.py", "_77_5001_", "a_1_2_", ""]
)
def test_other_names_are_nobodys(stored):
    assert part_of(stored, Kind.FILE) is None


def settled(*stored: str) -> Collected:
    return settle([part(name) for name in stored], KNOWN)


def counting(collected: Collected) -> dict[str, str]:
    return {part.name: part.stored for part in collected.parts}


def test_a_file_that_canvas_numbered_gets_its_name_back():
    found = settled("a_1_20_distance-1.py", "a_1_21_utils-2.py", "a_1_22_mnist_basics-3.ipynb")
    assert list(counting(found)) == ["distance.py", "utils.py", "mnist_basics.ipynb"]
    assert found.notes == ()


def test_a_file_that_canvas_gave_a_long_number_gets_its_name_back():
    number = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
    assert list(counting(settled(f"a_1_20_distance-{number}.py"))) == ["distance.py"]


def test_of_two_uploads_of_one_file_the_later_counts():
    found = settled("a_1_100_distance-1.py", "a_1_20_distance.py", "a_1_21_shapes.py")
    assert counting(found) == {
        "shapes.py": "a_1_21_shapes.py",
        "distance.py": "a_1_100_distance-1.py",
    }
    assert found.notes == ("distance.py was handed in 2 times; distance-1.py, the last, counts.",)


def test_numbers_that_may_be_the_students_own_stay():
    found = settled("a_1_20_part-1.py", "a_1_21_part-2.py")
    assert list(counting(found)) == ["part-1.py", "part-2.py"]


def test_of_several_zips_or_notebooks_the_last_counts():
    found = settled("a_1_20_first.zip", "a_1_22_second.zip", "a_1_21_x.ipynb", "a_1_23_y.ipynb")
    assert list(counting(found)) == ["second.zip", "y.ipynb"]
    assert found.notes == (
        "2 files in .zip were handed in; the last one, second.zip, counts.",
        "2 files in .ipynb were handed in; the last one, y.ipynb, counts.",
    )


def test_the_notebook_that_was_given_out_is_not_lost_to_a_later_one():
    found = settled("a_1_20_mnist_basics.ipynb", "a_1_21_scratch.ipynb")
    assert list(counting(found)) == ["mnist_basics.ipynb", "scratch.ipynb"]


def test_late_is_whoever_uploaded_last_too_late():
    early, late = "a_1_20_distance.py", "a_LATE_1_30_distance-1.py"
    found = settled(late, early)
    assert found.late
    assert found.notes[0] == "Canvas says that this was handed in late."
    assert not settled(early).late
