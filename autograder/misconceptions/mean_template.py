"""Answers to `mean_template`: wrong ones by mistake, and right ones in other styles."""

import torch

from autograder.misconceptions.entries import right, wrong


@wrong("value", "shape")
def mean_over_everything(stack):
    """`mean()` without an axis averages all pixels of all pictures into one number: the average
    ink. Name the axis that should go, the one of the pictures."""
    return stack.mean()


@wrong("value", "shape")
def mean_of_each_picture(stack):
    """Rows and columns were averaged away, and one number for each picture is left. It should be
    the other way round: the pictures go, rows and columns stay."""
    return stack.mean((-1, -2))


@wrong("value", "shape")
def mean_over_the_columns(stack):
    """The last axis is the columns of each picture. The pictures are counted by the first axis,
    number 0."""
    return stack.mean(-1)


@wrong("value", "shape")
def mean_over_the_rows(stack):
    """Axis 1 is the rows of each picture, because axes are numbered from 0. The pictures are axis
    0."""
    return stack.mean(1)


@wrong("value", "shape")
def kept_the_axis(stack):
    """`keepdim=True` leaves an axis of size 1 where the pictures were. The template is one
    picture, `(H, W)`, and no stack."""
    return stack.mean(0, keepdim=True)


@wrong("value", "shape")
def flattened_template(stack):
    """The template is one long row of pixels. It can't be compared with pictures any more: keep
    rows and columns."""
    return stack.flatten(1).mean(0)


@wrong("value", "shape")
def transposed_template(stack):
    """Rows and columns of the template are exchanged, as if the picture lay on its side. With
    square pictures the shape doesn't tell, but the values do."""
    return stack.mean(0).T


@wrong("value")
def sum_for_mean(stack):
    """The pictures were added up, and the sum was not divided by their number. The more pictures,
    the larger it gets, far above 1."""
    return stack.sum(0)


@wrong("value")
def median_for_mean(stack):
    """The median is the value in the middle. It ignores how strong the others are; the template
    is the mean."""
    return stack.median(0).values


@wrong("value")
def number_of_threes_in_the_code(stack):
    """6,131 is the number of training 3s, and this stack may have another. `len(stack)` says how
    many pictures there are."""
    return stack.sum(0) / 6131


@wrong("value")
def divided_by_the_rows(stack):
    """The sum was divided by the number of rows in a picture. A mean over pictures is divided by
    the number of pictures, `len(stack)`."""
    return stack.sum(0) / stack.shape[1]


@wrong("value")
def divided_by_one_too_few(stack):
    """Dividing by N - 1 belongs to the variance. The mean of N pictures is their sum divided by
    N."""
    return stack.sum(0) / (len(stack) - 1 or 1)


@wrong("value")
def first_picture(stack):
    """This is simply the first picture of the stack, with the habits of its writer. The ideal
    picture takes all of them into account."""
    return stack[0]


@wrong("value")
def middle_of_the_extremes(stack):
    """This is the middle between the lightest and the darkest value of each pixel. A single stray
    mark moves it as much as all other pictures together; the mean asks every picture."""
    return (stack.amin(0) + stack.amax(0)) / 2


@wrong("value", "graph")
def rounded_to_black_and_white(stack):
    """The means were rounded to 0 and 1. The greys are what says how many pictures have ink in a
    place, and after rounding no gradient is left either."""
    return stack.mean(0).round()


@wrong("value")
def stretched_to_full_ink(stack):
    """The template was divided by its largest value to look darker. Then it is no mean any more,
    and its distances to pictures are wrong."""
    mean = stack.mean(0)
    return mean / mean.max()


@wrong("value")
def divided_by_255_again(stack):
    """The pixels of the stack lie between 0 and 1 already. Divided by 255 once more, the template
    is nearly empty."""
    return stack.mean(0) / 255


@wrong("shape")
def squeezed(stack):
    """`squeeze()` removes every axis of size 1, also when a picture has a single row or column.
    The mean has the right shape by itself."""
    return stack.mean(0).squeeze()


@wrong("vectorised")
def loop_over_the_pictures(stack):
    """The answer is right, and the loop goes round once for each of six thousand pictures. One
    `mean` over the right axis tells PyTorch to do all of that by itself."""
    total = torch.zeros_like(stack[0])
    for image in stack:
        total = total + image
    return total / len(stack)


@wrong("vectorised")
def builtin_sum(stack):
    """Python's own `sum` is a loop in disguise: it adds one picture after the other. The tensor's
    own `stack.sum(0)` does it in one step."""
    return sum(stack) / len(stack)


@wrong("vectorised", "device")
def loop_from_a_tensor_on_the_processor(stack):
    """The loop begins with `torch.zeros`, which is on the processor wherever the stack is. And one
    `mean` would do, in place of a loop."""
    total = torch.zeros(stack.shape[1:], dtype=stack.dtype)
    for image in stack:
        total = total + image
    return total / len(stack)


@wrong("vectorised", "dtype", "device", "graph")
def pixel_by_pixel(stack):
    """Every pixel was fetched as a Python number. That takes millions of steps, leaves the device
    and the graph, and `torch.tensor` makes float32 of everything."""
    pictures = stack.tolist()
    rows, columns = range(stack.shape[1]), range(stack.shape[2])
    return torch.tensor(
        [
            [sum(p[row][column] for p in pictures) / len(pictures) for column in columns]
            for row in rows
        ]
    )


@wrong("vectorised", "in_place", "graph")
def added_onto_the_first_picture(stack):
    """`total = stack[0]` is no copy, and `+=` then writes the sum into the first picture of the
    stack. Begin with zeros, or use `mean`, which needs no loop."""
    total = stack[0]
    for image in stack[1:]:
        total += image
    return total / len(stack)


@wrong("in_place", "graph")
def divided_in_place(stack):
    """`div_`, with an underscore, divides the caller's own pictures. Afterwards the stack is
    nearly empty, and autograd refuses to follow."""
    return stack.div_(len(stack)).sum(0)


@wrong("dtype")
def always_float32(stack):
    """`.float()` turns everything into float32. Someone who comes with float64 wants to keep the
    digits: `mean` leaves the dtype as it is."""
    return stack.float().mean(0)


@wrong("dtype")
def always_float64(stack):
    """`.double()` turns everything into float64. The template should have the dtype of the
    stack, and `mean` leaves it as it is."""
    return stack.double().mean(0)


@wrong("type", "device", "graph")
def numpy_array(stack):
    """The template is a NumPy array. The numbers are right, but it has left its device and its
    graph, and a tensor is what the next function expects."""
    return stack.numpy().mean(0)


@wrong("type", "device", "graph")
def nested_lists(stack):
    """The template is a list of lists. It has no shape and can't be subtracted from a picture:
    leave it a tensor."""
    return stack.mean(0).tolist()


@wrong("device", "graph")
def detour_through_numpy(stack):
    """NumPy gives the same numbers as PyTorch, but only on the processor and without a gradient.
    A tensor has the same methods, so no detour is needed."""
    return torch.from_numpy(stack.numpy().mean(0))


@wrong("device")
def brought_to_the_processor(stack):
    """`.cpu()` takes the template away from the GPU, where the pictures are. The next comparison
    with them would fail."""
    return stack.mean(0).cpu()


@wrong("graph")
def detached(stack):
    """`.detach()` cuts the result off from the stack, so that no gradient finds its way back. Only
    do that when you mean it."""
    return stack.mean(0).detach()


@wrong("graph")
def without_gradients(stack):
    """Under `torch.no_grad()` PyTorch doesn't remember how a result was computed. Whoever needs
    no gradient can say so; the function should not decide it for everybody."""
    with torch.no_grad():
        return stack.mean(0)


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device", "graph")
def forgot_to_return(stack):
    """The mean was computed and then forgotten. Without `return`, a function gives `None`,
    whatever it has worked out."""
    stack.mean(0)


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device", "graph")
def name_from_the_notebook(stack):
    """The function uses a name that exists in the book's notebook and not here. Work with the
    argument: it is the stack you are asked about."""
    return stacked_threes.mean(0)  # noqa: F821 (the unknown name is the mistake)


@wrong("value")
def remembered(stack, known={}):  # noqa: B006 (the shared dict is the mistake)
    """The first template of each shape is kept, and given out again for other pictures. A default
    such as `{}` is made only once, and all calls share it."""
    return known.setdefault(stack.shape, stack.mean(0))


@right
def function_mean(stack):
    return torch.mean(stack, dim=0)


@right
def sum_divided_by_the_number(stack):
    return stack.sum(0) / len(stack)


@right
def einstein_sum(stack):
    return torch.einsum("nhw->hw", stack) / stack.shape[0]


@right
def flattens_and_reshapes(stack):
    return stack.reshape(len(stack), -1).mean(0).view(stack.shape[1:])


@right
def axis_moved_to_the_end(stack):
    return stack.permute(1, 2, 0).mean(-1)


@right
def weighted_sum(stack):
    weights = torch.full_like(stack[:, 0, 0], 1 / len(stack))
    return torch.tensordot(weights, stack, dims=1)


@right
def running_total(stack):
    return stack.cumsum(0)[-1] / len(stack)
