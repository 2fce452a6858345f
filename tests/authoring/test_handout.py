"""What a student reads first, and what pytest reads."""

import re
import tomllib

import pytest

from autograder.authoring.build import ROOT
from autograder.authoring.handout import pyproject, readme
from autograder.authoring.source import read_units
from autograder.cli import main
from tests.authoring.small import write_course

README = readme("mnist_basics", read_units(ROOT / "solutions"), "kit-1.whl")


def settings_of(text):
    return tomllib.loads(text)["tool"]["pytest"]["ini_options"]


def test_the_readme_fits_a_screen():
    lines = README.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100


def test_the_readme_names_only_commands_that_there_are():
    named = set(re.findall(r"`autograder (\w+)", README))
    assert named == {"hint", "pack", "update"}
    assert named <= main.commands.keys()


def test_the_readme_names_what_to_install_and_what_to_open():
    assert "pip install kit/kit-1.whl\n" in README
    assert "`mnist_basics.ipynb`" in README
    assert '`check("stack_images")`' in README
    assert "stacking, shapes, templates, distance, classify, metrics." in README


def test_the_example_is_a_function_of_the_assignment(tmp_path):
    units = read_units(write_course(tmp_path) / "solutions")
    text = readme("mnist_beyond", units, "kit-1.whl")
    assert "`autograder hint rmse_distance`" in text
    assert "`autograder pack --assignment mnist_beyond`" in text


def test_pytest_checks_as_it_does_in_the_checkout():
    ours = settings_of((ROOT / "pyproject.toml").read_text())
    theirs = settings_of(pyproject("mnist_basics", ROOT))
    assert ours["markers"]
    for setting in ("addopts", "markers"):
        assert theirs[setting] == ours[setting]
    assert theirs["testpaths"] == ["exercises"]


def test_pytest_checks_the_assignment_that_was_released():
    assert settings_of(pyproject("mnist_beyond", ROOT))["addopts"].endswith(
        " --assignment mnist_beyond"
    )


@pytest.mark.parametrize("setting", ['"a \\"quoted\\" word"', '"ä \\\\ \\t"'])
def test_a_setting_reads_as_it_did(tmp_path, setting):
    text = f'[tool.pytest.ini_options]\naddopts = ""\nmarkers = [{setting}]\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert (
        settings_of(pyproject("mnist_basics", tmp_path))["markers"] == settings_of(text)["markers"]
    )
