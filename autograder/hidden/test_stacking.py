import pytest
import torch

# What torch.stack, or a check of one's own, raises for pictures that cannot be stacked.
REFUSALS = (ValueError, RuntimeError, IndexError)


def pictures(draw, count, height, width):
    return [draw.pixels(height, width) for _ in range(count)]


@pytest.mark.rule("value", points=0.5)
def test_divided_by_255(stack_images, draw, expect):
    """Every pixel is divided by 255

    A stored pixel is a whole number from 0, no ink, to 255, full ink. Divided by 255 it lies
    between 0 and 1, and a faint picture stays as faint as it is.
    """
    images = [picture // 2 for picture in pictures(draw, 11, *draw.size())]
    expected = torch.stack(images) / 255
    expect.value(stack_images(images), expected)


@pytest.mark.rule("value", points=0.5)
def test_order_of_the_list(stack_images, draw, expect):
    """The first picture of the list is the first of the stack

    The new axis comes first and counts the pictures: `stack[1]` is the second one. Where all
    three axes have the same size, a wrong one does not show in the shape.
    """
    images = pictures(draw, 28, 28, 28)
    expected = torch.stack(images) / 255
    expect.value(stack_images(images), expected)


@pytest.mark.rule("value", points=0.5)
def test_tuple(stack_images, draw, expect):
    """A tuple will do as well as a list

    Both hold things in an order. Whoever only reads them never notices the difference.
    """
    images = tuple(pictures(draw, 12, *draw.size()))
    expected = torch.stack(images) / 255
    expect.value(stack_images(images), expected)


@pytest.mark.rule("value", points=0.5)
def test_called_again(stack_images, draw, expect):
    """Each list gets its own stack

    A function works on what it is given, every time. What it was given before is gone.
    """
    height, width = draw.size()
    lists = [pictures(draw, 13, height, width) for _ in range(3)]
    for images in draw.shuffled(lists):
        expected = torch.stack(images) / 255
        expect.value(stack_images(images), expected)


@pytest.mark.rule("shape", points=0.5)
def test_one_picture(stack_images, draw, expect):
    """One picture, even of one pixel, is a stack of rank 3

    The result always has three axes: pictures, rows, columns. An axis of size 1 is still an axis,
    and the next function relies on it.
    """
    height, width = draw.size()
    expect.shape(stack_images(pictures(draw, 1, height, width)), (1, height, width))
    expect.shape(stack_images(pictures(draw, 3, 1, 1)), (3, 1, 1))
    expect.shape(stack_images(pictures(draw, 1, 1, 1)), (1, 1, 1))


@pytest.mark.rule("type", points=0.5)
def test_tensor(stack_images, draw, expect):
    """The stack is a PyTorch tensor

    A NumPy array holds the same numbers, but it cannot live on a GPU or have gradients.
    """
    expect.type(stack_images(pictures(draw, 8, 28, 28)), torch.Tensor)


@pytest.mark.rule("dtype", points=0.5)
def test_float32(stack_images, draw, expect):
    """The pixels of the stack are float32

    Whole numbers cannot hold what lies between 0 and 1. `float32` can, and it is what PyTorch
    computes with unless told otherwise.
    """
    expect.dtype(stack_images(pictures(draw, 9, 28, 28)), torch.float32)


@pytest.mark.rule("in_place", points=0.5)
def test_list_stays_as_it_is(stack_images, draw, expect):
    """The list and its pictures stay as they are

    The list belongs to the caller, who may need the pictures again, with their whole numbers.
    """
    expect.unchanged(stack_images, pictures(draw, 10, 28, 28))


@pytest.mark.rule("device", points=0.5)
def test_device(stack_images, draw, expect):
    """The stack stays on the device of the pictures

    Pictures on a GPU should be stacked there. A detour through NumPy or `.cpu()`, or a new tensor
    without `device=`, takes them to the processor.
    """
    expect.on_device(stack_images, pictures(draw, 11, 28, 28))


@pytest.mark.rule("errors", points=0.5)
def test_empty_list(stack_images, draw, expect):
    """An empty list is refused

    Without a picture there is no height and no width, so there is nothing to return.
    """
    stack_images(pictures(draw, 12, 28, 28))
    expect.raises(REFUSALS, stack_images, [])


@pytest.mark.rule("errors", points=0.5)
def test_unequal_sizes(stack_images, draw, expect):
    """Pictures of different sizes are refused

    A tensor has no ragged rows. To cut or to pad a picture would be a guess.
    """
    stack_images(pictures(draw, 13, 28, 28))
    for odd in draw.shuffled([draw.pixels(27, 28), draw.pixels(28, 29)]):
        expect.raises(REFUSALS, stack_images, [*pictures(draw, 13, 28, 28), odd])


@pytest.mark.rule("errors", points=0.5)
def test_one_row_among_pictures(stack_images, draw, expect):
    """A single row is not stretched to a picture

    Writing a row into a whole picture broadcasts: the row is repeated without a word. That is a
    made-up picture, so it has to be refused like any other wrong size.
    """
    stack_images(pictures(draw, 14, 28, 28))
    row = draw.pixels(1, 28)
    expect.raises(REFUSALS, stack_images, [*pictures(draw, 14, 28, 28), row])
