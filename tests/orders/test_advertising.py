"""O3, S7: an order with advertising: its marks, its hours, who is left out, and what is logged."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from seonmul.audit.models import Act
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.models import Letter, OptOut
from seonmul.dispatch.rules import Ad, AdRefusal
from seonmul.gifts import actions as gifts
from seonmul.kit import clock, crypto
from seonmul.kit.refusals import Refused
from seonmul.orders import actions, queries
from seonmul.orders.lists import RawRow, RowFault
from seonmul.orders.models import Draft, Order, OrderState
from tests import given
from tests.given import Company

pytestmark = pytest.mark.django_db
AD = Ad("꽃길", "0234567890", "0802345678")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=clock.SEOUL)
NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=clock.SEOUL)
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=clock.SEOUL)
REFUSED, *OTHERS = given.numbers(3, start=33_000_000)


@pytest.fixture
def firm() -> Company:
    made = given.company()
    dispatch.set_ad(made.owner, AD, at=NOON)
    return made


def again(draft: Draft) -> Draft:
    return Draft.objects.select_related("buyer").get(id=draft.id)


def test_the_marks_stand_around_the_text(firm):
    """O3: counted before paying, sent as they were when it was paid."""
    draft = given.draft(firm, OTHERS, at=NOON, is_ad=True, title="봄 소식", text="새 메뉴가 나왔어요.")
    letter = queries.letter_facts(draft, queries.quote(draft), "https://s.kr", NOON)
    assert letter.title == "(광고)봄 소식"
    assert letter.text.startswith("(광고)꽃길 02-3456-7890\n새 메뉴가 나왔어요.")
    assert letter.text.endswith("까지 쓸 수 있어요.\n무료수신거부 080-234-5678")
    order = given.paid(firm, draft, NOON)
    dispatch.set_ad(firm.owner, Ad("다른 이름", "0234567890", "0809999999"), at=NOON)
    gifts.start(order.id, at=NOON)
    sent = Letter.objects.get()
    ring = crypto.ring()
    assert sent.is_ad and ring.open(Letter.TITLE, sent.title_sealed) == "(광고)봄 소식"
    text = ring.open(Letter.TEXT, sent.text_sealed)
    assert text.startswith("(광고)꽃길 ") and text.endswith("무료수신거부 080-234-5678")


def test_both_boxes_are_logged(firm):
    """O3"""
    given.placed(firm, OTHERS, at=NOON, is_ad=True)
    facts = Act.objects.get(verb="order_placed").facts
    assert facts["is_lawful"] is True and facts["is_ad"] is True


def test_without_its_marks_or_at_night_it_is_not_paid(firm):
    """O3: the draft stays as it was."""
    other = given.company()
    draft = given.draft(other, OTHERS, at=NOON, is_ad=True)
    with pytest.raises(Refused) as refused:
        given.paid(other, draft, NOON)
    assert refused.value.no.why is AdRefusal.NOT_SET
    draft = given.draft(firm, OTHERS, at=NIGHT, is_ad=True)
    with pytest.raises(Refused) as refused:
        given.paid(firm, draft, NIGHT)
    assert refused.value.no.why is AdRefusal.AT_NIGHT and "08:00" in refused.value.no.say()
    actions.save(draft.id, at=NIGHT, is_later=True, send_at=MORNING)
    order = given.paid(firm, again(draft), NIGHT)
    with pytest.raises(Refused) as refused:
        actions.reschedule(order.id, MORNING + timedelta(hours=14), by=firm.owner, at=NIGHT)
    assert refused.value.no.why is AdRefusal.AT_NIGHT
    with pytest.raises(Refused):
        actions.reschedule(order.id, None, by=firm.owner, at=NIGHT)


def test_what_was_paid_by_day_and_begins_at_night_waits_for_the_morning(firm):
    """O3: as when a consent comes late; other orders go at any hour."""
    order = given.placed(firm, OTHERS, at=NOON, is_ad=True)
    plain = given.placed(firm, OTHERS, at=NOON)
    gifts.start(order.id, at=NIGHT)
    gifts.start(plain.id, at=NIGHT)
    order.refresh_from_db()
    assert order.state == OrderState.PAID and order.send_at == MORNING
    assert Order.objects.get(id=plain.id).state == OrderState.SENDING
    assert Act.objects.filter(verb="order_rested", subject=str(order.id)).exists()
    gifts.start(order.id, at=MORNING)
    assert Order.objects.get(id=order.id).state == OrderState.SENDING


def test_who_refused_is_left_out_of_advertising_alone(firm):
    """S7, O3: with a note in the row; of this company only, and only while it is advertising."""
    dispatch.note_opt_outs(firm.owner, REFUSED, at=NOON)
    draft = given.draft(firm, [REFUSED, *OTHERS], at=NOON)
    assert queries.quote(draft).people == 3
    actions.save(draft.id, at=NOON, is_ad=True)
    assert queries.quote(draft).people == 2
    (line,) = queries.rows_page(draft, "fix")
    assert line.fault == RowFault.OPTED_OUT.code and "광고를 받지 않겠다고" in line.why
    actions.save(draft.id, at=NOON, is_ad=False)
    assert queries.quote(draft).people == 3
    actions.save(draft.id, at=NOON, is_ad=True)
    actions.add_rows(draft.id, [RawRow(9, REFUSED)], at=NOON)
    assert queries.quote(draft).people == 2
    OptOut.objects.all().delete()
    actions.look(draft.id, at=NOON)
    assert queries.quote(draft).people == 3
    other = given.company()
    dispatch.set_ad(other.owner, AD, at=NOON)
    dispatch.note_opt_outs(firm.owner, REFUSED, at=NOON)
    assert queries.quote(given.draft(other, [REFUSED], at=NOON, is_ad=True)).people == 1


def test_a_refusal_that_comes_before_the_click_counts(firm):
    """S7: nobody is sent advertising whom the member thought to be in; the sum is shown anew instead."""
    draft = given.draft(firm, [REFUSED, *OTHERS], at=NOON, is_ad=True)
    dispatch.note_opt_outs(firm.owner, REFUSED, at=NOON)
    quote = queries.quote(draft)
    with pytest.raises(Refused) as refused:
        actions.place(
            draft.id, by=firm.owner, grant_id=None, seen_won=quote.amount_won, seen_left_out=0, at=NOON
        )
    assert refused.value.no.code == "order_has_faults"
    actions.look_if_stale(draft.id, at=NOON)
    assert queries.quote(draft).people == 2
