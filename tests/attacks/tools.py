"""What many attacks need; handed in with each of them, as a student's own helper module.

It runs in a worker and never in the tests: they read it as text. So that an attack can tell
what it managed to do, ``report`` names each attempt that should have failed and did not, with
the beginning of what it found, to be raised, printed or returned.
"""

# As a student would write it.
# ruff: noqa: PTH112, PTH123, PTH208

import ctypes
import mmap
import os
import platform
import stat
import struct
import sys

# Filled in when the class is written: a student who knows the instructor's machine by heart.
WHERE = {"checkout": "@CHECKOUT@", "submitted": "@SUBMITTED@", "out": "@OUT@", "home": "@HOME@"}
ADDRESS = ("127.0.0.1", int("0@PORT@"))
SOCKET = "@SOCKET@"

CALLS = {
    "x86_64": {
        "fork": 57, "vfork": 58, "clone": 56, "execve": 59, "kill": 62, "tgkill": 234,
        "tkill": 200, "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311,
        "pidfd_open": 434, "pidfd_getfd": 438, "pidfd_send_signal": 424, "kcmp": 312,
        "memfd_create": 319, "io_uring_setup": 425, "userfaultfd": 323, "bpf": 321,
        "perf_event_open": 298, "add_key": 248, "request_key": 249, "keyctl": 250,
        "shmget": 29, "msgget": 68, "semget": 64, "mq_open": 240, "prctl": 157, "unshare": 272,
        "setns": 308, "mount": 165, "chroot": 161, "pivot_root": 155, "setuid": 105,
        "setresuid": 117, "capset": 126, "setgroups": 116, "socket": 41, "socketpair": 53,
        "sendmsg": 46, "sendmmsg": 307, "shutdown": 48, "openat2": 437, "open_by_handle_at": 304,
        "name_to_handle_at": 303, "inotify_init": 253, "fanotify_init": 300, "chmod": 90,
        "fchmodat": 268, "chown": 92, "utimensat": 280, "setxattr": 188, "truncate": 76,
        "rename": 82, "unlink": 87, "mkdir": 83, "symlink": 88, "link": 86, "mknod": 133,
        "reboot": 169, "sethostname": 170, "settimeofday": 164, "swapon": 167,
        "init_module": 175, "kexec_load": 246, "syslog": 103, "acct": 163, "sched_setaffinity": 203,
        "setpriority": 141, "ioprio_set": 251, "sched_setscheduler": 144, "setrlimit": 160,
        "seccomp": 317, "personality": 135, "modify_ldt": 154, "iopl": 172, "timer_create": 222,
        "setitimer": 38, "alarm": 37, "rt_sigqueueinfo": 129, "setsid": 112, "setpgid": 109,
        "quotactl": 179, "mlockall": 151, "splice": 275, "sendfile": 40, "copy_file_range": 326,
        "flock": 73, "clone3": 435, "execveat": 322, "remap_file_pages": 216, "vmsplice": 278,
        "process_madvise": 440, "landlock_restrict_self": 446, "mount_setattr": 442,
        "open_tree": 428, "fsopen": 430, "move_mount": 429, "vhangup": 153, "lookup_dcookie": 212,
        "signalfd": 282, "eventfd": 284, "timerfd_create": 283, "epoll_create": 213,
    },
    "aarch64": {
        "clone": 220, "execve": 221, "kill": 129, "tgkill": 131, "tkill": 130, "ptrace": 117,
        "process_vm_readv": 270, "process_vm_writev": 271, "pidfd_open": 434, "pidfd_getfd": 438,
        "memfd_create": 279, "io_uring_setup": 425, "bpf": 280, "keyctl": 219, "prctl": 167,
        "unshare": 97, "socket": 198, "shmget": 194, "sendmsg": 211, "mount": 40,
    },
}  # fmt: skip


def report(attempts):
    """Try all that must fail; say how many, and what did not fail."""
    gained = []
    for name, attempt in attempts.items():
        try:
            found = attempt()
        except BaseException:
            continue
        gained.append(f"GAINED {name}: {str(found)[:60]}")
    return f"tried {len(attempts)} {'; '.join(gained)}"


def system_call(name, *arguments):
    """Ask the kernel directly, past Python and the C library. Raises OSError when it refuses."""
    number = CALLS[platform.machine()][name]
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *arguments)]
    result = libc.syscall(*words)
    if result == -1:
        raise OSError(ctypes.get_errno(), name)
    return result


def refused_by_kernel(*calls):
    """An attempt for each system call: (name, arguments...)."""
    return {name: (lambda n=name, a=args: system_call(n, *a)) for name, *args in calls}


def machine_code(code):
    """Run machine code, and return what it leaves in the first register."""
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return ctypes.CFUNCTYPE(ctypes.c_long)(address)()


def read(path):
    """The beginning of a file, or of the first file in a folder."""
    if os.path.isdir(path):
        return os.listdir(path)
    with open(path, "rb") as file:
        return file.read(60)


def folders():
    """All that the instructor has, file by file, as far as names can be guessed."""
    checkout = WHERE["checkout"]
    return [
        checkout,
        *(
            f"{checkout}/{name}"
            for name in (
                "autograder/hidden", "autograder/hidden/test_distance.py",
                "autograder/judging/judge.py", "autograder/course.json", "solutions/distance.py",
                "exercises/test_distance.py", "tests/attacks/tools.py", "README.md", ".git/HEAD",
                "autograder/worker/serve.py", "autograder/misconceptions/rank.py",
            )
        ),
    ]  # fmt: skip


def wire():
    """The descriptor of the socket to the judge: the only socket there is."""
    return next(fd for fd in range(3, 64) if _is_socket(fd))


def _is_socket(descriptor):
    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:
        return False


def frames():
    """The frames that called this code, the innermost first: the worker's own among them."""
    frame = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def request():
    """The judge's request that is being answered, taken from the worker's own frame."""
    return next(f.f_locals["request"] for f in frames() if "request" in f.f_locals)


def write_frame(text, blob=b""):
    """Write a frame to the judge, whatever is in it."""
    data = struct.pack(">II", len(text), len(blob)) + text + blob
    while data:
        data = data[os.write(wire(), data) :]
