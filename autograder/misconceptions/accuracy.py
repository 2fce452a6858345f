"""Answers to `accuracy`: wrong ones by mistake, and right ones in other styles."""

import numpy as np
import torch

from autograder.misconceptions.entries import right, wrong


def refuse_unequal_shapes(predictions, targets):
    if predictions.shape != targets.shape:
        raise ValueError(f"shapes differ: {list(predictions.shape)} and {list(targets.shape)}")


@wrong("errors")
def shapes_not_compared(predictions, targets):
    """A column against a row is broadcast: every prediction meets every target, and the number
    looks like an accuracy. Compare the shapes first and raise a `ValueError`."""
    return (predictions == targets).float().mean()


@wrong("errors")
def only_the_lengths_compared(predictions, targets):
    """`len` of a tensor is the size of its first axis only. A column and a row have the same
    length and different shapes: compare the shapes."""
    if predictions.ndim and targets.ndim and len(predictions) != len(targets):
        raise ValueError("predictions and targets have different lengths")
    return (predictions == targets).float().mean()


@wrong("errors")
def only_the_number_of_elements_compared(predictions, targets):
    """A column and a row have equally many elements, and still broadcast against each other.
    Compare the shapes, not the numbers of elements."""
    if predictions.numel() != targets.numel():
        raise ValueError("predictions and targets have different numbers of elements")
    return (predictions == targets).float().mean()


@wrong("errors")
def only_the_rank_compared(predictions, targets):
    """Two tensors of one rank can still have axes of different sizes, and some of those broadcast.
    Compare the whole shapes."""
    if predictions.ndim != targets.ndim:
        raise ValueError("predictions and targets have different ranks")
    return (predictions == targets).float().mean()


@wrong("errors")
def rank_and_length_compared(predictions, targets):
    """Rank and length can agree while the second axes differ. There is no need to list the cases:
    two shapes can be compared as a whole, all axes at once."""
    if predictions.ndim != targets.ndim or (predictions.ndim and len(predictions) != len(targets)):
        raise ValueError("predictions and targets differ in rank or length")
    return (predictions == targets).float().mean()


@wrong("errors")
def noticed_after_comparing(predictions, targets):
    """The shapes are looked at when `==` has already tried to broadcast them. Where that is not
    possible, PyTorch stops with its own error: ask before comparing."""
    equal = predictions == targets
    if not (equal.shape == predictions.shape == targets.shape):
        raise ValueError("predictions and targets have different shapes")
    return equal.float().mean()


@wrong("errors")
def flattened_before_comparing(predictions, targets):
    """Flattened, a column and a row fit together, and a likely mistake of the caller is covered
    up. Unequal shapes should be refused as they come."""
    predictions, targets = predictions.flatten(), targets.flatten()
    refuse_unequal_shapes(predictions, targets)
    return (predictions == targets).float().mean()


@wrong("errors")
def asserted(predictions, targets):
    """`assert` raises an `AssertionError`, and Python can be told to skip it altogether. For what
    a caller does wrong, raise a `ValueError`."""
    assert predictions.shape == targets.shape, "predictions and targets differ in shape"
    return (predictions == targets).float().mean()


@wrong("errors")
def zero_for_unequal_shapes(predictions, targets):
    """Unequal shapes were answered with 0, which looks like a very bad model. Nobody will search
    for a mistake in the call: raise a `ValueError`."""
    if predictions.shape != targets.shape:
        return torch.tensor(0.0)
    return (predictions == targets).float().mean()


@wrong("errors")
def reshaped_to_fit(predictions, targets):
    """`view_as` puts the targets into the shape of the predictions, where it can. Whether they
    belong together in that order is a guess, so unequal shapes should be refused."""
    return (predictions == targets.reshape(predictions.shape)).float().mean()


@wrong("value")
def share_of_mistakes(predictions, targets):
    """This is the share of wrong answers, the error rate. Accuracy counts the right ones: one
    minus that."""
    refuse_unequal_shapes(predictions, targets)
    return (predictions != targets).float().mean()


@wrong("value")
def in_percent(predictions, targets):
    """The accuracy was multiplied by 100. A share runs from 0 to 1; percent are for whoever prints
    it."""
    refuse_unequal_shapes(predictions, targets)
    return (predictions == targets).float().mean() * 100


@wrong("value")
def rounded(predictions, targets):
    """The accuracy was rounded to two digits. Two models that differ by a few pictures then look
    alike: leave rounding to the one who prints it."""
    refuse_unequal_shapes(predictions, targets)
    return (predictions == targets).float().mean().round(decimals=2)


@wrong("value", "dtype")
def count_for_the_share(predictions, targets):
    """This is the number of right answers. A share is that divided by the number of all
    answers."""
    refuse_unequal_shapes(predictions, targets)
    return (predictions == targets).sum()


@wrong("value", "dtype")
def divided_whole_numbers(predictions, targets):
    """`//` throws away what is behind the point, so the accuracy is 0 unless all answers are
    right. A share needs `/`."""
    refuse_unequal_shapes(predictions, targets)
    return (predictions == targets).sum() // predictions.numel()


@wrong("value", "shape")
def divided_by_the_length(predictions, targets):
    """`len` is the size of the first axis only. A table of answers has more elements than that,
    and a single answer without axes has no length: divide by `numel()`."""
    refuse_unequal_shapes(predictions, targets)
    return (predictions == targets).sum() / len(predictions)


@wrong("value", "shape")
def share_for_each_column(predictions, targets):
    """The mean was taken over the first axis only, so a table of answers gives one share for each
    column. `mean()` without an axis takes all of them."""
    refuse_unequal_shapes(predictions, targets)
    return (predictions == targets).float().mean(0)


@wrong("value")
def only_hits_on_true(predictions, targets):
    """`&` counts where both are True. Agreeing on False is right as well: compare with `==`."""
    refuse_unequal_shapes(predictions, targets)
    return (predictions.bool() & targets.bool()).float().mean()


@wrong("value")
def share_among_the_true(predictions, targets):
    """The hits were divided by the number of targets that are True. That is another metric, recall;
    accuracy counts all answers, True and False."""
    refuse_unequal_shapes(predictions, targets)
    hits = (predictions.bool() & targets.bool()).sum()
    return hits / targets.bool().sum().clamp(min=1)


@wrong("value")
def targets_ignored(predictions, targets):
    """This is how often the answer was True, right or wrong. It has to be compared with the
    targets."""
    refuse_unequal_shapes(predictions, targets)
    return predictions.float().mean()


@wrong("value")
def distance_of_the_labels(predictions, targets):
    """Labels were subtracted like pixels. To take a 3 for a 7 is not four times as wrong as to
    take it for a 4: only equality counts."""
    refuse_unequal_shapes(predictions, targets)
    return 1 - (predictions.float() - targets.float()).abs().mean()


@wrong("value")
def bools_subtracted(predictions, targets):
    """PyTorch doesn't subtract truth values, and says so. `==` compares them, and whole numbers as
    well."""
    refuse_unequal_shapes(predictions, targets)
    return ((predictions - targets) == 0).float().mean()


@wrong("value")
def dtypes_must_match(predictions, targets):
    """Truth values against the labels 0 and 1 were refused. `==` compares them without trouble,
    since True counts as 1: only the shapes have to match."""
    refuse_unequal_shapes(predictions, targets)
    if predictions.dtype != targets.dtype:
        raise ValueError(f"dtypes differ: {predictions.dtype} and {targets.dtype}")
    return (predictions == targets).float().mean()


@wrong("value")
def predictions_taken_for_probabilities(predictions, targets):
    """The predictions were compared with 0.5 as if they were probabilities. They are the answers
    already, and a digit above 0 is not simply True."""
    refuse_unequal_shapes(predictions, targets)
    return ((predictions > 0.5) == targets).float().mean()


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device", "errors")
def mean_of_bools(predictions, targets):
    """PyTorch takes no mean of truth values. `.float()` before the mean turns them into ones and
    zeros."""
    refuse_unequal_shapes(predictions, targets)
    return (predictions == targets).mean()


@wrong("value", "type", "device")
def all_or_nothing(predictions, targets):
    """`torch.equal` says whether *all* answers are right, with a single True or False. `==`
    compares them one by one, and the mean of that is the share."""
    refuse_unequal_shapes(predictions, targets)
    return torch.equal(predictions, targets)


@wrong("value", "dtype", "shape")
def share_not_taken(predictions, targets):
    """The answers were compared and not counted: there is still one truth value for each. The
    accuracy is one number, the mean of them."""
    refuse_unequal_shapes(predictions, targets)
    return predictions == targets


@wrong("vectorised")
def builtin_sum(predictions, targets):
    """Python's own `sum` visits the answers one by one. The tensor's method `.sum()` adds up all
    of them in one step."""
    refuse_unequal_shapes(predictions, targets)
    right_ones = (predictions == targets).flatten()
    return sum(right_ones) / right_ones.numel()


@wrong("vectorised", "device")
def loop_over_the_answers(predictions, targets):
    """Each pair was compared in a loop, with an `if`. `==` on two tensors compares all pairs at
    once, and stays on their device."""
    refuse_unequal_shapes(predictions, targets)
    right_ones = 0
    for prediction, target in zip(predictions.flatten(), targets.flatten(), strict=True):
        if prediction == target:
            right_ones += 1
    return torch.tensor(right_ones / predictions.numel())


@wrong("type", "vectorised", "device")
def loop_over_lists(predictions, targets):
    """The answers were turned into lists and compared one by one. `==` on the tensors themselves
    does it in one step and gives a tensor."""
    refuse_unequal_shapes(predictions, targets)
    pairs = list(zip(predictions.flatten().tolist(), targets.flatten().tolist(), strict=True))
    return sum(prediction == target for prediction, target in pairs) / len(pairs)


@wrong("type", "device")
def python_float(predictions, targets):
    """`.item()` turns the result into a Python number. It is right, but it has left its device:
    leave that to whoever prints it."""
    refuse_unequal_shapes(predictions, targets)
    return (predictions == targets).float().mean().item()


@wrong("type", "device")
def numpy_mean(predictions, targets):
    """NumPy counts as well, but on the processor only, and its result is no tensor. PyTorch has
    `==` and `mean` too."""
    refuse_unequal_shapes(predictions, targets)
    return np.mean(predictions.numpy() == targets.numpy())


@wrong("device")
def wrapped_again(predictions, targets):
    """`.item()` takes the number out of PyTorch, and `torch.tensor` puts it into a new tensor on
    the processor. The mean was a tensor already: leave it."""
    refuse_unequal_shapes(predictions, targets)
    return torch.tensor((predictions == targets).float().mean().item())


@wrong("device")
def brought_to_the_processor(predictions, targets):
    """`.cpu()` copies all answers away from the GPU to count them. They can be counted where they
    are."""
    refuse_unequal_shapes(predictions, targets)
    return (predictions.cpu() == targets.cpu()).float().mean()


@wrong("shape", "value")
def kept_an_axis(predictions, targets):
    """The result is a row of one number, of shape `(1,)`. An accuracy has no axes: its shape is
    `()`."""
    refuse_unequal_shapes(predictions, targets)
    return (predictions == targets).float().flatten().mean(0, keepdim=True)


@wrong("in_place")
def compared_in_place(predictions, targets):
    """`eq_`, with an underscore, writes the result of the comparison over the predictions. `==`
    makes a new tensor."""
    refuse_unequal_shapes(predictions, targets)
    return predictions.eq_(targets).float().mean()


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device")
def printed_instead_of_returned(predictions, targets):
    """`print` shows the accuracy to a person and gives nothing to the program. `return` hands it
    to whoever called."""
    refuse_unequal_shapes(predictions, targets)
    print(f"accuracy: {(predictions == targets).float().mean()}")


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device")
def returned_the_method(predictions, targets):
    """`mean` without parentheses is the method itself, and nobody called it. The parentheses make
    it compute."""
    refuse_unequal_shapes(predictions, targets)
    return (predictions == targets).float().mean


@wrong("value")
def remembered(predictions, targets, known={}):  # noqa: B006 (the shared dict is the mistake)
    """The first accuracy for each shape is kept, and given out again for other answers. A default
    such as `{}` is made only once, and all calls share it."""
    refuse_unequal_shapes(predictions, targets)
    return known.setdefault(predictions.shape, (predictions == targets).float().mean())


@right
def mean_of_floats(predictions, targets):
    refuse_unequal_shapes(predictions, targets)
    return torch.mean(torch.eq(predictions, targets).to(torch.float32))


@right
def hits_divided_by_all(predictions, targets):
    if predictions.size() != targets.size():
        raise ValueError("predictions and targets have different shapes")
    return (predictions == targets).sum() / predictions.numel()


@right
def one_minus_the_mistakes(predictions, targets):
    refuse_unequal_shapes(predictions, targets)
    return 1 - predictions.ne(targets).double().mean()


@right
def counts_what_is_not_zero(predictions, targets):
    refuse_unequal_shapes(predictions, targets)
    return torch.count_nonzero(predictions == targets).div(targets.nelement())


@right
def ones_and_zeros(predictions, targets):
    refuse_unequal_shapes(predictions, targets)
    return torch.where(predictions == targets, 1.0, 0.0).mean()


@right
def differences_that_are_zero(predictions, targets):
    if tuple(predictions.shape) != tuple(targets.shape):
        raise ValueError("compare equal shapes only")
    return (predictions.long() - targets.long() == 0).type(torch.float64).flatten().mean(0)


@right
def translates_the_error(predictions, targets):
    try:
        pairs = torch.stack([predictions.long(), targets.long()])
    except RuntimeError as error:
        raise ValueError("predictions and targets need one shape") from error
    return (pairs[0] == pairs[1]).float().mean()
