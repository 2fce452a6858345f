"""The fixtures of public and hidden tests, in a real run of pytest on a small file."""

import pytest

from autograder.comparing import fixtures
from autograder.comparing.fixtures import BENCH, function_fixtures
from tests.comparing.answers import fixture

pytest_plugins = ["pytester"]


class Bench:
    """The least that a run of tests needs."""

    def __init__(self, seed=0):
        self.seed = seed

    def pytest_configure(self, config):
        config.stash[BENCH] = self

    def function(self, name, request):
        return fixture(lambda tensor: tensor.dim() if name == "rank" else tensor, name)


@pytest.fixture
def run(pytester, monkeypatch):
    """Run pytest on a test file; gives the number of tests that passed and failed."""

    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run_file(text, seed=0):
        # A name that no suite has: pytest takes a module that is loaded already as it is.
        file = pytester.makepyfile(test_on_the_bench=text)
        plugins = [Bench(seed), fixtures, function_fixtures(["rank", "is_3"])]
        options = ["-q", "--import-mode=importlib", "-p", "no:cacheprovider"]
        result = pytester.inline_run(file, *options, plugins=plugins)
        passed, skipped, failed = result.countoutcomes()
        assert skipped == 0
        return passed, failed

    return run_file


def test_a_function_is_a_fixture_of_its_own_name(run):
    text = """
        import torch

        def test_right(rank, expect):
            expect.value(rank(torch.ones(2, 3)), 2)

        def test_wrong(rank, expect):
            expect.value(rank(torch.ones(2, 3)), 3)

        def test_other(is_3):
            assert is_3.__name__ == "is_3"
    """
    assert run(text) == (2, 1)


def test_expect_knows_what_was_called(run):
    text = """
        import pytest, torch

        def test_words(rank, expect):
            with pytest.raises(AssertionError) as caught:
                expect.value(rank(torch.ones(2, 3)), 3)
            assert caught.value.message.called == "rank(float32 (2, 3))"
    """
    assert run(text) == (1, 0)


def test_cases_are_drawn_from_the_seed_and_the_tests_own_name(run):
    text = """
        import pytest

        drawn = {{}}

        @pytest.mark.parametrize("case", [1, 2])
        def test_each_case(draw, case):
            drawn[case] = draw.images(5, 5).tolist()

        def test_another(draw):
            drawn[3] = draw.images(5, 5).tolist()

        def test_the_same(draw):
            from pathlib import Path
            assert drawn[1] != drawn[2] != drawn[3] != drawn[1]
            file = Path({0!r})
            before = file.read_text() if file.exists() else None
            file.write_text(str(drawn))
            assert (before == str(drawn)) is {1}
    """
    assert run(text.format("drawn.txt", False)) == (4, 0)
    assert run(text.format("drawn.txt", True)) == (4, 0)
    assert run(text.format("drawn.txt", False), seed=1) == (4, 0)


def test_real_digits_and_a_copy_for_each_test(run):
    text = """
        import pytest, torch

        @pytest.mark.parametrize("time", [1, 2])
        def test_digits(threes, sevens, valid3, valid7, mean3, mean7, time):
            shapes = [tuple(t.shape) for t in (threes, sevens, valid3, valid7, mean3, mean7)]
            assert shapes == [
                (6131, 28, 28), (6265, 28, 28), (1010, 28, 28), (1028, 28, 28), (28, 28), (28, 28)
            ]
            for tensor in (threes, sevens, valid3, valid7, mean3, mean7):
                assert tensor.dtype == torch.float32
                assert 0 <= tensor.min() < tensor.max() <= 1
                tensor.zero_()

        def test_ideal(threes, mean3, mean7):
            assert torch.allclose(mean3, threes.mean(0))
            assert not torch.allclose(mean3, mean7)
    """
    assert run(text) == (3, 0)


def test_function_fixtures_are_one_for_each_name():
    plugin = function_fixtures(["rank", "accuracy"])
    assert {"rank", "accuracy"} <= vars(plugin).keys()
    assert not hasattr(plugin, "is_3")
