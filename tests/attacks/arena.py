"""A class of attackers with honest neighbours in between, graded by the real command."""

from __future__ import annotations

import ast
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from autograder.course import load_course
from autograder.intake.entrants import find_submissions
from autograder.reporting.files import student_file
from tests.attacks.accounts import CHECKOUT, Orphans, give, prefix
from tests.attacks.attack import Attack, notebook

WORKERS = 2
RUN_SECONDS = 1_200
TOKEN = f"CANARY-{sha256(b'to be found nowhere').hexdigest()[:24]}"
"""Stands where attackers look for something, and must come back from nowhere."""
BETWEEN = 10
"""So many attackers sit between two neighbours."""

RIGHT = {
    "stacking.py": (
        "import torch\n\n"
        "def stack_images(images):\n"
        "    return torch.stack(list(images)).float() / 255\n"
    ),
    "templates.py": "def mean_template(stack):\n    return stack.mean(0)\n",
    "distance.py": "def mnist_distance(a, b):\n    return (a - b).abs().mean((-1, -2))\n",
    "classify.py": (
        "from exercises.distance import mnist_distance\n\n"
        "def is_3(images, mean3, mean7):\n"
        "    return mnist_distance(images, mean3) < mnist_distance(images, mean7)\n"
    ),
}  # fmt: skip
SIGNED = {**RIGHT, "distance.py": "def mnist_distance(a, b):\n    return (a - b).mean((-1, -2))\n"}
THREADED = {
    "shapes.py": (
        "from concurrent.futures import ThreadPoolExecutor\n\n"
        "def rank(tensor):\n"
        "    with ThreadPoolExecutor(2) as pool:\n"
        "        return list(pool.map(lambda t: t.dim(), [tensor, tensor]))[1]\n"
    )
}
IN_A_NOTEBOOK = {"mnist_basics.ipynb": notebook(*RIGHT.values(), "mean_template([])", "rank = len")}

NEIGHBOURS = (
    ("anna", RIGHT, 28.0),
    ("ben, who forgot the sign", SIGNED, 23.5),
    ("clara, with threads", THREADED, 3.0),
    ("dora, in a notebook, with a wrong rank", IN_A_NOTEBOOK, 29.0),
)
"""Honest students: a name, what they hand in, and what it deserves."""


@dataclass
class Graded:
    """A batch that was graded, and everything that can be known about it afterwards."""

    out: Path
    code: int
    printed: str
    students: dict[str, str]
    """For each attack and neighbour, the name it was handed in under."""
    secrets: list[str]
    connections: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    largest: int = 0
    """The most memory, in bytes, that one of the processes had to itself."""

    def result(self, name: str) -> dict:
        path = student_file(self.out / "results", self.students[name], ".json")
        return json.loads(path.read_text("utf-8"))

    def bytes_of(self, name: str) -> tuple[bytes, bytes]:
        """The result and the feedback page of one student."""
        return tuple(
            student_file(self.out / kind, self.students[name], suffix).read_bytes()
            for kind, suffix in (("results", ".json"), ("feedback", ".html"))
        )

    def texts(self, name: str) -> tuple[str, str]:
        """The result's JSON and the page, as written."""
        result, page = (content.decode() for content in self.bytes_of(name))
        return result, page


def grade(account: str, attacks: Sequence[Attack], neighbours: int) -> Iterator[Graded]:
    """Grade the ``attacks`` with an honest neighbour after every few; at least ``neighbours``."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="arena-")))
        place.chmod(0o755)
        with _listening(place) as (port, connections):
            yield _graded(account, attacks, neighbours, place, port, connections)


def _graded(
    account: str,
    attacks: Sequence[Attack],
    neighbours: int,
    place: Path,
    port: int,
    connections: list[str],
) -> Graded:
    submitted, out, home = place / "class", place / "out", place / "home"
    where = {
        "checkout": str(CHECKOUT),
        "submitted": str(submitted),
        "out": str(out),
        "home": str(home),
        "port": str(port),
        "socket": str(place / "socket"),
    }
    students = _hand_in(attacks, neighbours, submitted, where)
    _furnish(home, place)
    out.mkdir()
    give(account, home, out, submitted)
    before = _everything(submitted, home)
    command = [*prefix(account, place), sys.executable, "-m", "autograder", "grade", str(submitted)]
    command += ["--out", str(out), "--workers", str(WORKERS)]
    environment = {**os.environ, "HOME": str(home), "AUTOGRADER_TOKEN": TOKEN}
    with Orphans() as orphans, _watched_memory() as memory:
        done = subprocess.run(
            command, capture_output=True, env=environment, timeout=RUN_SECONDS, cwd=place,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        left = _after_a_moment(orphans)
    return Graded(
        out,
        done.returncode,
        (done.stdout + done.stderr).decode(errors="replace"),
        students,
        [TOKEN, *_secret_lines()],
        connections,
        _differences(before, _everything(submitted, home)),
        left,
        max(memory, default=0),
    )


def _hand_in(
    attacks: Sequence[Attack], neighbours: int, submitted: Path, where: dict[str, str]
) -> dict[str, str]:
    """Write the class; neighbours sit where they would sit with all attackers in between."""
    submitted.mkdir()
    students = {}
    for seat in range(neighbours):
        name, files, _ = NEIGHBOURS[seat % len(NEIGHBOURS)]
        students[f"neighbour {seat}"] = student = f"{seat * BETWEEN:03d} {name}"
        files = {**files, "notes.py": f"# {TOKEN}\n"}
        Attack(name, "", files).write(submitted / student, where)
    where["neighbour"] = students["neighbour 0"]
    for place, attack in enumerate(attacks):
        student = attack.student or f"{place:03d} attack, {attack.name[:60]}"
        students[attack.name] = student
        attack.write(submitted / student, where)
    course = load_course()
    entrants = find_submissions(submitted, course.unit_names, course.assignments[0])
    shown = {entrant.names[0]: entrant.student for entrant in entrants}
    return {name: shown[student] for name, student in students.items()}


def _furnish(home: Path, place: Path) -> None:
    """The instructor's home, with what an attacker would like to have."""
    (home / ".ssh").mkdir(parents=True)
    for name in ("canary.py", "gradebook.db", ".ssh/id_ed25519", ".netrc", ".bashrc", ".profile"):
        (home / name).write_text(f"# {TOKEN}\n")
    (home / "link").symlink_to(home / "canary.py")
    (place / "gradebook.db").write_text(TOKEN)


def _secret_lines() -> list[str]:
    """Every line of code of the hidden suites and of the references, long enough to be one."""
    files = [
        *(CHECKOUT / "autograder" / "hidden").glob("*.py"),
        *(CHECKOUT / "solutions").glob("*.py"),
    ]
    return sorted({line for file in files for line in _code_lines(file) if len(line) > 30})


def _code_lines(file: Path) -> set[str]:
    """The lines of all functions' bodies, without their docstrings, which feedback quotes."""
    text = file.read_text("utf-8")
    lines = text.splitlines()
    return {
        line.strip()
        for function in ast.walk(ast.parse(text))
        if isinstance(function, ast.FunctionDef)
        for statement in function.body[ast.get_docstring(function) is not None :]
        for line in lines[statement.lineno - 1 : statement.end_lineno]
    }


def _everything(*folders: Path) -> dict[str, str]:
    """A digest of every file that no attack may touch, and what there is of shared memory."""
    found = {str(path): _digest(path) for folder in folders for path in folder.rglob("*")}
    for room in ("autograder", "solutions", "exercises", "tests"):
        for path in (CHECKOUT / room).rglob("*"):
            if "__pycache__" not in path.parts:
                found[str(path)] = _digest(path)
    found |= {str(path): "there" for path in Path("/dev/shm").iterdir()}
    for folder in ("/tmp", "/var/tmp", "/", "/dev", "/run"):
        marked = Path(folder, "written-by-an-attack")
        found |= {str(marked): "there"} if marked.exists() else {}
    for kind in ("shm", "msg", "sem"):
        with suppress(OSError):
            found[kind] = Path(f"/proc/sysvipc/{kind}").read_text()
    return found


def _digest(path: Path) -> str:
    stat = path.lstat()
    facts = f"{stat.st_mode:o} {stat.st_uid} "
    if path.is_symlink() or not path.is_file():
        return facts
    return facts + sha256(path.read_bytes()).hexdigest()


def _differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    names = before.keys() | after.keys()
    return sorted(name for name in names if before.get(name) != after.get(name))


def _after_a_moment(orphans: Orphans) -> list[str]:
    """Who still runs, when whoever was about to end has ended."""
    for _ in range(50):
        if not orphans.left():
            return []
        time.sleep(0.1)
    return orphans.left()


@contextmanager
def _listening(place: Path) -> Iterator[tuple[int, list[str]]]:
    """Somebody to talk to: a TCP and a UDP port of one number, and two Unix sockets."""
    connections: list[str] = []
    with ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = tcp.getsockname()[1]
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", port))
        unix = []
        for address in (str(place / "socket"), f"\0{place / 'socket'}"):
            listener = stack.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(address)
            listener.listen()
            unix.append(listener)
        (place / "socket").chmod(0o777)
        for kind, listener in (("TCP", tcp), ("UDP", udp), ("Unix", unix[0]), ("Unix", unix[1])):
            listener.settimeout(0.2)
            stack.enter_context(_background(_note_connections, kind, listener, connections))
        yield port, connections


def _note_connections(
    end: threading.Event, kind: str, listener: socket.socket, connections: list[str]
) -> None:
    while not end.is_set():
        with suppress(TimeoutError):
            if kind == "UDP":
                listener.recvfrom(100)
            else:
                listener.accept()[0].close()
            connections.append(kind)


@contextmanager
def _watched_memory() -> Iterator[list[int]]:
    """The private memory of our largest descendant, looked at all the time."""
    peaks: list[int] = []
    with _background(_note_memory, peaks):
        yield peaks


def _note_memory(end: threading.Event, peaks: list[int]) -> None:
    page = os.sysconf("SC_PAGE_SIZE")
    while not end.wait(0.1):
        sizes = []
        for pid in _descendants():
            with suppress(OSError, ValueError):
                resident, shared = map(int, Path(f"/proc/{pid}/statm").read_text().split()[1:3])
                sizes.append((resident - shared) * page)
        peaks.append(max(sizes, default=0))


def _descendants() -> set[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


@contextmanager
def _background(work, *arguments) -> Iterator[None]:
    end = threading.Event()
    thread = threading.Thread(target=work, args=(end, *arguments), daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()
