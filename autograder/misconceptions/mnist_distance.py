"""Answers to `mnist_distance`: wrong ones by mistake, and right ones in other styles."""

import numpy as np
import torch
from torch.nn import functional

from autograder.misconceptions.entries import right, wrong


@wrong("value")
def forgot_abs(a, b):
    """Without `.abs()` the positive and negative differences cancel, and what is left compares
    only the amount of ink. Two very different pictures can be at distance 0."""
    return (a - b).mean((-1, -2))


@wrong("value")
def abs_after_the_mean(a, b):
    """`.abs()` comes too late: the differences have cancelled in the mean before. Lose the signs
    first and average afterwards."""
    return (a - b).mean((-1, -2)).abs()


@wrong("value")
def mean_before_the_difference(a, b):
    """Each picture was averaged first, so only the amount of ink was compared. Subtract pixel by
    pixel, and take the mean of the differences."""
    return (a.mean((-1, -2)) - b.mean((-1, -2))).abs()


@wrong("value")
def abs_of_each_picture(a, b):
    """`.abs()` was applied to the pixels, which are never negative anyway. It is the differences
    that need it: subtract first."""
    return (a.abs() - b.abs()).mean((-1, -2))


@wrong("value", "shape")
def mean_over_everything(a, b):
    """`mean()` without axes runs over the batch as well and gives one number for all pictures.
    Name the axes that should go: rows and columns, `(-1, -2)`."""
    return (a - b).abs().mean()


@wrong("value", "shape")
def mean_over_the_batch(a, b):
    """Axis 0 is the batch, so the pictures were averaged together and rows and columns are still
    there. The pictures should stay apart: average over the last two axes."""
    return (a - b).abs().mean(0)


@wrong("value", "shape")
def axes_0_and_1(a, b):
    """Axes 0 and 1 are rows and columns of a single picture, but pictures and rows of a batch.
    Counted from the end, rows and columns are -2 and -1 for both."""
    return (a - b).abs().mean((0, 1))


@wrong("value", "shape")
def axes_1_and_2(a, b):
    """Axes 1 and 2 are rows and columns of a batch, but a single picture has no axis 2, and with
    more leading axes they are something else. Count from the end: -2 and -1."""
    return (a - b).abs().mean((1, 2))


@wrong("value", "shape")
def mean_over_the_columns(a, b):
    """Only the columns were averaged, so there is one number for every row. A distance runs over
    rows and columns: two axes."""
    return (a - b).abs().mean(-1)


@wrong("value", "shape")
def flattened_from_axis_1(a, b):
    """`flatten(1)` joins everything behind the first axis. That fails for a single picture, and
    with ten templates it mixes them into one: only the last two axes should be joined."""
    return (a - b).abs().flatten(1).mean(1)


@wrong("value", "shape")
def kept_the_axes(a, b):
    """`keepdim=True` leaves two axes of size 1 where rows and columns were. A batch of N pictures
    should give the shape `(N,)`."""
    return (a - b).abs().mean((-1, -2), keepdim=True)


@wrong("value", "shape")
def l1_loss_of_the_whole_batch(a, b):
    """`l1_loss` is made for training and averages over the whole batch. With
    `reduction="none"` it gives every difference, and the mean over the last two axes is yours."""
    return functional.l1_loss(a, b)


@wrong("value", "shape")
def total_of_the_whole_batch(a, b):
    """`torch.dist` adds up everything into one number, whatever the axes. What you need is one mean
    for each picture."""
    return torch.dist(a, b, 1) / a.numel()


@wrong("value")
def sum_for_mean(a, b):
    """The differences were added up and not divided by the number of pixels. The distance then
    depends on the size of the pictures."""
    return (a - b).abs().sum((-1, -2))


@wrong("value")
def divided_by_784(a, b):
    """784 is the number of pixels of an MNIST picture, and pictures of another size get a wrong
    distance. `mean` counts the pixels for you."""
    return (a - b).abs().sum((-1, -2)) / 784


@wrong("value")
def pixels_of_the_first_element(a, b):
    """`a[0]` is the first picture of a batch, but the first row of a single picture. Rows and
    columns are the last two axes: `a.shape[-2:]`."""
    return (a - b).abs().sum((-1, -2)) / a[0].numel()


@wrong("value")
def squared_differences(a, b):
    """The squares lose the sign too, but they make small differences smaller: this is the mean
    squared error. The L1 distance takes absolute values."""
    return ((a - b) ** 2).mean((-1, -2))


@wrong("value")
def root_of_the_mean_square(a, b):
    """This is the other distance of the lesson, L2: it minds one large difference more than many
    small ones. Here the mean absolute difference is asked for."""
    return ((a - b) ** 2).mean((-1, -2)).sqrt()


@wrong("value")
def largest_difference(a, b):
    """Only the pixel that differs most was counted. A single stray dot then makes two pictures as
    far apart as can be: take the mean of all."""
    return (a - b).abs().amax((-1, -2))


@wrong("value", "graph")
def differing_pixels(a, b):
    """This counts how many pixels differ and not how much. Nearly all of them differ a little from
    a template that is a mean, so the count says hardly anything."""
    return (a != b).to(a.dtype).mean((-1, -2))


@wrong("value")
def only_where_a_is_darker(a, b):
    """Negative differences were cut off at 0, so missing ink costs nothing. Too little counts as
    much as too much: `.abs()` keeps both."""
    return (a - b).clamp(min=0).mean((-1, -2))


@wrong("value", "graph")
def cut_to_whole_numbers(a, b):
    """The differences were turned into whole numbers, and all below 1 became 0. Pixels between 0
    and 1 have to stay floats."""
    return (a - b).abs().long().to(a.dtype).mean((-1, -2))


@wrong("vectorised")
def loop_over_the_pictures(a, b):
    """The distances are right, but Python goes round once for every picture. The same expression
    works on the whole batch, if you name the axes."""
    a, b = torch.broadcast_tensors(a, b)
    leading = a.shape[:-2]
    pairs = zip(a.reshape(-1, *a.shape[-2:]), b.reshape(-1, *b.shape[-2:]), strict=True)
    return torch.stack([(one - other).abs().mean() for one, other in pairs]).reshape(leading)


@wrong("value", "shape", "vectorised")
def loop_over_the_first_argument(a, b):
    """The loop expects a batch in the first place. Given a single picture, it takes the rows for
    pictures; broadcasting needs no loop and no order."""
    return torch.stack([(image - b).abs().mean() for image in a])


@wrong("value", "shape", "type", "vectorised", "device", "graph")
def list_of_numbers(a, b):
    """The distances are Python numbers in a list, fetched one by one, and a single picture was
    taken for a batch of rows. Leave them in one tensor."""
    return [(image - b).abs().mean().item() for image in a]


@wrong("type", "device", "graph")
def numpy_array(a, b):
    """NumPy gives the same numbers, but they have left their device and their graph. PyTorch has
    the same `abs` and `mean`: no detour is needed."""
    return np.abs(a.numpy() - b.numpy()).mean((-1, -2))


@wrong("device", "graph")
def detour_through_numpy(a, b):
    """The result is a tensor again, but NumPy computed it on the processor, and no gradient finds
    its way back through NumPy. Stay in PyTorch from start to end."""
    return torch.as_tensor(np.abs(a.numpy() - b.numpy()).mean((-1, -2)))


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device", "graph")
def item_of_the_batch(a, b):
    """`.item()` makes one Python number of a tensor with one element. A batch has many distances,
    and even a single one should stay a tensor."""
    return (a - b).abs().mean((-1, -2)).item()


@wrong("value", "shape", "in_place", "graph")
def subtracted_in_place(a, b):
    """`a -= b` writes the difference into the caller's pictures, and it fails where `b` is the
    larger one. `a - b` makes a new tensor."""
    a -= b
    return a.abs().mean((-1, -2))


@wrong("device")
def brought_to_the_processor(a, b):
    """`.cpu()` copies the pictures away from the GPU, which is what takes time. Subtract and
    average where they are."""
    return (a.cpu() - b.cpu()).abs().mean((-1, -2))


@wrong("graph")
def detached(a, b):
    """`.detach()` cuts the distance off from the pictures. Nobody can ask any more which pixel
    to change to make it smaller."""
    return (a - b).abs().mean((-1, -2)).detach()


@wrong("graph")
def template_detached(a, b):
    """`.data` takes the bare numbers of the template, without its history. A gradient reaches the
    first picture and not the second."""
    return (a - b.data).abs().mean((-1, -2))


@wrong("dtype")
def always_float32(a, b):
    """`.float()` turns everything into float32. Someone who comes with float64 wants to keep the
    digits, and `abs` and `mean` leave the dtype as it is."""
    return (a.float() - b.float()).abs().mean((-1, -2))


@wrong("dtype")
def always_float64(a, b):
    """`.double()` turns everything into float64. The distance should have the dtype of the
    pictures; digits that were never there don't appear that way."""
    return (a - b).double().abs().mean((-1, -2))


@wrong("shape")
def squeezed(a, b):
    """`squeeze()` removes every axis of size 1, also that of a batch with one picture. Whoever
    calls with a batch expects a row of distances."""
    return (a - b).abs().mean((-1, -2)).squeeze()


@wrong("shape")
def at_least_one_axis(a, b):
    """Two single pictures gave a row of one distance. They have no leading axes, so their distance
    has none either: its shape is `()`."""
    return torch.atleast_1d((a - b).abs().mean((-1, -2)))


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device", "graph")
def forgot_to_return(a, b):
    """The distance was computed and then forgotten. Without `return`, a function gives `None`,
    whatever it has worked out."""
    (a - b).abs().mean((-1, -2))


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device", "graph")
def returned_the_method(a, b):
    """`mean` without parentheses is the method itself, and nobody called it. The parentheses, with
    the axes in them, make it compute."""
    return (a - b).abs().mean


@wrong("value")
def remembered(a, b, known={}):  # noqa: B006 (the shared dict is the mistake)
    """The first distances for each pair of shapes are kept, and given out again for other
    pictures. A default such as `{}` is made only once, and all calls share it."""
    return known.setdefault((a.shape, b.shape), (a - b).abs().mean((-1, -2)))


@right
def functions_for_methods(a, b):
    return torch.mean(torch.abs(torch.sub(a, b)), dim=(-2, -1))


@right
def one_axis_at_a_time(a, b):
    return (b - a).abs().mean(-1).mean(-1)


@right
def flattens_the_last_two(a, b):
    return (a - b).abs().flatten(start_dim=-2).mean(dim=-1)


@right
def sum_divided_by_the_pixels(a, b):
    height, width = a.shape[-2:]
    return (a - b).abs().sum((-2, -1)) / (height * width)


@right
def l1_loss_unreduced(a, b):
    a, b = torch.broadcast_tensors(a, b)
    return functional.l1_loss(a, b, reduction="none").mean((-1, -2))


@right
def vector_norm(a, b):
    total = torch.linalg.vector_norm(a - b, ord=1, dim=(-2, -1))
    return total / a.shape[-2:].numel()


@right
def darker_minus_lighter(a, b):
    return (torch.maximum(a, b) - torch.minimum(a, b)).mean(axis=(-2, -1))


@right
def root_of_the_square(a, b):
    return ((a - b) ** 2).sqrt().mean((-1, -2))
