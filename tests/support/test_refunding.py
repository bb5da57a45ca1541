"""H3, O10, P5: the order that an inquiry is about: named by staff, cancelled by its buyer's rules, paid back once."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from seonmul.gifts.rules import CancelRefusal
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.members.models import Member
from seonmul.support import actions, queries
from seonmul.support.models import Inquiry, InquiryKind
from seonmul.support.rules import InquiryRefusal
from tests import given
from tests.given import MONDAY, Company
from tests.threads import at_once

LATER = given.hours_after(MONDAY, 2)


def refusal_of(does: Any) -> Any:
    with pytest.raises(Refused) as refused:
        does()
    return refused.value.no.why


def asked(firm: Company, about: str = "") -> Inquiry:
    return actions.ask(firm.owner, InquiryKind.REFUND, "잘못 주문했어요.", about=about, at=MONDAY)


@pytest.mark.django_db
def test_no_order_is_named_and_none_of_others() -> None:
    """M7: the buyer's own alone."""
    firm, operator = given.company(), given.operator()
    row, foreign = asked(firm), given.placed(given.company(), given.numbers(1))
    refund = partial(actions.refund, row.id, seen_won=0, by=operator, at=LATER)
    assert actions.look_at_refund(row, by=operator, at=LATER) is None
    assert refusal_of(refund) is InquiryRefusal.NO_ORDER
    name = partial(actions.name_order, row.id, by=operator, at=LATER)
    assert refusal_of(lambda: name(foreign.public_id)) is InquiryRefusal.NO_ORDER
    own = given.placed(firm, given.numbers(1))
    name(own.public_id)
    assert queries.order_of(queries.locked_inquiry(row.id)) == own


@pytest.mark.django_db
def test_what_is_over_gives_nothing_back() -> None:
    """O10: and the inquiry stays without an answer."""
    firm, operator = given.company(), given.operator()
    order = given.placed(firm, given.numbers(2))
    row = asked(firm, order.public_id)
    assert (
        refusal_of(lambda: actions.refund(row.id, seen_won=1, by=operator, at=LATER)) is CancelRefusal.CHANGED
    )
    assert actions.refund(row.id, seen_won=9_000, by=operator, at=LATER) == 9_000
    other = asked(firm, order.public_id)
    found = actions.look_at_refund(other, by=operator, at=LATER)
    assert found is not None and not found.is_whole and found.back_won == 0
    assert (
        refusal_of(lambda: actions.refund(other.id, seen_won=0, by=operator, at=LATER))
        is InquiryRefusal.NOTHING_BACK
    )
    assert [one.id for one in queries.waiting_inquiries()] == [other.id]


@pytest.mark.django_db(transaction=True)
def test_two_of_staff_at_once_pay_back_once() -> None:
    """O10, P5"""
    firm, operator = given.company(), given.operator()
    order = given.placed(firm, given.numbers(2))
    rows = [asked(firm, order.public_id) for _ in range(2)]

    def refund(row: Inquiry, by: Member) -> int:
        return actions.refund(row.id, seen_won=9_000, by=by, at=LATER)

    outcomes = at_once([partial(refund, row, operator) for row in rows])
    assert sorted(isinstance(one, Refused) for one in outcomes) == [False, True]
    assert ledger.balances(firm.buyer.id).cash_won == 50_000_000 and ledger.faults() == []
