"""Change, delete or add a file, or anything else that outlives the call."""

# Hostile code stands in strings, and its lines are as long as they are.
# ruff: noqa: E501

from __future__ import annotations

from tests.attacks.attack import Attack, probe

ATTACKS = (
    probe(
        "write one's own result",
        "The quickest way to 50 points is to write them down.",
        """
        **{f"{name} {how}": (lambda p=WHERE["out"] + name, h=how: open(p, h).write("x"))
           for name in ("/results/me.json", "/grades.csv", "/feedback/me.html", "/x",
                        "/results/@NEIGHBOUR@.json") for how in ("w", "a", "r+", "x")},
        "mkdir": lambda: os.mkdir(WHERE["out"] + "/results/x"),
        "remove": lambda: os.remove(WHERE["out"] + "/results/@NEIGHBOUR@.json"),
        "replace": lambda: os.replace(WHERE["out"] + "/results", WHERE["out"] + "/old"),
        "rmtree": lambda: os.rmdir(WHERE["out"] + "/feedback"),
        """,
    ),
    probe(
        "spoil a neighbour's work",
        "On a curve, another's loss is one's own gain.",
        """
        "write": lambda: open(FILE, "w").write("raise SystemExit"),
        "append": lambda: os.open(FILE, os.O_WRONLY | os.O_APPEND),
        "remove": lambda: os.unlink(FILE),
        "rename": lambda: os.rename(FILE, FILE + "x"),
        "rmdir": lambda: __import__("shutil").rmtree(WHERE["submitted"]) or os.stat(WHERE["submitted"]),
        "chmod": lambda: os.chmod(FILE, 0),
        "chown": lambda: os.chown(FILE, 0, 0),
        "utime": lambda: os.utime(FILE),
        "truncate": lambda: os.truncate(FILE, 0),
        "link": lambda: os.link(FILE, WHERE["submitted"] + "/x"),
        "symlink": lambda: os.symlink("/", WHERE["submitted"] + "/x"),
        "xattr": lambda: os.setxattr(FILE, "user.x", b"x"),
        "fifo": lambda: os.mkfifo(WHERE["submitted"] + "/x"),
        "new": lambda: os.mkdir(WHERE["submitted"] + "/x"),
        """,
        'FILE = WHERE["submitted"] + "/@NEIGHBOUR@/distance.py"',
    ),
    probe(
        "change the kit",
        "A changed hidden suite, judge or compiled module would be run with the next class.",
        """
        **{path: (lambda p=path: open(p, "a").write("#")) for path in folders()},
        "pyc": lambda: os.mkdir(WHERE["checkout"] + "/autograder/__pycache__"),
        "new": lambda: open(WHERE["checkout"] + "/conftest.py", "x"),
        "worker": lambda: open(sys.modules["autograder.worker.serve"].__file__, "a").write("#"),
        """,
    ),
    probe(
        "change Python and its packages",
        "Site-packages are readable; written to, they would run in the judge tomorrow.",
        """
        **{path: (lambda p=path: open(p, "a").write("#")) for path in (
            os.__file__, torch.__file__, torch._C.__file__, sys.executable, SITE + "/x.pth",
            SITE + "/sitecustomize.py", os.__file__ + "c")},
        "new": lambda: os.mkdir(SITE + "/pytest_evil"),
        "pyc": lambda: __import__("py_compile").compile(os.__file__, cfile=SITE + "/x.pyc", doraise=True),
        "chmod": lambda: os.chmod(SITE, 0o777),
        "mmap": lambda: mmap.mmap(os.open(os.__file__, os.O_RDWR), 0),
        "o_path": lambda: os.open("x", os.O_CREAT | os.O_WRONLY, dir_fd=os.open(SITE, os.O_PATH)),
        "fd chmod": lambda: os.fchmod(os.open(os.__file__, os.O_RDONLY), 0o777),
        "utime": lambda: os.utime(os.__file__),
        """,
        "import mmap, sysconfig, torch\nSITE = sysconfig.get_path('purelib')",
    ),
    probe(
        "write to the home folder",
        "A line in a shell's profile runs when the instructor logs in.",
        """
        **{name: (lambda p=WHERE["home"] + name: open(p, "a").write("x"))
           for name in ("/.bashrc", "/.profile", "/canary.py", "/gradebook.db", "/.ssh/authorized_keys")},
        "expanduser": lambda: open(os.path.expanduser("~/x"), "w"),
        "sqlite": lambda: __import__("sqlite3").connect(WHERE["home"] + "/gradebook.db").execute(
            "update g set score = 50"),
        """,
    ),
    probe(
        "leave a file anywhere",
        "A file that outlives its worker is a letter to the next student's.",
        """
        **{folder: (lambda f=folder: open(f + "/written-by-an-attack", "w"))
           for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", ".", "..", "/", "/dev", "/dev/mqueue",
                          "/proc/self", "/sys/fs/cgroup", "/run/lock", "/home", "/usr/lib")},
        "tempfile": lambda: tempfile.NamedTemporaryFile(delete=False),
        "mkdtemp": lambda: tempfile.mkdtemp(),
        "unnamed": lambda: os.open("/tmp", os.O_TMPFILE | os.O_RDWR),
        "numpy": lambda: np.save("/tmp/written-by-an-attack", np.ones(3)),
        "torch": lambda: torch.save(torch.ones(3), "/tmp/written-by-an-attack"),
        "share": lambda: torch.ones(3).share_memory_(),
        "shared memory": lambda: shared_memory.SharedMemory("written-by-an-attack", True, 10),
        "semaphore": lambda: __import__("multiprocessing").Semaphore(),
        "sqlite": lambda: __import__("sqlite3").connect("/tmp/written-by-an-attack").execute("create table t(x)"),
        "log": lambda: __import__("logging").FileHandler("/tmp/written-by-an-attack"),
        "socket": lambda: socket.socket(socket.AF_UNIX).bind("/tmp/written-by-an-attack"),
        "fifo": lambda: os.mkfifo("/tmp/written-by-an-attack"),
        "memory file": lambda: os.memfd_create("x"),
        "kernel": lambda: system_call("memfd_create", b"x", 0),
        "crash": lambda: __import__("faulthandler").enable(open("/tmp/written-by-an-attack", "w")),
        """,
        "import tempfile\nfrom multiprocessing import shared_memory\nimport numpy as np\nimport torch",
    ),
    probe(
        "change files by system call",
        "What Landlock does not know of: owners, modes, times, attributes.",
        """
        **refused_by_kernel(
            ("chmod", FILE, 0o777), ("fchmodat", -100, FILE, 0o777), ("chown", FILE, 0, 0),
            ("utimensat", -100, FILE, 0, 0), ("setxattr", FILE, b"user.x", b"x", 1, 0),
            ("truncate", FILE, 0), ("rename", FILE, FILE + b"x"), ("unlink", FILE),
            ("mkdir", FILE + b"x", 0o777), ("symlink", b"/", FILE + b"x"), ("link", FILE, FILE + b"x"),
            ("mknod", FILE + b"x", 0o10777, 0), ("inotify_init",), ("fanotify_init", 0, 0),
            ("splice", 0, 0, 1, 0, 1, 0), ("sendfile", 1, 0, 0, 1), ("flock", 0, 2),
            ("copy_file_range", 0, 0, 1, 0, 1, 0), ("vmsplice", 1, 0, 0, 0)),
        """,
        'FILE = (WHERE["home"] + "/canary.py").encode()',
    ),
    probe(
        "change the machine",
        "As root, a process can do more to a machine than to a file.",
        """
        **refused_by_kernel(
            ("reboot", 0xFEE1DEAD, 672274793, 0, 0), ("sethostname", b"x", 1), ("settimeofday", 0, 0),
            ("swapon", b"/x", 0), ("init_module", 0, 0, b""), ("kexec_load", 0, 0, 0, 0),
            ("syslog", 3, 0, 0), ("acct", b"/tmp/x"), ("vhangup",), ("iopl", 3), ("modify_ldt", 0, 0, 0),
            ("mlockall", 3), ("personality", 0x0040000)),
        "sysctl": lambda: open("/proc/sys/kernel/hostname", "w").write("x"),
        "oom": lambda: open("/proc/self/oom_score_adj", "w").write("-1000"),
        "cgroup": lambda: os.mkdir("/sys/fs/cgroup/x"),
        """,
    ),
    probe(
        "change other processes",
        "Limits, priorities, processors and signals can be set for others.",
        """
        **refused_by_kernel(
            ("kill", os.getppid(), 19), ("kill", -1, 9), ("kill", 0, 9), ("kill", 1, 9),
            ("tkill", os.getppid(), 9), ("tgkill", os.getpid(), os.getpid(), 19),
            ("rt_sigqueueinfo", os.getppid(), 9, 0), ("pidfd_send_signal", wire(), 9, 0, 0),
            ("sched_setaffinity", 0, 8, b"\\1" * 8), ("setpriority", 0, 0, -20), ("ioprio_set", 1, 0, 0),
            ("sched_setscheduler", 0, 1, b"\\1" * 8), ("setrlimit", 4, b"\\0" * 16),
            ("process_vm_writev", os.getppid(), 0, 0, 0, 0, 0)),
        "prlimit": lambda: __import__("resource").prlimit(os.getppid(), 7),
        "own limit": lambda: __import__("resource").setrlimit(7, (64, 64)),
        "getpgid": lambda: os.killpg(os.getpgrp(), 9),
        "killpg": lambda: os.kill(-os.getppid(), 9),
        """,
    ),
    Attack(
        "break torch for whoever comes next",
        "Fork servers hand out forks of one torch: a change must not come back to them.",
        {
            "shapes.py": """
                import builtins, sys
                import torch

                torch.Tensor.abs = torch.Tensor.neg
                torch.Tensor.mean = torch.Tensor.sum
                torch.stack = torch.cat
                builtins.sum = max
                sys.modules.pop("torch.nn", None)
                torch.set_default_dtype(torch.float64)
                torch.set_grad_enabled(False)
                torch.manual_seed(666)
                torch.Tensor.__lt__ = torch.Tensor.__gt__

                def rank(tensor):
                    raise RuntimeError("all broken")
                """
        },
        says=("all broken",),
    ),
    Attack(
        "scribble over the shared memory",
        "Judge and worker share the memory of the arguments: write into it all the time.",
        {
            "shapes.py": """
                import ctypes, mmap, os, threading, time
                from tools import *

                def _scribble(shared):
                    while True:
                        shared[:4096] = os.urandom(4096)
                        shared[-4096:] = os.urandom(4096)
                        time.sleep(0.001)

                def rank(tensor):
                    if not globals().get("SCRIBBLER"):
                        shared = next(v for f in frames() for v in f.f_locals.values() if isinstance(v, mmap.mmap))
                        globals()["SCRIBBLER"] = threading.Thread(target=_scribble, args=(shared,), daemon=True)
                        SCRIBBLER.start()
                        # And give its pages back to the kernel.
                        address = ctypes.addressof(ctypes.c_char.from_buffer(shared))
                        ctypes.CDLL(None).madvise(ctypes.c_void_p(address), len(shared), 9)
                        raise RuntimeError(report({
                            "resize": lambda: shared.resize(1), "grow": lambda: shared.resize(1 << 30)}))
                    raise RuntimeError("tried again")
                """
        },
        says=("tried ",),
    ),
    Attack(
        "hand in results, grades and settings",
        "Files beside the work might be taken for the grader's own, or for pytest's.",
        {
            "shapes.py": "def rank(tensor):\n    raise RuntimeError('configured')\n",
            "results/me.json": '{"score": 50}',
            "grades.csv": "me,50,50,graded\n",
            "conftest.py": "raise SystemExit('conftest was run')\n",
            "pytest.ini": "[pytest]\naddopts = --collect-only\n",
            "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--collect-only"\n',
            "setup.py": "raise SystemExit('setup was run')\n",
            "sitecustomize.py": "raise SystemExit('sitecustomize was run')\n",
            "usercustomize.py": "raise SystemExit('usercustomize was run')\n",
            "evil.pth": "import os; os._exit(1)\n",
            "test_shapes.py": "def test_rank():\n    pass\n",
            "autograder.py": "raise SystemExit('autograder was run')\n",
            "torch.py": "raise SystemExit('torch was run')\n",
            "pytest.py": "raise SystemExit('pytest was run')\n",
            "json.py": "raise SystemExit('json was run')\n",
            "exercises.py": "raise SystemExit('exercises was run')\n",
            "solutions.py": "raise SystemExit('solutions was run')\n",
        },
        says=("configured", "autograder.py", "torch.py"),
        hides=("was run",),
    ),
)
