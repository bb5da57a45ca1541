"""O7: the gift-certificate limit of a general member, who orders from the general list."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.catalog.models import List
from seonmul.dispatch.ports import Result
from seonmul.gifts import actions as gifts
from seonmul.gifts import queries as gifts_now
from seonmul.gifts.models import Gift
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.orders import actions, queries
from seonmul.orders.models import Draft, LimitMonth, Order
from seonmul.orders.rules import LimitRefusal
from tests import given
from tests.given import MONDAY, Company
from tests.orders import certificates
from tests.orders.certificates import AFTER_MIDNIGHT, BEFORE_MIDNIGHT, limit, waiting

pytestmark = pytest.mark.django_db
START_WON = 50_000_000


@pytest.fixture
def who() -> Company:
    return given.shopper(START_WON)


def draft(who: Company, copies: int, at: datetime = MONDAY) -> Draft:
    made = certificates.numbers(copies), certificates.certificate()
    return given.draft(who, *made, at, list_=List.GENERAL)


def bought(who: Company, copies: int, at: datetime = MONDAY) -> Order:
    order = given.paid(who, draft(who, copies, at), at)
    assert (order.list, order.state) == (List.GENERAL, "waiting")
    return order


def stands(who: Company, at: datetime = MONDAY) -> tuple[int, int, int]:
    """Used, held and left."""
    now = limit(who, at)
    assert now.limit_won == 1_000_000
    return now.used_won, now.held_won, now.left_won


def test_held_then_used_and_no_more_than_the_limit(who: Company) -> None:
    """O7: a general member has a limit of their own, and an order over it is kept and not charged."""
    assert stands(who) == (0, 0, 1_000_000)
    order = bought(who, 6)
    assert stands(who) == (0, 600_000, 400_000)
    actions.decide_order(waiting(order).id, approve=True, by=given.operator(), at=MONDAY)
    assert stands(who) == (600_000, 0, 400_000)
    over = draft(who, 5)
    with pytest.raises(Refused) as refused:
        given.paid(who, over)
    assert refused.value.no.why is LimitRefusal.OVER
    assert refused.value.no.numbers == {"over_won": 100_000, "resets_on": "2026.12.01(화)"}
    assert Draft.objects.filter(id=over.id).exists()
    money = ledger.balances(who.buyer.id)
    assert (money.cash_won + money.held_won, money.held_won) == (START_WON, 600_000)
    bought(who, 4)
    assert stands(who) == (600_000, 400_000, 0)
    goods = given.draft(who, certificates.numbers(3), list_=List.GENERAL)
    assert given.paid(who, goods).limit_won == 0 and queries.faults() == []


def test_each_person_has_a_limit_and_each_month_begins_anew(who: Company) -> None:
    """O7: what one general member uses is nothing to another one, nor to a company."""
    other, firm = given.shopper(sender="01027770001"), given.company()
    bought(who, 10, BEFORE_MIDNIGHT)
    assert stands(who, BEFORE_MIDNIGHT) == (0, 1_000_000, 0)
    assert stands(other, BEFORE_MIDNIGHT) == stands(firm, BEFORE_MIDNIGHT) == (0, 0, 1_000_000)
    assert stands(who, AFTER_MIDNIGHT) == (0, 0, 1_000_000)
    bought(other, 10, BEFORE_MIDNIGHT)
    bought(who, 1, AFTER_MIDNIGHT)
    kept = {row.buyer_id: row.held_won for row in LimitMonth.objects.filter(month="2026-11-01")}
    assert kept == {who.buyer.id: 1_000_000, other.buyer.id: 1_000_000}


def test_a_refusal_and_a_cancel_before_sending_give_it_back(who: Company) -> None:
    """O7, O8, O10"""
    refused, cancelled = bought(who, 3), bought(who, 7)
    assert stands(who) == (0, 1_000_000, 0)
    actions.decide_order(waiting(refused).id, approve=False, reason="의심", by=given.operator(), at=MONDAY)
    assert stands(who) == (0, 700_000, 300_000)
    actions.cancel_waiting(cancelled.id, by=who.owner, at=MONDAY)
    assert stands(who) == (0, 0, 1_000_000)
    money = ledger.balances(who.buyer.id)
    assert (money.cash_won, money.held_won) == (START_WON, 0)
    assert queries.faults() == ledger.faults() == []


def test_cancelled_vouchers_give_it_back_to_the_month_they_were_paid_in(who: Company) -> None:
    """O7, O10: unused ones of the general list, within seven days, also when the next month has begun."""
    order = bought(who, 5, BEFORE_MIDNIGHT)
    approval = waiting(order)
    actions.decide_order(approval.id, approve=True, by=given.operator(), at=BEFORE_MIDNIGHT)
    gifts.start(order.id, at=BEFORE_MIDNIGHT)
    given.worked(only="gifts.issue_chunk")
    assert stands(who, BEFORE_MIDNIGHT) == (500_000, 0, 500_000)
    Gift.objects.update(result=Result.DELIVERED, result_at=BEFORE_MIDNIGHT)
    chosen = list(Gift.objects.order_by("position").values_list("id", flat=True)[:2])
    gifts.cancel(order.id, chosen, by=who.owner, seen_won=200_000, at=AFTER_MIDNIGHT)
    assert stands(who, BEFORE_MIDNIGHT) == (300_000, 0, 700_000)
    assert stands(who, AFTER_MIDNIGHT) == (0, 0, 1_000_000)
    assert queries.faults() == gifts_now.faults() == ledger.faults() == []


def test_the_pages_of_a_general_member_say_it(who: Company, client: Client) -> None:
    """O7: product, order form and my page show limit, used, left and the day it starts anew."""
    now = clock.now()
    order = given.paid(who, draft(who, 6, now), now)
    client.force_login(who.owner)
    product = order.lines.get().product
    pages = [
        reverse("storefront:product", args=["general", product.code]),
        reverse("storefront:draft", args=[draft(who, 1, now).public_id]),
        reverse("storefront:my"),
    ]
    for page in pages:
        said = client.get(page).content.decode()
        assert "1,000,000" in said and "400,000" in said and "새로 시작해요" in said, page
