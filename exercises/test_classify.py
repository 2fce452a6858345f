import torch


def test_the_nearer_template_wins(is_3, expect):
    """True for a picture nearer to the 3, False for one nearer to the 7

    Each picture has two distances, one to each template. Comparing them answers for the whole
    batch at once.
    """
    three = torch.tensor([[1.0, 1.0], [0.0, 0.0]])
    seven = torch.tensor([[0.0, 0.0], [1.0, 1.0]])
    images = torch.tensor([[[0.75, 1], [0.25, 0]], [[0, 0.25], [1, 1]]])
    expect.value(is_3(images, three, seven), torch.tensor([True, False]))


def test_a_tie_is_not_a_3(is_3, expect):
    """A picture exactly in between is not a 3

    Being a 3 means being strictly nearer to it. A single picture gives a single answer, a tensor
    without axes.
    """
    three = torch.tensor([[1.0, 1.0], [0.0, 0.0]])
    seven = torch.tensor([[0.0, 0.0], [1.0, 1.0]])
    grey = torch.full((2, 2), 0.5)
    expect.value(is_3(grey, three, seven), torch.tensor(False))


def test_bool(is_3, valid3, mean3, mean7, expect):
    """The answers are of dtype bool

    A comparison of two tensors is a bool tensor already; there is nothing to convert.
    """
    expect.dtype(is_3(valid3, mean3, mean7), torch.bool)


def test_stays_a_tensor(is_3, valid7, mean3, mean7, expect):
    """The answers come as a tensor

    A tensor stays on the GPU if the pictures were there. `.item()`, `.tolist()` and `.numpy()`
    take its numbers away from it.
    """
    expect.type(is_3(valid7, mean3, mean7), torch.Tensor)
