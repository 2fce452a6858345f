"""Answers to `stack_images`: wrong ones by mistake, and right ones in other styles."""

import numpy as np
import torch

from autograder.misconceptions.entries import right, wrong


@wrong("value")
def forgot_to_divide(images):
    """The pixels were turned into floats, but not divided by 255. They still run from 0 to 255,
    so every distance computed from them is 255 times too large."""
    return torch.stack(images).float()


@wrong("value")
def divided_twice(images):
    """Each picture was divided by 255, and then the whole stack once more. All pixels end up
    below 0.004, which is nearly white everywhere."""
    return torch.stack([image / 255 for image in images]) / 255


@wrong("value")
def divided_by_256(images):
    """A pixel has 256 possible values, but the largest of them is 255. Divided by 256, full ink
    never quite reaches 1."""
    return torch.stack(images).float() / 256


@wrong("value")
def scaled_by_its_own_maximum(images):
    """The stack was divided by the largest pixel in it, not by 255. A faint picture becomes a
    bright one, and the same picture gets other values in another stack."""
    stack = torch.stack(images).float()
    return stack / stack.max().clamp(min=1)


@wrong("value")
def standardised(images):
    """Subtracting the mean and dividing by the standard deviation is another way of scaling. The
    pixels then lie around 0, some of them below it, and not between 0 and 1."""
    stack = torch.stack(images).float() / 255
    return (stack - stack.mean()) / (stack.std() + 1e-6)


@wrong("value")
def inverted(images):
    """The pixels were turned round, as on paper where ink is dark. In MNIST a 0 is empty paper
    and 255 is full ink, and it stays that way."""
    return 1 - torch.stack(images).float() / 255


@wrong("value", "dtype")
def divided_whole_numbers(images):
    """`//` divides and throws away what is behind the point. Every pixel below 255 becomes 0, and
    the result still has whole numbers."""
    return torch.stack(images) // 255


@wrong("value", "dtype")
def left_as_whole_numbers(images):
    """The pictures were stacked and nothing else. The pixels are still whole numbers from 0 to
    255: turn them into floats and divide by 255."""
    return torch.stack(images)


@wrong("value", "dtype")
def scaled_and_cut_off(images):
    """The pixels were scaled, and then turned into whole numbers again. All that was between 0
    and 1 became 0."""
    return (torch.stack(images).float() / 255).to(torch.uint8)


@wrong("value", "dtype")
def half_precision(images):
    """`.half()` gives float16, which keeps only about three digits. `.float()` gives float32, the
    usual choice in PyTorch."""
    return torch.stack(images).half() / 255


@wrong("dtype")
def double_precision(images):
    """`.double()` gives float64: twice the memory for digits that pixels don't have. `.float()`
    gives float32, which is what PyTorch uses by default."""
    return torch.stack(images).double() / 255


@wrong("value", "shape", "errors")
def concatenated(images):
    """`torch.cat` joins tensors along an axis that is there already, so the pictures became one
    very tall picture. `torch.stack` makes a new axis for the number of the picture."""
    return torch.cat(images).float() / 255


@wrong("value", "shape", "errors")
def side_by_side(images):
    """`hstack` lays the pictures side by side: one very wide picture. A stack needs a new first
    axis, which `torch.stack` makes."""
    return torch.hstack(images).float() / 255


@wrong("value", "shape")
def stacked_along_the_last_axis(images):
    """The new axis is at the end, so the shape is `(H, W, N)`. The number of the picture comes
    first: `(N, H, W)`."""
    return torch.stack(images, -1).float() / 255


@wrong("value", "shape")
def flattened_to_rows(images):
    """Each picture became one row of pixels, so rows and columns are gone. Later steps need them:
    keep the shape `(N, H, W)`."""
    return torch.stack(images).flatten(1).float() / 255


@wrong("value", "shape")
def channel_axis_added(images):
    """There is an extra axis of size 1, as for the channels of a colour picture. A grey picture
    needs no such axis: the stack has rank 3."""
    return torch.stack(images).unsqueeze(1).float() / 255


@wrong("shape")
def squeezed(images):
    """`squeeze()` removes every axis of size 1. That looks harmless until there is just one
    picture: then the axis of the pictures is gone as well."""
    return torch.stack(images).squeeze().float() / 255


@wrong("value", "shape", "errors", "device")
def sizes_written_into_the_code(images):
    """The size 28 was written into the function. Pictures of another size then fail or get
    stretched: ask the pictures for their shape instead."""
    stack = torch.zeros(len(images), 28, 28)
    for number, image in enumerate(images):
        stack[number] = image / 255
    return stack


@wrong("errors")
def filled_one_by_one(images):
    """Writing into a slice broadcasts. A picture with a single row fits into any slot, repeated
    from top to bottom, and nobody complains."""
    first = images[0]
    stack = torch.empty(len(images), *first.shape, device=first.device)
    for number, image in enumerate(images):
        stack[number] = image / 255
    return stack


@wrong("device")
def new_tensor_on_the_processor(images):
    """`torch.zeros` makes its tensor on the processor, wherever the pictures are. Say
    `device=images[0].device`, or let `torch.stack` make the new tensor."""
    stack = torch.zeros(len(images), *images[0].shape)
    for number, image in enumerate(images):
        if image.shape != images[0].shape:
            raise ValueError("the pictures have different sizes")
        stack[number] = image / 255
    return stack


@wrong("device")
def brought_to_the_processor(images):
    """`.cpu()` takes the pictures away from the GPU. Nothing here needs that: PyTorch stacks and
    divides wherever the pictures are."""
    return torch.stack([image.cpu() for image in images]).float() / 255


@wrong("errors")
def nothing_for_nothing(images):
    """An empty list was answered with an empty tensor of made-up size. Nobody knows how large the
    pictures would have been, so it should be refused."""
    if not images:
        return torch.zeros(0, 28, 28)
    return torch.stack(images).float() / 255


@wrong("errors")
def cropped_to_the_smallest(images):
    """The pictures were cut to the size of the smallest one. That throws ink away without a word;
    pictures that don't fit together should be refused."""
    height = min(image.shape[0] for image in images)
    width = min(image.shape[1] for image in images)
    return torch.stack([image[:height, :width] for image in images]).float() / 255


@wrong("errors")
def refused_with_the_wrong_exception(images):
    """The bad list was noticed, but `TypeError` is for a thing of the wrong kind. A list that
    is empty or holds unequal sizes is a bad value: `ValueError`."""
    if len({image.shape for image in images}) != 1:
        raise TypeError("the pictures need one shape")
    return torch.stack(images).float() / 255


@wrong("errors", "type", "device")
def list_of_scaled_pictures(images):
    """Each picture was scaled, but they are still a Python list. A list has no shape and can't be
    averaged or compared at once: stack it."""
    return [image.float() / 255 for image in images]


@wrong("type", "device")
def numpy_array(images):
    """The stack is a NumPy array. Its numbers are right, but it can neither live on a GPU nor have
    gradients: `torch.stack` does the same and stays in PyTorch."""
    return np.stack([image.numpy() for image in images]) / 255


@wrong("dtype", "device")
def detour_through_numpy(images):
    """NumPy computes in float64 and only on the processor. The detour changed the dtype and would
    fail for pictures on a GPU."""
    return torch.from_numpy(np.stack([image.numpy() for image in images]) / 255)


@wrong("value", "shape", "type", "dtype", "in_place", "device", "errors")
def tensor_of_a_list(images):
    """`torch.tensor` makes a tensor of numbers, and a list of tensors is none. To join tensors,
    use `torch.stack`."""
    return torch.tensor(images).float() / 255


@wrong("value", "shape", "type", "dtype", "in_place", "device")
def forgot_to_return(images):
    """The stack was computed and then forgotten. Without `return`, a function gives `None`,
    whatever it has worked out."""
    torch.stack(images).float() / 255


@wrong("value", "shape", "type", "dtype", "in_place", "device")
def printed_instead_of_returned(images):
    """`print` shows the result to a person and gives nothing to the program. `return` hands it to
    whoever called."""
    print(torch.stack(images).float() / 255)


@wrong("value", "in_place")
def emptied_the_list(images):
    """`pop` takes each picture out of the caller's list, which is empty afterwards. A tuple has
    no `pop` at all: read the list instead of using it up."""
    scaled = []
    while images:
        scaled.append(images.pop(0) / 255)
    return torch.stack(scaled)


@wrong("value", "in_place")
def wrote_into_the_list(images):
    """The scaled pictures were written back into the caller's list. The caller still needs the
    old ones, and a tuple can't be written into: make a new list."""
    for number, image in enumerate(images):
        images[number] = image / 255
    return torch.stack(images)


@wrong("in_place")
def new_axis_in_place(images):
    """`unsqueeze_`, with an underscore, changes the caller's picture itself. `unsqueeze` without
    one gives a new view and leaves the picture alone."""
    return torch.cat([image.unsqueeze_(0) for image in images]).float() / 255


@wrong("value")
def remembered(images, known={}):  # noqa: B006 (the shared dict is the mistake)
    """The first stack of each shape is kept, and given out again for other pictures. A default
    such as `{}` is made only once, and all calls share it."""
    return known.setdefault((len(images), images[0].shape), torch.stack(images).float() / 255)


@right
def divides_whole_numbers_by_a_float(images):
    return torch.stack(images) / 255


@right
def scales_each_picture_first(images):
    return torch.stack([image.to(torch.float32) / 255 for image in images])


@right
def concatenates_with_a_new_axis(images):
    return torch.cat([image[None] for image in images]).float().div(255)


@right
def multiplies_by_the_inverse(images):
    return torch.stack(tuple(images), dim=0).type(torch.float32) * (1 / 255)


@right
def stacks_with_vstack(images):
    rows = torch.vstack([image.unsqueeze(0) for image in images])
    return rows.to(dtype=torch.float).mul(1.0).true_divide(255)


@right
def checks_first_and_fills(images):
    if len({tuple(image.shape) for image in images}) != 1:
        raise ValueError("stack_images needs pictures of one size, and at least one of them")
    stack = images[0].new_empty((len(images), *images[0].shape), dtype=torch.float32)
    for slot, image in zip(stack, images, strict=True):
        slot.copy_(image).div_(255)
    return stack
