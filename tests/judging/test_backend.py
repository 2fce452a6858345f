"""One real submission that does everything wrong that a process can do; each costs only itself."""

import pytest
import torch

from autograder.course import load_course
from autograder.intake.submission import Source, Submission
from autograder.judging.backend import WorkerBackend
from autograder.judging.layout import NOTEBOOK, find_layout

COURSE = load_course()

FILES = {
    "helpers": "HALF = 0.5\n",
    "stacking": "import os\n\ndef stack_images(images):\n    os._exit(3)\n",
    "shapes": """\
import sys
import torch
from helpers import HALF
from exercises.templates import mean_template

calls = []

def rank(tensor):
    print("x" * 10_000_000)
    print("to stderr", file=sys.stderr)
    calls.append(1)
    return len(calls)

def check_image_stack(tensor):
    raise KeyError("which one?")
""",
    "templates": """\
def mean_template(stack):
    while True:
        pass
""",
    "distance": "import nothing_like_this\n",
    "classify": """\
import distance
from exercises.distance import mnist_distance as dist

def is_3(images, mean3, mean7):
    return dist(images, mean3) < distance.mnist_distance(images, mean7)
""",
    "metrics": """\
import torch
torch.Tensor.mean = lambda self, *axes: 42

def accuracy(predictions, targets):
    input("your answer? ")

accuracy_3_7 = "no function"
""",
}


@pytest.fixture(scope="module")
def backend(server):
    sources = tuple(Source(name, (text,), f"{name}.py") for name, text in FILES.items())
    submission = Submission("anna", sources, (), (), None, "")
    layout = find_layout(submission, COURSE)
    with WorkerBackend(submission, layout, COURSE, server, seconds=5.0) as backend:
        yield backend


def call(backend, name, *args, watch="nothing"):
    return backend.call(name, args, {}, watch)


def test_a_process_that_ends_itself_is_renewed(backend):
    lost = call(backend, "stack_images", [torch.zeros(2, 2, dtype=torch.uint8)])
    assert lost.lost == "its process ended itself (exit code 3)"
    assert call(backend, "rank", torch.zeros(2)).value == 1


def test_prints_stay_out_of_the_way_and_state_lives_between_calls(backend):
    first = call(backend, "rank", torch.zeros(2)).value
    assert call(backend, "rank", torch.zeros(2)).value == first + 1


def test_an_exception_is_described_with_its_line(backend):
    raised = call(backend, "check_image_stack", torch.zeros(2)).raised
    assert raised.types[:2] == ("KeyError", "LookupError")
    assert raised.where == "shapes.py line 15"


def test_an_endless_loop_ends_at_the_limit_and_is_given_up_after_two(backend):
    first, second, third = (call(backend, "mean_template", torch.zeros(1, 2, 2)) for _ in range(3))
    assert first.timed_out
    assert second.timed_out
    assert third.lost.startswith("not tried again")


def test_a_module_that_raises_fails_its_functions_alone(backend):
    raised = call(backend, "mnist_distance", torch.zeros(2, 2), torch.zeros(2, 2)).raised
    assert raised.types[0] == "ModuleNotFoundError"
    assert backend.notes == [
        (
            "distance.py could not be imported, so nothing in it could be called: it raised "
            "ModuleNotFoundError: No module named 'nothing_like_this' (distance.py line 1)."
        )
    ]


def test_a_later_function_stands_on_right_versions_of_what_failed(backend):
    backend.stand_on("is_3", frozenset({"mnist_distance", "mean_template"}))
    three, seven = torch.ones(2, 2), torch.zeros(2, 2)
    outcome = call(backend, "is_3", three, three, seven)
    assert outcome.value == torch.tensor(True)


def sources(**texts):
    return tuple(Source(name, (text,), f"{name}.py") for name, text in texts.items())


WRONG = "def mnist_distance(a, b):\n    return 0 * a.sum((-1, -2))\n"
IS_3 = (
    "def is_3(x, three, seven):\n    return mnist_distance(x, three) < mnist_distance(x, seven)\n"
)


@pytest.mark.parametrize(
    "files",
    [
        sources(classify=WRONG + "distance = mnist_distance\n" + IS_3.replace("mnist_", "")),
        sources(distance=WRONG, classify=WRONG + IS_3),
        sources(
            helpers=WRONG,
            distance="from helpers import mnist_distance",
            classify="from helpers import mnist_distance\n" + IS_3,
        ),
        sources(
            distance=WRONG,
            helpers="def mnist_distance(a): return a.sum()",
            classify="from helpers import mnist_distance as ink\n"
            "import distance as d\n" + IS_3.replace("mnist_", "ink(x) > 0 and d.mnist_"),
        ),
    ],
    ids=["its own alias", "a copy", "where the wrong one comes from", "a helper of that name"],
)
def test_a_mistake_costs_once_wherever_the_wrong_function_is_bound(server, files):
    submission = Submission("anna", files, (), (), None, "")
    with WorkerBackend(submission, find_layout(submission, COURSE), COURSE, server) as backend:
        backend.stand_on("is_3", frozenset({"mnist_distance"}))
        three, seven = torch.ones(2, 2), torch.zeros(2, 2)
        assert call(backend, "is_3", three, three, seven).value == torch.tensor(True)


def test_reading_the_keyboard_finds_its_end(backend):
    backend.stand_on("accuracy", frozenset())
    assert call(backend, "accuracy", torch.ones(1), torch.ones(1)).raised.types[0] == "EOFError"


def test_what_is_no_function_can_not_be_called(backend):
    raised = call(backend, "accuracy_3_7", *[torch.ones(1, 2, 2)] * 4).raised
    assert raised.types[0] == "TypeError"


def test_a_worker_sees_no_secret_and_nothing_of_the_instructors(server):
    code = """\
import os
import sys

def rank(tensor):
    seen = []
    for name in ("autograder.hidden", "autograder.judging", "autograder.mnist", "solutions"):
        try:
            __import__(name)
            seen.append(name)
        except ImportError:
            pass
    return [seen, [k for k in os.environ if "SECRET" in k], [p for p in sys.path if not p]]
"""
    submission = Submission("eve", (Source("shapes", (code,), "shapes.py"),), (), (), None, "")
    with WorkerBackend(submission, find_layout(submission, COURSE), COURSE, server) as backend:
        assert call(backend, "rank", torch.zeros(2)).value == [[], [], []]


def test_two_workers_agree_on_the_order_of_a_set(server):
    code = "def rank(tensor):\n    return str(set('abcdefgh'))\n"
    submission = Submission("anna", (Source("shapes", (code,), "shapes.py"),), (), (), None, "")
    orders = set()
    for _ in range(2):
        with WorkerBackend(submission, find_layout(submission, COURSE), COURSE, server) as backend:
            orders.add(call(backend, "rank", torch.zeros(2)).value)
    assert len(orders) == 1


def test_a_notebook_that_never_ends_still_has_its_functions(server):
    cells = (
        "def rank(tensor):\n    return tensor.dim()",
        "raise RuntimeError('a demonstration')",
        "import os\nos._exit(0)",
        "from exercises.shapes import rank as counted\nmean_template = lambda stack: stack.mean(0)",
    )
    submission = Submission("n", (Source(NOTEBOOK, cells, "n.ipynb"),), (), (), None, "")
    with WorkerBackend(submission, find_layout(submission, COURSE), COURSE, server) as backend:
        assert call(backend, "rank", torch.zeros(2)).value == 1
        assert call(backend, "mean_template", torch.ones(1, 2, 2)).value.shape == (2, 2)
    assert "only its functions and imports were taken" in backend.notes[0]
