import pytest
import torch


@pytest.mark.rule("value", points=1)
def test_mean_of_every_pixel(mean_template, draw, expect):
    """Each pixel of the template is the mean of that pixel

    Ask all pictures how much ink they have in one place: add that up and divide by the number of
    pictures. The result is one picture of the same size.
    """
    stack = draw.images(11, *draw.size())
    expected = sum(stack.unbind()) / 11
    expect.value(mean_template(stack), expected)


@pytest.mark.rule("value", points=1)
def test_as_many_pictures_as_rows(mean_template, draw, expect):
    """It is the axis of the pictures that goes

    The pictures are counted by the first axis. When there are as many of them as rows and columns,
    the shape is right whichever axis you take, and only the values tell.
    """
    stack = draw.images(28, 28, 28)
    expected = sum(stack.unbind()) / 28
    expect.value(mean_template(stack), expected)


@pytest.mark.rule("value", points=0.5)
def test_called_again(mean_template, draw, expect):
    """Each stack gets its own template

    The 3s have one and the 7s have another. A function that keeps its first result gives both the
    same.
    """
    height, width = draw.size()
    for stack in draw.shuffled([draw.images(12, height, width) for _ in range(3)]):
        expected = sum(stack.unbind()) / 12
        expect.value(mean_template(stack), expected)


@pytest.mark.rule("shape", points=0.5)
def test_one_picture(mean_template, draw, expect):
    """The template of one picture, even of one pixel, has the shape of a picture

    Only the first axis goes. Rows and columns stay, whatever their number.
    """
    height, width = draw.size()
    expect.shape(mean_template(draw.images(1, height, width)), (height, width))
    expect.shape(mean_template(draw.images(3, 1, 1)), (1, 1))
    expect.shape(mean_template(draw.images(1, 1, 1)), (1, 1))


@pytest.mark.rule("type", points=0.5)
def test_tensor(mean_template, draw, expect):
    """The template is a PyTorch tensor

    A tensor can be compared with a whole batch at once, on any device. Lists and NumPy arrays have
    left PyTorch.
    """
    expect.type(mean_template(draw.images(9, 28, 28)), torch.Tensor)


@pytest.mark.rule("dtype", points=0.5)
def test_dtype_of_the_stack(mean_template, draw, expect):
    """The template has the dtype of the stack

    float32 in, float32 out; float64 in, float64 out. Taking a mean is no reason to change it.
    """
    expect.dtype(mean_template(draw.images(10, 28, 28)), torch.float32)
    double = draw.images(11, 28, 28, dtype=torch.float64)
    expect.dtype(mean_template(double), torch.float64)


@pytest.mark.rule("vectorised", points=0.5)
def test_no_loop(mean_template, draw, expect):
    """One mean over the batch, not one step for each picture

    A loop over the pictures gives the right answer slowly. Tell PyTorch which axis to take, and it
    goes through all of them itself.
    """
    expect.vectorised(mean_template, lambda n: (draw.images(n, 3, 4),))


@pytest.mark.rule("in_place", points=0.5)
def test_stack_stays_as_it_is(mean_template, draw, expect):
    """The stack stays as it is

    `stack[0]` is no copy: it is a view of the stack's own memory, and `+=` writes into it.
    """
    expect.unchanged(mean_template, draw.images(12, 28, 28))


@pytest.mark.rule("device", points=0.5)
def test_device(mean_template, draw, expect):
    """The template stays on the device of the stack

    If the pictures are on a GPU, the template should be there too. NumPy, `.cpu()` and new tensors
    without `device=` bring it back to the processor.
    """
    expect.on_device(mean_template, draw.images(13, 28, 28))


@pytest.mark.rule("graph", points=0.5)
def test_gradient(mean_template, draw, expect):
    """A gradient finds its way back to the stack

    PyTorch remembers how a result was computed, as long as you stay in PyTorch. `.detach()`,
    `.item()` and NumPy cut the thread.
    """
    expect.in_graph(mean_template, draw.images(14, 28, 28))
