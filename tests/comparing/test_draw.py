"""Cases drawn from the seed: the same for all students, other ones for another seed."""

import pytest
import torch

from autograder.comparing.draw import Draw

SEEDS = range(40)


def everything(draw):
    return [
        *(draw.images(4, 5).tolist(), draw.pixels(4, 5).tolist(), draw.flags(30).tolist()),
        *(draw.integers(30).tolist(), draw.number(0, 10**9), draw.size()),
        draw.shuffled(range(20)),
    ]


def test_the_same_seed_and_test_draw_the_same():
    assert everything(Draw(3, "test_a")) == everything(Draw(3, "test_a"))


def test_another_seed_or_another_test_draws_something_else():
    first = everything(Draw(0, "test_a"))
    for other in (Draw(1, "test_a"), Draw(0, "test_b")):
        for mine, theirs in zip(first[:4], everything(other), strict=False):
            assert mine != theirs


def test_drawing_leaves_the_generators_of_the_process_alone():
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    everything(Draw(0, "test_a"))
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
def test_images_are_exact_in_binary(dtype):
    images = Draw(0, "test_a").images(50, 28, 28, dtype=dtype)
    assert images.dtype == dtype
    assert images.shape == (50, 28, 28)
    levels = images.double() * 256
    assert torch.equal(levels, levels.round())
    assert (levels.min(), levels.max()) == (0, 256)


def test_pixels_flags_and_integers():
    draw = Draw(0, "test_a")
    pixels, flags = draw.pixels(9, 28, 28), draw.flags(5, 200)
    assert (pixels.dtype, pixels.shape) == (torch.uint8, (9, 28, 28))
    assert (pixels.min(), pixels.max()) == (0, 255)
    assert (flags.dtype, flags.shape) == (torch.bool, (5, 200))
    assert 0 < flags.sum() < flags.numel()
    for dtype in (torch.int64, torch.uint8):
        integers = draw.integers(300, high=4, dtype=dtype)
        assert integers.dtype == dtype
        assert integers.unique().tolist() == [0, 1, 2, 3]


def test_a_scalar_can_be_drawn():
    assert Draw(0, "test_a").images().shape == ()


def test_numbers_take_both_ends():
    assert {Draw(seed, "t").number(1, 3) for seed in SEEDS} == {1, 2, 3}


def test_sizes_are_never_square():
    sizes = [Draw(seed, "t").size() for seed in SEEDS]
    assert all(height != width for height, width in sizes)
    assert {side for size in sizes for side in size} == set(range(3, 10))


def test_shuffled_gives_a_new_list_in_many_orders():
    items = ["a", "b", "c"]
    orders = [Draw(seed, "t").shuffled(items) for seed in SEEDS]
    assert all(sorted(order) == items for order in orders)
    assert len({tuple(order) for order in orders}) == 6
    assert items == ["a", "b", "c"]
