"""Answers to `check_image_stack`: wrong ones by mistake, and right ones in other styles."""

import math

import torch

from autograder.misconceptions.entries import right, wrong


def refuse_other_ranks(tensor):
    if tensor.ndim != 3:
        raise ValueError(f"a stack of images has three axes, this tensor has {tensor.ndim}")


def refuse_other_dtypes(tensor):
    if not tensor.is_floating_point():
        raise ValueError(f"pixels should be floating, these are {tensor.dtype}")


def refuse_empty_stacks(tensor):
    if tensor.numel() == 0:
        raise ValueError("there is no image in this stack")


def refuse_other_values(tensor):
    low, high = tensor.min().item(), tensor.max().item()
    if not 0 <= low <= high <= 1:
        raise ValueError(f"pixels should lie in [0, 1], these go from {low} to {high}")


@wrong("errors")
def does_nothing(tensor):
    """Nothing is looked at, so nothing is ever refused. A check has to raise a `ValueError` for
    what it should not let through."""
    return


@wrong("value", "type", "in_place", "errors")
def always_refuses(tensor):
    """Everything is refused, the good stacks too. Put the `raise` under an `if` that asks for the
    fault."""
    raise ValueError(f"not a stack of images: rank {tensor.ndim}, {tensor.dtype}")


@wrong("type", "errors")
def answers_true_or_false(tensor):
    """The function says True or False. Whoever calls it and doesn't look at the answer goes on
    with a bad stack: raise a `ValueError`, which nobody can overlook."""
    return (
        tensor.ndim == 3
        and tensor.is_floating_point()
        and tensor.numel() > 0
        and bool(((tensor >= 0) & (tensor <= 1)).all())
    )


@wrong("type")
def returned_the_stack(tensor):
    """The checked stack is given back. The contract says that nothing comes back: otherwise it
    looks as if the function had made a better stack."""
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor)
    return tensor


@wrong("type")
def says_all_is_well(tensor):
    """A good stack is answered with True. No news is good news here: without a `return` the
    function gives `None`, and that is all it should give."""
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor)
    return True


@wrong("errors")
def returned_the_error(tensor):
    """The error was made and returned like any result, so nothing stops. `raise` throws it, and
    the program goes no further."""
    if tensor.ndim != 3:
        return ValueError(f"rank {tensor.ndim}")
    if not tensor.is_floating_point():
        return ValueError(f"dtype {tensor.dtype}")
    if not (tensor.numel() > 0 and 0 <= tensor.min() <= tensor.max() <= 1):
        return ValueError("values outside of [0, 1]")
    return None


@wrong("errors")
def printed_the_fault(tensor):
    """The fault is printed, and the program goes on with the bad stack. `raise ValueError(...)`
    says it and stops."""
    if tensor.ndim != 3:
        print(f"rank {tensor.ndim}")
    elif not tensor.is_floating_point():
        print(f"dtype {tensor.dtype}")
    elif not (tensor.numel() > 0 and 0 <= tensor.min() <= tensor.max() <= 1):
        print("values outside of [0, 1]")


@wrong("errors")
def asserted(tensor):
    """`assert` raises an `AssertionError`, and Python can be told to skip it altogether. It is for
    your own tests; to refuse what a caller gives you, raise a `ValueError`."""
    assert tensor.ndim == 3, f"rank {tensor.ndim}"
    assert tensor.is_floating_point(), f"dtype {tensor.dtype}"
    assert tensor.numel() > 0, "empty"
    assert tensor.min() >= 0, f"smallest {tensor.min()}"
    assert tensor.max() <= 1, f"largest {tensor.max()}"


@wrong("errors")
def wrong_exception_for_the_dtype(tensor):
    """A tensor came, as it should, so the argument's type is right: what is wrong is the dtype of
    its values. The contract asks for `ValueError` there too."""
    refuse_other_ranks(tensor)
    if not tensor.is_floating_point():
        raise TypeError(f"pixels should be floating, these are {tensor.dtype}")
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor)


@wrong("errors")
def message_without_the_fault(tensor):
    """The message says that something is wrong and not what. Whoever reads it has to search: name
    the rank, the dtype or the value that came."""
    if (
        tensor.ndim != 3
        or not tensor.is_floating_point()
        or tensor.numel() == 0
        or not 0 <= tensor.min() <= tensor.max() <= 1
    ):
        raise ValueError("this is not a stack of images")


@wrong("errors")
def message_with_the_wish_only(tensor):
    """The message says what should have come, and not what came. Name both: then nobody has to
    look for the tensor to see what is wrong with it."""
    if tensor.ndim != 3:
        raise ValueError("a stack of images should have rank 3")
    if not tensor.is_floating_point():
        raise ValueError("pixels should be float32 or float64")
    if tensor.numel() == 0:
        raise ValueError("a stack should have at least 1 image")
    if not 0 <= tensor.min() <= tensor.max() <= 1:
        raise ValueError("pixels should lie between 0 and 1")


@wrong("errors")
def shape_instead_of_the_rank(tensor):
    """The message shows the whole shape, and the reader has to count its axes. The fault is the
    rank, so name the rank."""
    if tensor.ndim != 3:
        raise ValueError(f"expected a stack (N, H, W), got {list(tensor.shape)}")
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor)


@wrong("errors")
def forgot_nan(tensor):
    """With a NaN inside, smallest and largest value are NaN too, and NaN is neither below 0 nor
    above 1. Ask whether the values are right, and refuse if `not`."""
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    low, high = tensor.min().item(), tensor.max().item()
    if low < 0 or high > 1:
        raise ValueError(f"pixels should lie in [0, 1], these go from {low} to {high}")


@wrong("errors")
def forgot_the_empty_stack(tensor):
    """An empty stack has no smallest value, so `min` itself fails, and with another exception.
    Ask for the number of images before looking at the values."""
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    refuse_other_values(tensor)


@wrong("errors")
def empty_stack_let_through(tensor):
    """Of no values, all are in [0, 1], so an empty stack gets through. It has to be asked for by
    itself: is there at least one image?"""
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    if not ((tensor >= 0) & (tensor <= 1)).all():
        raise ValueError(f"pixels go from {tensor.min().item()} to {tensor.max().item()}")


@wrong("errors")
def forgot_the_lower_limit(tensor):
    """Only the largest value was looked at. Pixels below 0 are as impossible as pixels above
    1."""
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    if not tensor.max() <= 1:
        raise ValueError(f"the largest pixel is {tensor.max().item()}")


@wrong("errors")
def forgot_the_rank(tensor):
    """Dtype and values are checked, but not the number of axes. A single picture then passes as a
    stack, and its mean over the first axis is a row."""
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor)


@wrong("errors")
def only_too_many_axes_refused(tensor):
    """Ranks above 3 are refused and ranks below are not. A single picture is no stack either: ask
    whether the rank is exactly 3."""
    if tensor.ndim > 3:
        raise ValueError(f"a stack of images has three axes, this tensor has {tensor.ndim}")
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor)


@wrong("errors")
def only_too_few_axes_refused(tensor):
    """Ranks below 3 are refused and ranks above are not. Pictures with an axis for the channels
    get through: ask whether the rank is exactly 3."""
    if tensor.ndim < 3:
        raise ValueError(f"a stack of images has three axes, this tensor has {tensor.ndim}")
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor)


@wrong("errors")
def stored_pixels_let_through(tensor):
    """uint8 got through because pixels are stored that way. Here they should be scaled already,
    and a mean of whole numbers is refused by PyTorch."""
    refuse_other_ranks(tensor)
    if tensor.dtype != torch.uint8:
        refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor)


@wrong("errors")
def forgot_the_dtype(tensor):
    """Whole numbers between 0 and 1 have the right values and the wrong dtype. The check has to
    ask for a floating dtype as well."""
    refuse_other_ranks(tensor)
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor)


@wrong("errors")
def refuses_uint8_only(tensor):
    """Only uint8 is refused, but there are other whole numbers, and truth values. Ask
    `tensor.is_floating_point()` and you need no list."""
    refuse_other_ranks(tensor)
    if tensor.dtype == torch.uint8:
        raise ValueError("pixels are still uint8")
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor)


@wrong("value")
def accepts_float32_only(tensor):
    """float32 is the usual dtype, but not the only floating one. `tensor.is_floating_point()` is
    true for all of them."""
    refuse_other_ranks(tensor)
    if tensor.dtype != torch.float32:
        raise ValueError(f"pixels should be float32, these are {tensor.dtype}")
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor)


@wrong("value")
def limits_refused_too(tensor):
    """No ink is exactly 0 and full ink exactly 1, and both were refused. The limits belong to the
    allowed values: `0 <= low` and `high <= 1`."""
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    low, high = tensor.min().item(), tensor.max().item()
    if not 0 < low <= high < 1:
        raise ValueError(f"pixels should lie in [0, 1], these go from {low} to {high}")


@wrong("value")
def pictures_of_28_by_28_only(tensor):
    """The size of an MNIST picture was written into the check. A stack may hold pictures of any
    size: only the number of axes matters."""
    refuse_other_ranks(tensor)
    if tensor.shape[1:] != (28, 28):
        raise ValueError(f"pictures should be 28 by 28, these are {list(tensor.shape[1:])}")
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor)


@wrong("value")
def one_picture_refused(tensor):
    """A stack of one picture was refused. It is as good a stack as any other: N may be 1."""
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    if len(tensor) <= 1:
        raise ValueError(f"a stack needs several images, this one has {len(tensor)}")
    refuse_other_values(tensor)


@wrong("value", "errors")
def squeezed_before_the_check(tensor):
    """`squeeze` removes axes of size 1 before they are counted. A stack of one picture is then
    refused, and four axes of which one has size 1 get through."""
    tensor = tensor.squeeze()
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor)


@wrong("value", "type", "in_place", "errors")
def length_for_the_rank(tensor):
    """`len(tensor)` is the number of pictures, not the number of axes. Only stacks of exactly
    three pictures get through: ask for the rank."""
    if len(tensor) != 3:
        raise ValueError(f"a stack of images has rank 3, this tensor has {len(tensor)}")
    refuse_other_dtypes(tensor)
    refuse_other_values(tensor)


@wrong("errors")
def checks_the_average(tensor):
    """The average of all pixels can be fine while single ones are not. Smallest and largest value
    tell whether all of them are between 0 and 1."""
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    if not 0 <= tensor.mean() <= 1:
        raise ValueError(f"pixels should lie in [0, 1], their mean is {tensor.mean().item()}")


@wrong("errors")
def any_instead_of_all(tensor):
    """`any` is content with a single good pixel. Every pixel has to be between 0 and 1: that is
    `all`."""
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    if not ((tensor >= 0) & (tensor <= 1)).any():
        raise ValueError(f"pixels go from {tensor.min().item()} to {tensor.max().item()}")


@wrong("errors")
def looks_at_the_first_picture(tensor):
    """Only the first picture was looked at. The faulty pixel may be in any of them: ask the whole
    stack for its smallest and largest value."""
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor[0])


@wrong("in_place")
def scaled_back_in_place(tensor):
    """`*=` multiplies the caller's own pixels by 255, and they stay that way. A check looks and
    leaves everything as it was."""
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    tensor *= 255
    low, high = tensor.min().item(), tensor.max().item()
    if not 0 <= low <= high <= 255:
        raise ValueError(f"pixels should lie in [0, 1], these go from {low / 255} to {high / 255}")


@wrong("in_place", "errors")
def mended_instead_of_refused(tensor):
    """The pixels were stretched to run from 0 to 1, in the caller's own tensor. A bad stack should
    be refused: whoever made it wants to know."""
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    tensor -= tensor.min()
    tensor /= tensor.max()


@right
def one_question_after_the_other(tensor):
    refuse_other_ranks(tensor)
    refuse_other_dtypes(tensor)
    refuse_empty_stacks(tensor)
    refuse_other_values(tensor)


@right
def a_list_of_faults(tensor):
    faults = []
    if tensor.dim() != 3:
        faults.append(f"it has {tensor.dim()} axes and not 3")
    if not tensor.dtype.is_floating_point:
        faults.append(f"its dtype is {tensor.dtype}")
    if 0 in tensor.shape:
        faults.append("it is empty")
    elif not bool(((tensor >= 0) & (tensor <= 1)).all()):
        faults.append(f"its values go from {float(tensor.min()):.3f} to {float(tensor.max()):.3f}")
    if faults:
        raise ValueError("not a stack of images: " + ", ".join(faults))


@right
def unpacks_the_shape(tensor):
    try:
        count, _height, _width = tensor.shape
    except ValueError:
        raise ValueError(f"rank {len(tensor.shape)} where 3 was wanted") from None
    if tensor.dtype not in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
        raise ValueError(f"{tensor.dtype} is no floating dtype")
    if count < 1:
        raise ValueError("no images")
    low, high = (value.item() for value in torch.aminmax(tensor))
    if math.isnan(low) or low < 0 or high > 1:
        raise ValueError(f"smallest {low}, largest {high}")


@right
def asserts_and_translates(tensor):
    try:
        assert tensor.ndim == 3, f"rank {tensor.ndim}"
        assert torch.is_floating_point(tensor), f"dtype {tensor.dtype}"
        assert len(tensor) > 0, "no image"
        assert tensor.min() >= 0, f"smallest value {tensor.min()}"
        assert tensor.max() <= 1, f"largest value {tensor.max()}"
    except AssertionError as fault:
        raise ValueError(str(fault)) from fault


@right
def collects_bad_values(tensor):
    if tensor.ndim != 3 or not tensor.is_floating_point() or len(tensor) == 0:
        raise ValueError(f"rank {tensor.ndim}, {tensor.dtype}, shape {tuple(tensor.shape)}")
    bad = tensor[~((tensor >= 0) & (tensor <= 1))]
    if bad.numel() > 0:
        extreme = bad[(bad - 0.5).abs().argmax()]
        raise ValueError(f"{bad.numel()} values outside of [0, 1], such as {extreme.item():.4g}")


@right
def a_chain_of_conditions(tensor):
    fault = (
        f"rank {tensor.ndim}"
        if tensor.ndim != 3
        else f"dtype {tensor.dtype}"
        if not tensor.is_floating_point()
        else "no pixels"
        if tensor.nelement() == 0
        else f"values from {tensor.min():.3f} to {tensor.max():.3f}"
        if not (tensor.clamp(0, 1) == tensor).all()
        else ""
    )
    if fault:
        raise ValueError(fault)
