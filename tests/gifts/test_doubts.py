"""C3, S5, O9, O10: of codes that others take, nobody gets the price back before their issuer was asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from seonmul.catalog.models import Product
from seonmul.cli import prove
from seonmul.dispatch.ports import Result
from seonmul.gifts import actions, queries, rules
from seonmul.gifts.models import Chunk, Doubt, Gift
from seonmul.gifts.rules import CancelRefusal, ClaimRefusal, DoubtRefusal, PoolCopy, why_not_cancel
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.orders.models import Order
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers.models import Voucher
from tests import given
from tests.gifts.test_cancelling import FINE, GENERAL, ids_of
from tests.gifts.test_claiming import OVER, claimed, ended, refusal_of
from tests.given import MONDAY
from tests.vouchers import codes

DAY = timedelta(days=1)
OUT = PoolCopy(is_voidable=True, is_unsent=False, is_link_only=True, wakes_at=None)


def wrong() -> list[str]:
    found = [fault["what"] for fault in prove.prove()[0]]
    return [what for what in found if "carrier" not in what and "does not answer" not in what]


def pool(count: int = 5, *, is_voidable: bool = False) -> Product:
    made = codes.product(count)
    if is_voidable:
        vouchers.set_pool(made.id, scheme="none", low_below=None, is_voidable=True, by=codes.STAFF, at=MONDAY)
    return made


def sent(firm: given.Company, product: Product, copies: int = 2, *, list_: str = "general") -> Order:
    """An order of a pool's codes that were handed out and delivered."""
    order = given.placed(firm, given.numbers(copies), product)
    Order.objects.filter(id=order.id).update(list=list_)
    actions.start(order.id, at=MONDAY)
    for chunk in Chunk.objects.filter(order=order):
        actions.issue_chunk(chunk.id, at=MONDAY)
    Gift.objects.filter(order=order).update(result=Result.DELIVERED, result_at=MONDAY)
    order.refresh_from_db()
    return order


@pytest.mark.parametrize(
    ("pool_copy", "is_voided", "why"),
    [
        (OUT, False, CancelRefusal.POOL),
        (OUT, True, None),
        (replace(OUT, is_voidable=False), True, CancelRefusal.POOL_STAYS),
        (replace(OUT, is_voidable=False, is_unsent=True), False, None),
        (replace(OUT, wakes_at=MONDAY + 8 * DAY), False, None),
        (replace(OUT, wakes_at=MONDAY), False, CancelRefusal.POOL),
        (replace(OUT, wakes_at=MONDAY + 8 * DAY, is_link_only=False), False, CancelRefusal.POOL),
    ],
)
def test_a_code_that_is_out_is_ended_at_its_issuer_first(
    pool_copy: PoolCopy, is_voided: bool, why: CancelRefusal | None
) -> None:
    """S5, O10: a picture shows the code though it sleeps."""
    fields: dict[str, Any] = GENERAL
    no = why_not_cancel(FINE, **fields, pool=pool_copy, is_voided_there=is_voided)
    assert (no.why if no else None) is why and (no is None or no.say())


@pytest.mark.django_db
def test_a_buyer_cannot_cancel_a_pool_code_and_staff_can_once_it_is_ended() -> None:
    """S5, O10, P5"""
    firm = given.company(cash_won=9_000)
    order = sent(firm, pool(is_voidable=True))
    cancel = partial(actions.cancel, order.id, ids_of(order), seen_won=9_000, at=MONDAY + DAY)
    assert refusal_of(lambda: cancel(by=firm.owner)) is CancelRefusal.POOL
    assert set(Voucher.objects.values_list("state", flat=True)) == {"issued"}
    shown = actions.look_at_cancel(order, ids_of(order), by=firm.owner, at=MONDAY + DAY)
    assert shown.plan is None and [no.why for no, _ in shown.refused] == [CancelRefusal.POOL]
    cancel(by=given.operator(), wished_by=firm.buyer.id, is_voided_there=True)
    assert ledger.balances(firm.buyer.id).cash_won == 9_000 and wrong() == []


@pytest.mark.django_db
def test_what_never_left_us_is_cancelled_as_our_own() -> None:
    """O10, S6: the dispatch held it back."""
    firm = given.company(cash_won=9_000)
    order = sent(firm, pool())
    assert refusal_of(
        lambda: actions.cancel(order.id, ids_of(order), by=firm.owner, seen_won=9_000, at=MONDAY)
    ) is CancelRefusal.POOL_STAYS  # fmt: skip
    Gift.objects.update(result=Result.WITHDRAWN)
    actions.cancel(order.id, ids_of(order), by=firm.owner, seen_won=9_000, at=MONDAY)
    assert ledger.balances(firm.buyer.id).cash_won == 9_000 and wrong() == []


@pytest.mark.django_db
def test_pool_codes_that_arrived_nowhere_wait_for_staff_and_stand_in_nobodys_way() -> None:
    """O9, S5: once; the others of the order are given up by themselves."""
    firm = given.company(cash_won=13_500)
    order = sent(firm, pool(), 3, list_="corporate")
    Gift.objects.update(result=Result.POWER_OFF, result_at=MONDAY)
    Gift.objects.filter(position=1).update(result=Result.WITHDRAWN)
    at = MONDAY + 8 * DAY
    assert actions.give_up(order.id, at=at) == 1
    assert ledger.balances(firm.buyer.id).cash_won == 4_500
    assert actions.sweep_undelivered(at=at) == 0 and actions.give_up(order.id, at=at) == 0
    doubt = Doubt.objects.get()
    assert (doubt.why, doubt.copies.count(), [one.id for one in queries.waiting_doubts()]) == (
        "pool",
        2,
        [doubt.id],
    )
    refund, by = partial(actions.refund_doubt, doubt.id, at=at), given.operator()
    assert refusal_of(lambda: refund(is_seen=False, by=by)) is DoubtRefusal.NOT_SEEN
    assert refund(is_seen=True, by=by) == 2
    assert refusal_of(lambda: refund(is_seen=True, by=by)) is DoubtRefusal.DECIDED
    assert ledger.balances(firm.buyer.id).cash_won == 13_500
    assert queries.closing(order).adds_up and wrong() == []


@pytest.mark.django_db
def test_staff_leave_what_was_used_with_a_note() -> None:
    """O9, S5"""
    firm = given.company(cash_won=4_500)
    order = sent(firm, pool(), 1)
    Gift.objects.update(result=Result.POWER_OFF, result_at=MONDAY)
    actions.give_up(order.id, at=MONDAY + 8 * DAY)
    leave = partial(actions.leave_doubt, Doubt.objects.get().id, by=given.operator(), at=MONDAY + 9 * DAY)
    assert refusal_of(lambda: leave(note=" ")) is DoubtRefusal.NO_NOTE
    leave(note="발행사 매장에서 썼습니다.")
    assert refusal_of(lambda: leave(note="또")) is DoubtRefusal.DECIDED
    assert Doubt.objects.get().state == "left" and ledger.balances(firm.buyer.id).cash_won == 0
    assert actions.sweep_undelivered(at=MONDAY + 10 * DAY) == 0 and wrong() == []


@pytest.mark.django_db
def test_nothing_goes_back_of_a_code_that_is_over_meanwhile() -> None:
    """P5"""
    order = sent(given.company(), pool(), 1)
    Gift.objects.update(result=Result.POWER_OFF, result_at=MONDAY)
    actions.give_up(order.id, at=MONDAY + 8 * DAY)
    Voucher.objects.update(state="expired")
    with pytest.raises(Refused) as refused:
        actions.refund_doubt(Doubt.objects.get().id, is_seen=True, by=given.operator(), at=MONDAY + 99 * DAY)
    assert refused.value.no.why is DoubtRefusal.NOTHING and Doubt.objects.get().state == "open"


@pytest.mark.django_db
def test_finance_says_that_a_pool_code_is_over_before_its_claim_is_paid() -> None:
    """V4, S5"""
    (gift,) = ended(given.company(), product=pool())
    given.person(phone=queries.cells_of(gift).phone)
    row, by = claimed(gift, "points", typed=None), given.operator()
    assert refusal_of(lambda: actions.approve_claim(row.id, by=by, at=OVER)) is ClaimRefusal.NOT_SEEN_THERE
    actions.approve_claim(row.id, is_seen_there=True, by=by, at=OVER)
    row.refresh_from_db()
    assert row.state == "paid" and wrong() == []
    assert (
        rules.why_not_approve_claim(is_checked=True, by_bank=False, is_told=False, is_holder_seen=False)
        is None
    )
