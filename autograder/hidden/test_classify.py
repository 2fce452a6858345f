import pytest
import torch


def opposite_templates(draw, height, width):
    """Two templates, one bright where the other is dark, in a pattern of the run's own."""
    pattern = draw.flags(height, width)
    bright, dark = 0.75 + draw.images(height, width) / 4, draw.images(height, width) / 4
    return torch.where(pattern, bright, dark), torch.where(pattern, dark, bright)


def pictures_like(draw, template, count):
    """Pictures within 1/8 of the template in every pixel, so no sum in float32 can tip one over."""
    return template + (draw.images(count, *template.shape) - template) / 8


def nearer(images, mean3, mean7):
    return (images - mean3).abs().mean((-1, -2)) < (images - mean7).abs().mean((-1, -2))


@pytest.mark.rule("value", points=1)
def test_nearer_to_the_three(is_3, draw, expect):
    """A picture is a 3 when it is nearer to the ideal 3

    Two distances, one comparison. Exchange the two templates, and every answer turns round.
    """
    one, other = opposite_templates(draw, *draw.size())
    images = torch.cat([pictures_like(draw, one, 5), pictures_like(draw, other, 6)])
    for mean3, mean7 in draw.shuffled([(one, other), (other, one)]):
        expected = nearer(images, mean3, mean7)
        expect.value(is_3(images, mean3, mean7), expected)


@pytest.mark.rule("value", points=0.5)
def test_both_distances_count(is_3, draw, expect):
    """Both distances count: how near is near enough depends on the other one

    A sloppy 3 is far from both ideals, and still a little nearer to the 3. No fixed limit on one
    distance can tell that.
    """
    height, width = draw.size()
    # Inked here, blank there: turning a pixel's value round changes the picture, not the distance.
    turned = draw.flags(height, width)
    greys = torch.tensor(draw.shuffled([0, 0.125, 0.5, 0.59375, 0.75, 1])).view(-1, 1, 1)
    images, mean3, mean7 = (
        torch.where(turned, 1 - grey, grey)
        for grey in (greys, torch.tensor(0.5), torch.tensor(0.625))
    )
    expected = nearer(images, mean3, mean7)
    expect.value(is_3(images, mean3, mean7), expected)


@pytest.mark.rule("value", points=0.5)
def test_absolute_differences(is_3, draw, expect):
    """The distance is the mean absolute difference

    Plain differences cancel, squares mind one big difference more than many small ones, and a vote
    of the pixels minds no size at all. Each can call another template the nearer one.
    """
    places = draw.shuffled(range(24))
    cancelling = torch.tensor([0.25, -0.25] * 12)[places].view(4, 6)
    few_but_big, more_and_big = (
        torch.tensor([0.5] * big + [0.0] * (24 - big))[places].view(4, 6) for big in (3, 9)
    )
    images = torch.full((3, 4, 6), 0.5)
    everywhere = torch.full((4, 6), 0.625)
    for difference in draw.shuffled([cancelling, few_but_big, more_and_big]):
        other = 0.5 + difference
        for mean3, mean7 in ((other, everywhere), (everywhere, other)):
            expected = nearer(images, mean3, mean7)
            expect.value(is_3(images, mean3, mean7), expected)


@pytest.mark.rule("value", points=0.5)
def test_tie(is_3, draw, expect):
    """A tie is not a 3, but nearer by a hair's breadth is

    Exactly in between is not nearer. Whichever of the templates is the brighter one, only the
    strict comparison of the two distances says so, without any margin.
    """
    images = torch.full((4, *draw.size()), 0.5)
    dark, bright = torch.full_like(images[0], 0.25), torch.full_like(images[0], 0.75)
    brighter = bright.clone()
    brighter[0, 0] += 1 / 256
    answers = [
        (dark, bright, False),
        (bright, dark, False),
        (dark, brighter, True),
        (brighter, dark, False),
    ]
    for mean3, mean7, answer in draw.shuffled(answers):
        expect.value(is_3(images, mean3, mean7), torch.full((4,), answer))


@pytest.mark.rule("value", points=0.5)
def test_as_many_pictures_as_rows(is_3, draw, expect):
    """One answer for each picture, not for each row

    With 28 pictures of 28 by 28, only the values tell whether the pictures were kept apart.
    """
    mean3, mean7 = opposite_templates(draw, 28, 28)
    kinds = draw.shuffled([mean3] * 14 + [mean7] * 14)
    images = torch.cat([pictures_like(draw, kind, 1) for kind in kinds])
    expected = nearer(images, mean3, mean7)
    expect.value(is_3(images, mean3, mean7), expected)


@pytest.mark.rule("value", points=0.5)
def test_called_again(is_3, draw, expect):
    """Each batch gets its own answers

    Two batches of one shape hold different pictures. What was right for the first says nothing
    about the second.
    """
    mean3, mean7 = opposite_templates(draw, *draw.size())
    for threes in draw.shuffled([0, 3, 7, 10]):
        images = torch.cat(
            [pictures_like(draw, mean3, threes), pictures_like(draw, mean7, 10 - threes)]
        )
        expected = nearer(images, mean3, mean7)
        expect.value(is_3(images, mean3, mean7), expected)


@pytest.mark.rule("shape", points=0.5)
def test_one_picture(is_3, draw, expect):
    """One picture gives one truth value without axes, a batch of one gives a row of one

    The leading axes of the pictures are the axes of the answer. A single picture has none.
    """
    for height, width in (draw.size(), (1, 1)):
        mean3, mean7 = opposite_templates(draw, height, width)
        images = pictures_like(draw, mean3, 1)
        expect.shape(is_3(images[0], mean3, mean7), ())
        expect.shape(is_3(images, mean3, mean7), (1,))


@pytest.mark.rule("shape", points=0.5)
def test_several_leading_axes(is_3, draw, expect):
    """All leading axes stay, however many there are

    Only the last two axes are rows and columns. The others are the caller's way of sorting
    pictures, and the answers are sorted in the same way.
    """
    mean3, mean7 = opposite_templates(draw, *draw.size())
    images = torch.stack([pictures_like(draw, mean3, 2), pictures_like(draw, mean7, 2)])
    expect.shape(is_3(images, mean3, mean7), (2, 2))


@pytest.mark.rule("type", points=0.5)
def test_tensor(is_3, draw, expect):
    """The answers are a PyTorch tensor

    A list of True and False reads the same, but a tensor can be counted on any device, at once.
    """
    mean3, mean7 = opposite_templates(draw, 28, 28)
    expect.type(is_3(pictures_like(draw, mean3, 10), mean3, mean7), torch.Tensor)


@pytest.mark.rule("dtype", points=0.5)
def test_truth_values(is_3, draw, expect):
    """A yes-or-no question is answered in bool

    Comparing two tensors gives `torch.bool`, in float32 as in float64. Zeros and ones, or the
    digits themselves, say something else.
    """
    for count, dtype in ((11, torch.float32), (12, torch.float64)):
        mean3, mean7 = (mean.to(dtype) for mean in opposite_templates(draw, 28, 28))
        expect.dtype(is_3(pictures_like(draw, mean7, count), mean3, mean7), torch.bool)


@pytest.mark.rule("vectorised", points=0.5)
def test_no_loop(is_3, draw, expect):
    """The whole batch is answered at once

    A loop or an `if` looks at one picture after the other. Comparing two tensors compares all their
    elements.
    """

    def batch_and_templates(n):
        mean3, mean7 = opposite_templates(draw, 3, 4)
        return pictures_like(draw, mean3, n), mean3, mean7

    expect.vectorised(is_3, batch_and_templates)


@pytest.mark.rule("in_place", points=0.5)
def test_pictures_and_templates_stay(is_3, draw, expect):
    """Pictures and templates stay as they are

    The same templates are needed for the next batch. `-=` and functions whose name ends in an
    underscore write into them.
    """
    mean3, mean7 = opposite_templates(draw, 28, 28)
    expect.unchanged(is_3, pictures_like(draw, mean3, 13), mean3, mean7)


@pytest.mark.rule("device", points=0.5)
def test_device(is_3, draw, expect):
    """The answers stay on the device of the pictures

    Python's own `True` and `False` live on the processor: to get them, the GPU has to finish and
    send every value over.
    """
    mean3, mean7 = opposite_templates(draw, 28, 28)
    expect.on_device(is_3, pictures_like(draw, mean7, 14), mean3, mean7)
