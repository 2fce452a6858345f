"""A real browser, and JupyterLab as students and instructors start it.

Pictures of what was seen are kept in the folder that the variable SCREENSHOTS names.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.nbgrader_course import NbgraderCourse

ASSIGNMENT = "mnist_basics"
# As root too, and without calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Milliseconds for whatever is waited for: a kernel's first import of torch takes long.
PATIENCE = 60_000


# Started for this folder alone: as long as Playwright runs, no other test can have an event loop.
@pytest.fixture(scope="package")
def browser():
    from playwright.sync_api import expect, sync_playwright

    from tests.browser.lab import CHROMIUM

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


@pytest.fixture
def page(browser, picture, request):
    """A window of a browser that nobody has used yet; how it looked in the end is kept."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    yield page
    picture(page, f"{request.node.originalname}-at-the-end")
    context.close()


@pytest.fixture
def picture(tmp_path) -> Callable[..., None]:
    """``picture(page, name)`` keeps what the page shows."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)

    def keep(page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png")

    return keep


@pytest.fixture(scope="package")
def jupyterlab() -> Iterator[Callable[[Path], str]]:
    """``jupyterlab(folder)`` starts JupyterLab there and returns its address."""
    from tests.browser.server import serving

    with ExitStack() as servers:
        yield lambda folder: servers.enter_context(serving(folder))


@pytest.fixture(scope="package")
def course(tmp_path_factory) -> NbgraderCourse:
    """An instructor's course whose assignment is generated."""
    course = NbgraderCourse(tmp_path_factory.mktemp("course"))
    course.run("generate_assignment", ASSIGNMENT)
    return course
