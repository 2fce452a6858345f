import pytest
import torch


def l1(a, b):
    return (a - b).abs().mean((-1, -2))


@pytest.mark.rule("value", points=1.5)
def test_batch_against_one_template(mnist_distance, draw, expect):
    """A batch of pictures against one template

    Broadcasting lines the shapes up from the right, so every picture meets the template. The signs
    have to go before the mean is taken, and the mean is over rows and columns.
    """
    height, width = draw.size()
    batch, template = draw.images(11, height, width), draw.images(height, width)
    expected = l1(batch, template)
    expect.value(mnist_distance(batch, template), expected)


@pytest.mark.rule("value", points=0.5)
def test_template_first(mnist_distance, draw, expect):
    """The distance there is the distance back

    It doesn't matter which of the two comes first, nor which of them is the batch.
    """
    height, width = draw.size()
    template, batch = draw.images(height, width), draw.images(12, height, width)
    expected = l1(batch, template)
    expect.value(mnist_distance(template, batch), expected)


@pytest.mark.rule("value", points=1)
def test_picture_by_picture(mnist_distance, draw, expect):
    """Two batches are compared picture by picture

    Equal leading axes pair up: the first picture with the first, the second with the second. With
    28 pictures of 28 by 28, only the values tell which axes you took.
    """
    a, b = draw.images(28, 28, 28), draw.images(28, 28, 28)
    expected = l1(a, b)
    expect.value(mnist_distance(a, b), expected)


@pytest.mark.rule("value", points=1)
def test_ten_templates_at_once(mnist_distance, draw, expect):
    """Every picture against ten templates at once

    With an axis of size 1 in between, broadcasting pairs each picture with each template. Counted
    from the end, rows and columns are still the last two axes.
    """
    height, width = draw.size()
    batch, templates = draw.images(13, 1, height, width), draw.images(10, height, width)
    expected = l1(batch, templates)
    expect.value(mnist_distance(batch, templates), expected)


@pytest.mark.rule("value", points=0.5)
def test_called_again(mnist_distance, draw, expect):
    """Each pair gets its own distance

    The shape of two pictures says nothing about how far apart they are: it has to be computed
    every time.
    """
    height, width = draw.size()
    pairs = [(draw.images(14, height, width), draw.images(height, width)) for _ in range(3)]
    for batch, template in draw.shuffled(pairs):
        expected = l1(batch, template)
        expect.value(mnist_distance(batch, template), expected)


@pytest.mark.rule("shape", points=0.5)
def test_one_pair(mnist_distance, draw, expect):
    """Two pictures give a tensor without axes

    The mean takes rows and columns away, and a single picture has no other axis.
    """
    height, width = draw.size()
    expect.shape(mnist_distance(draw.images(height, width), draw.images(height, width)), ())
    expect.shape(mnist_distance(draw.images(1, 1), draw.images(1, 1)), ())


@pytest.mark.rule("shape", points=0.5)
def test_batch_of_one(mnist_distance, draw, expect):
    """A batch of one picture gives one distance in a row of one

    An axis of size 1 is still an axis. Whoever calls with a batch gets one distance for each
    picture in it, and reads them off in the same way.
    """
    height, width = draw.size()
    expect.shape(mnist_distance(draw.images(1, height, width), draw.images(height, width)), (1,))
    expect.shape(mnist_distance(draw.images(3, 1, 1), draw.images(1, 1)), (3,))


@pytest.mark.rule("shape", points=0.5)
def test_several_leading_axes(mnist_distance, draw, expect):
    """All leading axes stay, however many there are

    Pictures can be sorted by digit and by writer, say, in two leading axes. Only the last two
    axes are rows and columns.
    """
    height, width = draw.size()
    pictures = draw.images(10, 2, height, width)
    expect.shape(mnist_distance(pictures, draw.images(height, width)), (10, 2))
    expect.shape(mnist_distance(draw.images(2, height, width), pictures), (10, 2))


@pytest.mark.rule("type", points=0.5)
def test_tensor(mnist_distance, draw, expect):
    """The distance is a PyTorch tensor

    Even a single number stays a tensor without axes. `.item()` and NumPy leave PyTorch.
    """
    expect.type(mnist_distance(draw.images(16, 28, 28), draw.images(28, 28)), torch.Tensor)


@pytest.mark.rule("dtype", points=0.5)
def test_dtype_of_the_pictures(mnist_distance, draw, expect):
    """The distance has the dtype of the pictures

    float32 in, float32 out; float64 in, float64 out. Who computes with more digits wants to keep
    them.
    """
    for count, dtype in ((11, torch.float32), (12, torch.float64)):
        batch = draw.images(count, 28, 28, dtype=dtype)
        expect.dtype(mnist_distance(batch, draw.images(28, 28, dtype=dtype)), dtype)


@pytest.mark.rule("vectorised", points=0.5)
def test_no_loop(mnist_distance, draw, expect):
    """One expression for the whole batch

    A loop over the pictures is right, but Python goes round once for each of them. Broadcasting
    asks PyTorch once.
    """
    expect.vectorised(mnist_distance, lambda n: (draw.images(n, 3, 4), draw.images(3, 4)))


@pytest.mark.rule("in_place", points=0.5)
def test_pictures_stay_as_they_are(mnist_distance, draw, expect):
    """Both pictures stay as they are

    `a - b` makes a new tensor; `a -= b` writes the difference into the caller's pictures.
    """
    expect.unchanged(mnist_distance, draw.images(13, 28, 28), draw.images(28, 28))


@pytest.mark.rule("device", points=0.5)
def test_device(mnist_distance, draw, expect):
    """The distance stays on the device of the pictures

    What is computed on a GPU should stay there. Every `.cpu()`, `.item()` or `.numpy()` waits for
    it and copies the result away.
    """
    expect.on_device(mnist_distance, draw.images(14, 28, 28), draw.images(28, 28))


@pytest.mark.rule("graph", points=0.5)
def test_gradient(mnist_distance, draw, expect):
    """A gradient finds its way back to both pictures

    Whoever wants to know which pixel to change for a smaller distance asks for a gradient.
    `.detach()` and NumPy cut the thread.
    """
    expect.in_graph(mnist_distance, draw.images(15, 28, 28), draw.images(28, 28))
