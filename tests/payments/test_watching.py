"""P7: told once when cash falls below the company's level, again only after it was above."""

from __future__ import annotations

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.audit.models import Act
from seonmul.kit.refusals import Refused
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Hold, Kind
from seonmul.members import actions as members
from seonmul.members.models import Role
from seonmul.payments import actions, queries
from seonmul.payments.rules import WatchRefusal
from tests import given
from tests.given import MONDAY, Company
from tests.payments.bank import deposited, issued
from tests.sandbox.outside import Outside

pytestmark = pytest.mark.django_db


def told() -> int:
    return ProcrastinateJob.objects.filter(task_name="notices.on.payments.cash_low").count()


def spent(firm: Company, won: int, cause: str, hours: float = 0) -> Hold:
    at = MONDAY + timedelta(hours=hours)
    hold = ledger.hold(firm.buyer.id, [(Kind.CASH, won)], cause=cause, at=at)
    actions.note_spent(firm.buyer.id, at=at)
    return hold


def test_a_fall_is_told_once_and_again_after_the_balance_was_above(carrier: Outside) -> None:
    """P7: exactly at the level is not below; a deposit brings it above again."""
    firm = given.company(cash_won=1_000_000)
    actions.set_low_balance(firm.owner, 500_000, at=MONDAY)
    spent(firm, 500_000, "a")
    assert told() == 0
    spent(firm, 1, "b")
    assert told() == 1
    spent(firm, 1, "c")
    assert told() == 1, "once for each fall"
    payment = issued(firm)
    deposited(carrier, payment)
    actions.ask(payment.id, at=MONDAY + timedelta(hours=1))
    spent(firm, 99_998, "d", 2)
    assert told() == 1, "at the level again"
    spent(firm, 1, "e", 3)
    assert told() == 2


def test_a_refund_that_lifts_the_balance_counts_as_above() -> None:
    """P7: whoever brings the money."""
    firm = given.company(cash_won=1_000_000)
    actions.set_low_balance(firm.owner, 500_000, at=MONDAY)
    hold = spent(firm, 600_000, "a")
    ledger.release(hold.id, 600_000, cause="back", at=MONDAY + timedelta(hours=1))
    spent(firm, 700_000, "b", 2)
    assert told() == 2
    spent(firm, 1, "c", 3)
    assert told() == 2


def test_who_wants_nothing_hears_nothing() -> None:
    """P7"""
    firm = given.company(cash_won=1_000)
    spent(firm, 1_000, "a")
    actions.set_low_balance(firm.owner, 500, at=MONDAY)
    actions.set_low_balance(firm.owner, None, at=MONDAY)
    actions.note_spent(firm.buyer.id, at=MONDAY)
    assert told() == 0 and queries.low_balance(firm.buyer.id) is None


def test_a_level_above_the_balance_waits_for_the_next_fall() -> None:
    """P7: whoever sets it sees the balance."""
    firm = given.company(cash_won=1_000)
    actions.set_low_balance(firm.owner, 5_000, at=MONDAY)
    actions.note_spent(firm.buyer.id, at=MONDAY)
    assert told() == 0
    ledger.charge(firm.buyer.id, 9_000, cause="more", at=MONDAY + timedelta(hours=1))
    spent(firm, 9_000, "a", 2)
    assert told() == 1


def test_owner_and_accountant_set_it_and_nobody_else() -> None:
    """P7, M7: with a trace."""
    firm = given.company()
    members.set_place(
        firm.owner, firm.approver.id, role=Role.ACCOUNTANT, department_id=None, monthly_limit_won=None,
        sees_numbers=False, is_verified=True, at=MONDAY,
    )  # fmt: skip
    actions.set_low_balance(firm.approver, 300_000, at=MONDAY)
    level = queries.low_balance(firm.buyer.id)
    assert level and level.below_won == 300_000
    assert Act.objects.filter(verb="low_balance_set", by=str(firm.approver.id)).count() == 1
    members.set_place(
        firm.owner, firm.approver.id, role=Role.BUYER, department_id=None, monthly_limit_won=None,
        sees_numbers=False, is_verified=True, at=MONDAY,
    )  # fmt: skip
    for who in (firm.approver, given.operator()):
        with pytest.raises(Refused) as no:
            actions.set_low_balance(who, 1, at=MONDAY)
        assert no.value.no.why is WatchRefusal.NOT_YOURS
    with pytest.raises(Refused) as no:
        actions.set_low_balance(firm.owner, 0, at=MONDAY)
    assert no.value.no.why is WatchRefusal.LEVEL
