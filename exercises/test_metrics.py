import torch


def test_three_of_four(accuracy, expect):
    """Three right answers of four are 0.75

    Accuracy is the share of predictions that agree with the targets. Agreeing on False counts as
    much as agreeing on True.
    """
    predictions = torch.tensor([True, False, True, False])
    targets = torch.tensor([True, False, False, False])
    expect.value(accuracy(predictions, targets), 0.75)


def test_bools_against_integers(accuracy, expect):
    """Bools can be compared with the labels 0 and 1

    True counts as 1 and False as 0, so one side may be truth values and the other whole numbers.
    """
    predictions = torch.tensor([True, False, True, True])
    targets = torch.tensor([1, 1, 0, 1])
    expect.value(accuracy(predictions, targets), 0.5)


def test_accuracy_is_a_tensor(accuracy, expect):
    """The accuracy is a tensor

    A tensor stays on its device. When somebody wants to print it is soon enough for `.item()`.
    """
    predictions = torch.tensor([3, 7, 7])
    expect.type(accuracy(predictions, torch.tensor([3, 7, 3])), torch.Tensor)


def test_unequal_shapes(accuracy, expect):
    """A column against a row is refused

    Broadcasting would compare each of the four predictions with each of the four targets, 16
    pairs, and the share of those is no accuracy.
    """
    column = torch.tensor([[True], [False], [False], [True]])
    row = torch.tensor([True, False, False, True])
    expect.raises(ValueError, accuracy, column, row)


def test_mean_of_the_two(accuracy_3_7, expect):
    """The third number is the mean of the first two

    For a 7 the right answer is "not a 3". One of the two 3s and all four 7s are right here, and
    both digits have the same weight, however many pictures there are of each: (0.5 + 1) / 2.
    """
    three = torch.tensor([[1.0, 1.0], [0.0, 0.0]])
    seven = torch.tensor([[0.0, 0.0], [1.0, 1.0]])
    valid3 = torch.stack([three, seven])
    valid7 = torch.stack([seven, seven, seven, seven])
    expect.value(accuracy_3_7(valid3, valid7, three, seven), (0.5, 1.0, 0.75))


def test_three_tensors(accuracy_3_7, valid3, valid7, mean3, mean7, expect):
    """A tuple of three tensors comes back

    Three results with commas between them are a tuple, and each accuracy is already a tensor.
    """
    expect.type(accuracy_3_7(valid3, valid7, mean3, mean7), tuple)


def test_real_digits(accuracy_3_7, valid3, valid7, mean3, mean7, expect):
    """0.9168 of the 3s and 0.9854 of the 7s, 0.9511 on average

    These are the figures of the book. Its templates and yours come from the training pictures,
    and the validation pictures had no part in them.
    """
    # One picture more or less moves an accuracy by 0.001, so four digits leave nothing open.
    expect.value(accuracy_3_7(valid3, valid7, mean3, mean7), (0.9168, 0.9854, 0.9511))
