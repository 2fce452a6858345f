import pytest
import torch


def digits_with_mistakes(draw, count, mistakes):
    """Digits, and predictions of which exactly so many are mistaken, and not just by one."""
    targets = draw.integers(count)
    wrong = torch.tensor(draw.shuffled([3] * mistakes + [0] * (count - mistakes)))
    return (targets + wrong) % 10, targets


def flags_with_mistakes(draw, count, mistakes):
    """The same with truth values: as many True as False, but for one."""
    targets = torch.tensor(draw.shuffled([i % 2 == 0 for i in range(count)]))
    wrong = torch.tensor(draw.shuffled([i < mistakes for i in range(count)]))
    return targets ^ wrong, targets


def opposite_templates(draw, height, width):
    """Two templates, one bright where the other is dark, in a pattern of the run's own."""
    pattern = draw.flags(height, width)
    bright, dark = 0.75 + draw.images(height, width) / 4, draw.images(height, width) / 4
    return torch.where(pattern, bright, dark), torch.where(pattern, dark, bright)


def pictures_like(draw, template, right, mistaken_for=None, mistakes=0):
    """Pictures within 1/8 of the template in every pixel, and some that look like the other."""
    kinds = draw.shuffled([template] * right + [mistaken_for] * mistakes)
    return torch.stack([kind + (draw.images(*kind.shape) - kind) / 8 for kind in kinds])


def validation_sets(draw, count3, count7, size=(28, 28)):
    """Arguments for `accuracy_3_7`, with one mistaken 3 and four mistaken 7s."""
    mean3, mean7 = opposite_templates(draw, *size)
    valid3 = pictures_like(draw, mean3, count3 - 1, mean7, 1)
    valid7 = pictures_like(draw, mean7, count7 - 4, mean3, 4)
    return valid3, valid7, mean3, mean7


def accuracies(valid3, valid7, mean3, mean7):
    def share_of_threes(images):
        to_3, to_7 = ((images - mean).abs().mean((-1, -2)) for mean in (mean3, mean7))
        return (to_3 < to_7).float().mean()

    on_3s, on_7s = share_of_threes(valid3), 1 - share_of_threes(valid7)
    return on_3s, on_7s, (on_3s + on_7s) / 2


@pytest.mark.rule("value", points=0.5)
def test_truth_values(accuracy, draw, expect):
    """The accuracy is the share of answers that are right

    An answer is right when it agrees with the target, and agreeing on False counts as much as
    agreeing on True.
    """
    expect.value(accuracy(*flags_with_mistakes(draw, 13, 3)), 10 / 13)


@pytest.mark.rule("value", points=0.5)
def test_whole_numbers(accuracy, draw, expect):
    """Digits are right or wrong, not nearly right

    To take a 3 for a 4 is as wrong as to take it for a 9. Only equality counts, not the size of
    the difference.
    """
    expect.value(accuracy(*digits_with_mistakes(draw, 17, 5)), 12 / 17)


@pytest.mark.rule("value", points=0.5)
def test_one_of_each(accuracy, draw, expect):
    """Truth values can be compared with the labels 0 and 1

    True counts as 1 and False as 0, whichever side they are on.
    """
    predictions, targets = flags_with_mistakes(draw, 19, 4)
    expect.value(accuracy(predictions, targets.long()), 15 / 19)
    expect.value(accuracy(predictions.long(), targets), 15 / 19)


@pytest.mark.rule("value", points=0.5)
def test_table_of_answers(accuracy, draw, expect):
    """In a table of answers, every answer counts

    The share is taken over all elements. The length of a tensor is the size of its first axis only.
    """
    predictions, targets = digits_with_mistakes(draw, 42, 9)
    expect.value(accuracy(predictions.view(6, 7), targets.view(6, 7)), 33 / 42)


@pytest.mark.rule("value", points=0.5)
def test_called_again(accuracy, draw, expect):
    """Each set of answers gets its own accuracy

    It may be anything from 0, all wrong, to 1, all right.
    """
    for mistakes in draw.shuffled([0, 2, 11]):
        predictions, targets = digits_with_mistakes(draw, 11, mistakes)
        expect.value(accuracy(predictions, targets), (11 - mistakes) / 11)


@pytest.mark.rule("shape", points=0.5)
def test_one_number(accuracy, draw, expect):
    """One number without axes, whatever the shape of the answers

    All axes go: those of a table, that of a row of one, and a single answer without axes has none
    to begin with.
    """
    for shape in draw.shuffled([(5, 6), (1,), (), (2, 3, 4)]):
        predictions = draw.integers(*shape)
        expect.shape(accuracy(predictions, draw.integers(*shape)), ())


@pytest.mark.rule("type", points=0.5)
def test_tensor(accuracy, draw, expect):
    """The accuracy is a PyTorch tensor

    `.item()` and `float` make a Python number of it. That is for whoever prints it.
    """
    expect.type(accuracy(*digits_with_mistakes(draw, 21, 6)), torch.Tensor)


@pytest.mark.rule("dtype", points=0.5)
def test_floating(accuracy, draw, expect):
    """A share is a floating number

    A count is whole, and a share lies between 0 and 1. That needs a floating dtype.
    """
    expect.floating(accuracy(*digits_with_mistakes(draw, 23, 6)))


@pytest.mark.rule("vectorised", points=0.5)
def test_no_loop(accuracy, draw, expect):
    """All answers are compared at once

    `==` on two tensors compares every element in one go. Python's own `sum` and `zip` visit them
    one by one.
    """
    expect.vectorised(accuracy, lambda n: digits_with_mistakes(draw, n, 1))


@pytest.mark.rule("in_place", points=0.5)
def test_answers_stay_as_they_are(accuracy, draw, expect):
    """Predictions and targets stay as they are

    A metric only looks. Functions whose name ends in an underscore, such as `eq_`, write their
    result into the first tensor.
    """
    expect.unchanged(accuracy, *digits_with_mistakes(draw, 25, 6))


@pytest.mark.rule("device", points=0.5)
def test_device(accuracy, draw, expect):
    """The accuracy stays on the device of the answers

    Every `.item()` and every `if` on a value makes a GPU stop and send that value over.
    """
    expect.on_device(accuracy, *digits_with_mistakes(draw, 27, 6))


@pytest.mark.rule("errors", points=0.5)
def test_column_against_row(accuracy, draw, expect):
    """A column against a row is refused

    Broadcasting would compare every prediction with every target: N times N pairs, and a number
    that looks like an accuracy.
    """
    predictions, targets = digits_with_mistakes(draw, 29, 6)
    accuracy(predictions, targets)
    expect.raises(ValueError, accuracy, predictions[:, None], targets)
    expect.raises(ValueError, accuracy, predictions, targets[:, None])


@pytest.mark.rule("errors", points=0.5)
def test_other_length(accuracy, draw, expect):
    """A different number of answers is refused with a ValueError

    PyTorch stops here by itself, but with a RuntimeError about broadcasting. Say what is wrong
    before it does.
    """
    predictions, targets = digits_with_mistakes(draw, 31, 6)
    accuracy(predictions, targets)
    expect.raises(ValueError, accuracy, predictions, targets[:-1])


@pytest.mark.rule("errors", points=0.5)
def test_shapes_that_broadcast(accuracy, draw, expect):
    """Shapes that broadcast are refused like all unequal ones

    A single target, or a table with one row, would be stretched to fit. Unequal is unequal.
    """
    predictions, targets = (answers.view(3, 11) for answers in digits_with_mistakes(draw, 33, 6))
    accuracy(predictions, targets)
    unequal = [
        (predictions[0], targets[0, 0]),
        (predictions[0, :1], targets[0]),
        (predictions, targets[:1]),
        (predictions, targets[:, :1]),
    ]
    for one, other in draw.shuffled(unequal):
        expect.raises(ValueError, accuracy, one, other)


@pytest.mark.rule("value", points=1)
def test_real_digits(accuracy_3_7, valid3, valid7, mean3, mean7, expect):
    """The book's figures on the real validation pictures

    With the L1 distance and the templates of all training pictures, 926 of the 1,010 threes and
    1,013 of the 1,028 sevens come out right.
    """
    expected = accuracies(valid3, valid7, mean3, mean7)
    expect.value(accuracy_3_7(valid3, valid7, mean3, mean7), expected)


@pytest.mark.rule("value", points=1)
def test_unequal_sets(accuracy_3_7, draw, expect):
    """The 3s, the 7s, and the mean of the two: both digits weigh the same

    For a 7 the right answer is "not a 3". The third number is the mean of two shares, not the share
    of all pictures in one pot, where the larger set would count for more.
    """
    sets = validation_sets(draw, draw.number(10, 12), draw.number(15, 20), draw.size())
    expected = accuracies(*sets)
    expect.value(accuracy_3_7(*sets), expected)


@pytest.mark.rule("value", points=0.5)
def test_as_many_pictures_as_rows(accuracy_3_7, draw, expect):
    """Pictures are counted, not rows

    With 28 pictures of 28 by 28, only the values tell whether the pictures were kept apart.
    """
    sets = validation_sets(draw, 28, 28)
    expected = accuracies(*sets)
    expect.value(accuracy_3_7(*sets), expected)


@pytest.mark.rule("value", points=0.5)
def test_called_again_with_other_sets(accuracy_3_7, draw, expect):
    """Each pair of sets gets its own figures

    Other pictures or other templates, other figures. Nothing about the real digits can be written
    into the function.
    """
    size = draw.size()
    for sets in draw.shuffled([validation_sets(draw, 13, 21, size) for _ in range(2)]):
        turned_round = (*sets[:2], sets[3], sets[2])
        for arguments in draw.shuffled([sets, turned_round]):
            expected = accuracies(*arguments)
            expect.value(accuracy_3_7(*arguments), expected)


@pytest.mark.rule("shape", points=0.5)
def test_three_numbers(accuracy_3_7, draw, expect):
    """Three numbers without axes, even for sets of one picture

    A mean over all pictures of a set leaves no axis, however many there were.
    """
    mean3, mean7 = opposite_templates(draw, *draw.size())
    ones = [pictures_like(draw, mean, 1) for mean in (mean3, mean7)]
    expect.shape(accuracy_3_7(*ones, mean3, mean7), (3,))
    several = [pictures_like(draw, mean, 5) for mean in (mean3, mean7)]
    expect.shape(accuracy_3_7(*several, mean3, mean7), (3,))


@pytest.mark.rule("type", points=0.5)
def test_tuple_of_tensors(accuracy_3_7, draw, expect):
    """A tuple of three tensors comes back

    Three results with commas between them are a tuple, and each accuracy is a tensor already.
    """
    expect.type(accuracy_3_7(*validation_sets(draw, 6, 10)), tuple)


@pytest.mark.rule("dtype", points=0.5)
def test_three_shares(accuracy_3_7, draw, expect):
    """All three are floating numbers

    Shares lie between 0 and 1. Counts are whole numbers and depend on the size of the set.
    """
    expect.floating(accuracy_3_7(*validation_sets(draw, 7, 10)))


@pytest.mark.rule("vectorised", points=0.5)
def test_sets_at_once(accuracy_3_7, draw, expect):
    """Each set is measured at once, not picture by picture

    `is_3` takes a whole batch and gives one truth value for each picture; their mean is the share.
    """

    def sets_and_templates(n):
        mean3, mean7 = opposite_templates(draw, 3, 4)
        return pictures_like(draw, mean3, n), pictures_like(draw, mean7, n), mean3, mean7

    expect.vectorised(accuracy_3_7, sets_and_templates)


@pytest.mark.rule("in_place", points=0.5)
def test_sets_stay_as_they_are(accuracy_3_7, draw, expect):
    """Sets and templates stay as they are

    You want to measure the next model on the same pictures, or the figures cannot be compared.
    """
    expect.unchanged(accuracy_3_7, *validation_sets(draw, 8, 10))


@pytest.mark.rule("device", points=0.5)
def test_device_of_the_sets(accuracy_3_7, draw, expect):
    """All three figures stay on the device of the pictures

    Three tensors without axes stay on a GPU as well as any other. Numbers of your own, made with
    `torch.tensor`, do not.
    """
    expect.on_device(accuracy_3_7, *validation_sets(draw, 9, 10), kind=tuple)
