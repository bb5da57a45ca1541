"""C3, O9: codes of an external issuer, whatever goes wrong on the way: one live voucher for each copy, and every won in its place."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.cli import prove
from seonmul.dispatch.models import Message
from seonmul.dispatch.ports import Result
from seonmul.figures import actions as figures
from seonmul.gifts import actions, queries, rules
from seonmul.gifts.models import Doubt, Gift
from seonmul.gifts.rules import CancelRefusal, ClaimRefusal, DoubtRefusal, ResendRefusal, why_not_send
from seonmul.kit.refusals import No, Refused
from seonmul.ledger import queries as ledger
from seonmul.members.models import Staff
from seonmul.orders.models import Line, Order
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers import calling
from seonmul.vouchers import queries as vouchers_now
from seonmul.vouchers.models import Change, IssuerHealth, Supply, Voucher
from seonmul.vouchers.rules import StockRefusal
from tests import given
from tests.gifts.test_claiming import claimed
from tests.given import MONDAY
from tests.sandbox.outside import Outside
from tests.threads import at_once
from tests.vouchers import coupons

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(minutes=10)
DAY = timedelta(days=1)


@pytest.fixture
def carrier(carrier: Outside, settings: Any) -> Outside:
    settings.SECONDS_ISSUER, settings.SANDBOX_URL = 1, carrier.url
    return carrier


@pytest.fixture
def firm() -> given.Company:
    return given.company(cash_won=100_000)


def wrong() -> list[dict[str, Any]]:
    """What does not add up, messages aside: none is handed over in these tests."""
    return [fault for fault in prove.prove()[0] if "carrier" not in fault["what"]]


def balances(firm: given.Company) -> tuple[int, int]:
    has = ledger.balances(firm.buyer.id)
    return has.cash_won, has.held_won


def test_a_copy_is_sent_and_earned_when_its_code_is_there(carrier: Outside, firm: given.Company) -> None:
    """C3, O9, V1"""
    order = coupons.ordered(firm)
    assert set(Voucher.objects.values_list("state", "code_index")) == {("ordered", None)}
    assert not Message.objects.exists() and balances(firm) == (86_500, 13_500)
    assert not queries.is_settled(order.id) and wrong() == []
    coupons.attended()
    assert set(Voucher.objects.values_list("state", flat=True)) == {"issued"}
    assert Message.objects.count() == 3 and balances(firm) == (86_500, 0)
    codes = {vouchers_now.code_of(one) for one in Voucher.objects.all()}
    assert len(codes) == 3 and all(len(code) == 12 for code in codes)
    assert sorted(coupons.live(carrier)) == sorted(Supply.objects.values_list("reference", flat=True))
    assert queries.closing(order).adds_up and wrong() == []


@pytest.mark.parametrize(
    ("kind", "route"),
    [
        ("timeout_after_accept", "send"), ("error_500", "send"), ("html_error", "send"), ("drop_connection", "send"),
        ("slow", "send"), ("timeout_after_accept", "any"),
    ],
)  # fmt: skip
def test_whatever_befalls_the_first_calls_each_copy_has_one_live_code(
    carrier: Outside, firm: given.Company, kind: str, route: str
) -> None:
    """C3: a time-out is asked about by our reference; what is alive there without a code here is cancelled first."""
    coupons.ordered(firm)
    coupons.fault(carrier, kind, route, times=2, seconds=3)
    coupons.attended()
    assert Supply.objects.filter(state="issued").count() == 3
    assert sorted(coupons.live(carrier)) == sorted(Supply.objects.values_list("reference", flat=True))
    assert Message.objects.count() == 3 and balances(firm) == (86_500, 0) and wrong() == []


@pytest.mark.parametrize(("route", "status"), [("send", 429), ("ask", 403), ("ask", 404)])
def test_a_gateway_that_says_no_refuses_no_copy(
    carrier: Outside, firm: given.Company, route: str, status: int
) -> None:
    """C3, O9: the first call arrived and timed out; what the gateway says to the next ones says nothing of it."""
    coupons.ordered(firm, 1)
    coupons.fault(carrier, "timeout_after_accept", "send")
    coupons.fault(carrier, "refuse", route, times=2, status=status, errorCode="ERR0401")
    coupons.attended()
    assert Voucher.objects.get().state == "issued" and balances(firm) == (95_500, 0)
    assert coupons.live(carrier) == [Supply.objects.get().reference] and wrong() == []


def test_a_cancel_that_times_out_on_the_way_to_a_new_code(carrier: Outside, firm: given.Company) -> None:
    """C3: never two at once."""
    coupons.ordered(firm, 1)
    coupons.fault(carrier, "timeout_after_accept", "send")
    coupons.fault(carrier, "timeout_after_accept", "cancel")
    coupons.fault(carrier, "error_500", "ask")
    coupons.attended()
    supply = Supply.objects.get()
    assert coupons.live(carrier) == [supply.reference] and len(supply.past) == 1
    assert Message.objects.count() == 1 and wrong() == []


def test_a_worker_that_dies_between_the_beats_leaves_one_live_code(
    carrier: Outside, firm: given.Company
) -> None:
    """C3: before the call, and between the call and its record."""
    coupons.ordered(firm, 2)
    figures.change("external_parallel", 1, by="test", at=MONDAY)
    (first,) = vouchers.claim(at=MONDAY)
    assert vouchers.claim(at=MONDAY) == [], "somebody is at it, and no more may be asked at once"
    figures.change("external_parallel", 8, by="test", at=MONDAY)
    (second,) = vouchers.claim(at=MONDAY)
    assert calling.call(second).came is calling.Came.ISSUED
    assert vouchers.attend(at=MONDAY) == 0
    coupons.attended(LATER)
    assert Supply.objects.get(voucher_id=first.voucher_id).past == []
    assert Supply.objects.get(voucher_id=second.voucher_id).past == [second.reference]
    assert sorted(coupons.live(carrier)) == sorted(Supply.objects.values_list("reference", flat=True))
    assert Message.objects.count() == 2 and wrong() == []


def test_a_record_that_comes_too_late_changes_nothing(carrier: Outside, firm: given.Company) -> None:
    """C3: two workers had the same row, since the first was taken for dead."""
    coupons.ordered(firm, 1)
    claimed = vouchers.claim(at=MONDAY)
    late = [(row, calling.call(row)) for row in claimed]
    coupons.attended(LATER)
    vouchers.record(late, at=LATER)
    assert coupons.live(carrier) == [Supply.objects.get().reference] and wrong() == []


def test_a_reference_that_the_issuer_has_seen_has_arrived(carrier: Outside, firm: given.Company) -> None:
    """C3: the duplicate is no error, and nothing is issued twice."""
    coupons.ordered(firm, 1)
    (row,) = vouchers.claim(at=MONDAY)
    calling.call(row)
    assert calling.call(row).came is calling.Came.LOST
    assert len(carrier.inside("GET", "giftishow/coupons")) == 1


def test_a_short_balance_waits_and_staff_are_told_once(carrier: Outside, firm: given.Company) -> None:
    """C3: the others go; nobody is charged twice."""
    clerk = given.operator()
    Staff.objects.create(member=clerk, role="finance")
    coupons.ordered(firm)
    carrier.inside("POST", "giftishow/balance", {"won": coupons.WON})
    at = coupons.attended(rounds=2)
    assert Supply.objects.filter(state="issued").count() == 1 and Message.objects.count() == 1
    assert balances(firm) == (86_500, 9_000) and IssuerHealth.objects.get().hindrance == "balance"
    given.worked(only="notices")
    assert [sent.subject for sent in mail.outbox] == ["[선물] 외부 발행사가 쿠폰을 발행하지 않고 있습니다"]
    assert wrong() == []
    carrier.inside("POST", "giftishow/balance", {"won": 1_000_000})
    coupons.attended(at)
    assert Supply.objects.filter(state="issued").count() == 3 and balances(firm) == (86_500, 0)
    assert IssuerHealth.objects.get().hindrance == "" and len(coupons.live(carrier)) == 3 and wrong() == []


def test_a_key_that_is_not_taken_refuses_no_copy(
    carrier: Outside, firm: given.Company, settings: Any
) -> None:
    """C3"""
    coupons.ordered(firm, 1)
    right, settings.GIFTISHOW_AUTH_TOKEN = settings.GIFTISHOW_AUTH_TOKEN, "WRONG"
    at = coupons.attended(rounds=2)
    assert Supply.objects.get().hindrance == "key" and Voucher.objects.get().state == "ordered"
    settings.GIFTISHOW_AUTH_TOKEN = right
    coupons.attended(at)
    assert Supply.objects.get().state == "issued" and wrong() == []


def test_a_final_no_gives_the_price_back_as_never_issued(carrier: Outside, firm: given.Company) -> None:
    """C3, O9: and the order finishes without it."""
    order = coupons.ordered(firm)
    carrier.inside("POST", "giftishow/balance", {"won": coupons.WON})
    at = coupons.attended(rounds=1)
    carrier.inside("POST", "giftishow/goods", {"goodsCode": coupons.GOODS, "state": "SUS"})
    coupons.attended(at)
    assert sorted(Voucher.objects.values_list("state", flat=True)) == ["issued", "not_issued", "not_issued"]
    assert balances(firm) == (95_500, 0) and Line.objects.get().unissued_copies == 2
    closing = queries.closing(order)
    assert closing.adds_up and (closing.returned_won, closing.live_won) == (9_000, 4_500) and wrong() == []
    assert Gift.objects.filter(result=Result.WITHDRAWN).count() == 2
    Gift.objects.filter(result=Result.WAITING).update(result=Result.DELIVERED)
    actions.tend(order.id, at=LATER)
    assert Order.objects.get().state == "finished" and balances(firm) == (95_500, 0) and wrong() == []
    no = why_not_send("not_issued", LATER + DAY, at=LATER)
    assert no is not None and no.why is ResendRefusal.NOT_ISSUED


def test_an_order_of_what_the_issuer_does_not_have_is_not_charged(
    carrier: Outside, firm: given.Company
) -> None:
    """C3"""
    product = coupons.product()
    carrier.inside("POST", "giftishow/goods", {"goodsCode": coupons.GOODS, "state": "SUS"})
    vouchers.check_goods(product.id, at=LATER)
    with pytest.raises(Refused) as refused:
        given.placed(firm, given.numbers(2), product)
    assert refused.value.no.why is StockRefusal.SHORT and balances(firm) == (100_000, 0)


def test_a_refund_waits_for_the_issuer_to_take_the_code_back(carrier: Outside, firm: given.Company) -> None:
    """C3, P5: confirmed there before our state changes; one that was used meanwhile stays."""
    order = coupons.ordered(firm)
    coupons.attended()
    Order.objects.filter(id=order.id).update(list="general")
    Gift.objects.update(result=Result.DELIVERED, result_at=MONDAY)
    gifts = list(Gift.objects.order_by("position"))
    used = Supply.objects.get(voucher_id=gifts[0].voucher_id)
    carrier.inside("POST", "giftishow/use", {"trId": used.reference})
    coupons.fault(carrier, "timeout_after_accept", "cancel")
    for _ in range(2):
        actions.cancel(order.id, [gift.id for gift in gifts[:2]], by=firm.owner, seen_won=9_000, at=LATER)
    assert set(Voucher.objects.values_list("state", flat=True)) == {"issued"} and balances(firm) == (
        86_500,
        0,
    )
    coupons.attended(LATER)
    states = [Voucher.objects.get(id=gift.voucher_id).state for gift in gifts]
    assert states == ["used", "refunded", "issued"] and balances(firm) == (91_000, 0)
    assert len(coupons.live(carrier)) == 1 and queries.closing(order).adds_up and wrong() == []
    assert Change.objects.get(after="refunded").where == "cancel"


def test_a_copy_that_is_only_ordered_cannot_be_cancelled_yet(carrier: Outside, firm: given.Company) -> None:
    """C3, O10"""
    order = coupons.ordered(firm, 1)
    Order.objects.filter(id=order.id).update(list="general")
    with pytest.raises(Refused) as refused:
        actions.cancel(order.id, [Gift.objects.get().id], by=firm.owner, seen_won=4_500, at=LATER)
    assert refused.value.no.why is CancelRefusal.UNDER_WAY


def test_how_a_code_was_used_comes_by_asking(carrier: Outside, firm: given.Company) -> None:
    """C3, V2: with when and where, and after some days no more questions."""
    coupons.ordered(firm)
    at = coupons.attended()
    first, second, third = Supply.objects.order_by("voucher_id")
    used_at = MONDAY + timedelta(hours=5)
    carrier.inside(
        "POST", "giftishow/use", {"trId": first.reference, "at": used_at.isoformat(), "place": "구름다방"}
    )
    carrier.inside("POST", "giftishow/expire", {"trId": second.reference})
    assert vouchers.attend(at=at + timedelta(hours=23)) == 0, "asked once a day"
    at += timedelta(hours=25)
    vouchers.attend(at=at)
    change = Change.objects.get(after="used")
    assert (change.voucher_id, change.changed_at, change.where) == (first.voucher_id, used_at, "구름다방")
    assert Voucher.objects.get(id=second.voucher_id).state == "expired"
    assert Voucher.objects.get(id=third.voucher_id).state == "issued"
    assert Supply.objects.filter(next_at=None).count() == 1 and wrong() == []
    vouchers.attend(at=used_at + 7 * DAY)
    assert Supply.objects.filter(next_at=None).count() == 2 and wrong() == []


def test_an_exchange_that_is_cancelled_at_the_issuers_shop_gives_the_code_back(
    carrier: Outside, firm: given.Company
) -> None:
    """C3, V3: by the issuer's word, within some days."""
    coupons.ordered(firm, 1)
    at = coupons.attended() + timedelta(hours=25)
    reference = Supply.objects.get().reference
    carrier.inside("POST", "giftishow/use", {"trId": reference, "at": at.isoformat()})
    vouchers.attend(at=at)
    assert Voucher.objects.get().state == "used"
    carrier.inside("POST", "giftishow/undo", {"trId": reference})
    vouchers.attend(at=at + timedelta(hours=25))
    assert Voucher.objects.get().state == "issued" and Supply.objects.get().next_at is not None
    assert list(Change.objects.order_by("id").values_list("after", flat=True))[-2:] == ["used", "issued"]
    assert wrong() == []


@pytest.mark.parametrize("state", ["expired", "refunded", "frozen"])
def test_a_word_that_our_books_cannot_follow_is_told_and_stops_no_other(
    carrier: Outside, firm: given.Company, state: str
) -> None:
    """C3, V2: the rest of its portion is recorded, once and for all."""
    coupons.ordered(firm, 2)
    at = coupons.attended() + timedelta(hours=25)
    odd, other = Supply.objects.order_by("voucher_id")
    Voucher.objects.filter(id=odd.voucher_id).update(state=state)
    for row in (odd, other):
        carrier.inside("POST", "giftishow/use", {"trId": row.reference})
    vouchers.attend(at=at)
    assert Voucher.objects.get(id=odd.voucher_id).state == state
    assert Voucher.objects.get(id=other.voucher_id).state == "used"
    given.worked(only="gifts")
    doubt = Doubt.objects.get()
    assert (doubt.why, doubt.told, doubt.copies.get().voucher_id) == ("differs", "02", odd.voucher_id)
    vouchers.attend(at=at + timedelta(hours=25))
    given.worked(only="gifts")
    assert Doubt.objects.count() == 1
    with pytest.raises(Refused) as refused:
        actions.refund_doubt(doubt.id, is_seen=True, by=given.operator(), at=at)
    assert refused.value.no.why is DoubtRefusal.NOTHING


def test_a_claim_waits_for_the_issuers_own_word(carrier: Outside, firm: given.Company) -> None:
    """V4, C3: it may have been used on its last day."""
    order = coupons.ordered(firm, 1)
    at = coupons.attended() + 100 * DAY
    policy = vouchers.stamp(order.lines.get().product_id, "general", at=MONDAY)
    Order.objects.update(list="general")
    Line.objects.update(policy=policy)
    Gift.objects.update(result=Result.DELIVERED, result_at=MONDAY)
    gift = queries.locked_copy(Gift.objects.get().id)
    given.person(phone=queries.cells_of(gift).phone)
    found = rules.claimable(
        queries.claim_facts(gift, is_buyer=False), queries.terms_of_line(gift.line), at=at
    )
    assert isinstance(found, No) and found.why is ClaimRefusal.AT_ISSUER
    with pytest.raises(Refused) as refused:
        actions.ask_claim_code(gift.id, client="", at=at)
    assert refused.value.no.why is ClaimRefusal.AT_ISSUER
    assert not vouchers.expire_one(gift.voucher_id, at=at)
    carrier.inside("POST", "giftishow/expire", {"trId": Supply.objects.get().reference})
    vouchers.attend(at=at)
    assert Voucher.objects.get().state == "expired"
    row = claimed(gift, "points", at=at, typed=None)
    actions.approve_claim(row.id, by=given.operator(), at=at)
    assert Voucher.objects.get().state == "refunded" and wrong() == []


def test_a_code_that_is_cancelled_there_without_us_is_told(carrier: Outside, firm: given.Company) -> None:
    """C3, P9, O9: to staff, who give its price back; it is counted apart until then."""
    order = coupons.ordered(firm, 1)
    at = coupons.attended() + timedelta(hours=25)
    calling.issuer().cancel(Supply.objects.get().reference)
    assert [fault["what"] for fault in wrong()] == ["a code of ours is not alive at the external issuer"]
    vouchers.attend(at=at)
    assert Voucher.objects.get().state == "void" and wrong() == []
    closing = queries.closing(order)
    assert (closing.live_won, closing.voided_won) == (0, 4_500) and closing.adds_up
    given.worked(only="gifts")
    (doubt,) = queries.waiting_doubts()
    assert (doubt.why, doubt.copies.get().gift) == ("void", Gift.objects.get())
    assert actions.refund_doubt(doubt.id, is_seen=False, by=given.operator(), at=at) == 1
    assert balances(firm) == (100_000, 0) and queries.closing(order).refunded_won == 4_500 and wrong() == []


def test_a_code_that_was_used_in_part_before_it_was_cancelled_there(
    carrier: Outside, firm: given.Company
) -> None:
    """C3, P5: what goes back of it staff settle by hand."""
    coupons.ordered(firm, 1)
    at = coupons.attended() + timedelta(hours=25)
    Voucher.objects.update(state="partly_used")
    calling.issuer().cancel(Supply.objects.get().reference)
    vouchers.attend(at=at)
    given.worked(only="gifts")
    with pytest.raises(Refused) as refused:
        actions.refund_doubt(Doubt.objects.get().id, is_seen=True, by=given.operator(), at=at)
    assert refused.value.no.why is DoubtRefusal.NOTHING and balances(firm) == (95_500, 0)


def test_a_code_of_nobody_at_the_issuer_is_found(carrier: Outside, firm: given.Company) -> None:
    """P9"""
    coupons.ordered(firm, 1)
    coupons.attended()
    calling.issuer().issue("SOMEBODYELSE1", coupons.GOODS)
    assert [fault["what"] for fault in wrong()] == ["the external issuer has a live code that we do not know"]


def test_lost_news_is_found_by_the_sweep(carrier: Outside, firm: given.Company) -> None:
    """C3, S3"""
    coupons.ordered(firm, 1)
    ProcrastinateJob.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    vouchers.sweep_supplies(at=MONDAY)
    given.worked(only="vouchers")
    ProcrastinateJob.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    assert Supply.objects.get().state == "issued" and not Message.objects.exists()
    vouchers.sweep_supplies(at=LATER)
    given.worked(only="gifts")
    assert Message.objects.count() == 1 and balances(firm) == (95_500, 0)


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_never_ask_for_one_copy_twice(carrier: Outside) -> None:
    """C3, S3"""
    firm = given.company(cash_won=100_000)
    coupons.ordered(firm, 8)
    at_once([partial(vouchers.attend, at=MONDAY)] * 4)
    coupons.attended(LATER)
    assert len(coupons.live(carrier)) == len(carrier.inside("GET", "giftishow/coupons")) == 8
    assert Message.objects.count() == 8 and balances(firm) == (64_000, 0)


def test_an_order_that_is_stopped_wants_no_more_codes(carrier: Outside, firm: given.Company) -> None:
    """S6, C3, O9: what was not asked for is never issued; what the issuer gave meanwhile goes back to it."""
    order = coupons.ordered(firm)
    figures.change("external_parallel", 1, by="test", at=MONDAY)
    claimed = vouchers.claim(at=MONDAY)
    outcomes = [(row, calling.call(row)) for row in claimed]
    actions.halt(order.id, by=firm.owner, at=MONDAY)
    vouchers.record(outcomes, at=MONDAY)
    assert sorted(Voucher.objects.values_list("state", flat=True)) == ["issued", "not_issued", "not_issued"]
    coupons.attended()
    assert not Message.objects.exists() and coupons.live(carrier) == []
    assert sorted(Voucher.objects.values_list("state", flat=True)) == ["not_issued", "not_issued", "refunded"]
    actions.tend(order.id, at=LATER)
    assert balances(firm) == (100_000, 0) and wrong() == []
