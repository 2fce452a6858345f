"""A student's evening: the released notebook in JupyterLab, from untouched to all right."""

import json
import shutil

import pytest

from autograder.course import load_course
from tests.browser.conftest import ASSIGNMENT
from tests.browser.lab import Notebook, expect
from tests.week import write

FILE = f"{ASSIGNMENT}.ipynb"
NAMES = [function.name for function in load_course().of_assignment(ASSIGNMENT)]
SET_UP = "import torch"
CHECK = 'check("mnist_distance")'
WRONG = "return (a - b).mean((-1, -2))"
RIGHT = "return (a - b).abs().mean((-1, -2))"


@pytest.fixture(scope="module")
def lab(course, jupyterlab, tmp_path_factory):
    """A student's folder: the released notebook as it came, and in ``done`` with all solved."""
    folder = tmp_path_factory.mktemp("student")
    shutil.copy(course.released(ASSIGNMENT), folder)
    (folder / "done").mkdir()
    released = json.loads(course.released(ASSIGNMENT).read_text("utf-8"))
    solved = course.solved(ASSIGNMENT) | {"write-up": "The sign goes before the mean."}
    write(folder / "done", solved, released)
    return jupyterlab(folder)


def failed(verdict: str) -> list[str]:
    """The functions whose cells nbgrader's verdict names."""
    return [name for name in NAMES if f'check("{name}")' in verdict]


def test_from_untouched_to_right(lab, page, picture):
    notebook = Notebook(page, lab, FILE)
    notebook.run(SET_UP)
    shown = notebook.run(CHECK)
    expect(shown).to_contain_text("mnist_distance  not attempted")
    expect(shown).to_contain_text("0% of the public tests pass")
    picture(page, "student-1-not-attempted")

    notebook.answer("mnist_distance", WRONG)
    shown = notebook.run(CHECK)
    expect(shown).to_contain_text("Two opposite pictures are at distance 1")
    expect(shown).to_contain_text("so the sign has to go before the mean is taken")
    expect(shown).to_contain_text("mnist_distance  3 of 5 tests")
    picture(page, "student-2-wrong")

    verdict = notebook.validate()
    assert failed(verdict) == NAMES
    assert verdict.count("None of the public tests passes yet.") == len(NAMES) - 1
    assert verdict.count("passed some but not all of the tests") == 1
    picture(page, "student-3-validate-wrong")
    notebook.close_dialog()

    notebook.answer("mnist_distance", RIGHT)
    shown = notebook.run(CHECK)
    expect(shown).to_contain_text("1/1 functions · 5/5 tests")
    expect(shown).to_contain_text("100% of the public tests pass")
    picture(page, "student-4-right")

    verdict = notebook.validate()
    assert failed(verdict) == [name for name in NAMES if name != "mnist_distance"]
    picture(page, "student-5-validate-right")


def test_all_solved(lab, page, picture):
    notebook = Notebook(page, lab, f"done/{FILE}")
    assert "Success! Your notebook passes all the tests." in notebook.validate()
    picture(page, "student-6-validate-solved")


def test_a_long_message_fits_into_a_narrow_window(lab, page, picture):
    page.set_viewport_size({"width": 800, "height": 900})
    notebook = Notebook(page, lab, f"done/{FILE}")
    notebook.run(SET_UP)
    notebook.answer("mnist_distance", f"raise ValueError({'no_blank_' * 20!r})")
    shown = notebook.run(CHECK)
    expect(shown).to_contain_text("it raised ValueError: no_blank_no_blank_")
    expect(shown).to_contain_text("0 of 5 tests")
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        light = "true" if colours == "light" else "false"
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", light)
        shown.scroll_into_view_if_needed()
        picture(page, f"student-7-narrow-{colours}")
    card = shown.locator(".jp-RenderedHTML").first
    assert card.evaluate("card => card.scrollWidth <= card.clientWidth")
