"""Memory in large pages holds what it held before."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.worker import pages
from autograder.worker.pages import gather_in_large_pages
from tests.worker import children

# 64 MiB, in a process in which nobody has gathered anything before.
GATHERED = """
import mmap
from pathlib import Path
from autograder.worker.pages import gather_in_large_pages

def large():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("AnonHugePages"))

memory = mmap.mmap(-1, 64 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
memory.madvise(15)  # never in large pages by the kernel's own choice
for place in range(0, len(memory), 4096):
    memory[place] = place // 4096 % 251
memory.madvise(14)
before = large()
gather_in_large_pages()
assert all(memory[place] == place // 4096 % 251 for place in range(0, len(memory), 4096))
print(large() - before)
"""


@children.linux
def test_gathered_memory_lies_in_large_pages_and_holds_what_it_held():
    if not Path("/sys/kernel/mm/transparent_hugepage").is_dir():
        pytest.skip("this kernel has no large pages")
    done = subprocess.run([sys.executable, "-c", GATHERED], capture_output=True, text=True)
    assert done.stderr == ""
    if int(done.stdout) == 0:
        pytest.skip("this kernel gathers no memory on demand (Linux 6.1 does)")
    assert int(done.stdout) >= 32 << 10


@children.linux
def test_only_memory_of_its_own_is_gathered():
    maps = Path("/proc/self/maps").read_text().splitlines()
    rights = {
        tuple(int(n, 16) for n in line.split()[0].split("-")): line.split()[1:] for line in maps
    }
    found = list(pages._own_memory())
    assert found
    for place in found:
        # The heap may have grown since.
        if place in rights:
            assert rights[place][0] == "rw-p"
            assert rights[place][4:] in ([], ["[heap]"])


def test_elsewhere_than_on_linux_nothing_happens(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(pages, "_own_memory", lambda: pytest.fail("looked for memory"))
    gather_in_large_pages()
