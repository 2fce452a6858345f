"""Answers to `accuracy_3_7`: wrong ones by mistake, and right ones in other styles."""

import torch

from autograder.misconceptions.entries import right, wrong
from exercises.classify import is_3
from exercises.distance import mnist_distance


def share(answers):
    return answers.float().mean()


@wrong("value")
def pooled(valid3, valid7, mean3, mean7):
    """The third number counts all pictures in one pot, so the digit with more pictures weighs
    more. The mean of the two shares gives both digits the same weight."""
    right_3s, right_7s = is_3(valid3, mean3, mean7), ~is_3(valid7, mean3, mean7)
    return share(right_3s), share(right_7s), share(torch.cat([right_3s, right_7s]))


@wrong("value")
def forgot_one_minus(valid3, valid7, mean3, mean7):
    """For a 7 the right answer is "not a 3", so its share of Trues is the share of mistakes. Take
    one minus that."""
    on_3s, on_7s = share(is_3(valid3, mean3, mean7)), share(is_3(valid7, mean3, mean7))
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value")
def one_minus_on_the_wrong_set(valid3, valid7, mean3, mean7):
    """One minus was taken for the 3s and not for the 7s. A 3 that is called a 3 is right as it is;
    it's the 7s for which True is a mistake."""
    on_3s, on_7s = 1 - share(is_3(valid3, mean3, mean7)), share(is_3(valid7, mean3, mean7))
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value")
def shares_of_mistakes(valid3, valid7, mean3, mean7):
    """These are the shares of wrong answers, upside down. Accuracy counts the right ones: a 3
    called a 3, a 7 not called a 3."""
    on_3s, on_7s = share(~is_3(valid3, mean3, mean7)), share(is_3(valid7, mean3, mean7))
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value")
def sevens_first(valid3, valid7, mean3, mean7):
    """The 7s come first in this answer. The order is fixed, since nothing but the place says which
    number is which: 3s, 7s, mean."""
    on_3s, on_7s = share(is_3(valid3, mean3, mean7)), share(~is_3(valid7, mean3, mean7))
    return on_7s, on_3s, (on_3s + on_7s) / 2


@wrong("value")
def mean_first(valid3, valid7, mean3, mean7):
    """The mean comes first in this answer. The order is: accuracy on the 3s, on the 7s, and then
    the mean of the two."""
    on_3s, on_7s = share(is_3(valid3, mean3, mean7)), share(~is_3(valid7, mean3, mean7))
    return (on_3s + on_7s) / 2, on_3s, on_7s


@wrong("value")
def templates_exchanged(valid3, valid7, mean3, mean7):
    """The two templates were passed on in the wrong order, so everything near the 7 is called a 3.
    `is_3` takes the ideal 3 first."""
    on_3s, on_7s = share(is_3(valid3, mean7, mean3)), share(~is_3(valid7, mean7, mean3))
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value")
def measured_the_threes_twice(valid3, valid7, mean3, mean7):
    """Both accuracies were measured on the 3s. Copy and paste left `valid3` where `valid7`
    belongs."""
    on_3s, on_7s = share(is_3(valid3, mean3, mean7)), share(~is_3(valid3, mean3, mean7))
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value")
def sum_for_the_mean(valid3, valid7, mean3, mean7):
    """The third number is the sum of the two accuracies, and can be larger than 1. Their mean is
    half of that."""
    on_3s, on_7s = share(is_3(valid3, mean3, mean7)), share(~is_3(valid7, mean3, mean7))
    return on_3s, on_7s, on_3s + on_7s


@wrong("value")
def missing_parentheses(valid3, valid7, mean3, mean7):
    """Division comes before addition, so only the second accuracy was halved. The mean needs
    parentheses: `(x + y) / 2`."""
    on_3s, on_7s = share(is_3(valid3, mean3, mean7)), share(~is_3(valid7, mean3, mean7))
    return on_3s, on_7s, on_3s + on_7s / 2


@wrong("value")
def product_for_the_mean(valid3, valid7, mean3, mean7):
    """The two accuracies were multiplied. That would be the chance to get a 3 and a 7 right one
    after the other; asked for is the mean."""
    on_3s, on_7s = share(is_3(valid3, mean3, mean7)), share(~is_3(valid7, mean3, mean7))
    return on_3s, on_7s, on_3s * on_7s


@wrong("value")
def in_percent(valid3, valid7, mean3, mean7):
    """The accuracies were multiplied by 100. A share runs from 0 to 1; percent are for whoever
    prints it."""
    on_3s, on_7s = 100 * share(is_3(valid3, mean3, mean7)), 100 * share(~is_3(valid7, mean3, mean7))
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value", "dtype")
def counts_for_the_shares(valid3, valid7, mean3, mean7):
    """These are numbers of pictures. A share is the number of right answers divided by the number
    of pictures in the set."""
    on_3s, on_7s = is_3(valid3, mean3, mean7).sum(), (~is_3(valid7, mean3, mean7)).sum()
    return on_3s, on_7s, (on_3s + on_7s) // 2


@wrong("value")
def sizes_written_into_the_code(valid3, valid7, mean3, mean7):
    """1,010 and 1,028 are the sizes of MNIST's validation sets, and other sets have other sizes.
    `len(valid3)` always knows, and a mean counts by itself."""
    on_3s = is_3(valid3, mean3, mean7).sum() / 1010
    on_7s = (~is_3(valid7, mean3, mean7)).sum() / 1028
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value")
def divided_by_the_other_set(valid3, valid7, mean3, mean7):
    """The 7s were divided by the number of 3s. The sets needn't have the same size: each share
    belongs to its own."""
    on_3s = is_3(valid3, mean3, mean7).sum() / len(valid3)
    on_7s = (~is_3(valid7, mean3, mean7)).sum() / len(valid3)
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value", "device")
def figures_of_the_book(valid3, valid7, mean3, mean7):
    """The book's figures were written down instead of computed. They belong to its pictures and
    templates; with others the function has to count again."""
    return torch.tensor(0.9168), torch.tensor(0.9854), torch.tensor(0.9511)


@wrong("value")
def own_templates_from_the_validation_set(valid3, valid7, mean3, mean7):
    """The templates were computed anew, from the very pictures they are tested on. That flatters
    the result: the given templates come from the training pictures."""
    mean3, mean7 = valid3.mean(0), valid7.mean(0)
    on_3s, on_7s = share(is_3(valid3, mean3, mean7)), share(~is_3(valid7, mean3, mean7))
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value")
def squared_differences(valid3, valid7, mean3, mean7):
    """Near was measured with squares here. The accuracies of this unit belong to the L1 distance:
    use `is_3`."""

    def looks_like_a_3(images):
        to_3 = ((images - mean3) ** 2).mean((-1, -2))
        return to_3 < ((images - mean7) ** 2).mean((-1, -2))

    on_3s, on_7s = share(looks_like_a_3(valid3)), share(~looks_like_a_3(valid7))
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value")
def near_enough_to_each_template(valid3, valid7, mean3, mean7):
    """Each set was compared with its own template only, with a limit chosen by hand. A picture
    belongs to the nearer of the two."""
    on_3s = share(mnist_distance(valid3, mean3) < 0.15)
    on_7s = share(mnist_distance(valid7, mean7) < 0.15)
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value", "shape", "type", "device")
def only_the_mean(valid3, valid7, mean3, mean7):
    """Only the last number came back. The two apart tell which digit is the hard one: return all
    three, with commas between them."""
    on_3s, on_7s = share(is_3(valid3, mean3, mean7)), share(~is_3(valid7, mean3, mean7))
    return (on_3s + on_7s) / 2


@wrong("value", "shape")
def forgot_the_mean(valid3, valid7, mean3, mean7):
    """Two numbers came back, and the mean of the two is missing. The function returns three."""
    return share(is_3(valid3, mean3, mean7)), share(~is_3(valid7, mean3, mean7))


@wrong("value", "shape", "dtype", "vectorised", "in_place")
def answers_not_counted(valid3, valid7, mean3, mean7):
    """These are the answers, one for each picture, and not yet counted. The accuracy of a set is
    the mean of its right answers."""
    on_3s, on_7s = is_3(valid3, mean3, mean7), ~is_3(valid7, mean3, mean7)
    return on_3s, on_7s, torch.cat([on_3s, on_7s])


@wrong("value", "shape")
def rows_of_one_number(valid3, valid7, mean3, mean7):
    """Each accuracy is a row of one number, of shape `(1,)`. A mean over all pictures has no axes
    left: its shape is `()`."""
    on_3s = is_3(valid3, mean3, mean7).float().mean(0, keepdim=True)
    on_7s = 1 - is_3(valid7, mean3, mean7).float().mean(0, keepdim=True)
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("type", "device")
def list_for_a_tuple(valid3, valid7, mean3, mean7):
    """The three numbers came back in a list. A fixed number of results, each with its own meaning,
    is a tuple: commas without brackets."""
    on_3s, on_7s = share(is_3(valid3, mean3, mean7)), share(~is_3(valid7, mean3, mean7))
    return [on_3s, on_7s, (on_3s + on_7s) / 2]


@wrong("type", "device")
def one_tensor_of_three(valid3, valid7, mean3, mean7):
    """The three numbers were put into one tensor. They mean different things, so the contract asks
    for a tuple of three."""
    on_3s, on_7s = share(is_3(valid3, mean3, mean7)), share(~is_3(valid7, mean3, mean7))
    return torch.stack([on_3s, on_7s, (on_3s + on_7s) / 2])


@wrong("type", "device")
def python_floats(valid3, valid7, mean3, mean7):
    """`.item()` turns the results into Python numbers. They are right, but they have left their
    device: leave that to whoever prints them."""
    on_3s = is_3(valid3, mean3, mean7).float().mean().item()
    on_7s = 1 - is_3(valid7, mean3, mean7).float().mean().item()
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("device")
def wrapped_again(valid3, valid7, mean3, mean7):
    """`torch.tensor` made new tensors, on the processor, from numbers that had been tensors
    before. Leave out `.item()`, and nothing has to be wrapped."""
    on_3s = is_3(valid3, mean3, mean7).float().mean().item()
    on_7s = 1 - is_3(valid7, mean3, mean7).float().mean().item()
    return torch.tensor(on_3s), torch.tensor(on_7s), torch.tensor((on_3s + on_7s) / 2)


@wrong("device")
def brought_to_the_processor(valid3, valid7, mean3, mean7):
    """`.cpu()` copies the answers away from the GPU to count them. They can be counted where they
    are."""
    on_3s = share(is_3(valid3, mean3, mean7).cpu())
    on_7s = share(~is_3(valid7, mean3, mean7).cpu())
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("vectorised")
def one_picture_at_a_time(valid3, valid7, mean3, mean7):
    """The figures are right, but `is_3` was called once for every picture. It takes the whole set
    and answers for each picture in it."""
    right_3s = torch.stack([is_3(image, mean3, mean7) for image in valid3])
    right_7s = torch.stack([~is_3(image, mean3, mean7) for image in valid7])
    return share(right_3s), share(right_7s), (share(right_3s) + share(right_7s)) / 2


@wrong("vectorised", "device")
def counted_with_if(valid3, valid7, mean3, mean7):
    """The hits were counted in a loop with an `if`. That takes a step for each picture, and every
    `if` fetches a value from the device: the mean of the answers does it at once."""
    right_3s = right_7s = 0
    for answer in is_3(valid3, mean3, mean7):
        if answer:
            right_3s += 1
    for answer in is_3(valid7, mean3, mean7):
        if not answer:
            right_7s += 1
    on_3s = torch.tensor(right_3s / len(valid3))
    on_7s = torch.tensor(right_7s / len(valid7))
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("in_place")
def templates_scaled_in_place(valid3, valid7, mean3, mean7):
    """`*=` multiplies the caller's own pictures and templates by 255. The order of the distances
    stays, but whoever uses them next gets wrong numbers."""
    for tensor in (valid3, valid7, mean3, mean7):
        tensor *= 255
    on_3s, on_7s = share(is_3(valid3, mean3, mean7)), share(~is_3(valid7, mean3, mean7))
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value", "in_place")
def subtracted_in_place(valid3, valid7, mean3, mean7):
    """`-=` changes the caller's pictures, and the second difference is taken from what the first
    one left. Write `valid3 - mean3`, which makes a new tensor."""
    valid3 -= mean3
    to_3 = valid3.abs().mean((-1, -2))
    valid3 -= mean7
    on_3s = share(to_3 < valid3.abs().mean((-1, -2)))
    on_7s = share(~is_3(valid7, mean3, mean7))
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device")
def names_from_the_notebook(valid3, valid7, mean3, mean7):
    """The function uses names of the book's notebook, which don't exist here. Work with the
    arguments: they are the pictures you are asked about."""
    on_3s = share(is_3(valid_3_tens, mean3, mean7))  # noqa: F821 (the unknown name is the mistake)
    on_7s = share(~is_3(valid_7_tens, mean3, mean7))  # noqa: F821 (the same)
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device")
def printed_instead_of_returned(valid3, valid7, mean3, mean7):
    """`print` shows the figures to a person and gives nothing to the program. `return` hands them
    to whoever called."""
    on_3s, on_7s = share(is_3(valid3, mean3, mean7)), share(~is_3(valid7, mean3, mean7))
    print(on_3s, on_7s, (on_3s + on_7s) / 2)


@wrong("value", "shape", "type", "dtype", "vectorised", "in_place", "device")
def mean_of_bools(valid3, valid7, mean3, mean7):
    """PyTorch takes no mean of truth values. `.float()` before the mean turns them into ones and
    zeros."""
    on_3s, on_7s = is_3(valid3, mean3, mean7).mean(), (~is_3(valid7, mean3, mean7)).mean()
    return on_3s, on_7s, (on_3s + on_7s) / 2


@wrong("value")
def remembered(valid3, valid7, mean3, mean7, known={}):  # noqa: B006 (the shared dict is the mistake)
    """The first figures for each size of set are kept, and given out again for other pictures. A
    default such as `{}` is made only once, and all calls share it."""
    on_3s, on_7s = share(is_3(valid3, mean3, mean7)), share(~is_3(valid7, mean3, mean7))
    return known.setdefault((len(valid3), len(valid7)), (on_3s, on_7s, (on_3s + on_7s) / 2))


@right
def shares_of_the_right_answers(valid3, valid7, mean3, mean7):
    on_3s = is_3(valid3, mean3, mean7).float().mean()
    on_7s = 1 - is_3(valid7, mean3, mean7).float().mean()
    return on_3s, on_7s, (on_3s + on_7s) / 2


@right
def writes_the_distances_out(valid3, valid7, mean3, mean7):
    def distances(images):
        return [(images - mean).abs().mean((-1, -2)) for mean in (mean3, mean7)]

    (to_3_of_3s, to_7_of_3s), (to_3_of_7s, to_7_of_7s) = distances(valid3), distances(valid7)
    on_3s = (to_3_of_3s < to_7_of_3s).double().mean()
    on_7s = (to_7_of_7s <= to_3_of_7s).double().mean()
    return on_3s, on_7s, 0.5 * on_3s + 0.5 * on_7s


@right
def counts_and_divides(valid3, valid7, mean3, mean7):
    on_3s = is_3(valid3, mean3, mean7).sum() / len(valid3)
    on_7s = is_3(valid7, mean3, mean7).logical_not().sum() / len(valid7)
    return on_3s, on_7s, torch.stack([on_3s, on_7s]).mean()


@right
def unbinds_one_tensor(valid3, valid7, mean3, mean7):
    both = torch.stack([share(is_3(valid3, mean3, mean7)), share(~is_3(valid7, mean3, mean7))])
    return torch.cat([both, both.mean().reshape(1)]).unbind()


@right
def compares_with_targets(valid3, valid7, mean3, mean7):
    def accuracy_of(images, target):
        answers = is_3(images, mean3, mean7)
        return (answers == torch.full_like(answers, target)).float().mean()

    accuracies = accuracy_of(valid3, True), accuracy_of(valid7, False)
    return (*accuracies, sum(accuracies) / 2)


@right
def measures_both_sets_together(valid3, valid7, mean3, mean7):
    answers = is_3(torch.cat([valid3, valid7]), mean3, mean7)
    right_3s, wrong_7s = answers.split([len(valid3), len(valid7)])
    on_3s, on_7s = share(right_3s), share(~wrong_7s)
    return on_3s, on_7s, torch.lerp(on_3s, on_7s, 0.5)
