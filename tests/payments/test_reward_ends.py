"""P4: reward is told of thirty days before its end, and taken away after it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.ledger import actions as ledger
from seonmul.ledger import queries as ledger_now
from seonmul.ledger.models import Kind
from seonmul.payments import actions, rules
from tests import given
from tests.given import MONDAY, Company

pytestmark = pytest.mark.django_db


def rewarded(firm: Company, won: int, at: datetime, cause: str) -> datetime:
    """Reward as an order gives it; returns its last moment."""
    ends_at = clock.end_of_day(rules.reward_ends_on(at, figures=Figures()))
    ledger.give(firm.buyer.id, won, expires_at=ends_at, cause=cause, at=at)
    return ends_at


def warnings() -> list[dict[str, str]]:
    rows = ProcrastinateJob.objects.filter(task_name="notices.on.payments.reward_ending").order_by("id")
    return list(rows.values_list("args", flat=True))


def warned(at: datetime) -> int:
    """Do what the clock and the worker do."""
    owners = actions.warn_of_rewards(at=at)
    jobs = ProcrastinateJob.objects.filter(task_name="payments.warn_of_reward")
    for args in list(jobs.values_list("args", flat=True)):
        actions.warn_of_reward(args["buyer_id"], at=at)
    jobs._raw_delete("default")  # type: ignore[attr-defined]
    return owners


def expired(at: datetime) -> int:
    accounts = actions.expire_rewards(at=at)
    jobs = ProcrastinateJob.objects.filter(task_name="payments.expire_reward")
    for args in list(jobs.values_list("args", flat=True)):
        actions.expire_reward(args["account_id"], at=at)
        actions.expire_reward(args["account_id"], at=at)
    jobs._raw_delete("default")  # type: ignore[attr-defined]
    return accounts


def test_reward_lives_a_year() -> None:
    """P4: to the last second of its last day in Seoul."""
    ends_at = clock.end_of_day(rules.reward_ends_on(MONDAY, figures=Figures()))
    assert ends_at.isoformat() == "2027-11-23T23:59:59+09:00"


def test_the_end_is_told_thirty_days_before_once_and_by_day() -> None:
    """P4: everything of one day in one notice, another day in another; what was spent is not told of."""
    firm, other = given.company(), given.company()
    ends_at = rewarded(firm, 1_000, MONDAY, "a")
    rewarded(firm, 200, MONDAY + timedelta(hours=2), "b")
    rewarded(firm, 30, MONDAY + timedelta(days=1), "c")
    rewarded(other, 4_000, MONDAY, "d")
    ledger.hold(firm.buyer.id, [(Kind.REWARD, 100)], cause="spent", at=MONDAY)
    assert warned(ends_at - timedelta(days=30, seconds=1)) == 0
    assert warned(ends_at - timedelta(days=28)) == 2
    ends = [(w["buyer_id"], ledger_now.end_of_lot(w["lot_id"])) for w in warnings()]
    told = {(owner, ledger_now.reward_of_day(owner, end), clock.seoul_date(end).day) for owner, end in ends}
    ours, others = str(firm.buyer.id), str(other.buyer.id)
    assert told == {(ours, 1_100, 23), (ours, 30, 24), (others, 4_000, 23)} and len(ends) == 3
    assert warned(ends_at - timedelta(days=10)) == 0 and len(warnings()) == 3


def test_what_has_ended_already_is_not_announced_as_ending() -> None:
    """P4: the jobs stood still for months."""
    firm = given.company()
    ends_at = rewarded(firm, 1_000, MONDAY, "a")
    assert warned(ends_at + timedelta(seconds=1)) == 1 and warnings() == []


def test_what_has_ended_is_taken_away_and_nothing_else() -> None:
    """P4: at its last second it is there, one second later it is not; once, however often the job runs."""
    firm = given.company()
    ends_at = rewarded(firm, 1_000, MONDAY, "a")
    rewarded(firm, 30, MONDAY + timedelta(days=1), "b")
    ledger.hold(firm.buyer.id, [(Kind.REWARD, 100)], cause="spent", at=MONDAY)
    assert expired(ends_at) == 0
    assert expired(ends_at + timedelta(seconds=1)) == 1
    assert ledger_now.balances(firm.buyer.id).reward_won == 30
    assert expired(ends_at + timedelta(seconds=1)) == 0 and ledger_now.faults() == []
    (row,) = [
        e for e in ledger_now.statement(firm.buyer.id, Kind.REWARD).rows if e.transfer.kind == "reward_ended"
    ]
    assert row.amount_won == -900
