"""Answers to `rank`: wrong ones by mistake, and right ones in other styles."""

import torch

from autograder.misconceptions.entries import right, wrong


@wrong("value", "type")
def the_shape_itself(tensor):
    """This is the shape: the size of every axis. The rank is how many sizes there are in it, so
    it is the length of the shape."""
    return tensor.shape


@wrong("value")
def number_of_elements(tensor):
    """This counts the values in the tensor, all sizes multiplied. The rank counts its axes: a
    picture of 784 pixels has two."""
    return tensor.numel()


@wrong("value")
def length_of_the_tensor(tensor):
    """`len` of a tensor is the size of its first axis, as in a list: 6131 for the stack of all
    3s. The rank is the length of its *shape*."""
    return len(tensor) if tensor.shape else 0


@wrong("value")
def length_without_a_scalar(tensor):
    """`len` of a tensor is the size of its first axis. A scalar has no axis, so `len` even fails
    there; the length of its shape is 0."""
    return len(tensor)


@wrong("value")
def size_of_the_last_axis(tensor):
    """`shape[-1]` is the size of the last axis, the width of a picture. The rank says how many
    axes there are, whatever their sizes."""
    return tensor.shape[-1] if tensor.shape else 0


@wrong("value", "type")
def rank_of_a_matrix(tensor):
    """In linear algebra the rank of a matrix is something else: how many of its rows are
    independent. For tensors in deep learning, it is the number of axes."""
    return torch.linalg.matrix_rank(tensor)


@wrong("value")
def always_three(tensor):
    """A stack of pictures has rank 3, but the function is asked about any tensor. Nothing of the
    argument is in this answer."""
    return 3


@wrong("value")
def three_at_most(tensor):
    """The count stops at three, the rank of a stack. A tensor can have more axes: a batch of
    colour pictures has four."""
    return min(tensor.ndim, 3)


@wrong("value")
def one_too_few(tensor):
    """The axes are numbered from 0, so the last one has a number one below the rank. Counting
    them gives the rank itself."""
    return tensor.dim() - 1


@wrong("value")
def at_least_one(tensor):
    """A single number has no axis: its shape is `()` and its rank 0. It only has to be looked up,
    like any other."""
    return len(tensor.shape) or 1


@wrong("value")
def long_axes_only(tensor):
    """Axes of size 1 were left out. A stack of one picture still has three axes: a size doesn't
    decide whether an axis counts."""
    return tensor.squeeze().ndim


@wrong("value", "in_place")
def squeezed_in_place(tensor):
    """`squeeze_` removes all axes of size 1, and because of its underscore from the caller's own
    tensor. They count as axes, and the tensor should stay as it is."""
    tensor.squeeze_()
    return tensor.ndim


@wrong("in_place")
def added_an_axis_to_look(tensor):
    """`unsqueeze_`, with an underscore, adds the axis to the caller's tensor, which then has one
    more for good. To look at a shape, no tensor has to be changed."""
    tensor.unsqueeze_(0)
    return tensor.ndim - 1


@wrong("value")
def peeled_off_the_first_row(tensor):
    """Going into the first element of each axis fails when an axis is empty. The shape of such a
    tensor still says how many axes it has."""
    count = 0
    while tensor.shape:
        tensor = tensor[0]
        count += 1
    return count


@wrong("value")
def nested_lists_counted(tensor):
    """The tensor was turned into nested lists, and the brackets of the first elements counted. In
    an empty axis there is no first element; the shape knows its axes without any values."""
    values = tensor.tolist()
    return 1 + nested_lists_counted(torch.tensor(values[0])) if isinstance(values, list) else 0


@wrong("type")
def rank_as_a_tensor(tensor):
    """The number of axes was wrapped in a tensor. The rank is a plain whole number, to be used in
    a message or with `range`: leave it an int."""
    return torch.tensor(tensor.ndim)


@wrong("type")
def rank_as_a_float(tensor):
    """The rank came back as a float, such as `3.0`. It is a count: there is no rank of two and a
    half, and `range(3.0)` fails."""
    return float(tensor.ndim)


@wrong("value", "type", "in_place")
def rank_as_text(tensor):
    """The result is a text, not a number: you can't compute with it. Return the int and leave
    the sentence to whoever prints it."""
    return f"rank {tensor.ndim}"


@wrong("value", "type", "in_place")
def forgot_to_return(tensor):
    """The rank was looked up and then forgotten. Without `return`, a function gives `None`,
    whatever it has worked out."""
    tensor.ndim  # noqa: B018 (the missing return is the mistake)


@wrong("value", "type", "in_place")
def returned_the_method(tensor):
    """`dim` is a method, and without its parentheses nobody calls it. What came back is the
    function itself, not the number it would give."""
    return tensor.dim


@wrong("value")
def remembered(tensor, known={}):  # noqa: B006 (the shared dict is the mistake)
    """The first answer for each number of elements was kept. Two tensors with as many elements
    can have different axes, and `{}` is made only once for all calls."""
    return known.setdefault(tensor.numel(), tensor.ndim)


@right
def length_of_the_shape(tensor):
    return len(tensor.shape)


@right
def method_dim(tensor):
    return tensor.dim()


@right
def length_of_the_size(tensor):
    return len(tensor.size())


@right
def counts_the_strides(tensor):
    return len(tensor.stride())


@right
def counts_in_a_loop(tensor):
    axes = 0
    for _ in tensor.shape:
        axes += 1
    return axes


@right
def sums_ones(tensor):
    return sum(1 for _ in tensor.shape)


@right
def peels_off_the_last_size(tensor):
    def count(sizes):
        return 0 if len(sizes) == 0 else 1 + count(sizes[:-1])

    return count(tensor.shape)
