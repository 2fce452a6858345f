"""Importing the right torch."""

import sys

import pytest

from autograder.selfcheck.startup import off_the_path


@pytest.mark.parametrize("entry", ["", ".", "{here}"])
def test_a_folder_off_the_path(tmp_path, monkeypatch, entry):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["/one", entry.format(here=tmp_path), "/two"])
    before = sys.path[:]
    with off_the_path(tmp_path):
        assert sys.path == ["/one", "/two"]
    assert sys.path == before
