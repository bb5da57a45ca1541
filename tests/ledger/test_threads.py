"""P1: never below zero and never twice, under real threads."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest

from seonmul.kit.refusals import Refused
from seonmul.ledger import actions, queries
from seonmul.ledger.models import Account, Hold, Kind, Transfer
from seonmul.ledger.queries import Balances
from seonmul.ledger.rules import LedgerRefusal
from tests.given import MONDAY
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def refused(outcomes: list[object]) -> list[object]:
    """Why those that were refused were; anything else that was raised fails."""
    assert all(isinstance(one, Refused) for one in outcomes if isinstance(one, Exception)), outcomes
    return [one.no.why for one in outcomes if isinstance(one, Refused)]


def test_eight_threads_spend_one_balance() -> None:
    """P1: exactly as many succeed as the balance allows."""
    owner = uuid4()
    actions.charge(owner, 5_999, cause="deposit", at=MONDAY)
    outcomes = at_once(
        [partial(actions.hold, owner, [(Kind.CASH, 1_000)], cause=f"order:{n}", at=MONDAY) for n in range(8)]
    )
    assert refused(outcomes) == [LedgerRefusal.NOT_ENOUGH] * 3
    assert queries.balances(owner) == Balances(999, 0, 5_000)
    assert Hold.objects.count() == 5
    assert queries.faults() == []


def test_fifty_spend_one_balance_at_once() -> None:
    """P1, O6: each is a transfer of its own, none is lost and none is too many."""
    owner = uuid4()
    actions.charge(owner, 30_000, cause="deposit", at=MONDAY)
    outcomes = at_once(
        [partial(actions.hold, owner, [(Kind.CASH, 1_000)], cause=f"order:{n}", at=MONDAY) for n in range(50)]
    )
    assert refused(outcomes) == [LedgerRefusal.NOT_ENOUGH] * 20
    assert queries.balances(owner) == Balances(0, 0, 30_000)
    assert queries.faults() == []


def test_eight_threads_open_the_first_account_of_an_owner() -> None:
    """P1"""
    owner = uuid4()
    outcomes = at_once(
        [partial(actions.charge, owner, 1_000, cause=f"deposit:{n}", at=MONDAY) for n in range(8)]
    )
    assert refused(outcomes) == []
    assert queries.balances(owner).cash_won == 8_000
    assert Account.objects.filter(owner=str(owner)).count() == 1
    assert queries.faults() == []


def test_captures_and_a_release_race_for_one_hold() -> None:
    """O9"""
    owner = uuid4()
    actions.charge(owner, 1_000, cause="deposit", at=MONDAY)
    hold = actions.hold(owner, [(Kind.CASH, 1_000)], cause="order", at=MONDAY)
    outcomes = at_once(
        [
            partial(actions.capture, hold.id, 600, cause="one", at=MONDAY),
            partial(actions.capture, hold.id, 600, cause="two", at=MONDAY),
            partial(actions.release, hold.id, 600, cause="three", at=MONDAY),
        ]
    )
    assert refused(outcomes) == [LedgerRefusal.HOLD_SPENT] * 2
    hold.refresh_from_db()
    assert hold.rest_won == 400 == queries.balances(owner).held_won
    assert queries.faults() == []


@pytest.mark.parametrize("verb", ["charge", "hold", "capture", "release"])
def test_the_same_cause_at_the_same_time_posts_once(verb: str) -> None:
    """P1"""
    owner = uuid4()
    actions.charge(owner, 4_000, cause="deposit", at=MONDAY)
    hold = actions.hold(owner, [(Kind.CASH, 2_000)], cause="first", at=MONDAY)
    calls = {
        "charge": partial(actions.charge, owner, 500, cause="again", at=MONDAY),
        "hold": partial(actions.hold, owner, [(Kind.CASH, 500)], cause="again", at=MONDAY),
        "capture": partial(actions.capture, hold.id, 500, cause="again", at=MONDAY),
        "release": partial(actions.release, hold.id, 500, cause="again", at=MONDAY),
    }
    outcomes = at_once([calls[verb]] * 6)
    assert refused(outcomes) == []
    assert len({getattr(made, "transfer", made).id for made in outcomes}) == 1
    assert Transfer.objects.filter(cause="again").count() == 1
    wanted = {
        "charge": (2_500, 2_000),
        "hold": (1_500, 2_500),
        "capture": (2_000, 1_500),
        "release": (2_500, 1_500),
    }
    money = queries.balances(owner)
    assert (money.cash_won, money.held_won) == wanted[verb]
    assert queries.faults() == []


@pytest.mark.parametrize("verb", [actions.capture, actions.release])
def test_one_cause_for_two_holds_at_the_same_time_takes_from_one(verb: object) -> None:
    """P1: a mistaken cause must not leave a hold that says more than its money."""
    owner = uuid4()
    actions.charge(owner, 2_000, cause="deposit", at=MONDAY)
    holds = [actions.hold(owner, [(Kind.CASH, 1_000)], cause=f"order:{n}", at=MONDAY) for n in range(2)]
    at_once([partial(verb, hold.id, 400, cause="same", at=MONDAY) for hold in holds] * 3)  # type: ignore[arg-type]
    assert queries.balances(owner).held_won == 1_600
    assert sorted(Hold.objects.values_list("captured_won", "released_won"))[0] == (0, 0)
    assert queries.faults() == []
