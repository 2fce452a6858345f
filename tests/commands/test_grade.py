"""``autograder grade`` as a real process: equal bytes every time, every kind of bad input."""

import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from autograder.reporting.folder import GradedFolder
from tests.commands.conftest import autograder, read_results

if sys.platform == "win32":
    pytest.skip("grading needs Linux or macOS", allow_module_level=True)

RANK = "def rank(tensor):\n    return tensor.dim()\n"


def bad_class(folder):
    """One good submission among every kind of bad one. Each bad one costs only itself."""
    folder.mkdir()

    def hand_in(student, content, name="distance.py"):
        (folder / student).mkdir(exist_ok=True)
        path = folder / student / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    hand_in("good", RANK, "shapes.py")
    hand_in("latin-1", b"# caf\xe9\ndef mnist_distance(a, b):\n    return a\n")
    hand_in("utf-16", "def mnist_distance(a, b): return a".encode("utf-16"))
    hand_in("nul byte", b"def mnist_distance(a, b):\n    return a\0\n")
    hand_in("syntax", "def mnist_distance(a, b)\n    return a\n")
    hand_in("no python", "Dear teacher, my dog ate it.\n")
    hand_in("nested", "x = " + "(" * 5000 + ")" * 5000)
    hand_in("large", b"#" * (50 * 2**20))
    hand_in("broken notebook", '{"cells": [', "mnist_basics.ipynb")
    hand_in("R notebook", json.dumps(notebook("x <- 1", language="R")), "mnist_basics.ipynb")
    hand_in("pdf", b"%PDF-1.7", "homework.pdf")
    hand_in("Zoë O'Brien 2", RANK, "shapes.py")
    hand_in("shadow", "raise SystemExit('not torch')", "torch.py")
    hand_in("shadow", RANK, "shapes.py")
    hand_in("two in one", RANK + "\n\ndef mean_template(s):\n    return s.mean(0)\n", "shapes.py")
    hand_in("raises", "import nothing_like_this\n" + RANK, "shapes.py")
    hand_in("twice", RANK, "shapes.py")
    with zipfile.ZipFile(folder / "twice.zip", "w") as archive:
        archive.writestr("shapes.py", RANK)
    with zipfile.ZipFile(folder / "dots.zip", "w") as archive:
        archive.writestr("../../dots.py", RANK)
        archive.writestr("/tmp/absolute.py", RANK)
        archive.writestr("shapes.py", RANK)
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("distance.py", b"#" * (200 * 2**20))
    (folder / "no zip.zip").write_bytes(b"PK\3\4 not really")
    (folder / "empty").mkdir()
    (folder / "folder module" / "distance.py").mkdir(parents=True)
    secret = folder.parent / "secret.py"
    secret.write_text("SECRET = 1\n")
    (folder / "link").mkdir()
    (folder / "link" / "distance.py").symlink_to(secret)
    (folder / "pipe").mkdir()
    os.mkfifo(folder / "pipe" / "distance.py")
    return folder


def notebook(source, language="python"):
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
    kernel = {"kernelspec": {"name": language, "language": language, "display_name": language}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": [cell]}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The bad class, graded once."""
    folder = tmp_path_factory.mktemp("bad")
    run = autograder("grade", bad_class(folder / "submitted"), "--out", folder / "out")
    return run, read_results(folder / "out")


# What each page says: a word that names the fault. "good" and its like lose nothing.
SENTENCES = {
    "latin-1": "UTF-8",
    "utf-16": "UTF-16",
    "nul byte": "NUL",
    "syntax": "line 1",
    "no python": "line 1",
    "nested": "nested",
    "large": "1 MiB",
    "broken notebook": "mnist_basics.ipynb",
    "R notebook": "Python",
    "bomb": "MiB",
    "no zip": "zip",
    "folder module": "folder",
    "link": "link",
    "pipe": "ordinary file",
}


@pytest.mark.parametrize("student", SENTENCES)
def test_a_bad_submission_is_told_in_one_sentence(graded, student):
    result = graded[1][student]
    assert result["status"] == "unreadable"
    assert SENTENCES[student] in result["problem"]
    assert result["problem"].count("\n") == 0


@pytest.mark.parametrize("student", ["good", "Zoë O'Brien 2", "shadow", "dots", "two in one"])
def test_what_can_be_graded_is_graded(graded, student):
    result = graded[1][student]
    rank = next(f for f in result["functions"] if f["name"] == "rank")
    assert (result["status"], rank["status"]) == ("graded", "passed")


def test_a_module_that_shadows_torch_is_left_out_with_a_note(graded):
    assert any("torch.py" in note for note in graded[1]["shadow"]["notes"])


def test_names_that_climb_out_of_a_zip_are_refused_with_a_note(graded):
    assert any("dots.py" in note for note in graded[1]["dots"]["notes"])


def test_a_function_in_another_units_file_is_found_with_a_note(graded):
    result = graded[1]["two in one"]
    template = next(f for f in result["functions"] if f["name"] == "mean_template")
    assert template["status"] == "passed"
    assert any("belongs in templates.py" in note for note in result["notes"])


def test_a_module_that_raises_fails_its_functions_with_the_exception(graded):
    rank = next(f for f in graded[1]["raises"]["functions"] if f["name"] == "rank")
    assert rank["status"] == "failed"
    assert "nothing_like_this" in rank["tests"][0]["message"]


def test_nothing_but_another_format_is_unreadable(graded):
    assert graded[1]["pdf"]["status"] == graded[1]["empty"]["status"] == "unreadable"


def test_the_same_student_twice_is_never_a_zero(graded):
    run, results = graded
    assert (results["twice"]["status"], results["twice"]["score"]) == ("not_graded", None)
    assert "twice.zip" in results["twice"]["problem"]
    assert run.code == 1
    assert [s for s in run.sentences if "twice" in s]


def test_every_result_lists_every_test(graded):
    listed = {
        student: [(f["name"], len(f["tests"])) for f in result["functions"]]
        for student, result in graded[1].items()
    }
    assert len({str(tests) for tests in listed.values()}) == 1


def test_one_and_two_workers_write_the_same_bytes(demo, tmp_path):
    submitted = tmp_path / "submitted"
    chosen = ["05-differences-cancel", "09-four-mistakes", "10-syntax-error", "14-notebook"]
    for student in chosen:
        shutil.copytree(demo.folder / "submitted" / student, submitted / student)
    autograder("grade", submitted, "--out", tmp_path / "out", "--workers", 2)
    for student in chosen:
        for kind, suffix in (("results", "json"), ("feedback", "html")):
            one = demo.folder / "autograded" / kind / f"{student}.{suffix}"
            two = tmp_path / "out" / kind / f"{student}.{suffix}"
            assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["nowhere", "--out", "out"], "nowhere"),
        (["empty", "--out", "out"], "empty"),
        (["file.txt", "--out", "out"], "file.txt"),
        (["torn.zip", "--out", "out"], "torn.zip"),
        (["class", "--out", "out", "--assignment", "mnist_bsics"], "mnist_basics"),
        (["class", "--out", "class/out"], "inside"),
        (["class", "--out", "file.txt"], "file.txt"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(tmp_path, arguments, word):
    (tmp_path / "empty").mkdir()
    (tmp_path / "class" / "anna").mkdir(parents=True)
    (tmp_path / "class" / "anna" / "shapes.py").write_text(RANK)
    (tmp_path / "file.txt").write_text("no class")
    (tmp_path / "torn.zip").write_bytes(b"PK\3\4 torn")
    run = autograder("grade", *arguments, cwd=tmp_path)
    assert (run.code, len(run.err.splitlines())) == (2, 1)
    assert word in run.sentences[0]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["gread", "class"], "'grade'"),
        (["grade", "class", "--ouf", "out"], "--out"),
        (["grade", "class"], "--out"),
        (["grade", "class", "--out", ""], "empty"),
        (["grade", "class", "--out", "out", "--workers", "0"], "workers"),
        (["grade", "class", "--out", "out", "--seed", "tomorrow"], "tomorrow"),
        (["grade"], "SUBMITTED"),
    ],
)
def test_a_typo_is_named_with_exit_code_2(tmp_path, arguments, word):
    run = autograder(*arguments, cwd=tmp_path)
    assert run.code == 2
    assert word in run.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", [["grade"], ["regrade", "--apply"]])
def test_a_folder_that_another_run_writes_to_is_left_alone(tmp_path, command):
    submitted, out = tmp_path / "submitted", GradedFolder(tmp_path / "out")
    (submitted / "anna").mkdir(parents=True)
    (submitted / "anna" / "notes.txt").write_text("nothing to grade")
    assert autograder("grade", submitted, "--out", out.path).code == 0
    with out.claimed():
        run = autograder(*command, submitted, "--out", out.path)
    assert (run.code, len(run.sentences)) == (2, 1)
    assert f"another run is writing to {out.path}" in run.sentences[0]


def test_results_of_whoever_left_the_class_are_named(tmp_path):
    submitted, out = tmp_path / "submitted", GradedFolder(tmp_path / "out")
    for student in ("anna", "ben"):
        (submitted / student).mkdir(parents=True)
        (submitted / student / "notes.txt").write_text("nothing to grade")
    assert autograder("grade", submitted, "--out", out.path).code == 0
    shutil.rmtree(submitted / "ben")
    run = autograder("grade", submitted, "--out", out.path)
    assert run.code == 0
    assert "1 of an earlier run, of students who are not in the class now: ben.json" in run.err


ON_A_SMALL_DISK = """
mount -t tmpfs -o size=16k small "$OUT" || exit 99
mkdir "$OUT/results"
echo "{}" > "$OUT/results/earlier.json"
"$PYTHON" -m autograder grade "$SUBMITTED" --out "$OUT"
echo "exit code $?"
ls -A "$OUT/results"
"""


def test_a_disk_that_fills_up_loses_nothing_done(tmp_path):
    if not shutil.which("unshare"):
        pytest.skip("util-linux's unshare is missing: it mounts a small disk for this test alone")
    submitted, out = tmp_path / "submitted", tmp_path / "out"
    (submitted / "anna").mkdir(parents=True)
    (submitted / "anna" / "notes.txt").write_text("nothing to grade")
    out.mkdir()
    # In a mount namespace of its own; whoever isn't root needs to be root there.
    alone = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    names = {"OUT": str(out), "SUBMITTED": str(submitted), "PYTHON": sys.executable}
    done = subprocess.run(
        [*alone, "sh", "-c", ON_A_SMALL_DISK],
        capture_output=True,
        text=True,
        env={**os.environ, **names},
        timeout=300,
    )
    if done.returncode == 99:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    assert "Traceback" not in done.stderr
    assert "anna is not graded; make room and grade again" in done.stderr
    assert done.stdout.splitlines()[-2:] == ["exit code 1", "earlier.json"]


def test_a_download_from_canvas_is_graded_kept_and_regraded(tmp_path):
    download, out = tmp_path / "submissions.zip", tmp_path / "out"
    with zipfile.ZipFile(download, "w") as archive:
        archive.writestr("lastanna_77_5001_shapes.py", "def rank(tensor):\n    return 0\n")
        archive.writestr("lastanna_LATE_77_5020_shapes-1.py", RANK)
        archive.writestr("lastanna_78_5002_shapes.py", RANK)
        archive.writestr("readme.txt", "")
    given = (download, "--from", "canvas", "--out", out)
    run = autograder("grade", *given)
    assert run.code == 0
    assert run.sentences == [
        "autograder: left out, for Canvas names nothing like that: “readme.txt”.",
        "autograder: handed in late, says Canvas: “lastanna_77”.",
    ]
    results = read_results(out)
    assert {student: result["score"] for student, result in results.items()} == {
        "lastanna_77": 3.0,
        "lastanna_78": 3.0,
    }
    assert results["lastanna_77"]["notes"] == [
        "Canvas says that this was handed in late.",
        "shapes.py was handed in 2 times; shapes-1.py, the last, counts.",
    ]
    assert "2 of 2 were graded before" in autograder("grade", *given).out
    assert "0 graded again" in autograder("regrade", *given).out


def test_a_download_is_refused_without_its_system_or_with_another(tmp_path):
    (tmp_path / "submitted").mkdir()
    (tmp_path / "submitted" / "lastanna_77_5001_shapes.py").write_text(RANK)
    given = ("grade", tmp_path / "submitted", "--out", tmp_path / "out")
    for options, words in (
        ((), "looks like a download from Canvas; give it with --from canvas."),
        (("--from", "moodle"), "holds nothing named as Moodle names submissions"),
    ):
        run = autograder(*given, *options)
        [sentence] = run.sentences
        assert (run.code, words in sentence) == (2, True)
