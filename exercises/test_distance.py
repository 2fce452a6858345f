import torch


def test_differences_do_not_cancel(mnist_distance, expect):
    """Two opposite pictures are at distance 1

    Half of the differences are 1 and half are -1. Their plain mean is 0, so the sign has to go
    before the mean is taken.
    """
    picture = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    opposite = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    expect.value(mnist_distance(picture, opposite), 1.0)


def test_one_pair_one_number(mnist_distance, mean3, mean7, expect):
    """Two pictures give one number, a tensor without axes

    The mean over the last two axes removes both, and a picture has no others.
    """
    expect.shape(mnist_distance(mean3, mean7), ())


def test_one_distance_for_each_picture(mnist_distance, expect):
    """A batch of pictures gives one distance for each

    Broadcasting sets the template against every picture of the batch. The mean runs over the
    pixels of each picture and leaves the pictures apart.
    """
    template = torch.tensor([[1, 0.5], [0, 0]])
    batch = torch.tensor([[[1, 0.5], [0, 0]], [[0, 0.5], [0, 0]], [[0, 0], [0.5, 1]]])
    expect.value(mnist_distance(batch, template), torch.tensor([0, 0.25, 0.75]))


def test_float64(mnist_distance, expect):
    """Pictures in float64 have a distance in float64

    Who computes with more digits wants to keep them. Abs and mean leave the dtype as it is.
    """
    picture = torch.tensor([[0, 0.5], [1, 0.25]], dtype=torch.float64)
    expect.dtype(mnist_distance(picture, 1 - picture), torch.float64)


def test_no_loop(mnist_distance, draw, expect):
    """Fifty pictures take as many steps as two

    One expression works on the whole batch. A Python loop is right too, but it goes round once
    for every picture.
    """

    def batch_and_template(n):
        return draw.images(n, 3, 4), draw.images(3, 4)

    expect.vectorised(mnist_distance, batch_and_template)
