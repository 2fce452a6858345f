"""What a fork server imports, and what it puts off until somebody needs it."""

import json
import subprocess
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("grading needs Linux or macOS", allow_module_level=True)

# As a fork server does: warm up once, and do everything else in forked children.
SERVER = """
from autograder.worker.startup import warm_up
warm_up()
import json, os, sys, torch
print("ready", flush=True)
for line in sys.stdin:
    if os.fork() == 0:
        try:
            exec(json.loads(line))
        except BaseException as error:
            print(type(error).__name__, error)
        print("end", flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def warm():
    """Says what some code prints, in words, when it runs in a child of a warm process."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", SERVER], **pipes) as process:
        assert process.stdout.readline() == "ready\n"

        def said(code):
            print(json.dumps(code), file=process.stdin, flush=True)
            lines = iter(process.stdout.readline, "end\n")
            return " ".join(lines).split()

        yield said
        process.stdin.close()


def test_operations_on_meta_do_not_import_the_compiler(warm):
    code = """
picture = torch.ones(5, 28, 28, device="meta")
(-picture + picture[0]).abs().mean((-1, -2)).sqrt()
torch.where(picture < 1, picture, 0 * picture).max()
torch.nn.functional.mse_loss(picture, picture)
print(*[name for name in sys.modules if name.startswith("torch._dynamo.")])
"""
    assert warm(code) == []


def test_whoever_asks_the_compiler_for_more_gets_the_real_one(warm):
    code = """
print(torch._dynamo.config.__name__, torch._dynamo.__file__.endswith("__init__.py"))
print(sys.modules["torch._dynamo"] is torch._dynamo)
"""
    assert warm(code) == ["torch._dynamo.config", "True", "True"]


def test_a_module_of_the_compiler_can_be_imported(warm):
    code = """
import torch._dynamo.config
print(sys.modules["torch._dynamo.config"] is torch._dynamo.config)
"""
    assert warm(code) == ["True"]


def test_a_function_can_be_compiled(warm):
    code = """
double = torch.compile(lambda a: a + a, backend="eager")
print(double(torch.ones(1)).item())
"""
    assert warm(code) == ["2.0"]


def test_what_the_compiler_lacks_is_missing_as_anywhere(warm):
    code = """
for line in ("torch._dynamo.nothing_like_this", "import torch._dynamo.nothing_like_this"):
    try:
        exec(line)
    except Exception as error:
        print(type(error).__name__)
"""
    assert warm(code) == ["AttributeError", "ModuleNotFoundError"]


def test_one_thread_and_the_same_numbers_in_every_worker(warm):
    code = """
import numpy
print(torch.get_num_threads(), torch.initial_seed(), numpy.random.rand(), torch.rand(1).item())
"""
    once = warm(code)
    assert once[:2] == ["1", "0"]
    assert warm(code) == once
