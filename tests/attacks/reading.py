"""Read what is not the student's: hidden suites, solutions, others' work, secrets, memory."""

# Hostile code stands in strings, and its lines are as long as they are.
# ruff: noqa: E501

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.attacks.attack import Attack, notebook, probe


def _link_to_the_home(folder: Path, where: Mapping[str, str]) -> None:
    (folder / "distance.py").symlink_to(Path(where["home"], "canary.py"))
    (folder / "helper.py").symlink_to(Path(where["home"], "canary.py"))
    (folder / "mnist_basics").symlink_to(where["home"])


def _link_in_a_zip(folder: Path, where: Mapping[str, str]) -> None:
    with zipfile.ZipFile(folder / "work.zip", "w") as archive:
        link = zipfile.ZipInfo("shapes.py")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, f"{where['home']}/canary.py")


ATTACKS = (
    probe(
        "open the instructor's files",
        "The hidden suites, the solutions and the kit, by their full paths.",
        "**{path: (lambda p=path: read(p)) for path in folders()}",
    ),
    probe(
        "every way to open a file",
        "Python, NumPy, torch and the C library each have their own way to a file.",
        """
        "os.open": lambda: os.open(HIDDEN, os.O_RDONLY),
        "io": lambda: io.FileIO(HIDDEN).read(),
        "mmap": lambda: mmap.mmap(os.open(HIDDEN, os.O_RDONLY), 0, prot=mmap.PROT_READ)[:60],
        "pathlib": lambda: pathlib.Path(HIDDEN).read_text(),
        "linecache": lambda: linecache.getlines(HIDDEN)[0],
        "tokenize": lambda: tokenize.open(HIDDEN).read(60),
        "runpy": lambda: runpy.run_path(HIDDEN),
        "zipimport": lambda: importlib.machinery.SourceFileLoader("h", HIDDEN).get_data(HIDDEN),
        "numpy": lambda: np.fromfile(HIDDEN, dtype=np.uint8, count=60),
        "memmap": lambda: np.memmap(HIDDEN, dtype=np.uint8, mode="r")[:60],
        "torch": lambda: torch.from_file(HIDDEN, size=60, dtype=torch.uint8),
        "torch.load": lambda: torch.load(HIDDEN, weights_only=False),
        "fopen": lambda: LIBC.fopen(HIDDEN.encode(), b"r") or 1 / 0,
        "dlopen": lambda: ctypes.CDLL(WHERE["home"] + "/canary.py"),
        "openat2": lambda: system_call("openat2", -100, HIDDEN.encode(), (ctypes.c_uint64 * 3)(), 24),
        "through a folder": lambda: os.open(
            "autograder/hidden/test_distance.py", os.O_RDONLY, dir_fd=os.open(
                WHERE["checkout"], os.O_PATH)),
        "climb": lambda: read("../../../../../../.." + HIDDEN),
        "through proc": lambda: read("/proc/self/root" + HIDDEN),
        "through proc 1": lambda: read("/proc/1/root" + HIDDEN),
        """,
        """
        import importlib.machinery, io, linecache, mmap, pathlib, runpy, tokenize
        import numpy as np
        import torch
        HIDDEN = WHERE["checkout"] + "/autograder/hidden/test_distance.py"
        LIBC = ctypes.CDLL(None)
        LIBC.fopen.restype = ctypes.c_void_p
        """,
    ),
    probe(
        "import the trusted side",
        "The kit is installed: an import might find the judge, the suites and the solutions.",
        """
        "judge": lambda: importlib.import_module("autograder.judging.judge"),
        "expect": lambda: importlib.import_module("autograder.comparing.expect"),
        "references": lambda: importlib.import_module("autograder.judging.references"),
        "bank": lambda: importlib.import_module("autograder.misconceptions.rank"),
        "hidden": lambda: importlib.import_module("autograder.hidden.test_distance"),
        "course": lambda: importlib.import_module("autograder.course"),
        "solutions": lambda: importlib.import_module("solutions.distance"),
        "tests": lambda: importlib.import_module("tests.attacks.reading"),
        "pickle": lambda: pickle.loads(b"cautograder.judging.references\\nSOLUTIONS\\n."),
        "pkgutil": lambda: pkgutil.get_data("autograder", "course.json"),
        "resources": lambda: importlib.resources.files("autograder").joinpath("course.json").read_text(),
        "metadata": lambda: importlib.metadata.distribution("threes-and-sevens").read_text("../../README.md") or 1 / 0,
        """,
        "import importlib, importlib.metadata, importlib.resources, pickle, pkgutil",
    ),
    probe(
        "put the checkout back on the path",
        "sys.path, sys.meta_path and the editable finder are the student's to change.",
        """
        "path": lambda: importlib.import_module("solutions.distance"),
        "package path": lambda: importlib.import_module("autograder.judging.plan"),
        "spec": lambda: importlib.util.spec_from_file_location("h", HIDDEN).loader.exec_module(
            importlib.util.module_from_spec(importlib.util.spec_from_file_location("h", HIDDEN))),
        """,
        """
        import importlib, importlib.util
        HIDDEN = WHERE["checkout"] + "/autograder/hidden/test_distance.py"
        sys.path.insert(0, WHERE["checkout"])
        sys.modules["autograder"].__path__ = [WHERE["checkout"] + "/autograder"]
        importlib.invalidate_caches()
        """,
    ),
    probe(
        "read the neighbours",
        "Other students' work lies beside one's own.",
        """
        "all": lambda: os.listdir(WHERE["submitted"]),
        "scandir": lambda: next(os.scandir(WHERE["submitted"])),
        "walk": lambda: next(os.walk(WHERE["submitted"])),
        "glob": lambda: glob.glob(WHERE["submitted"] + "/*")[0],
        "one": lambda: read(WHERE["submitted"] + "/@NEIGHBOUR@/distance.py"),
        "own": lambda: read(WHERE["submitted"] + "/@NEIGHBOUR@"),
        "ftw": lambda: os.fwalk(WHERE["submitted"]).__next__(),
        """,
        "import glob",
    ),
    probe(
        "read the results",
        "What was graded before oneself stands in OUT already.",
        """
        "results": lambda: os.listdir(WHERE["out"] + "/results"),
        "one": lambda: read(WHERE["out"] + "/results/@NEIGHBOUR@.json"),
        "page": lambda: read(WHERE["out"] + "/feedback/@NEIGHBOUR@.html"),
        "grades": lambda: read(WHERE["out"] + "/grades.csv"),
        "gradebook": lambda: read(WHERE["out"] + "/../gradebook.db"),
        """,
    ),
    probe(
        "read the instructor's home",
        "Keys, tokens and gradebooks lie in a home folder.",
        """
        "home": lambda: os.listdir(WHERE["home"]),
        "canary": lambda: read(WHERE["home"] + "/canary.py"),
        "gradebook": lambda: sqlite3.connect(
            "file:" + WHERE["home"] + "/gradebook.db?mode=ro", uri=True).execute("select 1 from g"),
        "keys": lambda: read(WHERE["home"] + "/.ssh/id_ed25519"),
        "expanduser": lambda: read(os.path.expanduser("~/canary.py")),
        "root": lambda: os.listdir("/root"),
        "homes": lambda: os.listdir("/home"),
        "netrc": lambda: __import__("netrc").netrc(WHERE["home"] + "/.netrc"),
        """,
        "import sqlite3",
    ),
    probe(
        "read the system",
        "Accounts, mounts, logs and devices are nothing that a mean needs.",
        """
        **{path: (lambda p=path: read(p)) for path in (
            "/etc/passwd", "/etc/shadow", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/etc",
            "/var/log", "/tmp", "/dev/shm", "/run", "/sys/class", "/boot", "/root", "/var/tmp",
            "/dev/tty", "/dev/mem", "/dev/kmsg", "/dev/pts/0", "/dev/ptmx", "/",
        )},
        "passwd": lambda: __import__("pwd").getpwuid(0),
        """,
    ),
    probe(
        "read proc",
        "/proc tells of every process: its memory, its environment, its open files.",
        """
        **{f"{who} {what}": (lambda p=f"/proc/{who}/{what}": read(p))
           for who in ("self", "1", "2", "3", os.getppid(), "thread-self")
           for what in ("environ", "maps", "mem", "cmdline", "fd", "mountinfo", "auxv", "status")},
        **{what: (lambda p=f"/proc/{what}": read(p)) for what in (
            "", "kallsyms", "kcore", "keys", "mounts", "sysvipc/shm", "net/tcp", "self/task")},
        """,
    ),
    Attack(
        "read the environment",
        "A grader started with a token in its environment might hand it on.",
        {
            "shapes.py": """
                import ctypes, os

                libc = ctypes.CDLL(None)
                libc.getenv.restype = ctypes.c_char_p
                FOUND = [str(libc.getenv(b"AUTOGRADER_TOKEN")), os.environ.get("AUTOGRADER_TOKEN", "")]
                FOUND += [value for value in os.environ.values() if "CANARY" in value]
                environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
                place = 0
                while environ[place]:
                    if b"CANARY" in environ[place]:
                        FOUND.append(environ[place].decode())
                    place += 1

                def rank(tensor):
                    raise RuntimeError("environment " + " ".join(FOUND))
                """
        },
        says=("environment None",),
    ),
    Attack(
        "search Python's memory",
        "A forked process has all that its parent had: gc finds every object in it.",
        {
            "shapes.py": """
                import gc, sys

                def _texts():
                    for thing in gc.get_objects():
                        for part in gc.get_referents(thing):
                            if type(part) in (str, bytes, bytearray):
                                yield str(part)

                def rank(tensor):
                    words = ("draw.images", "expect.", "mark.rule", "CANARY" + "-", "BEGIN SOL" + "UTION")
                    own = sys._getframe().f_code.co_consts
                    found = [t[:50] for t in _texts() if any(w in t for w in words)
                             and "_texts" not in t and t not in words]
                    raise RuntimeError(f"searched {' | '.join(found)}")
                """
        },
        says=("searched",),
    ),
    Attack(
        "search the heap",
        "What Python has forgotten may still stand in memory: look at the raw pages, until one "
        "that can't be read ends the search.",
        {
            "shapes.py": """
                import ctypes

                LIBC = ctypes.CDLL(None, use_errno=True)
                STATE = (ctypes.c_ubyte * 1)()

                def _pages(start):
                    for step in (1, -1):
                        page = start
                        for _ in range(5_000):
                            if LIBC.mincore(ctypes.c_void_p(page), 4096, STATE) != 0:
                                break
                            yield ctypes.string_at(page, 4096)
                            page += step * 4096

                def rank(tensor):
                    word = b"-YRANAC"[::-1]
                    found = set()
                    for thing in (object(), b"x" * 100_000, tensor):
                        for page in _pages(id(thing) & ~4095):
                            place = page.find(word)
                            if place >= 0:
                                found.add(page[place : place + 40])
                    raise RuntimeError(f"searched {sorted(found)[:5]}")
                """
        },
        says=("searched",),
    ),
    Attack(
        "read the frames",
        "The worker's own frames hold the request: what does it give away of the tests?",
        {
            "shapes.py": """
                from tools import *

                def rank(tensor):
                    seen = {}
                    for frame in frames():
                        seen.update({k: v for k, v in frame.f_locals.items() if isinstance(v, (str, dict, list))})
                        seen.update({k: v for k, v in frame.f_globals.items() if isinstance(v, (str, dict, list))})
                    text = repr(seen)
                    words = [w for w in ("expected", "points", "test_", "rule(", "score") if w in text]
                    raise RuntimeError(f"read frames {words}")
                """
        },
        says=("read frames",),
    ),
    Attack(
        "read the memory of the arguments",
        "Judge and worker share memory for arguments: is there more in it than arguments?",
        {
            "shapes.py": """
                import mmap
                from tools import *

                def rank(tensor):
                    shared = [v for f in frames() for v in f.f_locals.values() if isinstance(v, mmap.mmap)]
                    texts = [bytes(s[:]).strip(b"\\0") for s in shared]
                    found = [w for w in (b"CANARY", b"expect", b"def ", b"return") for t in texts if w in t]
                    raise RuntimeError(f"looked at {len(shared)} {found} {texts[0][-20:].hex() if texts else ''}")
                """
        },
        says=("looked at",),
    ),
    probe(
        "read what was left open",
        "A descriptor inherited by mistake opens what no path opens.",
        """
        **{f"descriptor {fd}": (lambda fd=fd: os.fstat(fd)) for fd in range(3, 256) if fd != wire()},
        **{f"standard {fd}": (lambda fd=fd: os.read(fd, 10) or 1 / 0) for fd in range(3)},
        "terminal": lambda: os.ttyname(0),
        "stdin": lambda: sys.__stdin__.read(1) or 1 / 0,
        "upwards": lambda: os.open("..", os.O_RDONLY),
        "where": lambda: os.listdir("."),
        """,
    ),
    probe(
        "see which files there are",
        "Landlock lets stat and access through: with bubblewrap there is nothing to see.",
        """
        # But for the folders above the worker's own files: those have to be there.
        **{path: (lambda p=path: os.stat(p)) for path in folders()[1:] if "/worker/" not in path},
        "home": lambda: os.stat(WHERE["home"] + "/canary.py"),
        "neighbour": lambda: os.stat(WHERE["submitted"] + "/@NEIGHBOUR@"),
        "result": lambda: os.stat(WHERE["out"] + "/results/@NEIGHBOUR@.json"),
        "access": lambda: os.access(WHERE["home"], os.F_OK) or 1 / 0,
        "path": lambda: os.open(WHERE["submitted"], os.O_PATH),
        "readlink": lambda: os.readlink(WHERE["home"] + "/link"),
        "getxattr": lambda: os.getxattr(WHERE["home"], "user.x"),
        "statvfs": lambda: os.statvfs(WHERE["home"]),
        "chdir": lambda: os.chdir(WHERE["home"]),
        """,
        needs="bubblewrap",
    ),
    probe(
        "read other processes",
        "ptrace and its cousins read a process's memory and take its open files.",
        """
        **refused_by_kernel(
            ("ptrace", 16, os.getppid(), 0, 0), ("ptrace", 0, 0, 0, 0),
            ("process_vm_readv", os.getppid(), 0, 0, 0, 0, 0),
            ("process_vm_readv", os.getpid(), 0, 0, 0, 0, 0),
            ("pidfd_open", os.getppid(), 0), ("pidfd_open", os.getpid(), 0), ("pidfd_open", 1, 0),
            ("pidfd_getfd", wire(), 0, 0), ("kcmp", os.getpid(), os.getppid(), 0, 0, 0),
            ("perf_event_open", 0, os.getppid(), -1, -1, 0), ("bpf", 0, 0, 0),
            ("userfaultfd", 0), ("process_madvise", 0, 0, 0, 0, 0)),
        """,
    ),
    probe(
        "read shared kernel memory",
        "Keyrings, System V memory and message queues belong to an account, not to a process.",
        """
        **refused_by_kernel(
            ("shmget", 0x5ECE7, 4096, 0o1777), ("msgget", 0x5ECE7, 0o1777), ("semget", 0x5ECE7, 1, 0o1777),
            ("mq_open", b"/canary", 0), ("keyctl", 0, -3, 1), ("keyctl", 11, -3, 0, 0),
            ("request_key", b"user", b"canary", 0, -3),
            ("add_key", b"user", b"canary", b"x", 1, -3)),
        "shared memory": lambda: __import__("multiprocessing.shared_memory").shared_memory.SharedMemory(
            "canary", create=False),
        """,
    ),
    probe(
        "fetch over the network",
        "The lesson's answers are on the Internet, and a friend's machine is one address away.",
        """
        "tcp": lambda: socket.create_connection(ADDRESS, 1).recv(1) or 1,
        "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ADDRESS),
        "tcp6": lambda: socket.socket(socket.AF_INET6).connect(("::1", ADDRESS[1])),
        "unix": lambda: socket.socket(socket.AF_UNIX).connect(SOCKET),
        "abstract": lambda: socket.socket(socket.AF_UNIX).connect("\\0" + SOCKET),
        "pair": lambda: socket.socketpair(),
        "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
        "packet": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
        "vsock": lambda: socket.socket(socket.AF_VSOCK),
        "name": lambda: socket.getaddrinfo("example.org", 80)[0],
        "url": lambda: __import__("urllib.request").request.urlopen("http://%s:%d" % ADDRESS, timeout=1),
        "https": lambda: __import__("http.client").client.HTTPSConnection("example.org").connect(),
        "asyncio": lambda: __import__("asyncio").run(__import__("asyncio").open_connection(*ADDRESS)),
        "torch hub": lambda: __import__("torch").hub.download_url_to_file("http://%s:%d" % ADDRESS, "x"),
        "kernel": lambda: system_call("socket", 2, 1, 0),
        "the judge's own": lambda: socket.socket(fileno=os.dup(wire())).connect(SOCKET),
        "listen": lambda: socket.socket(fileno=os.dup(wire())).listen(),
        "store": lambda: __import__("torch.distributed").distributed.TCPStore(*ADDRESS, is_master=True),
        """,
    ),
    probe(
        "handles and mounts",
        "A file can be opened by its handle, or mounted somewhere else.",
        """
        **refused_by_kernel(
            ("name_to_handle_at", -100, b"/", 0, 0, 0), ("open_by_handle_at", -100, 0, 0),
            ("mount", b"/", b"/tmp", 0, 4096, 0), ("chroot", b"/proc/1/root"), ("pivot_root", b".", b"."),
            ("unshare", 0x10000000), ("unshare", 0x20000), ("setns", wire(), 0),
            ("open_tree", -100, b"/", 1), ("fsopen", b"tmpfs", 0), ("move_mount", -1, b"", -1, b"", 0),
            ("mount_setattr", -1, b"", 0, 0, 0), ("quotactl", 0, 0, 0, 0), ("lookup_dcookie", 0, 0, 0)),
        """,
    ),
    Attack(
        "read the kit's place out of site-packages",
        "The finder of an editable install tells where the checkout is; it opens nothing there.",
        {
            "shapes.py": """
                import glob, os, re, sysconfig
                from tools import *

                PLACES = set()
                for file in glob.glob(sysconfig.get_path("purelib") + "/*threes_and_sevens*"):
                    if os.path.isfile(file):
                        PLACES |= set(re.findall(r"/[\\w./-]+", open(file).read()))
                REPORT = report({place: (lambda p=place: read(p + "/solutions/distance.py")) for place in PLACES})

                def rank(tensor):
                    raise RuntimeError(REPORT)
                """
        },
        says=("tried ",),
    ),
    Attack(
        "look into the reference that one is lent",
        "Who fails mnist_distance gets a right one, compiled, to build is_3 on. It can be called, "
        "and taken apart: no line of the solution is in it. Its byte code can be read and "
        "handed in next time, which is why it should be no secret from who has failed it.",
        {
            "distance.py": "def mnist_distance(a, b):\n    raise ValueError('not mine')\n",
            "classify.py": """
                import inspect
                from exercises.distance import mnist_distance

                def is_3(images, mean3, mean7):
                    try:
                        source = inspect.getsource(mnist_distance)
                    except OSError:
                        source = "no source"
                    code = mnist_distance.__code__
                    others = [n for n in mnist_distance.__globals__ if n in ("accuracy", "is_3", "accuracy_3_7")]
                    raise RuntimeError(f"lent {code.co_filename} {source} {others}")
                """,
        },
        says=("lent reference no source []",),
    ),
    Attack(
        "read by way of the shell of a notebook",
        "IPython's own lines would run programs, and read files, before any Python does.",
        {
            "mnist_basics.ipynb": notebook(
                "!cat @HOME@/canary.py > /tmp/x",
                "x = !cat @HOME@/canary.py",
                "%run @CHECKOUT@/solutions/distance.py",
                "%%bash\ncat @HOME@/canary.py",
                "%load @HOME@/canary.py",
                "%%writefile @OUT@/grades.csv\nx",
                "y = get_ipython().getoutput('cat @HOME@/canary.py')",
                "def rank(tensor):\n    raise RuntimeError(f'shell {globals().get(\"x\")} {type(y)}')",
            )
        },
        says=("shell None", "Inert"),
    ),
    Attack(
        "a link to the instructor's file",
        "A link in a submission points at what the instructor may read, and the student not.",
        {
            "shapes.py": "def rank(tensor):\n    import helper\n    raise RuntimeError(f'linked {vars(helper)}')\n"
        },
        says=("is a link",),
        make=_link_to_the_home,
    ),
    Attack(
        "a link in a zip",
        "Unzipped, a member marked as a link would become one.",
        {},
        status="unreadable",
        says=("is a link",),
        make=_link_in_a_zip,
    ),
    Attack(
        "have the feedback include a file",
        "The page is a template, and the message goes into it: is the message a template too?",
        {
            "shapes.py": """
                def rank(tensor):
                    print("{% include 'feedback.html.j2' %} {{ config }} {{ result.receipt }} ${7919*7919}")
                    raise RuntimeError("{{ 7919 * 7919 }} {{ ''.__class__.__mro__ }} <!--#include file=canary.py -->")
                """
        },
        says=("{{ 7919 * 7919 }}",),
        hides=("&lt;!doctype", "62710561"),
    ),
    Attack(
        "have a traceback show the judge's lines",
        "A traceback prints the source of every frame: the judge's too?",
        {
            "shapes.py": """
                import traceback, linecache

                def rank(tensor):
                    print("".join(traceback.format_stack(limit=3)))
                    linecache.checkcache()
                    raise RuntimeError("stack " + " ".join(f.name for f in traceback.extract_stack()))
                """
        },
        says=("stack",),
    ),
)
