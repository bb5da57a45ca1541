"""M6: a text never goes from a number that has ended since it was paid for, whoever wrote it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail

from seonmul.catalog.models import List
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch import queries as dispatch_now
from seonmul.dispatch.actions import Outgoing
from seonmul.dispatch.models import Attempt, Batch, Letter, SenderNumber, SenderState
from seonmul.dispatch.ports import Result
from seonmul.figures.rules import Figures
from seonmul.gifts import actions, queries, rules
from seonmul.gifts.models import Chunk, Gift, Reminder
from seonmul.gifts.rules import ChangeFacts, GiftFacts, ResendRefusal
from seonmul.kit import clock
from seonmul.ledger import queries as ledger
from seonmul.members import queries as members_now
from seonmul.orders import actions as orders
from seonmul.orders import queries as orders_now
from seonmul.orders import rules as order_rules
from seonmul.orders.lists import RawRow
from seonmul.orders.models import Draft, Order, OrderState
from tests import given
from tests.gifts.test_cancelling import ids_of, sent
from tests.given import MONDAY, Company
from tests.members.handing import asked, proved
from tests.sandbox.outside import Outside

DAY = timedelta(days=1)
LATER = MONDAY + 2 * DAY
FINE = GiftFacts("issued", MONDAY + 90 * DAY, Result.POWER_OFF, 0, MONDAY - DAY)
#: A mobile number of a member, as every sender's form.
OWN = "01055551234"


@pytest.fixture
def firm(db: None) -> Company:
    return given.company(cash_won=100_000)


def expire(firm: Company) -> None:
    """Its paper grows too old."""
    old = clock.seoul_date(MONDAY) - timedelta(days=Figures().sender_days)
    SenderNumber.objects.filter(buyer=firm.buyer).update(proved_on=old)
    assert dispatch.expire_senders(at=MONDAY + DAY) == 1


def reject(firm: Company) -> None:
    SenderNumber.objects.filter(buyer=firm.buyer).update(
        state=SenderState.REJECTED, is_registered_at_carrier=False
    )


def own_number(firm: Company) -> SenderNumber:
    """The owner's own mobile number, in use."""
    return dispatch.register_sender(
        firm.buyer.id, members_now.phone_of(firm.owner), label="", at=MONDAY, member_id=firm.owner.id
    )


def scheduled(firm: Company, **saved: Any) -> Order:
    return given.placed(firm, given.numbers(2), is_later=True, send_at=LATER, **saved)


def test_a_copy_is_not_sent_again_from_a_number_that_has_ended() -> None:
    """M6, S5: the rule names the number, masked, and says what to do."""
    no = rules.why_not_resend(
        GiftFacts(**(FINE.__dict__ | {"gone_sender": OWN})), may_buy=True, figures=Figures(), at=MONDAY
    )
    assert no and no.why is ResendRefusal.SENDER_GONE and "010-****-1234" in no.say()
    assert rules.why_not_resend(FINE, may_buy=True, figures=Figures(), at=MONDAY) is None
    moved = ChangeFacts("power_off", False, "01020000009", "01020000001", 0, 5, gone_sender=OWN)
    no = rules.why_not_change_number(moved)
    assert no and no.why is ResendRefusal.SENDER_GONE


def test_a_scheduled_order_stops_when_its_number_has_expired(firm: Company) -> None:
    """M6, O5, O10: nothing goes out, all money comes back, and the member hears which number it was."""
    order = scheduled(firm)
    expire(firm)
    actions.start(order.id, at=LATER)
    order.refresh_from_db()
    assert (order.state, order.why) == (OrderState.CANCELLED, order_rules.SENDER_GONE)
    assert ledger.balances(firm.buyer.id).cash_won == 100_000 and not Gift.objects.exists()
    given.worked(only="notices.")
    (told,) = mail.outbox
    assert told.to == [firm.owner.mail] and "****-0000" in told.body and order.public_id in told.body
    assert ledger.faults() == queries.faults() == []


def test_an_order_that_waited_for_consent_is_asked_too(firm: Company) -> None:
    """M6, O8: it is not scheduled, and days lie between paying and sending."""
    order = given.placed(firm, given.numbers(1))
    reject(firm)
    actions.start(order.id, at=MONDAY + 5 * DAY)
    assert orders_now.order(order.id).why == order_rules.SENDER_GONE


def test_an_order_by_mail_needs_no_number(firm: Company) -> None:
    """M6"""
    order = given.paid(firm, given.mail_draft(firm, ["kim@gaon.example"]))
    reject(firm)
    actions.start(order.id, at=MONDAY)
    assert orders_now.order(order.id).state == OrderState.SENDING


def test_at_a_handover_scheduled_orders_go_over_to_a_number_that_may_be_shown(firm: Company) -> None:
    """M5, M6: the company's number, and the paper says so."""
    old = own_number(firm)
    order, kept = scheduled(firm, sender=old.digits), scheduled(firm, sender="15770000")
    row = proved(asked(firm.owner))
    order.refresh_from_db()
    assert order.sender == "15770000"
    handed = {one["what"]: one["names"] for one in row.handed}
    assert handed["order_sender"] == [order.public_id]
    assert set(handed["order"]) == {order.public_id, kept.public_id}
    actions.start(order.id, at=LATER)
    assert orders_now.order(order.id).state == OrderState.SENDING
    assert {letter.sender for letter in Letter.objects.filter(buyer=firm.buyer)} == {"15770000"}


@pytest.mark.django_db
@pytest.mark.parametrize("is_registered", [True, False])
def test_the_new_person_s_own_number_follows_and_the_order_stops_when_it_is_not_registered_by_then(
    is_registered: bool,
) -> None:
    """M5, M6"""
    firm = given.company(cash_won=100_000, sender="")
    own_number(firm)
    order = scheduled(firm)
    proved(asked(firm.owner))
    new = SenderNumber.objects.get(digits="01055550001")
    if is_registered:
        dispatch.decide_sender(new.id, approve=True, is_registered=True, by=given.operator(), at=MONDAY + DAY)
    actions.start(order.id, at=LATER)
    order.refresh_from_db()
    assert order.sender == new.digits
    assert order.state == (OrderState.SENDING if is_registered else OrderState.CANCELLED)
    assert order.why == ("" if is_registered else order_rules.SENDER_GONE)


def test_a_resend_is_refused_with_its_reason_and_changes_nothing(firm: Company) -> None:
    """M6, S5"""
    order = sent(firm)
    expire(firm)
    later = MONDAY + DAY
    resent = actions.resend(ids_of(order), by=firm.owner, at=later)  # type: ignore[arg-type]
    assert resent.sent == 0 and [(no.why, count) for no, count in resent.refused] == [
        (ResendRefusal.SENDER_GONE, 3)
    ]
    assert Gift.objects.filter(order=order, resends=0, result=Result.DELIVERED).count() == 3
    by_mail = actions.resend(ids_of(order), by=firm.owner, at=later, channel="mail")  # type: ignore[arg-type]
    assert [no.why for no, _ in by_mail.refused] == [ResendRefusal.NO_SUCH_WAY], "there is no address"
    SenderNumber.objects.update(state=SenderState.APPROVED, is_registered_at_carrier=True)
    assert actions.resend(ids_of(order), by=firm.owner, at=later).sent == 3  # type: ignore[arg-type]


def test_by_mail_a_copy_goes_again_all_the_same(firm: Company) -> None:
    """M6, H2: a mail comes from no number; by every text it is refused, and not offered."""
    draft = given.draft(firm, [])
    orders.add_rows(draft.id, [RawRow(1, "01020000001", "김서연", mail="kim@gaon.example")], at=MONDAY)
    order = given.paid(firm, draft)
    actions.start(order.id, at=MONDAY)
    actions.issue_chunk(Chunk.objects.get(order=order).id, at=MONDAY)
    gift = Gift.objects.select_related("order", "recipient", "line__product").get(order=order)
    Gift.objects.filter(id=gift.id).update(result=Result.POWER_OFF)
    reject(firm)
    gone, later = orders_now.gone_senders([order]), MONDAY + DAY
    assert set(queries.other_ways(gift, "", gone)) == {"mail"} < set(queries.other_ways(gift))
    (refused,) = actions.resend([gift.id], by=firm.owner, at=later, channel="sms").refused
    assert refused[0].why is ResendRefusal.SENDER_GONE
    assert actions.resend([gift.id], by=firm.owner, at=later, channel="mail").sent == 1


def test_the_number_is_asked_for_once_whatever_the_number_of_copies(
    firm: Company, django_assert_max_num_queries: Any
) -> None:
    """M6: set-based."""
    order = sent(firm, 20)
    gifts = list(Gift.objects.select_related("order").filter(order=order))
    with django_assert_max_num_queries(1):
        assert orders_now.gone_senders(gift.order for gift in gifts) == {}


@pytest.mark.parametrize("ours", ["15990000", ""])
def test_a_reminder_goes_from_our_number_when_the_order_s_was_erased(
    firm: Company, settings: Any, ours: str
) -> None:
    """M6, M9, V4: or not at all where there is none."""
    settings.PLATFORM_SENDER = ours
    own = own_number(firm)
    order = sent(firm, 1)
    Order.objects.filter(id=order.id).update(sender=own.digits)
    dispatch.forget_own_numbers(firm.owner.id, at=MONDAY)
    Letter.objects.all().update(sender="15770000")
    before = Letter.objects.count()
    end = Chunk.objects.get(order=order).valid_until
    actions.remind(at=end - DAY - timedelta(hours=12))
    assert Reminder.objects.exists()
    written = Letter.objects.order_by("written_at", "id")[before:]
    assert [letter.sender for letter in written] == ([ours] if ours else [])
    assert not any(dispatch_now.is_from_gone_number(letter) for letter in written)


def test_a_chunk_under_way_what_has_gone_stays_and_the_rest_does_not_go(
    firm: Company, carrier: Outside
) -> None:
    """M6, O9, S5: it has failed by its sender, and goes out when the number is back."""
    draft = given.draft(firm, ["01020000001"])
    orders.put(draft.id, List.CORPORATE, given.product().code, at=MONDAY)
    order = given.paid(firm, Draft.objects.select_related("buyer").get(id=draft.id))
    actions.start(order.id, at=MONDAY)
    first, second = Chunk.objects.filter(order=order).order_by("line__position")
    actions.issue_chunk(first.id, at=MONDAY)
    given.worked(only="dispatch.")
    reject(firm)
    actions.issue_chunk(second.id, at=MONDAY)
    given.answered()
    assert dict(Gift.objects.filter(order=order).values_list("chunk_id", "result")) == {
        first.id: Result.DELIVERED,
        second.id: Result.SENDER,
    }
    assert len(carrier.inside("GET", "messages?to=01020000001")) == 1
    assert orders_now.order(order.id).state == OrderState.FINISHED
    assert Attempt.objects.get(result=Result.SENDER).batch.state == "ended"
    soon = clock.now() + timedelta(hours=1)
    (refused,) = actions.resend_failed(order.id, by=firm.owner, at=soon).refused
    assert (refused[0].why, refused[1]) == (ResendRefusal.SENDER_GONE, 1)
    SenderNumber.objects.filter(buyer=firm.buyer).update(
        state=SenderState.PENDING, is_registered_at_carrier=False
    )
    number = SenderNumber.objects.get(buyer=firm.buyer)
    dispatch.decide_sender(number.id, approve=True, is_registered=True, by=given.operator(), at=soon)
    assert actions.resend_failed(order.id, by=firm.owner, at=soon).sent == 1
    given.answered()
    assert set(Gift.objects.filter(order=order).values_list("result", flat=True)) == {Result.DELIVERED}
    assert queries.faults() == ledger.faults() == dispatch_now.faults() == []


def test_a_batch_of_any_letter_ends_and_the_carrier_hears_nothing(firm: Company, carrier: Outside) -> None:
    """M6: whatever wrote it; a number of another buyer is none of this one's."""
    other = given.company(cash_won=0, sender="16610000")
    for digits in ("16610000", "15880000"):
        letter = dispatch.write_letter(
            firm.buyer.id, channel="lms", sender=digits, title="", text="안녕", at=MONDAY
        )
        dispatch.queue(letter.id, [Outgoing(uuid4(), "01020000001", {})], at=MONDAY)
        batch = Batch.objects.get(letter=letter)
        dispatch.send(batch.id, at=clock.now())
        assert Attempt.objects.get(batch=batch).result == Result.SENDER
    letter = dispatch.write_letter(
        other.buyer.id, channel="lms", sender="16610000", title="", text="안녕", at=MONDAY
    )
    assert not dispatch_now.is_from_gone_number(letter)
    assert carrier.inside("GET", "messages?to=01020000001") == []
