"""M9, P5: cash of a closed account goes out by hand, as much as finance says it transferred."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seonmul.kit.refusals import Refusal, Refused
from seonmul.ledger import actions as ledger
from seonmul.ledger import queries as books
from seonmul.ledger.models import Kind
from seonmul.members.models import Buyer, Member
from seonmul.payments import actions, queries
from seonmul.payments.rules import PayoutRefusal, RefundRefusal
from tests import given
from tests.given import MONDAY

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=9)


@pytest.fixture
def buyer() -> Buyer:
    """A closed account to which 9,000 won have come back."""
    own = Buyer.objects.get(memberships__member=given.person())
    ledger.charge(own.id, 9_000, cause="a voucher that arrived nowhere", at=MONDAY)
    Buyer.objects.filter(id=own.id).update(closed_at=MONDAY)
    return own


def refusal(buyer: Buyer, won: int, note: str = "이체") -> Refusal:
    before = books.balances(buyer.id)
    with pytest.raises(Refused) as refused:
        actions.pay_left(buyer.id, won, note=note, by=given.operator(), at=LATER)
    assert books.balances(buyer.id) == before
    return refused.value.no.why


@pytest.mark.parametrize(
    ("won", "note", "why"),
    [
        (9_001, "이체", PayoutRefusal.OTHER_SUM),
        (0, "이체", PayoutRefusal.OTHER_SUM),
        (-1, "이체", PayoutRefusal.OTHER_SUM),
        (9_000, " ", RefundRefusal.NO_NOTE),
    ],
)
def test_what_was_not_transferred_is_not_noted(buyer: Buyer, won: int, note: str, why: Refusal) -> None:
    """P9"""
    assert refusal(buyer, won, note) is why


def test_what_came_meanwhile_waits_on(buyer: Buyer) -> None:
    """M9: only what was really transferred is booked."""
    bank = books.total(Kind.BANK)
    actions.pay_left(buyer.id, 5_000, note="이체", by=given.operator(), at=LATER)
    assert [(row.id, row.cash_won) for row in queries.left_cash()] == [(buyer.id, 4_000)]
    assert books.total(Kind.BANK) == bank + 5_000
    actions.pay_left(buyer.id, 4_000, note="이체", by=given.operator(), at=LATER)
    assert queries.left_cash() == [] and books.faults() == []
    assert not [fault for fault in queries.faults() if "left:" in str(fault)]
    assert refusal(buyer, 4_000) is PayoutRefusal.NO_HAND


def test_an_account_that_goes_on_is_not_paid_out_here() -> None:
    """P5: its owner asks for a pay-out, with a payment code; so does who left it for a company."""
    own = Buyer.objects.get(memberships__member=given.person(cash_won=9_000))
    assert refusal(own, 9_000) is PayoutRefusal.NO_HAND
    there = given.company()
    Buyer.objects.filter(id=own.id).update(closed_at=MONDAY, left_by=there.owner)
    assert refusal(own, 9_000) is PayoutRefusal.NO_HAND and queries.left_cash() == []
    Member.objects.filter(id=there.owner.id).update(closed_at=MONDAY)
    assert [row.id for row in queries.left_cash()] == [own.id]
