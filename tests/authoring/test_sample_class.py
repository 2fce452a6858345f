"""The demo's class is put together from solutions, stubs and bank; none of it is written twice."""

import ast
import zipfile

from autograder.authoring.sample_class import (
    SAMPLES,
    solutions,
    stubs,
    with_answers,
    write_sample_class,
)


def test_every_sample_is_written_under_its_number(tmp_path):
    students = write_sample_class(tmp_path)
    assert len(students) == len(SAMPLES) >= 12
    written = {path.stem for path in tmp_path.iterdir()}
    assert written == set(students)


def test_an_answer_of_the_bank_takes_the_place_of_the_solution():
    files = with_answers(mnist_distance="forgot-abs")
    assert ".abs()" not in files["distance.py"]
    assert {name for name, text in files.items() if text != solutions()[name]} == {"distance.py"}


def test_the_other_functions_of_the_unit_stay():
    tree = ast.parse(with_answers(rank="number-of-elements")["shapes.py"])
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert sorted(names) == ["check_image_stack", "rank"]


def test_the_zip_is_packed_in_a_folder_as_students_do(tmp_path):
    write_sample_class(tmp_path)
    [archive] = tmp_path.glob("*.zip")
    with zipfile.ZipFile(archive) as packed:
        assert set(packed.namelist()) == {f"exercises/{name}" for name in stubs()}


def test_the_stubs_are_fresh_ones_whatever_stands_in_exercises():
    assert all("raise NotImplementedError()" in text for text in stubs().values())
