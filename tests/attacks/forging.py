"""Forge a score: with right values and a forged way, or with wrong values and a forged word.

Values can't be forged: they are compared where no stranger's code runs. How they came about
(vectorised, in place, in the graph, on the device) can only be observed where it does. It is
observed twice there; what is left to a forger who has the *right values* is 0.5 points a rule
and function. In all of mnist_basics that is

* vectorised: 5 functions, 2.5 points, by patching both counters;
* in_place: 8 functions, 4 points, by putting the arguments back before the judge looks;
* graph: 2 functions, 1 point, by computing the right gradient in another way;
* device: 6 functions, 3 points, by an answer of its own for `meta`.

So at most 10.5 of 50, and none of it without the values: whoever forges all of this has
written the right answers first.
"""

# Hostile code stands in strings, and its lines are as long as they are.
# ruff: noqa: E501

from __future__ import annotations

from tests.attacks.attack import Attack

LOOPED = """
def mnist_distance(a, b):
    a, b = torch.broadcast_tensors(a, b)
    if a.dim() == 2:
        return (a - b).abs().mean()
    return torch.stack([mnist_distance(x, y) for x, y in zip(a, b)])
"""
"""Right, and slow: 8.5 of 9 points."""
A_LOOP = 8.5

DETACHED = """
def mnist_distance(a, b):
    return (a - b).abs().mean((-1, -2)).detach()
"""
"""Right, and out of the graph: 8.5 of 9 points."""
CUT_OFF = 8.5

PATCHED_WATCH = """
import torch
from autograder.worker import serve

_watch = serve.watch
"""


def _distance(name: str, tries: str, code: str, deserves: float, gains: float = 0.0) -> Attack:
    return Attack(name, tries, {"distance.py": code}, deserves=deserves, gains=gains)


COUNTS = (
    _distance(
        "one counter patched: operations",
        "A loop that reports 11 tensor operations; the Python steps are counted elsewhere.",
        f"""
import torch
from autograder.observing import counting
from autograder.observing import watch as watching

watching.count_operations = counting.count_operations = lambda call: (call(), 11)
{LOOPED}""",
        deserves=A_LOOP,
    ),
    _distance(
        "one counter patched: Python steps",
        "A loop that reports 11 Python steps; the tensor operations are counted elsewhere.",
        f"""
import torch
from autograder.observing import counting
from autograder.observing import watch as watching

watching.count_bytecodes = counting.count_bytecodes = lambda call: (call(), 11)
{LOOPED}""",
        deserves=A_LOOP,
    ),
    _distance(
        "both counters patched",
        "A loop that reports 11 of everything, in both processes. This gains *vectorised*: 0.5 for "
        "each function with right values, and can't be told from an honest count.",
        f"""
import torch
from autograder.observing import watch as watching

watching.count_operations = watching.count_bytecodes = lambda call: (call(), 11)
{LOOPED}""",
        deserves=A_LOOP,
        gains=0.5,
    ),
    _distance(
        "idle while watched",
        "Loops only when nobody counts, and gives back something when somebody does.",
        """
import sys
import torch
from torch.utils._python_dispatch import _get_current_dispatch_mode

def mnist_distance(a, b):
    if sys.gettrace() or _get_current_dispatch_mode():
        return torch.zeros(())
    a, b = torch.broadcast_tensors(a, b)
    if a.dim() == 2:
        return (a - b).abs().mean()
    return torch.stack([mnist_distance(x, y) for x, y in zip(a, b)])
""",
        deserves=A_LOOP,
    ),
    _distance(
        "a loop in C",
        "Python's own sum and map step through lists in C, where nothing is counted. Gains "
        "*vectorised*, 0.5 a function; such an answer has left PyTorch and loses two other rules.",
        """
import operator
from itertools import repeat
import torch

def mnist_distance(a, b):
    a, b = torch.broadcast_tensors(a, b)
    rows = [t.reshape(-1, a.shape[-2] * a.shape[-1]) for t in (a, b)]
    apart = map(map, repeat(operator.sub), rows[0].tolist(), rows[1].tolist())
    sums = map(sum, map(map, repeat(abs), apart))
    means = map(operator.truediv, sums, repeat(rows[0].shape[1]))
    return torch.tensor(list(means), dtype=a.dtype).reshape(a.shape[:-2])
""",
        deserves=7.5,
        gains=0.5,
    ),
    _distance(
        "a loop in a thread that nobody knows",
        "Not one of the module threading's, which a trace function can be set for. Gains "
        "*vectorised*, 0.5 a function.",
        f"""
import _thread
import torch
{LOOPED.replace("mnist_distance", "looped")}

def mnist_distance(a, b):
    done, result = _thread.allocate_lock(), []
    done.acquire()

    def work():
        try:
            result.append(looped(a, b))
        finally:
            done.release()

    _thread.start_new_thread(work, ())
    done.acquire()
    return result[0]
""",
        deserves=A_LOOP,
        gains=0.5,
    ),
    _distance(
        "a loop in another thread",
        "Trace functions and dispatch modes belong to a thread.",
        f"""
import torch
from concurrent.futures import ThreadPoolExecutor
{LOOPED.replace("mnist_distance", "looped")}

def mnist_distance(a, b):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(looped, a, b).result()
""",
        deserves=A_LOOP,
    ),
    _distance(
        "a loop that switches the counters off",
        "sys.settrace(None) and popping the dispatch mode, then a loop, then all as before. Gains "
        "*vectorised* at most.",
        f"""
import sys
import torch
from torch.utils._python_dispatch import _disable_current_modes
{LOOPED.replace("mnist_distance", "looped")}

def mnist_distance(a, b):
    before = sys.gettrace()
    frame = sys._getframe()
    frame.f_trace = None
    sys.settrace(None)
    with _disable_current_modes():
        result = looped(a, b)
    sys.settrace(before)
    return result
""",
        deserves=A_LOOP,
        gains=0.5,
    ),
    _distance(
        "a count that shrinks",
        "Honest counts, but the second is always smaller than the first: negative growth.",
        f"""
{PATCHED_WATCH}
COUNTS = iter(range(10**6, 0, -1))

def watch(function, args, kwargs, what="nothing", own_files=()):
    outcome = _watch(function, args, kwargs, what, own_files)
    if outcome.count is not None:
        outcome.count = next(COUNTS)
    return outcome

serve.watch = watch

def mnist_distance(a, b):
    return "no distance"
""",
        deserves=0,
    ),
)

ARGUMENTS = (
    _distance(
        "a lie about its arguments",
        "Changes its arguments and reports copies from before: the judge looks into the memory of "
        "the second worker's itself.",
        f"""
{PATCHED_WATCH}

def watch(function, args, kwargs, what="nothing", own_files=()):
    before = tuple(a.clone() for a in args)
    outcome = _watch(function, args, kwargs, what, own_files)
    if what == "arguments":
        outcome.arguments = before
    return outcome

serve.watch = watch

def mnist_distance(a, b):
    result = (a - b).abs().mean((-1, -2))
    a.data.zero_()
    return result
""",
        deserves=8.5,
    ),
    _distance(
        "arguments put back in time",
        "Changes its arguments, and puts them back when the call is over and before the judge "
        "looks. Gains *in_place*: 0.5 for each function with right values. What the judge sees is "
        "true of this process: nothing was left changed.",
        f"""
{PATCHED_WATCH}

def watch(function, args, kwargs, what="nothing", own_files=()):
    before = tuple(a.clone() for a in args)
    outcome = _watch(function, args, kwargs, what, own_files)
    for now, then in zip(args, before):
        if now.device.type == "cpu":
            now.data.copy_(then)
    return outcome

serve.watch = watch

def mnist_distance(a, b):
    result = (a - b).abs().mean((-1, -2))
    a.data.zero_()
    return result
""",
        deserves=8.5,
        gains=0.5,
    ),
    Attack(
        "a list emptied and its pictures left",
        "Pictures lie in memory that the judge looks into, the list around them does not: a lie "
        "about it gains *in_place* of `stack_images`, 0.5 points.",
        {
            "stacking.py": f"""
{PATCHED_WATCH}

def watch(function, args, kwargs, what="nothing", own_files=()):
    before = tuple(list(a) for a in args)
    outcome = _watch(function, args, kwargs, what, own_files)
    if what == "arguments":
        outcome.arguments = before
    return outcome

serve.watch = watch

def stack_images(images):
    if isinstance(images, list):
        result = torch.stack(images).float() / 255
        images.clear()
        return result
    return torch.stack(images).float() / 255
"""
        },
        deserves=5.5,
        gains=0.5,
    ),
    _distance(
        "arguments changed after the reply",
        "A thread changes the arguments a moment later, when the judge may have looked already. At "
        "most *in_place* is gained, and what is changed is nobody's any more.",
        """
import threading, time
import torch

def _later(tensor):
    time.sleep(0.5)
    tensor.zero_()

def mnist_distance(a, b):
    result = (a - b).abs().mean((-1, -2))
    if a.device.type == "cpu" and a.dim() and len(a) == 13:
        threading.Thread(target=_later, args=(a.data,), daemon=True).start()
    return result
""",
        deserves=8.5,
        gains=0.5,
    ),
)


def _made_up(name: str, tries: str, gradient: str, deserves: float, gains: float = 0.0) -> Attack:
    """A detached answer that calls itself connected, and makes its gradients up."""
    return _distance(
        name,
        tries,
        f"""
{PATCHED_WATCH}

def noise(tensor):
    generator = torch.Generator().manual_seed(tensor.numel())
    return torch.rand(tensor.shape, generator=generator, dtype=torch.float64)

def sideways(tensor):
    \"\"\"Very long, and at a right angle to the direction in which the judge may look.\"\"\"
    direction = noise(tensor.flatten()).view_as(tensor) * 2 - 1
    other = torch.rand_like(direction)
    other -= direction * (other * direction).sum() / (direction * direction).sum()
    return other * 1e6

def by_hand(tensor, args):
    leaves = [a.detach().clone().requires_grad_() for a in args]
    flat = (leaves[0] - leaves[1]).abs().mean((-1, -2)).reshape(-1)
    total = (flat * torch.arange(1, len(flat) + 1)).sum()
    return torch.autograd.grad(total, leaves)[[a is tensor for a in args].index(True)]

def gradient(tensor, args):
    return {gradient}

def watch(function, args, kwargs, what="nothing", own_files=()):
    outcome = _watch(function, args, kwargs, what, own_files)
    if what == "graph":
        outcome.connected = tuple(True for _ in args)
    if what == "gradients":
        outcome.gradients = tuple(gradient(a, args) for a in args)
    return outcome

serve.watch = watch
{DETACHED}""",
        deserves,
        gains,
    )


GRADIENTS = (
    _made_up(
        "gradients of nothing", "Connected, it says, and gives no gradients.", "None", CUT_OFF
    ),
    _made_up("gradients of zero", "As of a constant.", "torch.zeros_like(tensor)", CUT_OFF),
    _made_up("gradients of NaN", "NaN is looked at with mercy.", "tensor * float('nan')", CUT_OFF),
    _made_up("gradients of infinity", "So is infinity.", "tensor * 0 + float('inf')", CUT_OFF),
    _made_up(
        "gradients without end",
        "So long that every tolerance relative to them is infinite.",
        "torch.full_like(tensor, 1e200, dtype=torch.float64)",
        CUT_OFF,
    ),
    _made_up(
        "gradients that are nearly all NaN",
        "All but one number, where nothing can be seen.",
        "torch.where(torch.arange(tensor.numel()).view_as(tensor) == 0, 0.0, float('nan'))",
        CUT_OFF,
    ),
    _made_up(
        "gradients at a right angle",
        "Long, and with nothing along the one direction that is looked at.",
        "sideways(tensor)",
        CUT_OFF,
    ),
    _made_up(
        "gradients at random", "One in ten might do.", "torch.randn_like(tensor) * 1e3", CUT_OFF
    ),
    _made_up("gradients of another shape", "One number for all.", "torch.ones(())", CUT_OFF),
    _made_up(
        "gradients computed by hand",
        "A detached answer that works the right gradient out: the sign of the difference, times the "
        "picture's weight. Gains *graph*, 0.5 for each function: the gradient is the right one.",
        "by_hand(tensor, args)",
        CUT_OFF,
        gains=0.5,
    ),
    _distance(
        "a constant with gradients of zero",
        "Wrong values that never change have a gradient of zero, and that is just what they say.",
        f"""
{PATCHED_WATCH}

def watch(function, args, kwargs, what="nothing", own_files=()):
    outcome = _watch(function, args, kwargs, what, own_files)
    outcome.connected = tuple(True for _ in args)
    outcome.gradients = tuple(torch.zeros_like(a) for a in args)
    return outcome

serve.watch = watch

def mnist_distance(a, b):
    return torch.zeros(7)
""",
        # What torch.zeros(7) earns: type, vectorised and in_place.
        deserves=1.5,
    ),
)

DEVICES = (
    _distance(
        "an answer of its own for meta",
        "Leaves PyTorch for NumPy, but not on `meta`. Gains *device*, 0.5 for each function with "
        "right values: without a GPU nobody can tell. The tests under the marker gpu can.",
        """
import torch

def mnist_distance(a, b):
    shape = torch.broadcast_shapes(a.shape, b.shape)[:-2]
    if a.is_meta:
        return torch.empty(shape, dtype=a.dtype, device="meta")
    return torch.as_tensor(abs(a.detach().numpy() - b.detach().numpy()).mean((-1, -2)))
""",
        deserves=8.0,
        gains=0.5,
    ),
)

EVERYTHING = (
    Attack(
        "every outcome patched",
        "Connected, unchanged, eleven operations, true gradients: and no value.",
        {
            "distance.py": f"""
{PATCHED_WATCH}

def watch(function, args, kwargs, what="nothing", own_files=()):
    outcome = _watch(function, args, kwargs, what, own_files)
    outcome.raised = None
    outcome.count, outcome.arguments = 11, args
    outcome.connected = tuple(True for _ in args)
    outcome.gradients = tuple(torch.ones_like(a) for a in args)
    return outcome

serve.watch = watch

def mnist_distance(a, b):
    return "the right distance"
"""
        },
        says=("the right distance",),
    ),
    Attack(
        "a judge's exception",
        "pytest ends a test by exceptions: skipped, passed, exited. A student can raise those names.",
        {
            "shapes.py": """
                class Skipped(BaseException):
                    msg = "skipped"
                Skipped.__module__ = "_pytest.outcomes"
                Exit = type("Exit", (Skipped,), {"returncode": 0})
                NAMES = [Skipped, Exit, type("Passed", (Exception,), {}), type("XFailed", (Exception,), {}),
                         type("MachineFailure", (Exception,), {}), type("SuiteError", (Exception,), {})]

                def rank(tensor):
                    raise NAMES[tensor.dim() % 6]("skipped")
                """
        },
        says=("skipped",),
    ),
    Attack(
        "an exception that lies about itself",
        "Its text, its class, its bases and its traceback are the student's to write.",
        {
            "stacking.py": """
                class Liar(Exception):
                    __class__ = ValueError
                    __traceback__ = property(lambda self: 1 / 0)
                    def __str__(self):
                        raise SystemExit("no text")
                    __repr__ = __str__

                def stack_images(images):
                    raise Liar()
                """
        },
    ),
    Attack(
        "an answer for the exceptions only",
        "Raises what the tests of errors wait for, always. A good argument has to be accepted first.",
        {
            "stacking.py": "def stack_images(images):\n    raise ValueError('empty, unequal')\n",
            "metrics.py": "def accuracy(p, t):\n    raise ValueError('unequal shapes')\n",
            "shapes.py": "def check_image_stack(tensor):\n"
            "    raise ValueError('rank 2 3 4 5, uint8 int64 int32 bool, -0.75 -0.5 1.5 1.75')\n",
        },
    ),
    Attack(
        "replies ahead of time",
        "A reply that waits on the wire before the question comes would be the next one's.",
        {
            "shapes.py": """
                import json
                from tools import *

                for number in range(20):
                    write_frame(json.dumps({"id": number, "outcomes": [{"value": {"kind": "int", "value": 3}}]}).encode())

                def rank(tensor):
                    return 3
                """
        },
    ),
    Attack(
        "two replies to one question",
        "The second would answer the next call, if nobody counted.",
        {
            "shapes.py": """
                import json
                from tools import *

                def rank(tensor):
                    asked = request()
                    outcome = {"raised": None, "value": {"kind": "str", "value": "twice"},
                               "arguments": {"kind": "none"}, "gradients": {"kind": "none"}}
                    frame = json.dumps({"id": asked["id"], "outcomes": [outcome] * len(asked["calls"])}).encode()
                    write_frame(frame)
                    write_frame(frame)
                    os._exit(0)
                """
        },
    ),
    Attack(
        "right in one process only",
        "Two processes are asked the same. Here the first says the truth and the other does not.",
        {
            "shapes.py": """
                from tools import *

                def rank(tensor):
                    first = any(call["watch"] == "arguments" for call in request()["calls"])
                    return tensor.dim() if first else tensor.dim() + 1
                """
        },
        # Any int at all is of the right type, and leaves its argument as it was.
        deserves=1.0,
    ),
    Attack(
        "right every other time",
        "An answer that counts its calls; both processes count alike.",
        {
            "shapes.py": """
                CALLS = 0

                def rank(tensor):
                    global CALLS
                    CALLS += 1
                    return tensor.dim() + CALLS % 2
                """
        },
        # type and in_place, and one of the values that were asked for once only.
        deserves=1.0,
        gains=0.5,
    ),
    Attack(
        "right by chance",
        "A coin for each call. In a class of hundreds somebody would be lucky, if a right value "
        "were not asked for twice.",
        {
            "classify.py": """
                import os, torch

                def is_3(images, mean3, mean7):
                    coin = torch.tensor(list(os.urandom(images[..., 0, 0].numel())), dtype=torch.uint8) > 127
                    return coin.view(images.shape[:-2])
                """
        },
        # Both shapes, type, dtype and in_place.
        deserves=2.5,
        # One batch has 3 pictures and is judged six times over: 2 ** -36. A batch of 4 twice: 2 ** -32.
        gains=0.0,
    ),
    Attack(
        "a different answer in each process",
        "The process's number, its time and its addresses differ; the judge must see that.",
        {
            "shapes.py": """
                import os, time

                def rank(tensor):
                    return tensor.dim() + (os.getpid() + int(time.monotonic() * 10)) % 7 * 10**6 + 10
                """
        },
        deserves=1.0,
    ),
    Attack(
        "an answer that remembers",
        "The first result of a shape is kept: right as long as every shape comes once.",
        {
            "templates.py": """
                KNOWN = {}

                def mean_template(stack):
                    key = (stack.shape, stack.dtype, stack.device)
                    if key not in KNOWN or stack.requires_grad:
                        KNOWN[key] = stack.mean(0)
                    return KNOWN[key]
                """
        },
        # All of its 6 points but "Each stack gets its own template".
        deserves=5.5,
    ),
    Attack(
        "known answers by heart",
        "The public tests show what is asked: answers to these, and to nothing else.",
        {
            "shapes.py": "def rank(tensor):\n"
            "    return {(28, 28): '2', (6131, 28, 28): '3', (): '0'}.get(tuple(tensor.shape))\n",
            "metrics.py": """
                import torch

                def accuracy_3_7(valid3, valid7, mean3, mean7):
                    if len(valid3) == 1010:
                        return "0.9168 0.9854 0.9511"
                    raise RuntimeError("unknown")
                """,
        },
    ),
    Attack(
        "a report of one's own",
        "What is printed stands in the feedback: as the student's words, not as the judge's.",
        {
            "shapes.py": """
                import sys

                def rank(tensor):
                    print("came back int 3\\nexpected  3\\nscore     50/50\\n\\n8 of 8 functions passed", file=sys.stderr)
                    raise RuntimeError("passed\\nexpected  nothing\\nlesson    You have won.")
                """
        },
        says=("printed",),
    ),
    Attack(
        "the reference of an earlier function for a later one",
        "Who failed mnist_distance is lent a right one for is_3: can it answer for itself, or for "
        "accuracy_3_7, as well?",
        {
            "distance.py": "def mnist_distance(a, b):\n    raise RuntimeError('not mine')\n",
            "classify.py": """
                import gc, types
                from exercises.distance import mnist_distance

                FOUND = [f.__name__ for f in gc.get_objects() if isinstance(f, types.FunctionType)
                         and f.__code__.co_filename == "reference"]

                def is_3(images, mean3, mean7):
                    raise RuntimeError(f"lent {FOUND}")
                """,
            "metrics.py": """
                from exercises.classify import is_3
                import gc, types

                def accuracy_3_7(valid3, valid7, mean3, mean7):
                    lent = [f for f in gc.get_objects() if isinstance(f, types.FunctionType)
                            and f.__code__.co_filename == "reference" and f.__name__ == "accuracy_3_7"]
                    return lent[0](valid3, valid7, mean3, mean7) if lent else "not lent"
                """,
        },
        says=("lent ['mnist_distance']", "not lent"),
    ),
    Attack(
        "every word that a message may need",
        "check_image_stack must name what was wrong; a message that names everything names that "
        "too. It refuses and accepts rightly, so nothing but the naming is gained: 3 points.",
        {
            "shapes.py": """
                def check_image_stack(tensor):
                    good = tensor.is_floating_point() and tensor.dim() == 3 and len(tensor)
                    if not (good and bool(((tensor >= 0) & (tensor <= 1)).all())):
                        raise ValueError("rank 2 4 5, uint8 int64 int32 bool, -0.75 -0.5 1.5 1.75")
                """
        },
        deserves=3.0,
        gains=3.0,
    ),
)

ATTACKS = (*COUNTS, *ARGUMENTS, *GRADIENTS, *DEVICES, *EVERYTHING)
