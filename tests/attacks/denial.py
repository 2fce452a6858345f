"""Make grading slow, large or impossible: for oneself, for the neighbours, for all."""

# Hostile code stands in strings, and its lines are as long as they are.
# ruff: noqa: E501

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.attacks.attack import Attack, notebook

LARGE_NUMBER = "0x" + "f" * 5_000
"""An int that Python reads but refuses to write out in decimal."""


def _rank(name: str, tries: str, body: str, *says: str, before: str = "", **more: object) -> Attack:
    lines = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
    code = f"from tools import *\n{before}\n\ndef rank(tensor):\n{lines}\n"
    return Attack(name, tries, {"shapes.py": code}, says=says, **more)  # type: ignore[arg-type]


def _zip_bomb(folder: Path, _where: Mapping[str, str]) -> None:
    with zipfile.ZipFile(folder / "work.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("shapes.py", b"#" * (200 << 20))


def _nested_zips(folder: Path, _where: Mapping[str, str]) -> None:
    content, name = b"x = 1\n", "shapes.py"
    for depth in range(40):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        content, name = packed.getvalue(), f"{depth}.zip"
    (folder / "work.zip").write_bytes(content)


def _many_members(folder: Path, _where: Mapping[str, str]) -> None:
    with zipfile.ZipFile(folder / "work.zip", "w") as archive:
        for number in range(5_000):
            archive.writestr(f"f{number}.py", b"")


def _damaged_zip(folder: Path, _where: Mapping[str, str]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("shapes.py", b"def rank(t):\n    return 1\n" * 100)
    data = bytearray(packed.getvalue())
    for place in random.Random(7).sample(range(30, len(data) - 40), 20):
        data[place] ^= 0xFF
    (folder / "work.zip").write_bytes(bytes(data))


def _many_files(folder: Path, _where: Mapping[str, str]) -> None:
    for number in range(1_500):
        (folder / f"helper_{number}.py").write_text(f"from helper_{number + 1} import *\n")


def _a_pipe(folder: Path, _where: Mapping[str, str]) -> None:
    os.mkfifo(folder / "shapes.py")
    os.mkfifo(folder / "helper.py")
    os.mkfifo(folder / "mnist_basics.ipynb")


ATTACKS = (
    Attack(
        "endless loops",
        "One that computes, one that sleeps, one that catches all that could interrupt it.",
        {
            "shapes.py": """
                import time

                def rank(tensor):
                    while True:
                        try:
                            time.sleep(3600)
                        except BaseException:
                            pass
                """
        },
        says=("endless loop",),
    ),
    Attack(
        "a notebook that never ends, with a number too long to write out",
        "Of a hanging notebook the judge takes the definitions, and writes them out again.",
        {
            "mnist_basics.ipynb": notebook(
                f"LARGE = {LARGE_NUMBER}\ndef rank(tensor):\n    raise RuntimeError('defined')\n",
                "import time\nwhile True:\n    time.sleep(1)\n",
            )
        },
        says=("never finished",),
    ),
    Attack(
        "a body that can't be written out",
        "Whether a body is the stub's is decided by writing both out: a long number forbids it.",
        {"shapes.py": f"def rank(tensor):\n    return {LARGE_NUMBER}\n"},
        # The number itself is an int: too long for the wire, so no value at all.
        says=("rank",),
    ),
    _rank("exit", "A stray exit() must cost the call, never the class.", "exit(0)", "SystemExit"),
    _rank("end at once", "No cleaning up, no last word.", "os._exit(0)", "exit code 0"),
    Attack(
        "end on import",
        "The process ends before there is any function to call.",
        {"shapes.py": "import os\n\ndef rank(tensor):\n    return 1\n\nos._exit(3)\n"},
        says=("exit code 3",),
    ),
    _rank(
        "interrupt", "Ctrl-C stops grading: a student can raise it too.", "raise KeyboardInterrupt"
    ),
    _rank(
        "generator exit",
        "Python catches this one nearly nowhere.",
        "raise GeneratorExit('stop')",
        "stop",
    ),
    _rank(
        "segmentation fault",
        "Reading address 0 kills a process, and leaves a core file where it may.",
        "ctypes.string_at(0)",
        "SIGSEGV",
    ),
    _rank(
        "illegal instruction",
        "Another way to die by a signal.",
        "machine_code(b'\\x0f\\x0b\\x00\\x00')",
        "was ended by signal",
    ),
    _rank(
        "stack overflow in C",
        "repr, compare and pickle recurse in C.",
        "x = []\nfor _ in range(10**6):\n    x = [x]\nsys.setrecursionlimit(10**9)\nreturn repr(x)",
    ),
    _rank(
        "exhaust the memory",
        "Take all there is, and keep it: two workers a slot must not fill the machine.",
        """
held = []
try:
    while True:
        held.append(bytearray(b"x" * (64 << 20)))
except MemoryError:
    size = len(held) * 64
    del held
    raise RuntimeError(f"took {size} MiB" if size < 5_000 else f"GAINED {size} MiB")
""",
        "took ",
    ),
    _rank(
        "ask for more memory than there is",
        "A request of a terabyte, by every way there is to ask.",
        """
raise RuntimeError(report({
    "bytes": lambda: len(bytearray(1 << 40)),
    "torch": lambda: torch.empty(1 << 40).numel(),
    "numpy": lambda: np.ones(1 << 37).size,
    "mmap": lambda: len(mmap.mmap(-1, 1 << 40)),
    "unreserved": lambda: len(mmap.mmap(-1, 1 << 40, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)),
    "int": lambda: (1 << (1 << 40)).bit_length(),
}))
""",
        "tried ",
        before="import numpy as np\nimport torch",
    ),
    _rank(
        "all threads there are",
        "An account has a limit of threads: whoever takes them all leaves none to others. They "
        "stay for some seconds, while the other slot grades answers that need a thread or two.",
        """
import threading, time
started = 0
try:
    while started < 2_000:
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        started += 1
except RuntimeError:
    pass
if not globals().get("HELD"):
    globals()["HELD"] = True
    time.sleep(3)
raise RuntimeError(f"started {started}" if started < 500 else f"GAINED {started} threads")
""",
        "started ",
    ),
    _rank(
        "all descriptors there are",
        "An open file needs one of a machine's: a worker has a few dozen.",
        """
opened = 0
try:
    while opened < 5_000:
        os.dup(0)
        opened += 1
except OSError:
    pass
raise RuntimeError(f"opened {opened}" if opened < 100 else f"GAINED {opened} descriptors")
""",
        "opened ",
    ),
    _rank(
        "busy threads in the background",
        "They compute without Python's lock on every processor, while the call has returned.",
        """
import contextlib, hashlib, threading
for _ in range(16):
    with contextlib.suppress(RuntimeError):
        threading.Thread(target=hashlib.pbkdf2_hmac, args=("sha256", b"x" * 99, b"y" * 99, 10**8), daemon=True).start()
raise RuntimeError("busy")
""",
        "busy",
    ),
    _rank(
        "a flood of print",
        "Hundreds of megabytes, in one piece and in very many, to every stream there is.",
        """
print("x" * (100 << 20))
for _ in range(20_000):
    print("y", file=sys.stderr)
for stream in (sys.__stdout__, sys.__stderr__):
    for _ in range(1_000):
        stream.write("z" * 1_000)
os.write(1, b"z" * 1_000_000)
raise RuntimeError("flooded")
""",
        "flooded",
    ),
    _rank(
        "a message of a gigabyte",
        "It is the exception's own text that is long.",
        "raise RuntimeError('long' * (200 << 20))",
        "longlong",
    ),
    _rank(
        "a chain of exceptions",
        "A hundred thousand causes, each with a frame of its own.",
        """
error = None
for number in range(100_000):
    new = ValueError(number)
    new.__cause__ = error
    error = new
group = error
for _ in range(200):
    group = ExceptionGroup("nested", [group])
raise group
""",
        "nested",
    ),
    _rank(
        "a very deep traceback",
        "As many frames as Python lets there be.",
        """
sys.setrecursionlimit(60_000)
def dive(n):
    if n == 0:
        raise RuntimeError("deep")
    dive(n - 1)
dive(50_000)
""",
        "deep",
    ),
    _rank(
        "a result too large to send",
        "An expanded tensor is a number in memory and a terabyte on the wire.",
        "import torch\nreturn torch.ones(1).expand(1 << 37)",
        "can't be sent",
    ),
    _rank(
        "a list that stands for billions",
        "Lists of one list share it: small in memory, endless when written out.",
        "x = [1] * 100\nfor _ in range(7):\n    x = [x] * 100\nreturn x",
        "can't be sent",
    ),
    _rank(
        "a list that holds itself",
        "Whoever follows it never comes to an end.",
        "x = []\nx.append(x)\nreturn x",
    ),
    _rank("a number of a million digits", "Written out, it takes a minute.", "return 7 ** 10**6"),
    _rank("a text of a gigabyte", "Returned, not printed.", "return 'x' * (1 << 29)"),
    _rank(
        "a result that never stops giving",
        "A generator, and a list whose iterator has no end.",
        """
class Endless(list):
    def __iter__(self):
        while True:
            yield 1
    def __len__(self):
        return 10**12
return Endless([1])
""",
        # Taken by the list's own iterator it is a list of one number, which changes no argument.
        deserves=0.5,
    ),
    _rank(
        "a frame of four gigabytes",
        "The head of a frame says how much will come: the judge must not make room for it.",
        "os.write(wire(), b'\\xff' * 8)\nraise RuntimeError('huge')",
        "too large",
    ),
    _rank(
        "trickle",
        "One byte now and then keeps the judge waiting, and any timeout that starts anew alive.",
        """
import time
if len(request()["calls"]) == 1:
    os._exit(0)
os.write(wire(), b"\\0\\0\\xff\\xff\\0\\0\\0\\0")
while True:
    os.write(wire(), b" ")
    time.sleep(0.2)
""",
    ),
    _rank(
        "frames without end",
        "Write and write, and never wait for a question.",
        "while True:\n    write_frame(b'{}')",
        "not asked",
    ),
    _rank(
        "hang up and live on",
        "A socket that closes looks like a worker that died, killed from outside perhaps: then it "
        "would be the machine's fault, and no mark at all instead of none.",
        "import time\nos.close(wire())\ntime.sleep(60)",
    ),
    _rank(
        "put something else in the wire's place",
        "The same by way of dup2, which closes as well.",
        "import time\nos.dup2(0, wire())\ntime.sleep(60)",
    ),
    _rank(
        "the judge's memory, many times over",
        "One answer of 64 MiB, which every call's value, arguments and gradients refer to.",
        """
from autograder.worker import serve
tensor = {"kind": "tensor", "dtype": "uint8", "shape": [64 << 20], "device": "cpu", "at": 0}
many = {"kind": "tuple", "items": [tensor]}
serve.encode_outcome = lambda outcome, encoder: {
    "raised": None, "value": tensor, "arguments": many, "gradients": many}
serve.Encoder.blob = property(lambda self: BLOB, lambda self, value: None)
return 0
""",
        before="BLOB = bytearray(64 << 20)",
    ),
    Attack(
        "as much as may be said, by every function",
        "Each reply is as long as a frame may be, in JSON and in bytes: what does the judge keep?",
        {
            "shapes.py": """
                from tools import *
                from autograder.worker import serve

                BLOB = bytearray(63 << 20)
                EMPTY = {"kind": "none"}
                serve.Encoder.blob = property(lambda self: BLOB, lambda self, value: None)

                def encode(outcome, encoder):
                    items = [{}] * (1_900_000 // len(request()["calls"]))
                    value = {"kind": "list", "items": items}
                    return {"raised": None, "value": value, "arguments": EMPTY, "gradients": EMPTY}

                serve.encode_outcome = encode

                def rank(tensor, *_):
                    return "much"

                stack_images = check_image_stack = mean_template = mnist_distance = rank
                is_3 = accuracy = accuracy_3_7 = rank
                """
        },
        says=("can't be read",),
    ),
    _rank(
        "JSON as deep as it goes",
        "Megabytes of opening brackets: a parser that recurses ends there.",
        "write_frame(b'[' * (7 << 20))\nraise RuntimeError('deep')",
        "no JSON",
    ),
    _rank(
        "JSON with a number of a million digits",
        "Turning it into an int takes quadratic time.",
        "write_frame(b'{\"id\": ' + b'9' * 1_000_000 + b'}')\nraise RuntimeError('long')",
        "no JSON",
    ),
    _rank(
        "a text that searches for ever",
        "The judge looks for numbers and paths in messages with regular expressions.",
        "raise ValueError('/a' * 140 + '1.' * 400 + '-1e' * 300 + '/' * 300)",
        "ValueError",
    ),
    _rank(
        "fork bomb",
        "The classic; here in Python, and in C.",
        """
for _ in range(100):
    try:
        if os.fork() >= 0:
            raise RuntimeError("GAINED a fork")
    except OSError:
        pass
raise RuntimeError("no forks")
""",
        "no forks",
    ),
    _rank(
        "objects that never die",
        "A destructor that makes the next object, and a collector that never finishes.",
        """
import gc
class Phoenix:
    def __del__(self):
        globals().setdefault("ASHES", []).append(Phoenix() if len(ASHES) < 10_000 else None)
globals()["ASHES"] = []
Phoenix()
for _ in range(10_000):
    ring = Phoenix(); ring.ring = ring
del ring
gc.collect()
raise RuntimeError("reborn")
""",
        "reborn",
    ),
    _rank(
        "a debugger",
        "breakpoint() waits for a keyboard, and so does input().",
        "raise RuntimeError(report({'input': input, 'breakpoint': lambda: breakpoint() or 1 / 0, "
        "'read': lambda: sys.stdin.read(1) or 1 / 0}))",
        "tried ",
    ),
    Attack(
        "a zip bomb",
        "200 MiB in some hundred kilobytes.",
        {},
        status="unreadable",
        says=("MiB",),
        make=_zip_bomb,
    ),
    Attack(
        "zips in zips",
        "Forty of them: whoever opens each never gets to the bottom.",
        {},
        status="unreadable",
        make=_nested_zips,
    ),
    Attack(
        "pipes",
        "Whoever opens one waits for somebody to write.",
        {},
        status="unreadable",
        says=("not an ordinary file",),
        make=_a_pipe,
    ),
    Attack(
        "a zip of thousands", "Most of them empty.", {}, status="unreadable", make=_many_members
    ),
    Attack(
        "a damaged zip",
        "Bytes turned over here and there, as no zip program writes them.",
        {},
        status="unreadable",
        make=_damaged_zip,
    ),
    Attack(
        "a thousand files that import each other",
        "Looking a name up goes from file to file to file.",
        {
            "shapes.py": "from helper_0 import *\n\ndef rank(tensor):\n    raise RuntimeError('chained')\n"
        },
        make=_many_files,
    ),
    Attack(
        "code nested as deep as it goes",
        "Parsers and compilers recurse: brackets, operators, attributes, blocks, comprehensions.",
        {
            "shapes.py": "def rank(tensor):\n    raise RuntimeError('nested')\n"
            "x = " + "-" * 900 + "1\n",
            "stacking.py": "x = " + "(" * 10_000 + ")" * 10_000 + "\n",
            "templates.py": "x = " + "[" * 150 + "]" * 150 + "\n",
            "distance.py": "x = a" + ".b" * 90_000 + "\n",
            "classify.py": "x = " + "lambda: " * 3_000 + "1\n",
            "metrics.py": "x = 1" + "+1" * 100_000 + "\n",
        },
        says=("nested",),
    ),
    Attack(
        "a line without end",
        "One megabyte in a line, of quotes, of brackets and of spaces.",
        {
            "shapes.py": "def rank(tensor):\n    raise RuntimeError('long')\n#" + " '" * 100_000,
            "distance.py": "x = '" + '"' * 900_000 + "'\n",
            "stacking.py": "x = '" + "x" * 900_000 + "'\n",
            "classify.py": "x = 1" + " " * 900_000 + "\n",
            "mnist_basics.ipynb": notebook(
                "%" + "\\" * 100_000, "x = '" + "'\"" * 100_000, "? " * 50_000
            ),
        },
        says=("long",),
    ),
    Attack(
        "a notebook of many cells that all raise",
        "Every cell's exception is noted: not two thousand of them.",
        {"mnist_basics.ipynb": notebook(*["raise ValueError('cell ' * 1000)"] * 1_900)},
    ),
)
