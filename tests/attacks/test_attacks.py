"""Hostile submissions, graded among honest ones by the real command.

Each is a few lines in ``forging``, ``reading``, ``damage``, ``denial``, ``escape`` or
``confusion``. All are graded in one batch, as root and as an ordinary user, and then looked at:
what each got, what its page says, and what became of its neighbours and of the machine.
"""

import csv
import html
import json

import pytest

from tests.attacks.accounts import has_namespaces
from tests.attacks.arena import NEIGHBOURS
from tests.attacks.conftest import ALL, CATEGORIES, SEATS

LARGEST = 3 << 30
"""A worker may take 2 GiB beyond what it is born with, and a judge has no need of that much."""
OF_THE_JUDGE = (
    "Traceback (most",
    "autograder/judging",
    "autograder/worker",
    "serve.py",
    "hand_in.py",
)

every_attack = pytest.mark.parametrize("attack", ALL, ids=lambda attack: attack.name)


def test_there_are_enough_of_each_kind():
    assert len(ALL) >= 60
    assert all(len(attacks) >= 10 for attacks in CATEGORIES.values())
    assert len({attack.name for attack in ALL}) == len(ALL)


def test_the_lock_is_the_whole_lock(account, batch):
    """Every layer that this machine has for this account was in use."""
    wanted = {"landlock", "seccomp", "limits"}
    if has_namespaces(account, batch.out):
        wanted.add("bubblewrap")
    assert wanted <= set(batch.result("neighbour 0")["receipt"]["sandbox"])


@every_attack
def test_it_is_graded_and_gains_no_point(batch, attack):
    result = batch.result(attack.name)
    assert result["status"] == attack.status, result
    assert result["score"] <= attack.most, _lines_of(result)


@pytest.mark.parametrize("attack", [a for a in ALL if a.deserves], ids=lambda attack: attack.name)
def test_it_keeps_what_it_deserves(batch, attack):
    """A trick that loses honest points would show nothing about what it can gain."""
    assert batch.result(attack.name)["score"] >= attack.deserves


@every_attack
def test_it_ran_and_managed_nothing(batch, attack):
    """An attack that manages something says GAINED; one that ran at all says what ``says`` has."""
    result, page = batch.texts(attack.name)
    text = result + html.unescape(page)
    layers = json.loads(result)["receipt"]["sandbox"]
    if attack.needs is None or attack.needs in layers:
        assert "GAINED" not in text
    for word in attack.says:
        assert word in text


@every_attack
def test_it_is_told_no_secret(batch, attack):
    """No line of a hidden suite, no canary, and nothing of the judge's own."""
    result, page = batch.texts(attack.name)
    text = result + html.unescape(page)
    assert [secret for secret in batch.secrets if secret in text] == []
    assert [word for word in OF_THE_JUDGE if word in text] == []
    for word in attack.hides:
        assert word not in page


@pytest.mark.parametrize("seat", range(SEATS))
def test_a_neighbour_gets_the_same_bytes_as_in_a_quiet_batch(quiet, batch, seat):
    name, _, deserved = NEIGHBOURS[seat % len(NEIGHBOURS)]
    assert quiet.result(f"neighbour {seat}")["score"] == deserved, name
    assert batch.bytes_of(f"neighbour {seat}") == quiet.bytes_of(f"neighbour {seat}")


def test_everybody_is_graded_and_the_run_ends_well(batch):
    assert batch.code == 0, batch.printed[-3000:]
    assert "not graded" not in batch.printed.replace("0 not graded", "")
    assert len(list((batch.out / "results").iterdir())) == len(batch.students)


def test_the_grader_shows_no_traceback_and_no_secret(batch):
    assert "Traceback" not in batch.printed
    assert [secret for secret in batch.secrets if secret in batch.printed] == []
    assert not {"\x1b", "\u202e", "\x07"} & set(batch.printed)


def test_no_cell_of_the_grades_is_a_formula_and_no_name_is_two_rows(batch):
    with (batch.out / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert len(rows) == len(batch.students) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_no_page_runs_or_fetches_anything(batch):
    for page in (batch.out / "feedback").iterdir():
        text = page.read_text("utf-8")
        assert "<script" not in text
        assert "<img" not in text
        assert "default-src 'none'" in text


def test_nothing_has_changed(batch):
    """Submissions, checkout, home folder, shared memory: every file as it was before."""
    assert batch.changed == []


def test_nobody_has_called(batch):
    assert batch.connections == []


def test_nothing_is_left_running(batch):
    assert batch.left == []


def test_no_process_took_all_the_memory(batch):
    assert batch.largest < LARGEST


def _lines_of(result):
    return [
        (test["name"], test["rule"], test["score"], test["message"])
        for function in result["functions"]
        for test in function["tests"]
        if test["score"]
    ]
