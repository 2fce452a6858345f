"""The end of a run on the terminal: how far the student is, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.selfcheck.runner import SelfCheck

USUAL_REPORT = "fE"
"""pytest's -r when nobody gives one: a line for each failure and error."""


class Summary:
    """A plugin beside a SelfCheck, for runs that have a terminal."""

    def __init__(self, check: SelfCheck) -> None:
        self._check = check

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, config: pytest.Config
    ) -> Iterator[None]:
        """Write after everything else: that is where the eye ends up."""
        if self._check.alone and config.getoption("reportchars") == USUAL_REPORT:
            # One line for each failure would only repeat the titles of the messages above it.
            terminalreporter.reportchars = terminalreporter.reportchars.replace("f", "")
        yield
        lines = self._lines()
        if lines:
            terminalreporter.section("Threes & Sevens", "=")
        for line in lines:
            terminalreporter.write_line(line)

    def _lines(self) -> list[str]:
        desk, progress = self._check.open_desk, self._check.progress
        if desk is None or not progress.tallies:
            return []
        lines = progress.lines(desk.where)
        last = progress.tallies.get("accuracy_3_7")
        if last and last.done:
            from autograder.selfcheck.figures import own_figures

            lines.append(own_figures(desk))
        return lines
