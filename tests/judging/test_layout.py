"""Every function is judged in the module where it is attempted, wherever that is."""

from autograder.course import load_course
from autograder.intake.submission import Source, Submission
from autograder.judging.layout import NOTEBOOK, find_layout

COURSE = load_course()
RANK = "def rank(tensor):\n    return tensor.dim()\n"
STUB = 'def rank(tensor):\n    """The contract."""\n    raise NotImplementedError()\n'


def layout_of(**files):
    """The layout of a submission with these modules, each a text or a tuple of cells."""
    sources = tuple(
        Source(name, chunks if isinstance(chunks, tuple) else (chunks,), f"{name}.py")
        for name, chunks in files.items()
    )
    return find_layout(Submission("anna", sources, (), (), None, ""), COURSE)


def test_a_unit_is_at_home_in_its_own_file():
    layout = layout_of(shapes=RANK)
    assert (layout.homes["shapes"], layout.attempted) == ("shapes", {"rank"})


def test_a_stub_is_at_home_but_not_attempted():
    layout = layout_of(shapes=STUB)
    assert (layout.homes["shapes"], layout.attempted) == ("shapes", set())


def test_a_notebook_is_the_home_of_what_it_defines():
    layout = layout_of(**{NOTEBOOK: (RANK, "x = 1")})
    assert (layout.homes["shapes"], layout.attempted) == (NOTEBOOK, {"rank"})


def test_a_file_wins_over_the_notebook():
    layout = layout_of(shapes=RANK, **{NOTEBOOK: (RANK,)})
    assert layout.homes["shapes"] == "shapes"


def test_an_untouched_stub_beside_a_solved_notebook_gives_way():
    layout = layout_of(shapes=STUB, **{NOTEBOOK: (RANK,)})
    assert (layout.homes["shapes"], layout.attempted) == (NOTEBOOK, {"rank"})


def test_two_units_in_one_file_are_found_with_a_note():
    layout = layout_of(distance=RANK)
    assert (layout.homes["shapes"], layout.attempted) == ("distance", {"rank"})
    assert layout.notes == ("rank: found in distance.py, but belongs in shapes.py.",)


def test_a_star_import_from_the_students_own_helper_is_at_home():
    layout = layout_of(shapes="from helpers import *\n", helpers=RANK)
    assert (layout.homes["shapes"], layout.attempted) == ("shapes", {"rank"})
    assert layout.notes == ()


def test_an_import_elsewhere_is_no_answer_of_its_own():
    layout = layout_of(classify="from exercises.shapes import rank\n")
    assert layout.attempted == set()
    assert layout.notes == ()
