"""What a fork server imports, and what it puts off until somebody needs it."""

import subprocess
import sys

import pytest

WARM = "from autograder.worker.startup import warm_up\nwarm_up()\nimport sys, torch\n"


def warm(code):
    """What ``code`` prints in a process like a fork server's."""
    done = subprocess.run([sys.executable, "-c", WARM + code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_operations_on_meta_do_not_import_the_compiler():
    code = """
picture = torch.ones(5, 28, 28, device="meta")
(-picture + picture[0]).abs().mean((-1, -2)).sqrt()
torch.where(picture < 1, picture, 0 * picture).max()
torch.nn.functional.mse_loss(picture, picture)
print(*[name for name in sys.modules if name.startswith("torch._dynamo.")])
"""
    assert warm(code) == []


def test_whoever_asks_the_compiler_for_more_gets_the_real_one():
    code = """
print(torch._dynamo.config.__name__, torch._dynamo.__file__.endswith("__init__.py"))
print(sys.modules["torch._dynamo"] is torch._dynamo)
"""
    assert warm(code) == ["torch._dynamo.config", "True", "True"]


def test_a_name_that_the_compiler_lacks_is_an_attribute_error():
    code = """
try:
    torch._dynamo.nothing_like_this
except AttributeError as error:
    print(type(error).__name__)
"""
    assert warm(code) == ["AttributeError"]


@pytest.mark.xfail(strict=True, reason="a module below torch._dynamo is not found")
def test_a_module_of_the_compiler_can_be_imported():
    code = """
import torch._dynamo.config
print(sys.modules["torch._dynamo.config"] is torch._dynamo.config)
"""
    assert warm(code) == ["True"]


@pytest.mark.xfail(strict=True, reason="a module below torch._dynamo is not found")
def test_a_function_can_be_compiled():
    code = """
double = torch.compile(lambda a: a + a, backend="eager")
print(double(torch.ones(1)).item())
"""
    assert warm(code) == ["2.0"]


def test_one_thread_and_the_same_numbers_in_every_worker():
    code = """
import numpy
print(torch.get_num_threads(), torch.initial_seed(), numpy.random.rand(), torch.rand(1).item())
"""
    once = warm(code)
    assert once[:2] == ["1", "0"]
    assert warm(code) == once
