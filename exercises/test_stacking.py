import torch


def test_two_pictures(stack_images, expect):
    """Two pictures become one tensor with values from 0 to 1

    The new first axis counts the pictures, in the order of the list. Dividing by 255 turns the
    pixels 0 to 255 into numbers from 0 to 1.
    """
    first = torch.tensor([[0, 51], [102, 255]], dtype=torch.uint8)
    second = torch.tensor([[255, 0], [0, 153]], dtype=torch.uint8)
    stack = torch.tensor([[[0, 0.2], [0.4, 1]], [[1, 0], [0, 0.6]]])
    expect.value(stack_images([first, second]), stack)


def test_one_picture(stack_images, expect):
    """A list of one picture becomes a stack of one

    Stacking always adds an axis. With one picture that axis has size 1, but it is there.
    """
    picture = torch.tensor([[0, 51, 102], [153, 204, 255]], dtype=torch.uint8)
    expect.shape(stack_images([picture]), (1, 2, 3))


def test_float32(stack_images, expect):
    """The stack is of dtype float32

    Whole numbers wrap around and have no mean. PyTorch's usual number for pixels is float32.
    """
    picture = torch.tensor([[0, 51], [102, 255]], dtype=torch.uint8)
    expect.dtype(stack_images([picture, picture]), torch.float32)


def test_refuses_what_cannot_be_stacked(stack_images, expect):
    """No pictures, or pictures of different sizes, raise an error

    A tensor has no ragged rows. An error is better than a stack that nobody meant.
    """
    square = torch.zeros(2, 2, dtype=torch.uint8)
    strip = torch.zeros(1, 2, dtype=torch.uint8)
    refusal = (ValueError, RuntimeError, IndexError)
    expect.raises(refusal, stack_images, [square, strip])
    expect.raises(refusal, stack_images, [])
