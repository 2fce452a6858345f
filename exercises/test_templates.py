import torch


def test_mean_of_each_pixel(mean_template, expect):
    """Every pixel is the mean of that pixel over the pictures

    Where the pictures agree the mean is as strong as they are; where they differ it is in between.
    """
    stack = torch.tensor([[[1, 0], [0, 0]], [[1, 1], [0, 0]], [[1, 0.5], [0.75, 0]]])
    expect.value(mean_template(stack), torch.tensor([[1, 0.5], [0.25, 0]]))


def test_one_picture_stays(mean_template, expect):
    """The mean of a single picture is that picture

    The axis that counts the pictures goes, even if it has size 1. Rows and columns stay.
    """
    stack = torch.tensor([[[0, 0.25, 0.5], [1, 0.75, 0]]])
    expect.value(mean_template(stack), torch.tensor([[0, 0.25, 0.5], [1, 0.75, 0]]))


def test_stack_unchanged(mean_template, expect):
    """The stack is the same afterwards as before

    Whoever hands you a stack wants to use it again. A method whose name ends in an underscore,
    like `div_`, and signs like `+=` write into the tensor they are given.
    """
    expect.unchanged(mean_template, torch.tensor([[[0, 0.5], [1, 0]], [[1, 0.5], [0, 1]]]))


def test_ideal_3(mean_template, threes, mean3, expect):
    """The mean of all 6,131 training 3s is the ideal 3

    In the mean the habits of single writers hardly show, and the common shape remains.
    """
    expect.value(mean_template(threes), mean3)
