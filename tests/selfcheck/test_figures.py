"""What the lesson ends in, from the student's own functions."""

from autograder.selfcheck.desk import FolderDesk
from autograder.selfcheck.figures import own_figures
from autograder.selfcheck.limits import TimeLimit
from tests.selfcheck.conftest import COURSE


def figures(students_desk):
    desk = FolderDesk(students_desk.exercises, COURSE, TimeLimit(60))
    try:
        return own_figures(desk)
    finally:
        desk.close()


def test_the_figures_of_the_book(solved):
    assert figures(solved) == (
        "Your ideal digits are right about 0.9168 of the 3s and 0.9854 of the 7s, 0.9511 together."
    )


def test_they_are_the_students_own(solved):
    solved.answer(
        "accuracy_3_7", "return tuple(torch.tensor(share) for share in (0.25, 0.75, 0.5))"
    )
    assert figures(solved) == (
        "Your ideal digits are right about 0.2500 of the 3s and 0.7500 of the 7s, 0.5000 together."
    )


def test_the_pictures_are_not_spoilt_for_others(solved):
    solved.answer("accuracy_3_7", "return valid3.zero_().max(), mean7.zero_().max(), mean3.sum()")
    assert "0.0000 of the 3s and 0.0000 of the 7s" in figures(solved)
    solved.answer("accuracy_3_7", "return valid3.max(), mean7.sign().max(), valid7.max()")
    assert "1.0000 of the 3s and 1.0000 of the 7s" in figures(solved)


def test_no_figures_where_nothing_comes_back(solved):
    solved.answer("accuracy_3_7", "return torch.ones(2) @ torch.ones(3)")
    assert figures(solved) == ""
