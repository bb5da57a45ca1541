"""S5: a copy goes to another number, with another code and another link; the old ones are dead everywhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given as chosen
from hypothesis import strategies as st

from seonmul.audit.models import Act
from seonmul.cli import prove
from seonmul.dispatch import queries as dispatch
from seonmul.dispatch.models import Attempt, Message
from seonmul.dispatch.ports import Result
from seonmul.gifts import actions, queries, rules
from seonmul.gifts.models import Gift, NumberChange
from seonmul.gifts.rules import ChangeFacts, ChangeRefusal, ResendRefusal
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.members.models import Member
from seonmul.orders.models import Order
from seonmul.vouchers import queries as vouchers_now
from seonmul.vouchers.models import Replacement, Supply, Voucher
from seonmul.vouchers.rules import ReplaceRefusal
from tests import given
from tests.gifts.test_cancelling import sent
from tests.given import MONDAY
from tests.sandbox.outside import Outside
from tests.vouchers import coupons

NEW = "01099990001"
LATER = MONDAY + timedelta(minutes=10)
FINE = ChangeFacts("power_off", False, NEW, "01020000001", 0, 5)


@pytest.fixture
def carrier(carrier: Outside, settings: Any) -> Outside:
    settings.SECONDS_ISSUER, settings.SANDBOX_URL = 1, carrier.url
    return carrier


def wrong() -> list[str]:
    """What does not add up, messages and the outside aside."""
    found = [fault["what"] for fault in prove.prove()[0]]
    return [what for what in found if "carrier" not in what and "does not answer" not in what]


def changed(gift: Gift, to: str = NEW, *, by: Member | None = None, at: Any = LATER) -> NumberChange:
    return actions.change_number(gift.id, to, subject=uuid4(), by=by or given.operator(), at=at)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (FINE, None),
        (FINE.__class__("power_off", False, "", FINE.old, 0, 5), ChangeRefusal.NO_NUMBER),
        (FINE.__class__("power_off", True, "", FINE.old, 0, 5), ChangeRefusal.NO_MAIL),
        (FINE.__class__("power_off", False, FINE.old, FINE.old, 0, 5), ChangeRefusal.SAME),
        (FINE.__class__("waiting", False, NEW, FINE.old, 0, 5), ResendRefusal.UNDER_WAY),
        (FINE.__class__("delivered", False, NEW, FINE.old, 5, 5), ChangeRefusal.COPIES),
    ],
)
def test_why_not_change_number(facts: ChangeFacts, why: Any) -> None:
    """S5, O2"""
    no = rules.why_not_change_number(facts)
    assert (no.why if no else None) is why and (no is None or no.say())


@chosen(st.integers(0, 6), st.integers(1, 5))
def test_no_number_gets_more_copies_than_the_product_allows(there: int, most: int) -> None:
    """O2"""
    no = rules.why_not_change_number(ChangeFacts("delivered", False, NEW, "", there, most))
    assert (no is None) == (there < most)


@pytest.mark.django_db
def test_the_new_number_gets_a_new_code_and_the_old_link_says_so() -> None:
    """S5, O9: the count of resends starts anew, money does not move, and both can be followed."""
    firm = given.company()
    order = sent(firm, 2)
    gift = Gift.objects.order_by("position").first()
    assert gift is not None
    Gift.objects.filter(id=gift.id).update(resends=5, opened_at=MONDAY)
    old_link, old_code, old_cells = (
        queries.link_of(gift), vouchers_now.code_of(gift.voucher), queries.cells_of(gift)
    )  # fmt: skip
    before, operator = ledger.balances(firm.buyer.id), given.operator()
    change = changed(gift, by=operator)
    gift.refresh_from_db()
    assert (gift.resends, gift.result, gift.opened_at, gift.sent_at) == (0, "waiting", None, LATER)
    assert vouchers_now.code_of(gift.voucher) != old_code and gift.voucher.state == "issued"
    assert queries.cells_of(gift).phone == NEW and queries.cells_of(gift).name == old_cells.name
    assert queries.by_link(old_link) is None and queries.by_link(queries.link_of(gift)) == gift
    dead = queries.by_dead_link(old_link)
    assert dead is not None and dead[0] == gift and dead[1] == old_cells
    (newest,) = Message.objects.filter(subject=gift.id).order_by("-id")[:1]
    (parcel,) = dispatch.parcels_of(newest.attempts.get().batch)
    assert parcel.to == NEW and queries.link_of(gift) in parcel.text and old_link not in parcel.text
    (trail,) = queries.changes_of(gift)
    assert (trail.old, trail.new, trail.state) == (old_cells.phone, NEW, "done")
    act = Act.objects.get(verb="number_changed")
    assert act.by == str(operator.id) and NEW not in str(act.facts)
    assert NumberChange.objects.get(id=change.id).opened_at == MONDAY
    assert ledger.balances(firm.buyer.id) == before and queries.closing(order).adds_up and wrong() == []


@pytest.mark.django_db
def test_a_copy_is_found_by_both_numbers() -> None:
    """O11, S5"""
    firm = given.company()
    sent(firm, 2)
    gift = Gift.objects.order_by("position").first()
    assert gift is not None
    old = queries.cells_of(gift).phone
    changed(gift)
    for number in (old, NEW):
        found = queries.copies_page(firm.buyer.id, queries.Filters(phone=number)).rows
        assert [one.id for one in found] == [gift.id]
    assert queries.copies_page(given.company().buyer.id, queries.Filters(phone=NEW)).rows == []


@pytest.mark.django_db
def test_a_finished_order_stays_finished_and_the_copy_may_be_resent_again() -> None:
    """S5"""
    firm = given.company()
    order = sent(firm, 1)
    Order.objects.filter(id=order.id).update(state="finished", finished_at=MONDAY)
    gift = Gift.objects.get()
    changed(gift)
    Gift.objects.update(result=Result.POWER_OFF, result_at=LATER)
    resent = actions.resend([gift.id], by=firm.owner, at=LATER + timedelta(hours=1))
    assert resent.sent == 1 and wrong() == []
    Gift.objects.update(result=Result.POWER_OFF)
    changed(gift, "01088880001", at=LATER + timedelta(hours=2))
    assert Replacement.objects.count() == 2 and len(queries.changes_of(Gift.objects.get())) == 2
    assert Voucher.objects.filter(state="issued").count() == 1 and wrong() == []


@pytest.mark.django_db
def test_what_may_not_be_changed_stays_as_it_is() -> None:
    """S5: used, or the number has all that it may."""
    firm = given.company()
    sent(firm, 2)
    first, second = Gift.objects.order_by("position")
    Voucher.objects.filter(id=first.voucher_id).update(state="used")
    with pytest.raises(Refused) as refused:
        changed(first)
    assert refused.value.no.why is ReplaceRefusal.USED
    first.line.product.__class__.objects.update(copies_most=1)
    with pytest.raises(Refused) as refused:
        changed(second, queries.cells_of(first).phone)
    assert refused.value.no.why is ChangeRefusal.COPIES
    assert not NumberChange.objects.exists() and Message.objects.count() == 2


def bought(firm: given.Company, copies: int = 2) -> Gift:
    """Copies of the external issuer, issued and delivered; one of them."""
    coupons.ordered(firm, copies)
    coupons.attended()
    Gift.objects.update(result=Result.DELIVERED, result_at=MONDAY)
    gift = Gift.objects.order_by("position").first()
    assert gift is not None
    return gift


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fault",
    [None, ("timeout_after_accept", "cancel"), ("error_500", "ask"), ("timeout_after_accept", "send")],
)
def test_an_external_code_is_cancelled_there_before_the_new_one_is_issued(
    carrier: Outside, fault: tuple[str, str] | None
) -> None:
    """S5, C3: in doubt it is asked; never two at once."""
    firm = given.company(cash_won=100_000)
    gift = bought(firm)
    old = Supply.objects.get(voucher_id=gift.voucher_id)
    changed(gift)
    gift.refresh_from_db()
    assert gift.voucher.state == "frozen" and queries.cells_of(gift).phone != NEW
    assert Message.objects.count() == 2 and wrong() == []
    if fault:
        coupons.fault(carrier, *fault)
    coupons.attended(LATER)
    gift = Gift.objects.get(id=gift.id)
    new = Supply.objects.get(voucher_id=gift.voucher_id)
    assert new.reference != old.reference and queries.cells_of(gift).phone == NEW
    assert old.reference not in coupons.live(carrier) and new.reference in coupons.live(carrier)
    assert len(coupons.live(carrier)) == 2 and Message.objects.count() == 3
    assert Replacement.objects.get().state == "done" and ledger.balances(firm.buyer.id).cash_won == 91_000
    given.worked(only="gifts")
    assert Message.objects.count() == 3 and wrong() == []


@pytest.mark.django_db
def test_an_external_code_that_was_used_meanwhile_stays(carrier: Outside) -> None:
    """S5: the issuer's word counts, and whoever decided hears of it."""
    gift = bought(given.company(cash_won=100_000))
    supply = Supply.objects.get(voucher_id=gift.voucher_id)
    carrier.inside("POST", "giftishow/use", {"trId": supply.reference})
    changed(gift)
    coupons.attended(LATER)
    gift.refresh_from_db()
    assert gift.voucher.state == "used" and Replacement.objects.get().state == "kept"
    assert queries.cells_of(gift).phone != NEW and Message.objects.count() == 2 and wrong() == []
    (trail,) = queries.changes_of(gift)
    assert trail.state == "kept"


@pytest.mark.django_db
def test_an_issuer_that_gives_no_new_code_gives_the_price_back(carrier: Outside) -> None:
    """S5, P5: the old code is gone there, so the copy is refunded."""
    firm = given.company(cash_won=100_000)
    gift = bought(firm)
    changed(gift)
    carrier.inside("POST", "giftishow/goods", {"goodsCode": coupons.GOODS, "state": "SUS"})
    coupons.attended(LATER)
    gift.refresh_from_db()
    assert gift.voucher.state == "refunded" and gift.result == Result.WITHDRAWN
    assert Replacement.objects.get().state == "lost" and ledger.balances(firm.buyer.id).cash_won == 95_500
    assert queries.closing(gift.order).adds_up and wrong() == []


@pytest.mark.django_db
def test_a_code_that_is_being_taken_back_for_its_price_is_not_replaced(carrier: Outside) -> None:
    """S5, P5"""
    firm = given.company(cash_won=100_000)
    gift = bought(firm)
    Order.objects.update(list="general")
    actions.cancel(gift.order_id, [gift.id], by=firm.owner, seen_won=4_500, at=LATER)
    with pytest.raises(Refused) as refused:
        changed(gift)
    assert refused.value.no.why is ReplaceRefusal.UNDER_WAY
    coupons.attended(LATER)
    assert wrong() == []


@pytest.mark.django_db
def test_an_old_message_that_is_still_here_never_leaves_for_a_stopped_order(carrier: Outside) -> None:
    """S6, S5: only what was sent since does."""
    from seonmul.gifts.gate import Gate

    firm = given.company()
    sent(firm, 2)
    first, second = Gift.objects.order_by("position")
    Order.objects.update(halted_at=MONDAY)
    changed(first)
    assert Gate().withdrawn([first.id, second.id], LATER) == {second.id}


@pytest.mark.django_db
def test_what_arrived_at_the_old_number_says_nothing_of_the_new_one() -> None:
    """S5, S4: the new message failed, so the copy did."""
    sent(given.company(), 1)
    gift = Gift.objects.get()
    Attempt.objects.update(state="ended", result=Result.DELIVERED, ended_at=MONDAY)
    changed(gift)
    newest = Attempt.objects.get(result=Result.WAITING)
    Attempt.objects.filter(id=newest.id).update(state="ended", result=Result.POWER_OFF, ended_at=LATER)
    actions.note_results(newest.batch_id, at=LATER)
    gift.refresh_from_db()
    assert gift.result == Result.POWER_OFF
    Attempt.objects.filter(id=newest.id).update(result=Result.DELIVERED)
    actions.note_results(newest.batch_id, at=LATER)
    gift.refresh_from_db()
    assert gift.result == Result.DELIVERED
