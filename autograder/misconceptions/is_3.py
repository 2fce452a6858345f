"""Answers to `is_3`: wrong ones by mistake, and right ones in other styles."""

import numpy as np
import torch
from torch.nn import functional

from autograder.misconceptions.entries import right, wrong
from exercises.distance import mnist_distance


@wrong("value")
def turned_round(images, mean3, mean7):
    """The comparison is the wrong way round, so the 7s are called 3s. A small distance means
    *near*: a 3 has the smaller distance to the ideal 3."""
    return mnist_distance(images, mean3) > mnist_distance(images, mean7)


@wrong("value")
def templates_exchanged(images, mean3, mean7):
    """Each picture was compared with the right templates in the wrong order. What is nearer to
    `mean7` is no 3."""
    return mnist_distance(images, mean7) < mnist_distance(images, mean3)


@wrong("value")
def tie_is_a_three(images, mean3, mean7):
    """With `<=` a picture exactly in between counts as a 3. The contract asks for strictly nearer:
    `<`."""
    return mnist_distance(images, mean3) <= mnist_distance(images, mean7)


@wrong("value")
def nearer_by_a_margin(images, mean3, mean7):
    """The 3 had to be nearer by a margin chosen by hand. A picture that is only a little nearer to
    the 3 is nearer all the same."""
    return mnist_distance(images, mean3) < mnist_distance(images, mean7) - 0.01


@wrong("value")
def tie_goes_to_the_first(images, mean3, mean7):
    """`argmin` gives the first of two equal distances, and the 3 was put first. So a tie became
    a 3, and it should not."""
    distances = torch.stack([mnist_distance(images, mean3), mnist_distance(images, mean7)])
    return distances.argmin(0) == 0


@wrong("value")
def near_enough_to_the_three(images, mean3, mean7):
    """Only the ideal 3 was looked at, with a limit chosen by hand. How near is near enough depends
    on the distance to the 7."""
    return mnist_distance(images, mean3) < 0.15


@wrong("value")
def far_enough_from_the_seven(images, mean3, mean7):
    """Only the ideal 7 was looked at. Far from a 7 is not yet a 3: compare the two distances."""
    return mnist_distance(images, mean7) > 0.15


@wrong("value")
def amount_of_ink(images, mean3, mean7):
    """The average ink was compared and not the pictures. 3s have a little more ink than 7s, but a
    thick 7 has more than a thin 3."""
    return images.mean((-1, -2)) > (mean3.mean() + mean7.mean()) / 2


@wrong("value")
def differences_cancel(images, mean3, mean7):
    """Without `.abs()` positive and negative differences cancel, and only the amount of ink is
    left. Use the distance that you have written already."""
    return (images - mean3).mean((-1, -2)) < (images - mean7).mean((-1, -2))


@wrong("value")
def abs_after_the_mean(images, mean3, mean7):
    """`.abs()` after the mean is too late, the differences have cancelled by then. Take absolute
    values first, or use your own distance."""
    to_3 = (images - mean3).mean((-1, -2)).abs()
    to_7 = (images - mean7).mean((-1, -2)).abs()
    return to_3 < to_7


@wrong("value")
def squared_differences(images, mean3, mean7):
    """Squares mind one large difference more than many small ones, so another template can be the
    nearer one. Here near is meant in L1, the mean absolute difference."""
    to_3 = ((images - mean3) ** 2).mean((-1, -2))
    to_7 = ((images - mean7) ** 2).mean((-1, -2))
    return to_3 < to_7


@wrong("value")
def largest_difference(images, mean3, mean7):
    """Only the pixel that differs most was compared. One stray dot can then decide: the distance
    is the mean over all pixels."""
    return (images - mean3).abs().amax((-1, -2)) < (images - mean7).abs().amax((-1, -2))


@wrong("value")
def most_similar_product(images, mean3, mean7):
    """Multiplying with a template favours the one with more ink, whatever the picture. A distance
    counts missing and surplus ink alike."""
    return (images * mean3).sum((-1, -2)) > (images * mean7).sum((-1, -2))


@wrong("value", "shape")
def one_answer_for_the_batch(images, mean3, mean7):
    """`mean()` without axes averages over the batch as well, so all pictures share one answer. The
    distance is one number for each picture: name the last two axes."""
    return (images - mean3).abs().mean() < (images - mean7).abs().mean()


@wrong("value", "shape")
def l1_loss_of_the_whole_batch(images, mean3, mean7):
    """`l1_loss` averages over the whole batch, so all pictures share one answer. Use your own
    distance, which keeps the pictures apart."""
    return functional.l1_loss(images, mean3.expand_as(images)) < functional.l1_loss(
        images, mean7.expand_as(images)
    )


@wrong("shape")
def axes_1_and_2(images, mean3, mean7):
    """Axes 1 and 2 are rows and columns of a batch, but one picture has no axis 2, and with more
    leading axes they are something else. Counted from the end they are always -2 and -1."""
    return (images - mean3).abs().mean((1, 2)) < (images - mean7).abs().mean((1, 2))


@wrong("value", "shape")
def pixel_by_pixel(images, mean3, mean7):
    """The comparison was made for every pixel, so there is one answer for each of them. Average
    the differences of a picture first, and compare then."""
    return (images - mean3).abs() < (images - mean7).abs()


@wrong("value")
def vote_of_the_pixels(images, mean3, mean7):
    """Every pixel had one vote, however small its difference. A distance weighs: a pixel that is
    far off counts more than one that is nearly right."""
    votes = (images - mean3).abs() < (images - mean7).abs()
    return votes.float().mean((-1, -2)) > 0.5


@wrong("value", "shape")
def are_any_of_them_threes(images, mean3, mean7):
    """`any()` says whether there is a 3 among the pictures: one answer for all. Leave it out, and
    there is one for each."""
    return (mnist_distance(images, mean3) < mnist_distance(images, mean7)).any()


@wrong("value", "shape", "dtype")
def share_of_threes(images, mean3, mean7):
    """This is the share of 3s among the pictures. That comes later, in `accuracy`: here every
    picture gets its own True or False."""
    return (mnist_distance(images, mean3) < mnist_distance(images, mean7)).float().mean()


@wrong("value", "shape", "vectorised")
def pictures_of_28_by_28_only(images, mean3, mean7):
    """`view(-1, 28, 28)` expects pictures of 28 by 28 and turns a single one into a batch. The
    last two axes are rows and columns, whatever their size."""
    images = images.view(-1, 28, 28)
    return mnist_distance(images, mean3) < mnist_distance(images, mean7)


@wrong("value", "dtype")
def answers_with_the_digit(images, mean3, mean7):
    """The answers are the digits 3 and 7. The question is "is it a 3?", and that is answered by
    True or False."""
    return torch.where(mnist_distance(images, mean3) < mnist_distance(images, mean7), 3, 7)


@wrong("value", "dtype")
def difference_of_the_distances(images, mean3, mean7):
    """This says how much nearer the 3 is than the 7, as a number. The answer is whether it is
    nearer: compare the two instead of subtracting."""
    return mnist_distance(images, mean7) - mnist_distance(images, mean3)


@wrong("value", "dtype")
def probability_like(images, mean3, mean7):
    """This is a number between 0 and 1 that grows with the nearness to the 3. The question wants
    a yes or a no: compare the distances."""
    to_3, to_7 = mnist_distance(images, mean3), mnist_distance(images, mean7)
    return to_7 / (to_3 + to_7)


@wrong("value", "dtype")
def number_of_the_nearest(images, mean3, mean7):
    """`argmin` gives the place of the smaller distance, 0 for the 3 and 1 for the 7. Read as truth
    values these are turned round, and they are integers."""
    distances = torch.stack([mnist_distance(images, mean3), mnist_distance(images, mean7)])
    return distances.argmin(0)


@wrong("dtype")
def zeros_and_ones(images, mean3, mean7):
    """The truth values were turned into 0 and 1. `torch.bool` is made for yes and no, and only a
    bool tensor can pick the 3s out of a batch: `images[answers]`."""
    return (mnist_distance(images, mean3) < mnist_distance(images, mean7)).int()


@wrong("dtype")
def floats_for_truth_values(images, mean3, mean7):
    """`.float()` is needed for a mean, and there is none here. Whoever counts the answers later
    can still turn them into floats."""
    return (mnist_distance(images, mean3) < mnist_distance(images, mean7)).float()


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device")
def if_on_a_batch(images, mean3, mean7):
    """An `if` needs one truth value, and a batch has many, so PyTorch refuses. The comparison
    already is the answer: return it, without an `if`."""
    if mnist_distance(images, mean3) < mnist_distance(images, mean7):
        return torch.tensor(True)
    return torch.tensor(False)


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device")
def bool_of_a_batch(images, mean3, mean7):
    """`bool` makes one Python truth value, and there is one for every picture. The comparison
    gives a bool tensor by itself."""
    return bool(mnist_distance(images, mean3) < mnist_distance(images, mean7))


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device")
def compared_with_and(images, mean3, mean7):
    """`and` works on single truth values, like `if`. And one comparison is enough: when the 3 is
    nearer, the 7 is not."""
    to_3, to_7 = mnist_distance(images, mean3), mnist_distance(images, mean7)
    return to_3 < to_7 and not to_7 <= to_3


@wrong("shape", "type", "vectorised", "device")
def list_of_truth_values(images, mean3, mean7):
    """The answers are a Python list, made in a loop, and a single picture is taken for a batch of
    rows. Compared as tensors, all pictures are answered at once."""
    return [bool((image - mean3).abs().mean() < (image - mean7).abs().mean()) for image in images]


@wrong("shape", "vectorised")
def loop_over_the_pictures(images, mean3, mean7):
    """The loop takes the first axis for the pictures, and a single picture has only rows there. As
    the distance takes any leading axes, no loop is needed."""
    answers = [mnist_distance(image, mean3) < mnist_distance(image, mean7) for image in images]
    return torch.stack(answers)


@wrong("vectorised")
def loop_over_all_leading_axes(images, mean3, mean7):
    """The answers are right, but Python goes round once for every picture. Both distances of the
    whole batch can be compared with a single `<`."""
    answers = [
        mnist_distance(image, mean3) < mnist_distance(image, mean7)
        for image in images.reshape(-1, *images.shape[-2:])
    ]
    return torch.stack(answers).reshape(images.shape[:-2])


@wrong("type", "device")
def numpy_array(images, mean3, mean7):
    """The answers are a NumPy array, and NumPy works on the processor only. PyTorch compares
    tensors in the same way: no detour is needed."""
    to_3, to_7 = mnist_distance(images, mean3).numpy(), mnist_distance(images, mean7).numpy()
    return np.less(to_3, to_7)


@wrong("type", "device")
def listed(images, mean3, mean7):
    """`.tolist()` turns the answers into Python's own True and False. They are easy to print, but a
    list can't be counted at once or stay on a GPU."""
    return (mnist_distance(images, mean3) < mnist_distance(images, mean7)).tolist()


@wrong("device")
def brought_to_the_processor(images, mean3, mean7):
    """`.cpu()` takes the distances away from the GPU, and the answers with them. Tensors on one
    device can be compared there."""
    return mnist_distance(images, mean3).cpu() < mnist_distance(images, mean7).cpu()


@wrong("shape")
def squeezed(images, mean3, mean7):
    """`squeeze()` removes every axis of size 1, also that of a batch with one picture. The answers
    should have the leading axes of the pictures."""
    return (mnist_distance(images, mean3) < mnist_distance(images, mean7)).squeeze()


@wrong("shape")
def at_least_one_axis(images, mean3, mean7):
    """A single picture got a row of one answer. It has no leading axes, so its answer has none
    either: its shape is `()`."""
    return (mnist_distance(images, mean3) < mnist_distance(images, mean7)).reshape(-1)


@wrong("value", "in_place")
def subtracted_in_place(images, mean3, mean7):
    """`images -= mean3` changes the caller's pictures, and then `mean7` is subtracted from what is
    left. Write `images - mean3`, which makes a new tensor."""
    images -= mean3
    to_3 = images.abs().mean((-1, -2))
    images -= mean7
    return to_3 < images.abs().mean((-1, -2))


@wrong("in_place")
def templates_made_black_and_back(images, mean3, mean7):
    """The pictures were multiplied by 255 in place, to compare whole numbers. The distances keep
    their order, but the caller's pictures are spoiled."""
    images *= 255
    return mnist_distance(images, mean3 * 255) < mnist_distance(images, mean7 * 255)


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device")
def forgot_to_return(images, mean3, mean7):
    """The comparison was made and then forgotten. Without `return`, a function gives `None`,
    whatever it has worked out."""
    mnist_distance(images, mean3) < mnist_distance(images, mean7)  # noqa: B015 (the mistake)


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device")
def text_for_an_answer(images, mean3, mean7):
    """Texts such as "3" are for people. A program wants truth values, which it can count and pick
    pictures with."""
    nearer = (mnist_distance(images, mean3) < mnist_distance(images, mean7)).reshape(-1)
    return ["3" if answer else "7" for answer in nearer]


@wrong("value")
def remembered(images, mean3, mean7, known={}):  # noqa: B006 (the shared dict is the mistake)
    """The first answers for each shape are kept, and given out again for other pictures. A default
    such as `{}` is made only once, and all calls share it."""
    nearer = mnist_distance(images, mean3) < mnist_distance(images, mean7)
    return known.setdefault(images.shape, nearer)


@right
def larger_for_smaller(images, mean3, mean7):
    return mnist_distance(images, mean7) > mnist_distance(images, mean3)


@right
def writes_the_distance_out(images, mean3, mean7):
    to_3 = (images - mean3).abs().mean((-1, -2))
    to_7 = (images - mean7).abs().mean((-1, -2))
    return torch.lt(to_3, to_7)


@right
def total_difference(images, mean3, mean7):
    to_3 = functional.l1_loss(images, mean3.expand_as(images), reduction="none").sum((-1, -2))
    to_7 = functional.l1_loss(images, mean7.expand_as(images), reduction="none").sum((-1, -2))
    return to_3 - to_7 < 0


@right
def both_templates_at_once(images, mean3, mean7):
    distances = mnist_distance(images.unsqueeze(-3), torch.stack([mean3, mean7]))
    return distances[..., 0] < distances[..., 1]


@right
def nearest_of_seven_and_three(images, mean3, mean7):
    distances = torch.stack([mnist_distance(images, mean7), mnist_distance(images, mean3)])
    return distances.argmin(0).bool()


@right
def not_at_least_as_far(images, mean3, mean7):
    return ~(mnist_distance(images, mean3) >= mnist_distance(images, mean7))


@right
def with_a_helper_of_its_own(images, mean3, mean7):
    def distance_to(template):
        return torch.mean(torch.abs(images.double() - template.double()), dim=(-2, -1))

    return distance_to(mean3) < distance_to(mean7)


@right
def where_true_and_false(images, mean3, mean7):
    nearer = mnist_distance(images, mean3) < mnist_distance(images, mean7)
    return torch.where(nearer, True, False)
