"""P4, P5, O6: reward has an end; what ends soonest is spent first; what comes back keeps its end or gets a later one."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from seonmul.kit.refusals import Refused
from seonmul.ledger import actions, queries
from seonmul.ledger.models import Kind, Lot
from seonmul.ledger.rules import LedgerRefusal
from tests.given import MONDAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def owner() -> str:
    owner = str(uuid4())
    actions.charge(owner, 10_000, cause=f"deposit:{owner}", at=MONDAY)
    give(owner, 300, 30, "late")
    give(owner, 200, 10, "soon")
    return owner


def give(owner: str, won: int, days: int, cause: str) -> None:
    actions.give(owner, won, expires_at=MONDAY + days * DAY, cause=cause, at=MONDAY)


def left(owner: str) -> list[tuple[int, datetime]]:
    return [(lot.left_won, lot.expires_at) for lot in queries.lots(owner)]


def test_the_soonest_end_is_spent_first(owner: str) -> None:
    """O6, P4"""
    actions.hold(owner, [(Kind.REWARD, 250), (Kind.CASH, 1_000)], cause="order", at=MONDAY)
    assert left(owner) == [(250, MONDAY + 30 * DAY)]
    assert queries.faults() == []


def test_what_has_ended_is_not_spent_even_before_it_is_taken_away(owner: str) -> None:
    """P4"""
    at = MONDAY + 11 * DAY
    assert queries.balances(owner).reward_won == 500 and queries.reward_alive(owner, at) == 300
    with pytest.raises(Refused) as refused:
        actions.hold(owner, [(Kind.REWARD, 301)], cause="order", at=at)
    assert refused.value.no.why is LedgerRefusal.NOT_ENOUGH
    assert refused.value.no.numbers == {"missing_won": 1}
    actions.hold(owner, [(Kind.REWARD, 300)], cause="order", at=at)
    assert queries.faults() == []


def test_expired_reward_is_taken_away_once(owner: str) -> None:
    """P4"""
    account = actions.open_account(owner, Kind.REWARD)
    at = MONDAY + 10 * DAY + timedelta(seconds=1)
    assert queries.accounts_with_ended_lots(MONDAY + 10 * DAY) == []
    assert queries.accounts_with_ended_lots(at) == [account.id]
    ended = actions.expire(account.id, at=at)
    assert ended is not None and ended.kind == "reward_ended"
    assert actions.expire(account.id, at=at) is None
    assert queries.balances(owner).reward_won == 300
    assert queries.faults() == []


def test_what_comes_back_keeps_its_end_but_lives_a_while(owner: str) -> None:
    """P5: with its old expiry, but at least as long as whoever gives it back says."""
    hold = actions.hold(owner, [(Kind.REWARD, 400)], cause="order", at=MONDAY)
    at, until = MONDAY + 5 * DAY, MONDAY + 20 * DAY
    back = actions.release(hold.id, 400, cause="back", at=at, lots_until=until)
    assert back.by_kind == {Kind.REWARD: 400}
    assert left(owner) == [(200, until), (300, MONDAY + 30 * DAY)]
    assert queries.faults() == []


def test_a_refund_gives_card_first_then_cash_then_reward(owner: str) -> None:
    """P5: and what is kept for reward that was spent comes off the reward first, the card last."""
    accounts = {Kind.CLEARING: -500, Kind.CARD: 500}
    actions.move(owner, accounts, cause="card", kind="card", at=MONDAY)
    parts = [(Kind.REWARD, 100), (Kind.CASH, 300), (Kind.CARD, 500)]
    hold = actions.hold(owner, parts, cause="order", at=MONDAY)
    actions.capture(hold.id, 900, cause="issue", at=MONDAY)
    first = actions.refund(hold.id, 600, cause="r1", at=MONDAY)
    assert first.by_kind == {Kind.CARD: 500, Kind.CASH: 100}
    assert actions.refund(hold.id, 600, cause="r1", at=MONDAY) == first, "the same cause posts once"
    rest = actions.refund(hold.id, 300, cause="r2", at=MONDAY, kept_won=150)
    assert rest.by_kind == {Kind.CASH: 150}, "of 200 cash and 100 reward, 150 are kept: the reward first"
    assert queries.balances(owner).card_won == 500
    assert queries.total(Kind.SALES) == 0 and queries.total(Kind.COST) == 150 - 500
    with pytest.raises(Refused) as refused:
        actions.refund(hold.id, 1, cause="r3", at=MONDAY)
    assert refused.value.no.why is LedgerRefusal.HOLD_SPENT
    assert queries.faults() == []


def test_only_what_is_left_of_a_reward_can_be_taken_back(owner: str) -> None:
    """P4"""
    hold = actions.hold(owner, [(Kind.REWARD, 150)], cause="order", at=MONDAY)
    assert actions.take_back(owner, "soon", 200, cause="back", at=MONDAY) == 50
    assert actions.take_back(owner, "soon", 200, cause="back", at=MONDAY) == 50, "a repeat answers the same"
    assert actions.take_back(owner, "never given", 200, cause="nothing", at=MONDAY) == 0
    actions.release(hold.id, 150, cause="release", at=MONDAY)
    assert actions.take_back(owner, "soon", 200, cause="back again", at=MONDAY) == 150
    assert queries.balances(owner).reward_won == 300
    assert queries.faults() == []


def test_owners_are_warned_once_of_a_coming_end(owner: str) -> None:
    """P4"""
    (told,) = queries.lots_ending(MONDAY + 20 * DAY)
    assert (told[0], told[2]) == (owner, 200)
    assert actions.note_warned([told[1]], at=MONDAY) == 1
    assert queries.lots_ending(MONDAY + 20 * DAY) == []
    assert Lot.objects.get(id=told[1]).warned_at == MONDAY
