"""A notebook in JupyterLab, as its reader speaks of it. Where anything for it is missing, skips."""

from __future__ import annotations

import shutil

import pytest

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is missing: pip install -e '.[dev]'"
)
for package in ("jupyterlab", "nbgrader"):
    pytest.importorskip(package, reason=f"{package} is missing: pip install -e '.[dev]'")
CHROMIUM = shutil.which("chromium")
if CHROMIUM is None:
    pytest.skip("Chromium is missing: apt-get install chromium", allow_module_level=True)

Page, Locator, expect = sync_api.Page, sync_api.Locator, sync_api.expect

KERNEL = "Python 3 (ipykernel)"


class Notebook:
    """A notebook that is open in JupyterLab; its cells are named by a text in them."""

    def __init__(self, page: Page, lab: str, path: str) -> None:
        self.page = page
        page.goto(f"{lab}/lab/tree/{path}?reset")
        # A cell that is run before the kernel is there has it asked which kernel to take.
        expect(page.get_by_role("button", name=f"{KERNEL} | Idle")).to_be_visible()

    def code(self, text: str) -> Locator:
        """The first code cell with this text."""
        return self.page.locator(".jp-CodeCell").filter(has_text=text).first

    def run(self, text: str) -> Locator:
        """Run the cell, and return the place below it: what it shows comes when it is done."""
        cell = self.code(text)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        return cell.locator(".jp-OutputArea")

    def answer(self, function: str, last_line: str) -> None:
        """Type this over the last line of a function, and run its cell."""
        self.code(f"def {function}(").locator(".cm-content").click()
        for key in ("Control+End", "Shift+Home"):
            self.page.keyboard.press(key)
        self.page.keyboard.insert_text(last_line)
        self.run(f"def {function}(")

    def validate(self) -> str:
        """Press Validate, and return what nbgrader says."""
        self.page.get_by_role("button", name="Validate").click()
        dialog = self.page.get_by_role("dialog").filter(has_text="Validation Results")
        expect(dialog).to_be_visible()
        return dialog.inner_text()

    def close_dialog(self) -> None:
        self.page.get_by_role("dialog").get_by_role("button").click()
