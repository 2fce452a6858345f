"""``autograder build``: write what is cut from the solutions, or check that it is fresh."""

from __future__ import annotations

from pathlib import Path

from autograder.commands.say import os_problem, problem


def run_build(check: bool, suite: Path | None = None) -> int:
    """Build, or with ``check`` only compare; ``suite`` is a folder of more hidden tests.

    Returns the exit code.
    """
    from autograder.authoring.build import ROOT, built_files, stale_files, write_stale
    from autograder.authoring.source import SourceError
    from autograder.judging.suite import SuiteError

    try:
        files = built_files(private=suite)
        if not check:
            written = write_stale(files)
            for file in written:
                print(f"wrote {file.relative_to(ROOT)}")
            print(f"{len(files)} files are fresh.")
            return 0
        stale = stale_files(files)
    except (SourceError, SuiteError) as error:
        problem(str(error))
        return 2
    except OSError as error:
        # A file is written under another name first; the second name is the one that is meant.
        problem(os_problem(error, error.filename2 or error.filename))
        return 2
    command = f"autograder build --suite {suite}" if suite else "autograder build"
    for file, difference in stale:
        problem(f"{file.relative_to(ROOT)} is stale; run `{command}`. First: {difference}")
    if not stale:
        print(f"{len(files)} files are fresh.")
    return 1 if stale else 0
