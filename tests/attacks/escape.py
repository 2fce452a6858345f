"""Get out of the worker's process, or live longer than it."""

# Hostile code stands in strings, and its lines are as long as they are.
# ruff: noqa: E501

from __future__ import annotations

from tests.attacks.attack import Attack, probe

ATTACKS = (
    probe(
        "start a process",
        "Python has many ways to start one, and a program started is a program free.",
        """
        "fork": lambda: os.fork() or os._exit(0),
        "forkpty": lambda: os.forkpty(),
        "system": lambda: os.system("true") or "ran" if os.system("true") == 0 else 1 / 0,
        "popen": lambda: subprocess.run(["true"], check=True),
        "shell": lambda: subprocess.check_output("id", shell=True),
        "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "spawnv": lambda: os.spawnv(os.P_WAIT, "/bin/true", ["true"]) in (0,) or 1 / 0,
        "pty": lambda: pty.spawn("/bin/true"),
        "multiprocessing": lambda: start(multiprocessing.get_context("fork")),
        "spawned": lambda: start(multiprocessing.get_context("spawn")),
        "forkserver": lambda: start(multiprocessing.get_context("forkserver")),
        "pool": lambda: ProcessPoolExecutor(1).submit(int).result(5),
        "torch": lambda: torch.multiprocessing.spawn(print, nprocs=1),
        "data loader": lambda: next(iter(torch.utils.data.DataLoader([1], num_workers=1))),
        "c": lambda: ctypes.CDLL(None).fork() > 0 or 1 / 0,
        "c system": lambda: ctypes.CDLL(None).system(b"true") == 0 or 1 / 0,
        """,
        """
        import multiprocessing, pty, subprocess, torch
        from concurrent.futures import ProcessPoolExecutor

        def start(context):
            process = context.Process(target=int)
            process.start()
            return process.pid
        """,
    ),
    probe(
        "become another program",
        "exec needs no new process: the worker itself would go on as something else.",
        """
        "execv": lambda: os.execv(sys.executable, ["python", "-c", "pass"]),
        "execve": lambda: os.execve("/bin/sh", ["sh"], {}),
        "execvp": lambda: os.execvp("true", ["true"]),
        "loader": lambda: os.execv("/lib64/ld-linux-x86-64.so.2", ["ld", "/bin/true"]),
        **refused_by_kernel(("execve", b"/bin/true", 0, 0), ("execveat", -100, b"/bin/true", 0, 0, 0)),
        """,
    ),
    probe(
        "clone with every flag",
        "Threads are allowed, so clone is: but not as a process, nor into new namespaces.",
        """
        **{f"clone {flags:x}": (lambda f=flags: system_call("clone", f, 0, 0, 0, 0) or os._exit(0))
           for flags in (0, 17, 0x4111, 0x100, 0x11, 0x10000000, 0x7E020000, 0x8000, 0x800000)},
        # New namespaces with CLONE_THREAD: the kernel itself says no.
        **{f"thread {flags:x}": (lambda f=flags: system_call("clone", f | 0x10000, 0, 0, 0, 0))
           for flags in (0x10000000, 0x20000000, 0x20000)},
        **refused_by_kernel(("fork",), ("vfork",), ("clone3", b"\\0" * 64, 64)),
        """,
    ),
    Attack(
        "call the kernel as a 32-bit program",
        "System calls have other numbers there: 2 is fork. A filter by number must know that.",
        {
            "shapes.py": """
                import os, platform
                from tools import *

                def rank(tensor):
                    if platform.machine() != "x86_64":
                        os._exit(31)
                    # mov eax, 2; int 0x80; ret
                    pid = machine_code(b"\\xb8\\x02\\x00\\x00\\x00\\xcd\\x80\\xc3")
                    raise RuntimeError(f"GAINED a fork {pid}" if pid >= 0 else f"refused {pid}")
                """
        },
    ),
    Attack(
        "call the kernel as an x32 program",
        "The same for the third kind of system call on one processor, with bit 30 set.",
        {
            "shapes.py": """
                import os, platform
                from tools import *

                def rank(tensor):
                    if platform.machine() != "x86_64":
                        os._exit(31)
                    # mov eax, 0x40000039 (fork); syscall; ret
                    pid = machine_code(b"\\xb8\\x39\\x00\\x00\\x40\\x0f\\x05\\xc3")
                    raise RuntimeError(f"GAINED a fork {pid}" if pid >= 0 else f"refused {pid}")
                """
        },
    ),
    probe(
        "live longer than the judge",
        "Whoever is not told when the parent dies, or stands in another session, lives on.",
        """
        **refused_by_kernel(
            ("prctl", 1, 0, 0, 0, 0), ("prctl", 4, 1, 0, 0, 0), ("prctl", 36, 1, 0, 0, 0),
            ("prctl", 15, b"python", 0, 0, 0), ("prctl", 59, 0, 0, 0, 0), ("setsid",), ("setpgid", 0, 0)),
        "setsid": lambda: os.setsid(),
        "nohup": lambda: os.setpgrp(),
        "daemon": lambda: ctypes.CDLL(None).daemon(0, 0) == 0 or 1 / 0,
        """,
    ),
    probe(
        "become root again",
        "As root, the worker gave its account and its capabilities up: for good?",
        """
        "setuid": lambda: os.setuid(0),
        "seteuid": lambda: os.seteuid(0),
        "setresuid": lambda: os.setresuid(0, 0, 0),
        "setgid": lambda: os.setgid(0),
        "groups": lambda: os.setgroups([0]),
        "libc": lambda: ctypes.CDLL(None).setuid(0) == 0 or 1 / 0,
        "is root": lambda: 1 / (os.getuid() == 0) if os.getuid() == 0 else 1 / 0,
        **refused_by_kernel(
            ("setuid", 0), ("setresuid", 0, 0, 0), ("capset", 0, 0), ("setgroups", 0, 0), ("prctl", 24, 0, 0, 0, 0),
            ("prctl", 47, 2, 0, 0, 0), ("seccomp", 0, 0, 0), ("seccomp", 1, 0, 0),
            ("landlock_restrict_self", 0, 0), ("unshare", 0x10000000)),
        """,
    ),
    probe(
        "ask the kernel to do it later",
        "io_uring, timers and asynchronous calls act where no filter looks.",
        """
        **refused_by_kernel(
            ("io_uring_setup", 8, b"\\0" * 120), ("timer_create", 0, 0, 0), ("setitimer", 0, 0, 0),
            ("alarm", 1), ("signalfd", -1, 0, 8), ("eventfd", 0), ("timerfd_create", 0, 0),
            ("epoll_create", 1), ("remap_file_pages", 0, 0, 0, 0, 0)),
        "itimer": lambda: __import__("signal").setitimer(0, 1),
        "raise": lambda: __import__("signal").raise_signal(19),
        "pthread_kill": lambda: __import__("signal").pthread_kill(__import__("threading").get_ident(), 19),
        "asyncio": lambda: __import__("asyncio").run(__import__("asyncio").sleep(0)),
        """,
    ),
    probe(
        "send an open file, or have a signal sent",
        "A socket carries descriptors, and tells its owner when something comes.",
        """
        "send_fds": lambda: socket.send_fds(SOCKET_HERE(), [b"x"], [0]),
        "sendmsg": lambda: SOCKET_HERE().sendmsg([b"x"]),
        "recv_fds": lambda: socket.recv_fds(SOCKET_HERE(), 1, 1),
        "owner": lambda: fcntl.fcntl(wire(), fcntl.F_SETOWN, os.getppid()),
        "signal": lambda: fcntl.fcntl(wire(), 10, 19),
        "async": lambda: fcntl.fcntl(wire(), fcntl.F_SETFL, os.O_ASYNC) and 1 / 0 or fcntl.ioctl(wire(), 0x8901, b"\\0" * 4),
        "lease": lambda: fcntl.fcntl(0, 1024, 0),
        "seal": lambda: fcntl.fcntl(wire(), 1033, 15),
        "pipe size": lambda: fcntl.fcntl(wire(), 1031, 1 << 20),
        "lock": lambda: fcntl.flock(0, fcntl.LOCK_EX),
        "lockf": lambda: fcntl.lockf(0, fcntl.LOCK_EX),
        "inject": lambda: fcntl.ioctl(0, 0x5412, b"x"),
        "inject far": lambda: fcntl.ioctl(wire(), 0x100005412, b"x"),
        "getsockopt": lambda: SOCKET_HERE().getsockopt(socket.SOL_SOCKET, 17, 12),
        "peer": lambda: SOCKET_HERE().getpeername(),
        "shutdown": lambda: SOCKET_HERE().shutdown(2),
        """,
        """
        import fcntl
        # Without Python's own look at the socket, which is refused already.
        SOCKET_HERE = lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=os.dup(wire()))
        """,
    ),
    probe(
        "run a program that is no file",
        "A program in memory needs no folder that may be written to.",
        """
        "memfd": lambda: os.memfd_create("x"),
        "fexecve": lambda: ctypes.CDLL(None).fexecve(0, 0, 0) == 0 or 1 / 0,
        "dlopen fd": lambda: ctypes.CDLL("/proc/self/fd/0"),
        "load_library": lambda: __import__("torch").ops.load_library("/tmp/x.so"),
        "inline": lambda: __import__("torch.utils.cpp_extension").utils.cpp_extension.load_inline("x", ""),
        **refused_by_kernel(("memfd_create", b"x", 0), ("execveat", 0, b"", 0, 0, 4096)),
        """,
    ),
    Attack(
        "a thread that stays",
        "The call has returned and the thread goes on: into the next call, the next student?",
        {
            "shapes.py": """
                import os, threading, time
                from tools import *

                def _stay():
                    end = time.monotonic() + 60
                    while time.monotonic() < end:
                        report({"fork": os.fork, "write": lambda: open("/tmp/written-by-an-attack", "w")})
                        time.sleep(0.01)

                def rank(tensor):
                    threading.Thread(target=_stay).start()
                    raise RuntimeError("one stays")
                """
        },
        says=("one stays",),
    ),
    Attack(
        "a second voice on the wire",
        "A thread writes to the judge whenever it likes, in between what the worker says.",
        {
            "shapes.py": """
                import threading, time
                from tools import *

                def _talk():
                    while True:
                        time.sleep(0.001)
                        os.write(wire(), b"\\0\\0\\0\\2\\0\\0\\0\\0{}")

                threading.Thread(target=_talk, daemon=True).start()

                def rank(tensor):
                    time.sleep(0.05)
                    return "in between"
                """
        },
    ),
    Attack(
        "a second ear on the wire",
        "A thread reads the judge's questions before the worker does, and answers some itself.",
        {
            "shapes.py": """
                import socket, threading
                from tools import *
                from autograder.worker import wire as protocol

                def _listen(connection):
                    for _ in range(3):
                        asked, _ = protocol.receive(connection)
                        outcome = {"raised": None, "value": {"kind": "str", "value": "overheard"},
                                   "arguments": {"kind": "none"}, "gradients": {"kind": "none"}}
                        reply = {"id": asked["id"], "outcomes": [outcome] * len(asked.get("calls", ()))}
                        protocol.send(connection, reply)
                    os._exit(5)

                connection = next(f.f_locals["connection"] for f in frames() if "connection" in f.f_locals)
                threading.Thread(target=_listen, args=(connection,), daemon=True).start()
                # Each waits for what the other has read: not for long here.
                threading.Timer(1, os._exit, (5,)).start()

                def rank(tensor):
                    return "heard"
                """
        },
    ),
    Attack(
        "code for the end of the process",
        "atexit, destructors and non-daemon threads run when Python ends: outside of any limit?",
        {
            "shapes.py": """
                import atexit, os, signal, threading, time, weakref

                class Last:
                    def __del__(self):
                        time.sleep(60)

                KEPT = Last()
                atexit.register(time.sleep, 60)
                threading._register_atexit(time.sleep, 60)
                weakref.finalize(KEPT, time.sleep, 60)
                for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE, signal.SIGXCPU):
                    signal.signal(number, signal.SIG_IGN)

                def rank(tensor):
                    raise RuntimeError("at the end")
                """
        },
        says=("at the end",),
    ),
    Attack(
        "jump back into the fork server's loop",
        "The worker is a fork of a loop that takes orders: raise, return or unwind into it.",
        {
            "shapes.py": """
                import ctypes, os, sys, threading
                from tools import *

                def rank(tensor):
                    # Every frame above gets a trace function that lets its own code raise.
                    def trace(frame, event, argument):
                        raise SystemExit("unwound")
                    for frame in frames():
                        frame.f_trace = trace
                    sys.settrace(trace)
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(
                        ctypes.c_ulong(threading.get_ident()), ctypes.py_object(KeyboardInterrupt))
                    return 3
                """
        },
    ),
    Attack(
        "take the loop's place",
        "Answer the judge oneself, for ever, out of the middle of a call.",
        {
            "shapes.py": """
                import json, os
                from tools import *
                from autograder.worker import wire as protocol
                import socket

                def rank(tensor):
                    asked = request()
                    connection = next(f.f_locals["connection"] for f in frames() if "connection" in f.f_locals)
                    while True:
                        outcome = {"raised": None, "value": {"kind": "str", "value": "in its place"},
                                   "arguments": {"kind": "none"}, "gradients": {"kind": "none"}}
                        protocol.send(connection, {"id": asked["id"], "outcomes": [outcome] * len(asked["calls"])})
                        asked, _ = protocol.receive(connection)
                """
        },
        says=("in its place",),
    ),
)
