"""Threes & Sevens: exercises for the MNIST lesson, a self-check and a grader."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - a checkout can be run without installing it
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit(f"Threes & Sevens needs Python 3.11 or newer; this is Python {found}.")
