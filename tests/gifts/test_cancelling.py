"""O10, P5: cancelling what was sent and not used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db.models import F

from seonmul.catalog.models import Offer
from seonmul.dispatch.ports import Result
from seonmul.figures.rules import Figures
from seonmul.gifts import actions, queries
from seonmul.gifts.models import Chunk, Gift
from seonmul.gifts.rules import CancelRefusal, GiftFacts, cancel_days, why_not_cancel
from seonmul.kit.refusals import No, Refused
from seonmul.ledger import queries as ledger
from seonmul.orders import actions as orders
from seonmul.orders.models import Order, Recipient
from seonmul.vouchers import queries as vouchers_now
from seonmul.vouchers.models import Change, Redemption, Voucher
from tests import given
from tests.given import MONDAY
from tests.orders import certificates
from tests.threads import at_once
from tests.vouchers import shops

DAY = timedelta(days=1)
FINE = GiftFacts("issued", MONDAY + 90 * DAY, Result.DELIVERED, 0, MONDAY)
GENERAL = {
    "days": 7,
    "paid_at": MONDAY,
    "may_buy": True,
    "at": MONDAY + 7 * DAY,
}


def sent(firm: given.Company, copies: int = 3, *, list_: str = "general") -> Order:
    """An order whose copies were issued and delivered."""
    order = given.placed(firm, given.numbers(copies))
    Order.objects.filter(id=order.id).update(list=list_)
    actions.start(order.id, at=MONDAY)
    for chunk in Chunk.objects.filter(order=order):
        actions.issue_chunk(chunk.id, at=MONDAY)
    Gift.objects.filter(order=order).update(result=Result.DELIVERED, result_at=MONDAY)
    order.refresh_from_db()
    return order


def ids_of(order: Order) -> Sequence[object]:
    return list(Gift.objects.filter(order=order).order_by("position").values_list("id", flat=True))


@pytest.mark.parametrize(
    ("gift", "also", "why"),
    [
        (FINE, {}, None),
        (replace(FINE, result=Result.POWER_OFF), {}, None),
        (FINE, {"may_buy": False}, CancelRefusal.NOT_A_BUYER),
        (FINE, {"days": 0}, CancelRefusal.NOT_THIS_LIST),
        (FINE, {"at": MONDAY + 7 * DAY + timedelta(seconds=1)}, CancelRefusal.TOO_LATE),
        (replace(FINE, voucher_state="used"), {}, CancelRefusal.USED),
        (replace(FINE, voucher_state="partly_used"), {}, CancelRefusal.USED),
        (replace(FINE, voucher_state="refunded"), {}, CancelRefusal.USED),
        (replace(FINE, voucher_state="expired"), {}, CancelRefusal.ENDED),
        (replace(FINE, voucher_state="frozen"), {}, CancelRefusal.ENDED),
        (replace(FINE, result=Result.WAITING), {}, CancelRefusal.UNDER_WAY),
    ],
)
def test_unused_on_the_general_list_within_seven_days(
    gift: GiftFacts, also: dict[str, object], why: CancelRefusal | None
) -> None:
    """O10"""
    no: No | None = why_not_cancel(gift, **(GENERAL | also))  # type: ignore[arg-type]
    assert (no.why if no else None) is why


@pytest.mark.django_db
def test_what_was_shown_is_what_goes_back() -> None:
    """O10, P5"""
    firm = given.company(cash_won=13_500)
    order = sent(firm)
    chosen = ids_of(order)[:2]
    at = MONDAY + DAY
    shown = actions.look_at_cancel(order, chosen, by=firm.owner, at=at)
    assert shown.plan is not None and (shown.plan.won, shown.plan.cash_won) == (9_000, 9_000)
    with pytest.raises(Refused) as refused:
        actions.cancel(order.id, chosen, by=firm.owner, seen_won=8_999, at=at)
    assert refused.value.no.why is CancelRefusal.CHANGED
    actions.cancel(order.id, chosen, by=firm.owner, seen_won=9_000, at=at)
    assert ledger.balances(firm.buyer.id).cash_won == 9_000
    assert queries.closing(order).adds_up and queries.closing(order).refunded_won == 9_000
    assert {row.where for row in Change.objects.all()} == {"cancel"}
    with pytest.raises(Refused) as again:
        actions.cancel(order.id, chosen, by=firm.owner, seen_won=9_000, at=at)
    assert again.value.no.why is CancelRefusal.USED
    assert ledger.faults() == [] and queries.faults() == []


@pytest.mark.django_db
def test_others_stay_and_say_why() -> None:
    """O10: one was used, one belongs to another order."""
    firm = given.company()
    order, other = sent(firm), sent(firm, 1)
    used = Gift.objects.filter(order=order).order_by("position").first()
    assert used is not None
    Voucher.objects.filter(id=used.voucher_id).update(state="used")
    chosen = [*ids_of(order), *ids_of(other)]
    shown = actions.look_at_cancel(order, chosen, by=firm.owner, at=MONDAY)
    assert [(no.why, count) for no, count in shown.refused] == [(CancelRefusal.USED, 1)]
    done = actions.cancel(order.id, chosen, by=firm.owner, seen_won=9_000, at=MONDAY)
    assert len(done.gifts) == 2
    assert set(Voucher.objects.values_list("state", flat=True)) == {"used", "refunded", "issued"}
    assert queries.faults() == []


@pytest.mark.django_db
def test_the_corporate_list_and_whoever_may_not_buy_are_refused() -> None:
    """O10, M7"""
    firm = given.company()
    order = sent(firm, 1, list_="corporate")
    for by, why in ((firm.owner, CancelRefusal.NOT_THIS_LIST), (firm.approver, CancelRefusal.NOT_A_BUYER)):
        with pytest.raises(Refused) as refused:
            actions.cancel(order.id, ids_of(order), by=by, seen_won=4_500, at=MONDAY)
        assert refused.value.no.why is why


@pytest.mark.parametrize(
    ("is_general", "offer_days", "days"),
    [(True, 0, 7), (True, 30, 30), (True, 3, 7), (False, 0, 0), (False, 30, 30)],
)
def test_the_general_list_always_allows_the_first_days(is_general: bool, offer_days: int, days: int) -> None:
    """O10"""
    assert cancel_days(is_general=is_general, offer_days=offer_days, figures=Figures()) == days


@pytest.mark.django_db
def test_where_the_product_allows_it_a_company_cancels_too() -> None:
    """O10: as it was agreed when it was bought, whatever is set afterwards."""
    firm = given.company(cash_won=9_000)
    product = given.product()
    Offer.objects.filter(product=product).update(cancel_days=30)
    order = given.placed(firm, given.numbers(2), product)
    actions.start(order.id, at=MONDAY)
    for chunk in Chunk.objects.filter(order=order):
        actions.issue_chunk(chunk.id, at=MONDAY)
    Gift.objects.filter(order=order).update(result=Result.DELIVERED, result_at=MONDAY)
    order.refresh_from_db()
    Offer.objects.filter(product=product).update(cancel_days=0)
    last = MONDAY + 30 * DAY
    with pytest.raises(Refused) as refused:
        actions.cancel(order.id, ids_of(order), by=firm.owner, seen_won=9_000, at=last + timedelta(seconds=1))
    assert refused.value.no.why is CancelRefusal.TOO_LATE
    actions.cancel(order.id, ids_of(order)[:1], by=firm.owner, seen_won=4_500, at=last)
    assert ledger.balances(firm.buyer.id).cash_won == 4_500
    assert queries.faults() == [] and ledger.faults() == []


@pytest.mark.django_db
def test_copies_that_arrived_nowhere_are_found_by_themselves() -> None:
    """O9: after seven days without anybody mending them; those that were sent again wait anew."""
    firm = given.company()
    order, fine = sent(firm, 3, list_="corporate"), sent(firm, 1)
    late: datetime = MONDAY - timedelta(seconds=1)
    Gift.objects.filter(order=order).update(result=Result.POWER_OFF, result_at=late)
    first = ids_of(order)[0]
    Gift.objects.filter(id=first).update(result=Result.WAITING, result_at=None, resends=1)
    assert actions.sweep_undelivered(at=MONDAY) == 0
    assert actions.sweep_undelivered(at=MONDAY + 7 * DAY) == 1
    assert actions.give_up(order.id, at=MONDAY + 7 * DAY) == 2
    assert actions.sweep_undelivered(at=MONDAY + 8 * DAY) == 0
    assert queries.closing(order).refunded_won == 9_000 and queries.closing(fine).refunded_won == 0
    assert queries.faults() == []


@pytest.mark.django_db
def test_what_was_opened_did_arrive() -> None:
    """O9, V5: whoever has the page has the voucher, whatever the carrier says."""
    order = sent(given.company(), 2, list_="corporate")
    Gift.objects.filter(order=order).update(result=Result.UNKNOWN, result_at=MONDAY)
    actions.note_opened(Gift.objects.filter(order=order).order_by("position")[0].id, at=MONDAY)
    assert actions.give_up(order.id, at=MONDAY + 8 * DAY) == 1
    assert queries.closing(order).refunded_won == 4_500 == queries.closing(order).live_won


@pytest.mark.django_db
@pytest.mark.parametrize("result", [Result.NO_ANSWER, Result.IN_DOUBT])
def test_what_nobody_knows_is_not_taken_away_from_whoever_may_have_it(result: Result) -> None:
    """O9, S4: no answer is not "arrived nowhere"; a later truth still refunds it."""
    order = sent(given.company(), 2, list_="corporate")
    Gift.objects.filter(order=order).update(result=result, result_at=MONDAY)
    late = MONDAY + 8 * DAY
    assert actions.sweep_undelivered(at=late) == 0 and actions.give_up(order.id, at=late) == 0
    assert set(Voucher.objects.values_list("state", flat=True)) == {"issued"}
    Gift.objects.filter(order=order).update(result=Result.POWER_OFF)
    assert actions.sweep_undelivered(at=late) == 1 and actions.give_up(order.id, at=late) == 2
    assert queries.closing(order).adds_up and queries.faults() == []


@pytest.mark.django_db
def test_what_was_refunded_does_not_stand_before_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """O9: more copies than one turn takes are given up turn by turn, and no order waits behind another."""
    firm = given.company()
    orders = [sent(firm, 3, list_="corporate"), sent(firm, 1, list_="corporate")]
    Gift.objects.update(result=Result.POWER_OFF, result_at=MONDAY)
    whole = queries.locked_undelivered
    monkeypatch.setattr(queries, "locked_undelivered", lambda order, before: whole(order, before, 2))
    at = MONDAY + 8 * DAY
    assert actions.sweep_undelivered(at=at) == 2
    assert [actions.give_up(orders[0].id, at=at) for _ in range(3)] == [2, 1, 0]
    assert queries.undelivered(at - 7 * DAY) == [orders[1].id]


@pytest.mark.django_db(transaction=True)
def test_a_voucher_is_used_or_refunded_but_never_both() -> None:
    """P5, V3: a till and the buyer at the same moment, and the buyer twice; many times, since a till waits for nobody."""
    firm = given.company()
    order = sent(firm, 8)
    till = shops.shop(order.lines.get().product)
    before, ended = ledger.balances(firm.buyer.id).cash_won, Counter[str]()
    for number, gift in enumerate(Gift.objects.filter(order=order).select_related("voucher")):
        redeem = partial(shops.redeem, till, vouchers_now.code_of(gift.voucher), str(number))
        cancel = partial(actions.cancel, order.id, [gift.id], by=firm.owner, seen_won=4_500, at=MONDAY)
        took, *gave = at_once([redeem, cancel, cancel])
        gave = [one for one in gave if isinstance(one, actions.Cancellable)]
        state = Voucher.objects.get(id=gift.voucher_id).state
        assert (state, isinstance(took, Redemption), len(gave)) in {("used", True, 0), ("refunded", False, 1)}
        ended[state] += 1
    assert ledger.balances(firm.buyer.id).cash_won == before + ended["refunded"] * 4_500
    assert queries.faults() == [] and ledger.faults() == []


@pytest.mark.django_db(transaction=True)
def test_issuing_certificates_and_cancelling_some_of_them_never_wait_for_each_other() -> None:
    """O9, P4: their reward moves more accounts than one; whoever moves money takes the hold first, then the accounts."""
    firm, operator = given.company(), given.operator()
    product = certificates.certificate(1_000)
    for number in range(12):
        order = certificates.numbers(4)
        placed = given.paid(firm, given.draft(firm, order, product, MONDAY), MONDAY)
        orders.decide_order(certificates.waiting(placed).id, approve=True, by=operator, at=MONDAY)
        Order.objects.filter(id=placed.id).update(list="general")
        Recipient.objects.filter(line__order=placed).update(chunk=F("position"))
        actions.start(placed.id, at=MONDAY)
        first, second, *rest = Chunk.objects.filter(order=placed).order_by("number")
        for chunk in (first, second):
            actions.issue_chunk(chunk.id, at=MONDAY)
        Gift.objects.filter(order=placed).update(result=Result.DELIVERED, result_at=MONDAY)
        issue = [partial(actions.issue_chunk, chunk.id, at=MONDAY) for chunk in rest]
        cancel = [
            partial(actions.cancel, placed.id, [gift], by=firm.owner, seen_won=1_000, at=MONDAY)
            for gift in ids_of(placed)
        ]
        came = at_once([*issue, *cancel])
        assert [one for one in came if isinstance(one, Exception)] == [], f"round {number}"
        assert Gift.objects.filter(order=placed).count() == 4
    assert queries.faults() == [] and ledger.faults() == []
