"""How long does `pytest exercises` take, compared with `import torch` alone?

    python benchmarks/selfcheck.py [--runs 10]

The runs alternate, so that a busy moment of the machine spoils all of them alike. Plugins that
happen to be installed are left out, and bytecode is cached, as in a student's environment.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTEST = [sys.executable, "-m", "pytest", "exercises"]


def student_folder(root: Path, *, solved: bool) -> Path:
    """A copy of the exercises, as stubs or with the solutions as the student's files."""
    shutil.copytree(ROOT / "exercises", root / "exercises")
    shutil.copy(ROOT / "pyproject.toml", root)
    if solved:
        shutil.copytree(ROOT / "solutions", root / "exercises", dirs_exist_ok=True)
    return root


def environment() -> dict[str, str]:
    dropped = ("PYTEST_ADDOPTS", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return {**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def seconds(command: list[str], folder: Path, expected_code: int) -> float:
    """The wall time of one run. Exits when it did not end as it should."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True)
    taken = time.perf_counter() - start
    if done.returncode != expected_code:
        sys.exit(f"{command} ended with code {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of each (default: 5)")
    runs = max(1, parser.parse_args().runs)
    with tempfile.TemporaryDirectory() as folder:
        cases = {
            "import torch": ([sys.executable, "-c", "import torch"], Path(folder), 0),
            "solutions": (PYTEST, student_folder(Path(folder, "solved"), solved=True), 0),
            "stubs": (PYTEST, student_folder(Path(folder, "stubs"), solved=False), 1),
        }
        times: dict[str, list[float]] = {name: [] for name in cases}
        for run in range(-1, runs):
            taken = {name: seconds(*case) for name, case in cases.items()}
            shown = "  ".join(f"{name} {value:.2f} s" for name, value in taken.items())
            # The first round fills the caches of the disk and of bytecode.
            print(
                f"run {run + 1} of {runs}  {shown}" if run >= 0 else f"warm-up     {shown}",
                flush=True,
            )
            if run >= 0:
                for name, value in taken.items():
                    times[name].append(value)
    base = statistics.median(times["import torch"])
    print()
    for name, values in times.items():
        median = statistics.median(values)
        print(
            f"{name:<13} median {median:5.2f} s   {min(values):5.2f} to {max(values):5.2f} s   "
            f"ratio {median / base:.2f}"
        )


if __name__ == "__main__":
    main()
