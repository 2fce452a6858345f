"""A release as a whole: what is in it, and above all what is not."""

import shutil

import pytest

from autograder.authoring.build import ROOT
from autograder.authoring.release import make_release, units_of
from autograder.authoring.source import SourceError, read_units
from autograder.course import load_course
from tests.authoring.small import write_course
from tests.secrets import given_away, secret_lines


@pytest.fixture(scope="module")
def release():
    return make_release("mnist_basics")


@pytest.fixture
def checkout(tmp_path):
    """A copy of all that a release is made of."""
    for folder in ("solutions", "exercises", "source", "autograder"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for file in ("pyproject.toml", "nbgrader_config.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, tmp_path)
    return tmp_path


def test_what_a_student_gets(release):
    [wheel] = [path for path in release.files if path.endswith(".whl")]
    units = load_course().unit_names
    exercises = {f"exercises/{prefix}{unit}.py" for unit in units for prefix in ("", "test_")}
    assert set(release.files) == exercises | {
        "README.md",
        "mnist_basics.ipynb",
        "pyproject.toml",
        wheel,
    }


def test_no_line_of_an_answer_or_a_hidden_test_is_in_any_file(release):
    secrets = secret_lines()
    files = release.files.items()
    assert [found for path, content in files for found in given_away(path, content, secrets)] == []


def test_a_line_that_is_given_away_would_be_found(release):
    """The test above can fail: in a file, in the notebook, in the wheel."""
    secrets = {"raise NotImplementedError()", "class Manifest:"}
    found = [given_away(path, content, secrets) for path, content in release.files.items()]
    found = [path for lines in found for path, _ in lines]
    assert "exercises/distance.py" in found
    assert "mnist_basics.ipynb" in found
    assert any(path.endswith(".whl/autograder/bundle/manifest.py") for path in found)


def test_the_same_checkout_makes_the_same_release(release):
    assert make_release("mnist_basics") == release


def test_exercises_that_somebody_solved_are_released_as_stubs(checkout, release):
    shutil.copy(checkout / "solutions" / "distance.py", checkout / "exercises")
    stub = make_release("mnist_basics", checkout).files["exercises/distance.py"]
    assert stub == release.files["exercises/distance.py"]


@pytest.mark.parametrize(
    "file", ["source/mnist_basics/mnist_basics.ipynb", "autograder/course.json"]
)
def test_what_is_stale_is_not_released(checkout, file):
    (checkout / file).write_text((checkout / file).read_text().replace("pictures", "images"))
    with pytest.raises(SourceError, match=f"^{file} is stale; run `autograder build`"):
        make_release("mnist_basics", checkout)


def test_an_assignment_that_there_is_not():
    for name in ("mnist_basic", "all", "../mnist_basics"):
        with pytest.raises(SourceError, match=r"There is no assignment .*; choose one of: mnist_b"):
            make_release(name)


def test_units_come_whole_with_those_that_they_import(tmp_path):
    units = read_units(write_course(tmp_path) / "solutions")
    assert [unit.name for unit in units_of("mnist_basics", units)] == ["shapes", "distance"]
    # rmse_distance stands in distance.py, which imports shapes.py: neither file may be missing.
    assert [unit.name for unit in units_of("mnist_beyond", units)] == ["shapes", "distance"]
