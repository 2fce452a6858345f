"""Two real runs for each account: the neighbours alone, and the neighbours under attack."""

import pytest

from tests.attacks import confusion, damage, denial, escape, forging, reading
from tests.attacks.accounts import ORDINARY, ROOT, why_not
from tests.attacks.arena import BETWEEN, grade

CATEGORIES = {
    "forging": forging.ATTACKS,
    "reading": reading.ATTACKS,
    "damage": damage.ATTACKS,
    "denial": denial.ATTACKS,
    "escape": escape.ATTACKS,
    "confusion": confusion.ATTACKS,
}


def _in_turn(categories):
    """One of each kind after the other, so that slow ones of a kind don't sit together."""
    queues = [list(attacks) for attacks in categories.values()]
    while any(queues):
        for queue in queues:
            if queue:
                yield queue.pop(0)


ALL = tuple(_in_turn(CATEGORIES))
SEATS = len(ALL) // BETWEEN + 1


@pytest.fixture(scope="session", params=[ROOT, ORDINARY])
def account(request):
    reason = why_not(request.param)
    if reason:
        pytest.skip(reason)
    return request.param


@pytest.fixture(scope="session")
def quiet(account):
    """The honest neighbours, graded with nobody around them."""
    yield from grade(account, (), SEATS)


@pytest.fixture(scope="session")
def batch(account, quiet):
    """The same neighbours, with all the attackers in between."""
    yield from grade(account, ALL, SEATS)
