"""O8, O5: an order with a time of its own that waits for a consent: given before that time, or after it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail

from seonmul.catalog.models import Product
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.models import Letter
from seonmul.dispatch.rules import Ad
from seonmul.gifts import actions as gifts
from seonmul.gifts import queries as gifts_now
from seonmul.gifts.models import Gift
from seonmul.kit import clock, crypto
from seonmul.ledger import queries as ledger
from seonmul.members.models import Buyer
from seonmul.notices import actions as notices
from seonmul.orders import actions, queries
from seonmul.orders.models import Approval, Order
from tests import given
from tests.given import MONDAY, Company
from tests.orders import certificates
from tests.orders.certificates import limit, waiting

pytestmark = pytest.mark.django_db

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


@pytest.fixture
def firm() -> Company:
    return given.company()


def planned(who: Company, copies: int, product: Product | None = None) -> Order:
    """Paid on Monday, to be sent on Tuesday at ten; it waits for a consent."""
    wanted = product or certificates.certificate()
    return given.placed(who, certificates.numbers(copies), wanted, is_later=True, send_at=TUESDAY)


def state_of(order: Order) -> str:
    return str(Order.objects.values_list("state", flat=True).get(id=order.id))


def told(approval: Approval, at: datetime) -> tuple[str, str]:
    """The text and the mail in which whoever ordered reads what was decided."""
    notices.tell_approval_decided(approval.id, at=at)
    notices.mail_approval(approval.order.member_id, approval.id, what="decided", at=at)
    letter = Letter.objects.order_by("-written_at", "-id")[0]
    return crypto.ring().open(Letter.TEXT, letter.text_sealed), mail.outbox[-1].body


def test_a_consent_before_the_planned_time_leaves_it_as_it_is(firm: Company) -> None:
    """O8, O5: the buyer reads for when it stays planned, and nothing goes before."""
    order, early = planned(firm, 2), TUESDAY - timedelta(seconds=1)
    approval = waiting(order)
    actions.decide_order(approval.id, approve=True, by=given.operator(), at=early)
    text, body = told(approval, early)
    assert text.endswith("승인되었습니다. 예약한 #{when}에 보냅니다.")
    when = clock.korean_datetime(TUESDAY)
    assert f"주문 {order.public_id}이 승인되었습니다. 예약한 {when}에 보냅니다." in body
    gifts.start(order.id, at=early)
    assert (state_of(order), Gift.objects.count()) == ("paid", 0)
    assert gifts_now.untended(TUESDAY, TUESDAY) == [order.id], "the sweep starts it when its time has come"
    gifts.start(order.id, at=TUESDAY)
    given.worked(only="gifts.issue_chunk")
    assert (state_of(order), Gift.objects.count()) == ("sending", 2)


def test_a_consent_after_the_planned_time_sends_at_once(firm: Company) -> None:
    """O8: the time alone sends nothing, the money stays held; now it goes, is valid from now on, and the buyer is told."""
    order = planned(firm, 2)
    approval = waiting(order)
    gifts.start(order.id, at=TUESDAY)
    assert gifts_now.untended(WEDNESDAY, WEDNESDAY) == []
    assert (state_of(order), ledger.balances(firm.buyer.id).held_won) == ("waiting", 200_000)
    actions.decide_order(approval.id, approve=True, by=given.operator(), at=WEDNESDAY)
    text, body = told(approval, WEDNESDAY)
    assert text.endswith("승인되었습니다. 예약한 #{when}이 지나 바로 보냅니다.")
    when = clock.korean_datetime(TUESDAY)
    assert f"주문 {order.public_id}이 승인되었습니다. 예약한 {when}이 지나 바로 보냅니다." in body
    gifts.start(order.id, at=WEDNESDAY)
    given.worked(only="gifts.issue_chunk")
    assert (state_of(order), Gift.objects.count()) == ("sending", 2)
    ends = {clock.seoul_date(one.voucher.valid_until) for one in Gift.objects.select_related("voucher")}
    assert ends == {clock.seoul_date(WEDNESDAY) + timedelta(days=93)}
    assert ledger.balances(firm.buyer.id).held_won == 0 and limit(firm).used_won == 200_000
    assert queries.faults() == gifts_now.faults() == ledger.faults() == []


@pytest.mark.parametrize("is_planned", [True, False])
@pytest.mark.parametrize("has_begun", [True, False])
def test_advertising_that_is_approved_at_night_is_told_for_the_morning(
    firm: Company, is_planned: bool, has_begun: bool
) -> None:
    """O3, O8: whichever job comes first, the notice or the one that would send."""
    noon = MONDAY.replace(hour=3)
    night, morning = noon.replace(hour=13), noon.replace(hour=23)  # 22:00, and 08:00 of the next day in Seoul
    dispatch.set_ad(firm.owner, Ad("꽃길", "0234567890", "0802345678"), at=noon)
    planned = {"is_later": True, "send_at": noon + timedelta(hours=1)} if is_planned else {}
    order = given.placed(
        firm, certificates.numbers(1), certificates.certificate(), at=noon, is_ad=True, **planned
    )
    approval = waiting(order)
    actions.decide_order(approval.id, approve=True, by=given.operator(), at=night)
    if has_begun:
        gifts.start(order.id, at=night)
        assert Order.objects.get(id=order.id).send_at == morning
    text, body = told(approval, night)
    assert text.endswith("승인되었습니다. 광고는 밤에 보내지 않아 #{when}에 보냅니다.")
    assert f"{clock.korean_datetime(morning)}에 보냅니다." in body


def test_the_companys_own_consent_is_told_in_the_same_way(firm: Company) -> None:
    """O8, M7: goods need no other; certificates go on to the operator, and nothing is said of sending yet."""
    Buyer.objects.filter(id=firm.buyer.id).update(approval_above_won=500_000)
    goods, dear = planned(firm, 5, given.product(price_won=100_000)), planned(firm, 6)
    first, second = waiting(goods), waiting(dear)
    for approval in (first, second):
        actions.decide_for_company(approval.id, approve=True, by=firm.approver, at=WEDNESDAY)
    assert told(first, WEDNESDAY)[0].endswith("이 지나 바로 보냅니다.")
    before = Letter.objects.count()
    notices.tell_approval_decided(second.id, at=WEDNESDAY)
    assert (Letter.objects.count(), state_of(dear)) == (before, "waiting")
    actions.decide_order(waiting(dear).id, approve=False, reason="의심", by=given.operator(), at=WEDNESDAY)
    assert (state_of(dear), state_of(goods)) == ("refused", "paid")
    assert ledger.balances(firm.buyer.id).held_won == 500_000
