"""The parts of ``benchmarks/grading.py``: one class, the same hidden checks, several graders."""
