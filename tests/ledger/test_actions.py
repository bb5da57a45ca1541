"""P1, O9: moving money, verb by verb."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from seonmul.kit.refusals import Refused
from seonmul.ledger import actions, queries
from seonmul.ledger.actions import PLATFORM
from seonmul.ledger.models import Account, Entry, Hold, Kind, Transfer
from seonmul.ledger.queries import Balances
from seonmul.ledger.rules import LedgerRefusal
from tests.given import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> str:
    return str(uuid4())


def give_reward(owner: str, won: int) -> Transfer:
    return actions.give(
        owner, won, expires_at=MONDAY + timedelta(days=365), cause=f"reward:{owner}", at=MONDAY
    )


def test_a_charge_is_two_entries_that_sum_to_zero(owner: str) -> None:
    """P1, P2"""
    transfer = actions.charge(owner, 10_000, cause="deposit:1", subject="deposit-1", at=MONDAY)
    entries = {entry.account.kind: entry for entry in transfer.entries.select_related("account")}
    assert {kind: entry.amount_won for kind, entry in entries.items()} == {"bank": -10_000, "cash": 10_000}
    assert entries["cash"].balance_after_won == 10_000 and entries["bank"].balance_after_won is None
    assert (transfer.cause, transfer.kind, transfer.subject) == ("deposit:1", "charge", "deposit-1")
    assert transfer.posted_at == MONDAY
    assert queries.balances(owner) == Balances(10_000, 0, 0)


def test_the_same_cause_posts_once(owner: str) -> None:
    """P1"""
    first = actions.charge(owner, 10_000, cause="deposit:1", at=MONDAY)
    again = actions.charge(owner, 10_000, cause="deposit:1", at=MONDAY + timedelta(hours=1))
    assert again == first and again.posted_at == MONDAY
    assert queries.balances(owner).cash_won == 10_000
    with pytest.raises(Refused) as refused:
        actions.charge(owner, 20_000, cause="deposit:1", at=MONDAY)
    assert refused.value.no.why is LedgerRefusal.CAUSE_TAKEN
    with pytest.raises(Refused):
        actions.charge(uuid4(), 10_000, cause="deposit:1", at=MONDAY)
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize(
    "changes", [{}, {"a": 0, "b": 0}, {"a": 5, "b": -4}, {"a": 5}, {"a": 0, "b": 1, "c": -1}]
)
def test_a_transfer_that_moves_nothing_or_does_not_sum_to_zero_is_a_mistake(changes: dict[str, int]) -> None:
    """P1"""
    accounts = {name: actions.open_account(name, Kind.CASH).id for name in changes}
    with pytest.raises(ValueError, match="sum to zero"):
        actions.post({accounts[n]: won for n, won in changes.items()}, cause="x", kind="x", at=MONDAY)


@pytest.mark.parametrize("won", [1.0, True, "1", None])
def test_money_is_whole_won(owner: str, won: object) -> None:
    with pytest.raises(TypeError):
        actions.post({owner: won}, cause="x", kind="x", at=MONDAY)  # type: ignore[dict-item]


def test_a_hold_sets_cash_and_reward_aside(owner: str) -> None:
    """O9, O6: available money is shown without what is held."""
    actions.charge(owner, 10_000, cause="deposit:1", at=MONDAY)
    give_reward(owner, 3_000)
    hold = actions.hold(
        owner, [(Kind.REWARD, 3_000), (Kind.CASH, 6_000)], cause="order:1", subject="o1", at=MONDAY
    )
    assert queries.balances(owner) == Balances(4_000, 0, 9_000)
    assert (hold.amount_won, hold.rest_won, hold.subject, hold.held_at) == (9_000, 9_000, "o1", MONDAY)
    assert [(p.account.kind, p.amount_won) for p in hold.parts.order_by("position")] == [
        ("reward", 3_000), ("cash", 6_000),
    ]  # fmt: skip
    again = actions.hold(
        owner, [(Kind.REWARD, 3_000), (Kind.CASH, 6_000)], cause="order:1", subject="o1", at=MONDAY
    )
    assert again == hold and hold.parts.count() == 2 and Hold.objects.count() == 1
    assert queries.balances(owner) == Balances(4_000, 0, 9_000)


def test_nothing_is_held_when_one_part_is_missing(owner: str) -> None:
    """O9"""
    actions.charge(owner, 10_000, cause="deposit:1", at=MONDAY)
    with pytest.raises(Refused) as refused:
        actions.hold(owner, [(Kind.REWARD, 500), (Kind.CASH, 6_000)], cause="order:1", at=MONDAY)
    assert refused.value.no.why is LedgerRefusal.NOT_ENOUGH
    assert refused.value.no.numbers == {"missing_won": 500}
    assert queries.balances(owner) == Balances(10_000, 0, 0)
    assert not Hold.objects.exists()


def test_copies_are_captured_and_the_rest_goes_back_where_it_came_from(owner: str) -> None:
    """O9, P5"""
    actions.charge(owner, 10_000, cause="deposit:1", at=MONDAY)
    give_reward(owner, 3_000)
    hold = actions.hold(owner, [(Kind.REWARD, 3_000), (Kind.CASH, 7_000)], cause="order:1", at=MONDAY)
    actions.capture(hold.id, 4_500, cause="chunk:1", at=MONDAY)
    assert queries.balances(owner) == Balances(3_000, 0, 5_500)
    actions.release(hold.id, 2_000, cause="chunk:2", at=MONDAY)
    assert queries.balances(owner) == Balances(5_000, 0, 3_500), "cash was to be spent last: it returns first"
    actions.capture(hold.id, 500, cause="chunk:3", at=MONDAY)
    actions.release(hold.id, 3_000, cause="order:1:end", at=MONDAY)
    assert queries.balances(owner) == Balances(8_000, 0, 0)
    hold.refresh_from_db()
    assert (hold.captured_won, hold.released_won, hold.rest_won) == (5_000, 5_000, 0)
    sales = actions.open_account(PLATFORM, Kind.SALES)
    assert sum(Entry.objects.filter(account=sales).values_list("amount_won", flat=True)) == 5_000
    assert queries.faults() == []


@pytest.mark.parametrize("verb", [actions.capture, actions.release])
def test_a_spent_hold_gives_nothing_but_repeats_are_answered(owner: str, verb: object) -> None:
    """O9, P1"""
    actions.charge(owner, 1_000, cause="deposit:1", at=MONDAY)
    hold = actions.hold(owner, [(Kind.CASH, 1_000)], cause="order:1", at=MONDAY)
    first = verb(hold.id, 1_000, cause="chunk:1", at=MONDAY)  # type: ignore[operator]
    assert verb(hold.id, 1_000, cause="chunk:1", at=MONDAY) == first  # type: ignore[operator]
    with pytest.raises(Refused) as spent:
        verb(hold.id, 1, cause="chunk:2", at=MONDAY)  # type: ignore[operator]
    assert spent.value.no.why is LedgerRefusal.HOLD_SPENT
    with pytest.raises(Refused) as taken:
        verb(hold.id, 999, cause="chunk:1", at=MONDAY)  # type: ignore[operator]
    assert taken.value.no.why is LedgerRefusal.CAUSE_TAKEN
    assert queries.faults() == []


def test_accounts_are_opened_once_and_only_members_keep_a_balance(owner: str) -> None:
    first = actions.open_account(owner, Kind.CASH)
    assert actions.open_account(owner, Kind.CASH) == first and first.balance_won == 0
    assert actions.open_account(PLATFORM, Kind.BANK).balance_won is None
    assert Account.objects.count() == 2
