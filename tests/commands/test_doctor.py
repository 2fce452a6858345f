"""``autograder doctor``: what is there and what is missing, in words."""

import importlib.util
import sys
from importlib.metadata import PackageNotFoundError, version

import pytest

from autograder.commands import doctor
from autograder.judging import sandbox
from autograder.judging.sandbox import Sandbox
from autograder.judging.suite import SuiteError
from autograder.mnist import MnistError


@pytest.fixture(autouse=True)
def lock_holds(monkeypatch):
    """A lock is tried out in seconds: once, in the test that asks for it."""
    monkeypatch.setattr(doctor, "_hole", lambda sandbox: None)


@pytest.fixture
def ask(capsys):
    """Runs the doctor: the exit code, and for each thing its sign and its words."""

    def run():
        code = doctor.run_doctor()
        text = capsys.readouterr().out.replace(f"\n{' ' * 18}", " ")
        lines = [line.split(maxsplit=2) for line in text.splitlines()]
        return code, {what: (sign, words) for sign, what, words in lines}

    return run


def without(monkeypatch, module):
    """As if it had never been installed."""
    found = importlib.util.find_spec
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == module else found(name)
    )

    def version_of(name):
        if name == module:
            raise PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr("autograder.commands.doctor.version", version_of)


def test_all_that_is_looked_at(ask):
    code, findings = ask()
    assert code == 0
    assert list(findings) == ["Python", "torch", "CUDA", "data", "book", "suites", "sandbox"]
    assert findings["Python"] == ("ok", findings["Python"][1])
    assert findings["data"][1].startswith("60,000 train and 10,000 valid pictures; ")


def test_lines_fit_a_terminal(capsys):
    doctor.run_doctor()
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 100


def test_no_torch(ask, monkeypatch):
    without(monkeypatch, "torch")
    code, findings = ask()
    assert code == 1
    assert findings["torch"] == ("MISSING", "not installed; run: pip install -e .")
    assert findings["CUDA"] == ("-", "can't be asked without torch")


def test_torch_that_does_not_start(ask, monkeypatch):
    def broken(*_sizes):
        raise OSError("libgomp.so.1: cannot open shared object file")

    monkeypatch.setattr("torch.ones", broken)
    code, findings = ask()
    assert code == 1
    assert findings["torch"][0] == "MISSING"
    assert "it does not start: libgomp.so.1: cannot open" in findings["torch"][1]


def test_no_data(ask, monkeypatch):
    def missing(_digit, _split):
        raise MnistError("The data file 0.npz is missing; reinstall the kit.")

    monkeypatch.setattr("autograder.mnist.digits.arrays", missing)
    code, findings = ask()
    assert code == 1
    assert findings["data"] == ("MISSING", "The data file 0.npz is missing; reinstall the kit.")


def test_the_sample_is_made(ask, monkeypatch, tmp_path):
    monkeypatch.setenv("FASTAI_HOME", str(tmp_path))
    assert "MNIST_SAMPLE is not made yet, in " in ask()[1]["data"][1]
    (tmp_path / "data" / "mnist_sample").mkdir(parents=True)
    assert "MNIST_SAMPLE is made, in " in ask()[1]["data"][1]


def test_an_old_python(ask, monkeypatch):
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (9, 9))
    code, findings = ask()
    assert code == 1
    assert findings["Python"][0] == "MISSING"
    assert findings["Python"][1].endswith("; the kit needs 9.9 or newer")


def test_what_students_do_without(ask, monkeypatch):
    """No fastai and no hidden suites: the self-check needs neither."""

    def none_here():
        raise SuiteError("There are no hidden suites.")

    without(monkeypatch, "fastai")
    monkeypatch.setattr("autograder.judging.suite.suite_files", none_here)
    code, findings = ask()
    assert code == 0
    assert findings["book"] == ("-", "no fastai; pip install -e '.[book]'")
    assert findings["suites"] == ("-", "no hidden suites; enough for students")


@pytest.mark.parametrize(("there", "sign"), [(True, "ok"), (False, "-")])
def test_a_gpu_or_none(ask, monkeypatch, there, sign):
    monkeypatch.setattr("torch.cuda.is_available", lambda: there)
    monkeypatch.setattr("torch.cuda.get_device_name", lambda _number: "a fast one")
    code, findings = ask()
    assert code == 0
    assert findings["CUDA"][0] == sign


def test_the_layers_that_hold_are_named(ask, monkeypatch):
    monkeypatch.setattr(sandbox, "find_sandbox", lambda: Sandbox(("landlock", "seccomp"), ()))
    sign, words = ask()[1]["sandbox"]
    assert sign == "ok"
    assert words.startswith("tried out, and it holds: landlock, seccomp; install bubblewrap")


def test_a_missing_layer_is_named_with_what_grade_does(ask, monkeypatch):
    monkeypatch.setattr(sandbox, "find_sandbox", lambda: Sandbox((), ("no Landlock here",)))
    code, findings = ask()
    assert code == 0
    assert findings["sandbox"][0] == "-"
    assert "no Landlock here: `autograder grade` refuses without --unsafe" in findings["sandbox"][1]


def test_a_lock_with_a_hole_is_no_lock(ask, monkeypatch):
    monkeypatch.setattr(
        doctor, "_hole", lambda sandbox: "a locked worker could still open a socket"
    )
    monkeypatch.setattr(sandbox, "find_sandbox", lambda: Sandbox(("landlock", "seccomp"), ()))
    sign, words = ask()[1]["sandbox"]
    assert sign == "MISSING"
    assert "could still open a socket" in words
