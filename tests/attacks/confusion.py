"""Confuse the judge: with odd values, odd frames, odd names, odd modules."""

# Hostile code stands in strings, and its lines are as long as they are.
# ruff: noqa: E501

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.attacks.attack import Attack, notebook

LEFT_AS_IT_WAS = 0.5
"""What `rank` earns with any number or tensor at all: its argument was left as it was."""
AN_INT = 0.5
"""And what it earns when that number is a Python int, of whatever value."""

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
NOT_IN_A_PAGE = ("<script>alert", "<img src=x", "\x1b", "\u202e", "\x07")


def _returns(name: str, value: str, before: str = "", deserves: float = 0.0) -> Attack:
    """``rank`` returns something odd, which is taken as data or not at all."""
    code = f"import torch\nimport numpy as np\n{before}\n\ndef rank(tensor):\n    return {value}\n"
    tries = f"rank returns {value.splitlines()[0]}."
    return Attack(f"returns {name}", tries, {"shapes.py": code}, deserves=deserves)


def _answers(name: str, outcome: str, deserves: float = 0.0, *says: str) -> Attack:
    """Every outcome on the wire is ``outcome``, whatever the worker's own code makes of it."""
    code = (
        "from autograder.worker import serve\n"
        'NONE = {"kind": "none"}\n'
        f"serve.encode_outcome = lambda outcome, encoder: {outcome}\n\n"
        "def rank(tensor):\n    return 'odd'\n"
    )
    tries = f"The worker answers each call with {outcome}."
    return Attack(f"answers {name}", tries, {"shapes.py": code}, deserves=deserves, says=says)


def _value(name: str, value: str, deserves: float = 0.0, *says: str) -> Attack:
    outcome = f'{{"raised": None, "value": {value}, "arguments": NONE, "gradients": NONE}}'
    return _answers(name, outcome, deserves, *says)


def _imports(name: str, reply: str, *says: str) -> Attack:
    """What the worker says when its module has been imported is ``reply``."""
    code = (
        "from autograder.worker import serve\n"
        f"serve._Worker._import = lambda self, module: {reply}\n\n"
        "def rank(tensor):\n    return 'imported'\n"
    )
    # The first import of a worker is answered by the method as it was.
    both = {"shapes.py": code, "distance.py": "def mnist_distance(a, b):\n    return 'imported'\n"}
    return Attack(f"imports {name}", f"An import is answered with {reply}", both, says=says)


def _replies(name: str, reply: str, *says: str, deserves: float = 0.0) -> Attack:
    """The whole reply to a call is ``reply``; ``asked`` is the judge's request."""
    code = (
        "import json, os, time\nfrom tools import *\n\n"
        "def rank(tensor):\n"
        "    asked = request()\n"
        '    nothing = {"raised": None, "value": {"kind": "int", "value": 3}, '
        '"arguments": {"kind": "none"}, "gradients": {"kind": "none"}}\n'
        f"    {reply}\n"
        "    os._exit(0)\n"
    )
    return Attack(
        f"replies {name}", f"In the call itself: {reply}", {"shapes.py": code}, deserves, says=says
    )


def _misleading_zip(folder: Path, _where: Mapping[str, str]) -> None:
    with zipfile.ZipFile(folder / "work.zip", "w") as archive:
        archive.writestr(
            "../../shapes.py", "def rank(tensor):\n    raise RuntimeError('climbed')\n"
        )
        archive.writestr("/shapes.py", "def rank(tensor):\n    raise RuntimeError('rooted')\n")
        archive.writestr("C:\\shapes.py", "def rank(tensor):\n    raise RuntimeError('driven')\n")
        archive.writestr("shapes.py/", "")
        archive.writestr("x/shapes.py", "def rank(tensor):\n    raise RuntimeError('wrapped')\n")


def _encrypted_zip(folder: Path, _where: Mapping[str, str]) -> None:
    with zipfile.ZipFile(folder / "work.zip", "w") as archive:
        archive.writestr("shapes.py", "def rank(tensor):\n    return 1\n")
    data = bytearray((folder / "work.zip").read_bytes())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        place = data.index(mark) + (6 if mark == b"PK\x03\x04" else 8)
        data[place] |= 1
    (folder / "work.zip").write_bytes(bytes(data))


VALUES = (
    _returns("an int that is always equal", "Right(3)", "class Right(int):\n    __eq__ = lambda s, o: True\n    __hash__ = int.__hash__"),
    _returns("a float that is always near", "Near(3)", "class Near(float):\n    __eq__ = __lt__ = __le__ = lambda s, o: True\n    __hash__ = None"),
    _returns("a bool", "True", deserves=LEFT_AS_IT_WAS),
    _returns("a huge int", "1 << 2000"),
    _returns("an int that is just short enough", "1 << 1000", deserves=AN_INT + LEFT_AS_IT_WAS),
    _returns("infinity", "float('inf')", deserves=LEFT_AS_IT_WAS),
    _returns("NaN", "float('nan')", deserves=LEFT_AS_IT_WAS),
    _returns("a complex number", "3 + 0j"),
    _returns("a fraction", "__import__('fractions').Fraction(3)"),
    _returns("a list that lies", "Liar([])", "class Liar(list):\n    __len__ = lambda s: 1\n    __iter__ = lambda s: iter([3])\n    __class__ = int"),
    _returns("a named tuple", "__import__('collections').namedtuple('n', 'a')(3)", deserves=LEFT_AS_IT_WAS),
    _returns("a dict that holds itself", "(lambda d: d.update(d=d) or d)({})"),
    _returns("a coroutine", "(lambda: (yield))()"),
    _returns("a lying class", "Liar()", "class Liar:\n    __class__ = int\n    __index__ = __int__ = lambda s: 3\n    __eq__ = lambda s, o: True"),
    _returns("an object with an evil name", f"type({SCRIPT!r}, (), {{}})()"),
    _returns("a class without a name it can tell", "Evil()", "class Meta(type):\n    __name__ = property(lambda s: 1 / 0)\n    __mro__ = property(lambda s: exit())\nclass Evil(metaclass=Meta):\n    pass"),
    _returns("a mock of everything", "__import__('unittest.mock').mock.MagicMock()"),
    _returns("a module", "torch"),
    _returns("its own arguments", "[tensor, tensor, [tensor]]"),
    _returns("what the judge compares with", "NotImplemented"),
    _returns("a sparse tensor", "torch.eye(3).to_sparse()", deserves=0.0),
    _returns("a quantised tensor", "torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8)"),
    _returns("a nested tensor", "torch.nested.nested_tensor([torch.ones(1), torch.ones(2)])"),
    _returns("a complex tensor", "torch.ones((), dtype=torch.complex64)"),
    _returns("a tensor without values", "torch.empty((), device='meta')", deserves=LEFT_AS_IT_WAS),
    _returns("a huge tensor without values", "torch.empty(1 << 62, device='meta')"),
    _returns("a tensor with a thousand axes", "torch.ones([1] * 60)"),
    _returns("an empty tensor with a huge axis", "torch.empty(0, 1 << 45)"),
    _returns("an overlapping tensor", "torch.ones(1).as_strided((1 << 20,), (0,))", deserves=LEFT_AS_IT_WAS),
    _returns("a negated view", "torch._neg_view(torch.tensor(-3.0))", deserves=LEFT_AS_IT_WAS),
    _returns("a small float", "torch.ones((), dtype=torch.float8_e4m3fn)"),
    _returns("a bool tensor that is no bool", "torch.full((3,), 7, dtype=torch.uint8).view(torch.bool)", deserves=LEFT_AS_IT_WAS),
    _returns("a tensor of NaN", "torch.tensor(float('nan'))", deserves=LEFT_AS_IT_WAS),
    _returns("a parameter", "torch.nn.Parameter(torch.ones(3))", deserves=LEFT_AS_IT_WAS),
    _returns("a tensor whose methods lie", "torch.zeros(3).as_subclass(Liar)", "class Liar(torch.Tensor):\n    shape = property(lambda s: ())\n    numpy = tobytes = numel = lambda s, *a: 1 / 0\n    detach = lambda s: torch.tensor(3)\n    __torch_function__ = classmethod(lambda *a, **k: torch.tensor(3))", deserves=LEFT_AS_IT_WAS),
    _returns("a tensor that dispatches itself", "Liar._make_subclass(Liar, torch.zeros(3))", "class Liar(torch.Tensor):\n    @classmethod\n    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):\n        return torch.tensor(3)"),
    _returns("a tensor that dispatches itself away", "Liar._make_wrapper_subclass(Liar, (1 << 40,))", "class Liar(torch.Tensor):\n    @classmethod\n    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):\n        raise SystemExit"),
    _returns("an array of objects", "np.array([object()])"),
    _returns("an array of texts", "np.array(['3'])"),
    _returns("an array of records", "np.zeros(3, dtype=[('a', int)])"),
    _returns("a masked array", "np.ma.masked_all(3)", deserves=LEFT_AS_IT_WAS),
    _returns("a date", "np.datetime64('2020')"),
    _returns("an array that lies", "np.zeros(3).view(Liar)", "class Liar(np.ndarray):\n    __array__ = astype = tobytes = lambda s, *a, **k: 1 / 0\n    shape = property(lambda s: ())", deserves=LEFT_AS_IT_WAS),
    _returns("an array broadcast to a terabyte", "np.broadcast_to(np.float64(3), (1 << 37,))"),
)  # fmt: skip

TENSOR = '"kind": "tensor", "dtype": "float32", "device": "cpu"'
FRAMES = (
    _value("a tensor of no bytes", f'{{{TENSOR}, "shape": [], "at": 0}}', 0, "not in the frame"),
    _value("a negative shape", f'{{{TENSOR}, "shape": [-1], "at": 0}}', 0, "not a tensor"),
    _value("an overflowing shape", f'{{{TENSOR}, "shape": [2**32, 2**32], "at": 0}}', 0, "not a tensor"),
    _value("a shape of zero times infinity", f'{{{TENSOR}, "shape": [0, 2**62], "at": 0}}', 0, "not a tensor"),
    _value("a shape of floats", f'{{{TENSOR}, "shape": [1.0], "at": 0}}', 0, "not int"),
    _value("a shape of bools", f'{{{TENSOR}, "shape": [True], "at": 0}}', 0, "not int"),
    _value("a thousand axes", f'{{{TENSOR}, "shape": [1] * 1000, "at": 0}}', 0, "not a tensor"),
    _value("a place before the frame", f'{{{TENSOR}, "shape": [], "at": -4}}', 0, "not in the frame"),
    _value("a dtype that is none", '{"kind": "tensor", "dtype": "object", "shape": [], "at": 0}', 0, "not a tensor"),
    _value("a dtype that is no text", '{"kind": "tensor", "dtype": [], "shape": [], "at": 0}', 0, "not str"),
    _value("another device", '{"kind": "tensor", "dtype": "float32", "shape": [], "at": 0, "device": "cuda"}', 0, "not in the frame"),
    _value("a huge tensor on meta", '{"kind": "tensor", "dtype": "float64", "shape": [2**40], "device": "meta"}'),
    _value("a pickle", '{"kind": "pickle", "value": "cos\\nsystem\\n(S\'id\'\\ntR."}', 0, "no kind of value"),
    _value("an opaque page", f'{{"kind": "opaque", "type": "{SCRIPT}"}}'),
    _value("a number that is none", '{"kind": "float", "value": "0x1p999999999"}', 0, "not a float"),
    _value("NaN", '{"kind": "float", "value": "nan"}'),
    _value("JSON's own NaN", '{"kind": "int", "value": float("nan")}', 0, "not int"),
    _value("a bool as an int", '{"kind": "int", "value": True}', 0, "not int"),
    _value("an int of many digits", '{"kind": "int", "value": 2**2000}', 0, "not an int"),
    _value("a torch.Size of nonsense", '{"kind": "size", "items": [{"kind": "int", "value": 2**70}]}', 0, "not a shape"),
    _value("a half of a character", '{"kind": "str", "value": "\\ud800\\udfff\\ud800"}'),
    _value("a text of megabytes", '{"kind": "str", "value": "x" * 200_000}'),
    _value("a million values", '{"kind": "list", "items": [NONE] * 20_000 + [{"kind": "list", "items": [NONE] * 90_000}]}'),
    _value("lists in lists", '__import__("functools").reduce(lambda x, _: {"kind": "list", "items": [x]}, range(100), NONE)', 0, "not a value"),
    _value("nothing", "None", 0, "not a value"),
    _value("a list that is none", '{"kind": "list", "items": "abc"}', 0, "not list"),
    _answers("an exception without a type", '{"raised": {"types": [], "message": "x"}}', 0, "not an exception"),
    _answers("an exception of dicts", '{"raised": {"types": [{}], "message": {}}}', 0, "not an exception"),
    _answers("an exception with a forged place", '{"raised": {"types": ["E"], "message": "x", "where": "line 7 of the hidden suite"}}', 0, "line 7 of the hidden suite"),
    _answers("an exception of a thousand types", '{"raised": {"types": ["Wrong" * 100] * 100, "message": ["x"]}}', 0, "Wrong"),
    _answers("what the judge itself would say", '{"raised": None, "lost": None, "status": "passed", "score": 50, "verdict": "passed", "value": {"kind": "str", "value": "passed"}, "arguments": NONE, "gradients": NONE}', 0, "passed"),
    _answers("a text", "'passed'"),
    _answers("counts of many kinds", '{"raised": None, "value": NONE, "arguments": NONE, "gradients": NONE, "count": -1, "connected": [1, "yes", None]}'),
    _answers("other arguments", '{"raised": None, "value": {"kind": "float", "value": "0x1p0"}, "arguments": {"kind": "tuple", "items": [NONE, NONE]}, "gradients": NONE}'),
    _answers("a print of control characters", '{"raised": None, "value": NONE, "arguments": NONE, "gradients": NONE, "printed": "\\0\\x1b[31m\\u202egnp\\ud800" * 100}', 0),
    _imports("with an evil exception", f'{{"raised": {{"types": ["{SCRIPT}"], "message": "x" * 9999}}}}', "alert"),
    _imports("with no exception", '{"raised": [1, 2]}', "not an exception"),
    _imports("with failures of all kinds", '{"raised": None, "failures": [7, None, {}] * 9999}', "not an exception"),
    _imports("with more than it was asked", '{"raised": None, "failures": None, "score": 50, "outcomes": []}', "imported"),
    _replies("with another id", 'write_frame(json.dumps({"id": "0" * 16, "outcomes": []}).encode())', "not asked"),
    _replies("with two ids", 'write_frame(b\'{"id": "%s", "id": "x", "outcomes": []}\' % asked["id"].encode())', "not asked"),
    _replies("with fewer answers than questions", 'write_frame(json.dumps({"id": asked["id"], "outcomes": [nothing]}).encode())', deserves=AN_INT),
    _replies("with more answers than questions", 'write_frame(json.dumps({"id": asked["id"], "outcomes": [nothing] * 9999}).encode())', "another number of answers"),
    _replies("with no answers", 'write_frame(json.dumps({"id": asked["id"], "outcomes": {}}).encode())', "another number of answers"),
    _replies("with a list", 'write_frame(b"[]")', "no object"),
    _replies("with no text", 'write_frame(b"\\xff\\xfe\\0\\0")', "no JSON"),
    _replies("with the beginning of a frame", 'os.write(wire(), b"\\0\\0\\1\\0\\0\\0\\0\\0{")'),
    _replies("to an import", 'write_frame(json.dumps({"id": asked["id"], "raised": None, "failures": []}).encode())', "another number of answers"),
    _replies("with the request itself", "write_frame(json.dumps(asked).encode())", "another number of answers"),
    _replies("with JSON's NaN and Infinity", 'write_frame(b\'{"id": NaN, "outcomes": Infinity}\')', "not asked"),
)  # fmt: skip

NAMES = (
    Attack(
        "a page in a message",
        "What a student says stands in an HTML page: as text, and nothing else.",
        {
            "shapes.py": f"""
                Name = type({SCRIPT!r}, (Exception,), {{}})

                def rank(tensor):
                    print({SCRIPT!r} + "\\x1b[31mred\\x1b[0m\\x07 \\u202egnirts\\u202c \\x00")
                    raise Name({SCRIPT!r} + "</pre></main>\\x1b]0;title\\x07\\u202e")
                """
        },
        says=("alert",),
        hides=NOT_IN_A_PAGE,
    ),
    Attack(
        "a page in a file's name",
        "Names of files and cells stand in notes.",
        {
            "shapes.py": "def rank(tensor):\n    raise RuntimeError('named')\n",
            "<img src=x onerror=alert(1)>.py": "x = (\n",
            "\x1b[31m\u202e.py": "x = (\n",
            "[bold red]x.py": "x = (\n",
        },
        says=("named",),
        hides=NOT_IN_A_PAGE,
    ),
    Attack(
        "a student called like a page",
        "A folder's name becomes the title of a page.",
        {"shapes.py": "def rank(tensor):\n    raise RuntimeError('titled')\n"},
        student="<script>alert(1)<",
        says=("titled",),
        hides=NOT_IN_A_PAGE,
    ),
    Attack(
        "a student called like a formula",
        "A spreadsheet computes what begins with =, and opens what it links to.",
        {"shapes.py": "def rank(tensor):\n    raise RuntimeError('computed')\n"},
        student='=HYPERLINK("http:example.org","50")',
        says=("computed",),
    ),
    Attack(
        "a student called like a row of grades",
        "A line end or a comma in a name must not make a second row of it.",
        {"shapes.py": "def rank(tensor):\n    raise RuntimeError('in a row')\n"},
        student="x,50,50,graded\ny,50,50,graded",
        says=("in a row",),
    ),
    Attack(
        "a student called like an escape sequence",
        "The table is printed on a terminal.",
        {"shapes.py": "def rank(tensor):\n    raise RuntimeError('printed')\n"},
        student="\x1b[2J[bold]x\u202e",
        says=("printed",),
        hides=NOT_IN_A_PAGE,
    ),
    Attack(
        "a student called in another encoding",
        "A folder's name can be bytes that are no text.",
        {"shapes.py": "def rank(tensor):\n    raise RuntimeError('encoded')\n"},
        student="caf\udce9",
        says=("encoded",),
    ),
    Attack(
        "a student called like a device",
        "Reports are named after students, on every system.",
        {"shapes.py": "def rank(tensor):\n    raise RuntimeError('device')\n"},
        student="con.json" * 12,
        says=("device",),
    ),
)

MODULES = (
    Attack(
        "another module in one's place",
        "sys.modules, finders and hooks decide what is imported: the judge asks by name.",
        {
            "shapes.py": """
                import importlib, sys, types

                fake = types.ModuleType("exercises.shapes")
                fake.rank = "no function"
                for name in ("exercises.shapes", "shapes", "exercises", "importlib"):
                    sys.modules[name] = fake
                importlib.import_module = lambda name: fake
                sys.meta_path.clear()
                __name__ = "__main__"

                def rank(tensor):
                    raise RuntimeError("the real one")
                """
        },
    ),
    Attack(
        "everything out of sys.modules",
        "Without torch, json and struct in place the worker can't say a word.",
        {
            "shapes.py": """
                import sys

                sys.modules.clear()

                def rank(tensor):
                    import torch
                    raise RuntimeError("cleared")
                """
        },
    ),
    Attack(
        "every name replaced",
        "The worker's own code uses json, struct, isinstance and torch: the student's, by now.",
        {
            "shapes.py": """
                import builtins, json, struct, socket, sys
                import torch

                builtins.isinstance = lambda *_: True
                builtins.issubclass = lambda *_: True
                builtins.type = lambda *_: torch.Tensor
                builtins.all = lambda *_: True
                json.dumps = lambda *_: "{}"
                torch.equal = torch.allclose = lambda *_: True
                torch.isclose = lambda a, *_, **__: torch.ones_like(a, dtype=torch.bool)
                torch.Tensor.__eq__ = lambda *_: True

                def rank(tensor):
                    return "replaced"
                """
        },
    ),
    Attack(
        "the number 3 is 4 now",
        "Small numbers are shared by all of a process: change one in place.",
        {
            "shapes.py": """
                import ctypes

                def rank(tensor):
                    for number in range(10):
                        ctypes.c_uint32.from_address(id(number) + 24).value = 3
                    return "changed"
                """
        },
    ),
    Attack(
        "a module that answers to every name",
        "__getattr__ makes up whatever is asked for, and names can be bound without a def.",
        {
            "shapes.py": """
                globals()["rank"] = type("rank", (), {"__call__": lambda self, tensor: "made up",
                                                        "__getattr__": lambda self, name: self})()

                def __getattr__(name):
                    raise SystemExit(name)
                """
        },
    ),
    Attack(
        "no function at all",
        "The name is bound, to a class, a number, a module, a coroutine.",
        {
            "shapes.py": "rank = 3\nimport os as check_image_stack\n",
            "stacking.py": "class stack_images(Exception):\n    pass\n",
            "templates.py": "async def mean_template(stack):\n    return stack.mean(0)\n",
            "distance.py": "def mnist_distance(a, b):\n    yield (a - b).abs().mean((-1, -2))\n",
            "classify.py": "is_3 = property(lambda self: True)\n",
            "metrics.py": "accuracy = NotImplemented\naccuracy_3_7 = staticmethod\n",
        },
    ),
    Attack(
        "bound and taken back",
        "What counts is what stands there in the end.",
        {
            "shapes.py": """
                def rank(tensor):
                    return tensor.dim()

                del rank
                """,
            "templates.py": """
                def mean_template(stack):
                    return stack.mean(0)

                def mean_template(stack):
                    raise RuntimeError("the second")
                """,
        },
        says=("the second",),
    ),
    Attack(
        "names that look alike",
        "Python reads fullwidth letters as plain ones: a judge that compares texts may not.",
        {
            "shapes.py": "def \N{FULLWIDTH LATIN SMALL LETTER R}ank(tensor):\n    raise RuntimeError('wide')\n"
        },
        says=("wide",),
    ),
    Attack(
        "units that import each other in a ring",
        "And each of them all names of all others.",
        {
            f"{one}.py": "".join(
                f"from exercises.{other} import *\n"
                for other in ("shapes", "stacking", "templates", "distance", "classify", "metrics")
            )
            + (f"def rank(tensor):\n    raise RuntimeError('{one}')\n" if one == "shapes" else "")
            for one in ("shapes", "stacking", "templates", "distance", "classify", "metrics")
        },
        says=("shapes",),
    ),
    Attack(
        "a zip that leads astray",
        "Names that climb, start at the root, or are a file and a folder at once.",
        {},
        status="unreadable",
        says=("left out",),
        hides=("climbed", "rooted", "driven"),
        make=_misleading_zip,
    ),
    Attack(
        "a zip with a password",
        "What can't be opened is no one's fault but the student's.",
        {},
        status="unreadable",
        make=_encrypted_zip,
        says=("password",),
    ),
    Attack(
        "a notebook that has graded itself",
        "nbgrader keeps points in a cell's metadata, and outputs show what was computed.",
        {
            "mnist_basics.ipynb": notebook(
                "def rank(tensor):\n    raise RuntimeError('graded itself')\n",
                "from autograder.selfcheck import check\ncheck('rank')\nfrom autograder import grade\ngrade('rank')",
                nbgrader={"grade": True, "points": 50, "solution": False, "grade_id": "rank"},
                autograder={"score": 50},
                score=50,
            )
        },
        says=("graded itself",),
    ),
    Attack(
        "an encoding that hides code",
        "UTF-7, rot13 and escapes turn a harmless text into another program.",
        {
            "shapes.py": b"# coding: unicode_escape\n# \\u000adef rank(tensor):\\u000a    return tensor.dim()\n",
            "distance.py": b"# coding: utf-7\n+AGQ-ef mnist_distance(a, b): return 0\n",
            "classify.py": b"# coding: rot13\nqrs vf_3(): erghea Gehr\n",
        },
        # Decoded as Python itself decodes it, the first is a right answer to `rank`.
        deserves=3.0,
    ),
)

ATTACKS = (*VALUES, *FRAMES, *NAMES, *MODULES)
