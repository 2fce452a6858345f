import torch


def test_picture_and_stack(rank, expect):
    """A picture has rank 2, a stack of pictures rank 3

    The rank is the number of axes: row and column for a picture, and one more for a stack.
    """
    expect.value(rank(torch.zeros(28, 28)), 2)
    expect.value(rank(torch.zeros(5, 28, 28)), 3)


def test_axes_not_values(rank, expect):
    """Three numbers in a row have rank 1, a single number rank 0

    The rank does not count the values. A point with three coordinates has just one axis, and a
    scalar has none.
    """
    expect.value(rank(torch.tensor([4.0, 0.5, 2.0])), 1)
    expect.value(rank(torch.tensor(0.5)), 0)


def test_plain_int(rank, expect):
    """The rank is a plain Python int

    The number of axes belongs to the shape, not to the data, so it needs no tensor around it.
    """
    expect.type(rank(torch.zeros(2, 2)), int)


def test_good_stack(check_image_stack, expect):
    """A good stack passes, and nothing comes back

    A check at the door is silent when all is well. Both 0 and 1 are good values for a pixel.
    """
    stack = torch.tensor([[[0, 0.25], [0.5, 1]], [[1, 0], [0, 0.75]]])
    expect.type(check_image_stack(stack), type(None))


def test_names_the_rank(check_image_stack, expect):
    """A single picture is refused, and the message names its rank

    A good message says what came, so that nobody has to guess: here a tensor of rank 2.
    """
    message = expect.raises(ValueError, check_image_stack, torch.zeros(28, 28))
    expect.says(message, 2)


def test_names_the_dtype(check_image_stack, expect):
    """Whole numbers are refused, and the message names their dtype

    Pixels come from a file as uint8. They have to become floats before anyone computes with them.
    """
    pixels = torch.zeros(3, 2, 2, dtype=torch.uint8)
    message = expect.raises(ValueError, check_image_stack, pixels)
    expect.says(message, "uint8")


def test_names_the_value(check_image_stack, expect):
    """Values outside 0 to 1 are refused, and the message names the worst

    Floats that were never divided by 255 are the usual reason, and they spoil every distance.
    """
    too_large = torch.tensor([[[0, 0.5], [12.5, 255]]])
    expect.says(expect.raises(ValueError, check_image_stack, too_large), 255)
    too_small = torch.tensor([[[0, 0.5], [-0.25, 1]]])
    expect.says(expect.raises(ValueError, check_image_stack, too_small), -0.25)
