import pytest
import torch


def stack(draw, *shape, dtype=torch.float32):
    """Pictures with values from 1/4 to 3/4: whoever is wrong about 0 and 1 is only wrong there."""
    return draw.images(*shape, dtype=dtype) / 2 + 0.25


def with_pixels(draw, *values):
    """A stack of pictures that is in order but for these pixels, one after the other."""
    images = stack(draw, 6, 28, 28)
    places = draw.shuffled(range(images.numel()))[: len(values)]
    images.view(-1)[sorted(places)] = torch.tensor(values)
    return images


@pytest.mark.rule("value", points=1)
def test_one_for_each_axis(rank, draw, expect):
    """The rank counts the axes, not what is in them

    A tensor of shape `(6131, 28, 28)` has rank 3: you need three numbers to name one of its
    values.
    """
    for axes in draw.shuffled(range(1, 6)):
        sizes = [draw.number(2, 6) for _ in range(axes)]
        expect.value(rank(draw.images(*sizes)), axes)


@pytest.mark.rule("value", points=0.5)
def test_scalar(rank, draw, expect):
    """A single number has rank 0

    Its shape is `()`: no axis at all. You need no number to name its only value.
    """
    expect.value(rank(torch.tensor(draw.number(1, 9) / 8)), 0)


@pytest.mark.rule("value", points=0.5)
def test_axes_of_size_one_and_none(rank, draw, expect):
    """Axes of size 1 and 0 count too

    A stack of one picture is still a stack, and so is an empty one. How long an axis is makes no
    difference.
    """
    for shape in draw.shuffled([(1,), (1, 1), (1, 5, 1), (0, 28, 28), (5, 0)]):
        expect.value(rank(torch.zeros(shape)), len(shape))


@pytest.mark.rule("type", points=0.5)
def test_rank_is_an_int(rank, draw, expect):
    """The rank is a Python int

    It counts axes, so it is a plain whole number and no tensor.
    """
    expect.type(rank(draw.images(6, 28, 28)), int)


@pytest.mark.rule("in_place", points=0.5)
def test_rank_only_looks(rank, draw, expect):
    """Looking at a tensor does not change it

    Functions whose name ends in an underscore, such as `squeeze_`, change the tensor itself, and
    the caller's tensor is the same one.
    """
    expect.unchanged(rank, draw.images(1, 28, 28))


@pytest.mark.rule("value", points=0.5)
def test_good_stacks_pass(check_image_stack, draw, expect):
    """A stack of pictures is accepted, with 0 and 1 as its limits

    No ink is exactly 0 and full ink exactly 1: both belong to the pixels. Any size of picture will
    do, and one picture is enough.
    """
    height, width = draw.size()
    images = stack(draw, 11, height, width)
    images[0, 0, 0], images[-1, -1, -1] = 0, 1
    for good in draw.shuffled([images, images[:1], images[:, :1, :1], torch.zeros(2, 3, 4)]):
        # To refuse a good stack is the only way to be wrong here; the call reports it.
        check_image_stack(good)


@pytest.mark.rule("value", points=0.5)
def test_any_float_passes(check_image_stack, draw, expect):
    """Floats of every size are accepted

    `float16`, `bfloat16`, `float32` and `float64` differ in how many digits they keep. All of
    them can hold a pixel between 0 and 1.
    """
    for dtype in draw.shuffled([torch.float16, torch.bfloat16, torch.float32, torch.float64]):
        check_image_stack(stack(draw, 6, 28, 28, dtype=dtype))


@pytest.mark.rule("type", points=0.5)
def test_nothing_comes_back(check_image_stack, draw, expect):
    """A good stack gives nothing back

    A check speaks up when something is wrong. Without a `return`, Python returns `None`.
    """
    expect.type(check_image_stack(stack(draw, 6, 28, 28)), type(None))


@pytest.mark.rule("in_place", points=0.5)
def test_check_only_looks(check_image_stack, draw, expect):
    """The check does not mend or scale the stack

    Whoever asks for a check expects the same pixels afterwards. `*=` and functions such as
    `clamp_` write into the caller's tensor.
    """
    expect.unchanged(check_image_stack, stack(draw, 6, 28, 28), nothing_back=True)


@pytest.mark.rule("errors", points=0.5)
def test_single_picture_is_no_stack(check_image_stack, draw, expect):
    """A single picture is refused, and the message says its rank, 2

    The mean over the first axis of one picture is a row, and no error tells you. Name the rank that
    came, so that the reader need not guess.
    """
    check_image_stack(stack(draw, 6, 28, 28))
    expect.says(expect.raises(ValueError, check_image_stack, stack(draw, 28, 28)), 2)
    expect.raises(ValueError, check_image_stack, stack(draw, 784))


@pytest.mark.rule("errors", points=0.5)
def test_channels_are_one_axis_too_many(check_image_stack, draw, expect):
    """More than three axes are refused, and the message says how many there are

    A batch of colour pictures has an axis for the channels. Even with a single channel it has
    four axes, and a stack has three.
    """
    check_image_stack(stack(draw, 6, 28, 28))
    for rank in draw.shuffled([4, 5]):
        tensor = stack(draw, *(6, 1, 1)[: rank - 2], 28, 28)
        expect.says(expect.raises(ValueError, check_image_stack, tensor), rank)


@pytest.mark.rule("errors", points=0.5)
def test_uint8(check_image_stack, draw, expect):
    """Pixels that are still uint8 are refused by name

    They come from the file as whole numbers. Even if none is above 1, they are not scaled floats.
    """
    check_image_stack(stack(draw, 6, 28, 28))
    pixels = draw.integers(6, 28, 28, high=2, dtype=torch.uint8)
    expect.says(expect.raises(ValueError, check_image_stack, pixels), "uint8")


@pytest.mark.rule("errors", points=0.5)
def test_other_whole_numbers(check_image_stack, draw, expect):
    """Any dtype that is not floating is refused by name

    There are whole numbers of several sizes, and truth values. Ask for what you want, a floating
    dtype, instead of listing what you don't.
    """
    check_image_stack(stack(draw, 6, 28, 28))
    for dtype in draw.shuffled([torch.int64, torch.int32, torch.bool]):
        pixels = draw.integers(6, 28, 28, high=2).to(dtype)
        name = str(dtype).removeprefix("torch.")
        expect.says(expect.raises(ValueError, check_image_stack, pixels), name)


@pytest.mark.rule("errors", points=0.5)
def test_above_one(check_image_stack, draw, expect):
    """Values above 1 are refused, and the message says the largest

    One pixel that was not divided by 255 is enough to spoil a mean. Look at the largest value.
    """
    check_image_stack(stack(draw, 6, 28, 28))
    largest = draw.number(6, 7) / 4
    # The first that is wrong, or the last, need not be the one to name.
    for values in draw.shuffled([(1.25, largest), (largest, 1.25)]):
        images = with_pixels(draw, *values)
        expect.says(expect.raises(ValueError, check_image_stack, images), largest)


@pytest.mark.rule("errors", points=0.5)
def test_below_zero(check_image_stack, draw, expect):
    """Values below 0 are refused, and the message says the smallest

    There is no less than no ink. Look at the smallest value.
    """
    check_image_stack(stack(draw, 6, 28, 28))
    smallest = -draw.number(2, 3) / 4
    for values in draw.shuffled([(-0.25, smallest), (smallest, -0.25)]):
        images = with_pixels(draw, *values)
        expect.says(expect.raises(ValueError, check_image_stack, images), smallest)


@pytest.mark.rule("errors", points=0.5)
def test_nan(check_image_stack, draw, expect):
    """A single NaN is refused

    NaN is neither above 1 nor below 0: every comparison with it is false. Ask whether the values
    are right, and refuse when they are not.
    """
    check_image_stack(stack(draw, 6, 28, 28))
    expect.raises(ValueError, check_image_stack, with_pixels(draw, float("nan")))


@pytest.mark.rule("errors", points=0.5)
def test_no_picture_at_all(check_image_stack, draw, expect):
    """A stack without a picture is refused

    Nothing in it is wrong, since nothing is in it. But there is no mean of no pictures, and no
    smallest value to look at.
    """
    check_image_stack(stack(draw, 6, 28, 28))
    expect.raises(ValueError, check_image_stack, torch.zeros(0, 28, 28))
