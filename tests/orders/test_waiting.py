"""O5, O10, O12: a paid order until its sending starts."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from hypothesis import given as for_all
from hypothesis import strategies as st

from seonmul.audit import queries as audit
from seonmul.catalog.models import Offer, Product
from seonmul.figures.rules import Figures
from seonmul.gifts import actions as gifts
from seonmul.gifts import queries as gifts_now
from seonmul.gifts.models import Gift
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.orders import actions, queries, rules
from seonmul.orders.lists import RawRow
from seonmul.orders.models import Order, OrderState
from seonmul.orders.rules import TimeRefusal, WaitingRefusal
from tests import given
from tests.given import MONDAY
from tests.orders.test_baskets import basket, rows_for
from tests.threads import at_once

DAY = timedelta(days=1)
LATER = MONDAY + 2 * DAY
PRICE = 4_500


@for_all(seconds=st.integers(-100 * 86_400, 100 * 86_400), days=st.integers(1, 90))
def test_a_time_lies_ahead_and_not_too_far(seconds: int, days: int) -> None:
    """O5"""
    no = rules.why_not_send_at(
        MONDAY + timedelta(seconds=seconds), figures=Figures(schedule_days_most=days), at=MONDAY
    )
    if seconds <= 0:
        assert no and no.why is TimeRefusal.PASSED
    elif seconds > days * 86_400:
        assert no and no.why is TimeRefusal.TOO_FAR and no.numbers["days"] == days
    else:
        assert no is None


def test_at_once_is_always_possible_and_sleep_has_a_bound() -> None:
    """O5, S6"""
    figures = Figures()
    assert rules.why_not_send_at(None, figures=figures, at=MONDAY) is None
    most = figures.asleep_minutes_most
    assert rules.why_not_sleep(most, is_own=True, figures=figures) is None
    assert rules.why_not_sleep(0, is_own=False, figures=figures) is None
    no = rules.why_not_sleep(most + 1, is_own=True, figures=figures)
    assert no and no.why is TimeRefusal.SLEEPS_TOO_LONG
    no = rules.why_not_sleep(10, is_own=False, figures=figures)
    assert no and no.why is TimeRefusal.NOT_OURS


@pytest.mark.parametrize(
    ("may_buy", "is_started", "is_over", "why"),
    [
        (True, False, False, None),
        (False, False, False, WaitingRefusal.NOT_A_BUYER),
        (True, True, False, WaitingRefusal.STARTED),
        (True, False, True, WaitingRefusal.OVER),
    ],
)
def test_until_sending_starts(
    may_buy: bool, is_started: bool, is_over: bool, why: WaitingRefusal | None
) -> None:
    """O5, O10"""
    no = rules.why_not_touch(may_buy=may_buy, is_started=is_started, is_over=is_over)
    assert (no.why if no else None) is why


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("saved", "why"),
    [
        ({"is_later": True}, TimeRefusal.NO_TIME),
        ({"is_later": True, "send_at": MONDAY - DAY}, TimeRefusal.PASSED),
        ({"is_later": True, "send_at": MONDAY + 61 * DAY}, TimeRefusal.TOO_FAR),
        ({"asleep_minutes": 121}, TimeRefusal.SLEEPS_TOO_LONG),
    ],
)
def test_a_time_that_cannot_be_is_said_before_paying(saved: dict[str, object], why: TimeRefusal) -> None:
    """O5, S6: and nothing is charged."""
    who = given.company(cash_won=50_000)
    made = given.draft(who, given.numbers(1), **saved)
    with pytest.raises(Refused) as refused:
        given.paid(who, made)
    assert refused.value.no.why is why
    assert ledger.balances(who.buyer.id).cash_won == 50_000


@pytest.fixture
def firm() -> given.Company:
    return given.company(cash_won=50_000)


def scheduled(who: given.Company, copies: int = 2, **saved: object) -> Order:
    return given.placed(who, given.numbers(copies), **({"is_later": True, "send_at": LATER} | saved))


@pytest.mark.django_db
def test_a_scheduled_order_holds_its_money_and_waits(firm: given.Company) -> None:
    """O5, O9"""
    order = scheduled(firm)
    money = ledger.balances(firm.buyer.id)
    assert (money.cash_won, money.held_won) == (50_000 - 2 * PRICE, 2 * PRICE)
    gifts.start(order.id, at=MONDAY)
    gifts.start(order.id, at=LATER - timedelta(seconds=1))
    assert gifts_now.untended(LATER, LATER - timedelta(seconds=1)) == []
    order.refresh_from_db()
    assert order.state == OrderState.PAID
    assert gifts_now.untended(LATER, LATER) == [order.id], "the sweep starts it when it is due"
    gifts.tend(order.id, at=LATER)
    order.refresh_from_db()
    assert order.state == OrderState.SENDING


@pytest.mark.django_db
def test_its_time_is_changed_until_it_starts(firm: given.Company) -> None:
    """O5"""
    order = scheduled(firm)
    actions.reschedule(order.id, LATER + DAY, by=firm.owner, at=MONDAY)
    gifts.start(order.id, at=LATER)
    assert Order.objects.get(id=order.id).state == OrderState.PAID
    with pytest.raises(Refused) as refused:
        actions.reschedule(order.id, MONDAY, by=firm.owner, at=MONDAY + DAY)
    assert refused.value.no.why is TimeRefusal.PASSED
    with pytest.raises(Refused) as refused:
        actions.reschedule(order.id, None, by=given.company().owner, at=MONDAY)
    assert refused.value.no.why is WaitingRefusal.NOT_A_BUYER
    actions.reschedule(order.id, None, by=firm.owner, at=MONDAY)
    gifts.start(order.id, at=MONDAY)
    assert Order.objects.get(id=order.id).state == OrderState.SENDING
    with pytest.raises(Refused) as refused:
        actions.reschedule(order.id, LATER, by=firm.owner, at=MONDAY)
    assert refused.value.no.why is WaitingRefusal.STARTED


@pytest.mark.django_db
def test_cancelled_whole_and_everything_goes_back(firm: given.Company) -> None:
    """O10, P5: nobody gets anything, and it ends once."""
    order = scheduled(firm)
    assert actions.cancel_waiting(order.id, by=firm.owner, at=MONDAY) == 2 * PRICE
    money = ledger.balances(firm.buyer.id)
    assert (money.cash_won, money.held_won) == (50_000, 0)
    with pytest.raises(Refused) as refused:
        actions.cancel_waiting(order.id, by=firm.owner, at=MONDAY)
    assert refused.value.no.why is WaitingRefusal.OVER
    gifts.start(order.id, at=LATER)
    order.refresh_from_db()
    assert (order.state, order.why) == (OrderState.CANCELLED, rules.BY_BUYER)
    assert not Gift.objects.exists() and gifts_now.faults() == ledger.faults() == []
    assert queries.under_way(firm.buyer.id) == 0


@pytest.mark.django_db(transaction=True)
def test_cancel_and_start_at_the_same_moment() -> None:
    """O10: one of them wins, and the money says which."""
    for _ in range(5):
        who = given.company(cash_won=50_000)
        order = scheduled(who)
        outcomes = at_once(
            [
                partial(actions.cancel_waiting, order.id, by=who.owner, at=LATER),
                partial(gifts.start, order.id, at=LATER),
            ]
        )
        order.refresh_from_db()
        money = ledger.balances(who.buyer.id)
        if order.state == OrderState.CANCELLED:
            assert outcomes == [2 * PRICE, None] and money.cash_won == 50_000
        else:
            assert order.state == OrderState.SENDING and isinstance(outcomes[0], Refused)
            assert outcomes[0].no.why is WaitingRefusal.STARTED and money.held_won == 2 * PRICE


def discontinue(order: Order, *, substitute_won: int | None) -> Product | None:
    """Take the order's product from sale; with another one to buy instead at this price."""
    product = queries.lines_of(order.id)[0].product
    other = None
    if substitute_won is not None:
        other = given.product()
        Offer.objects.filter(product=other).update(price_won=substitute_won)
    Product.objects.filter(id=product.id).update(is_sold_out=True, substitute=other)
    return other


@pytest.mark.django_db
@pytest.mark.parametrize(("is_wanted", "substitute_won"), [(False, 4_000), (True, None), (True, 4_501)])
def test_a_product_that_is_not_sold_any_more_stops_the_order(
    firm: given.Company, is_wanted: bool, substitute_won: int | None
) -> None:
    """O12: nothing goes out, all money comes back, and the buyer is told."""
    order = scheduled(firm, takes_substitute=is_wanted)
    discontinue(order, substitute_won=substitute_won)
    gifts.start(order.id, at=LATER)
    order.refresh_from_db()
    assert (order.state, order.why) == (OrderState.CANCELLED, rules.NOT_SOLD_ANY_MORE)
    assert ledger.balances(firm.buyer.id).cash_won == 50_000
    given.worked(only="notices.")
    assert [one.to for one in mail.outbox] == [[firm.owner.mail]]
    assert order.public_id in mail.outbox[0].body and "9,000원" in mail.outbox[0].body


@pytest.mark.django_db
def test_the_substitute_goes_out_and_the_difference_comes_back(firm: given.Company) -> None:
    """O12, O9: never dearer than agreed."""
    order = scheduled(firm, takes_substitute=True)
    other = discontinue(order, substitute_won=4_000)
    gifts.start(order.id, at=LATER)
    line = queries.lines_of(order.id)[0]
    assert (line.product, line.unit_price_won) == (other, 4_000)
    for chunk in gifts_now.open_chunks(LATER):
        gifts.issue_chunk(chunk, at=LATER)
    Gift.objects.filter(order=order).update(result="delivered", result_at=LATER)
    gifts.tend(order.id, at=LATER)
    assert queries.order(order.id).state == OrderState.FINISHED
    money = ledger.balances(firm.buyer.id)
    assert (money.cash_won, money.held_won) == (50_000 - 2 * 4_000, 0)
    assert gifts_now.closing(queries.order(order.id)).adds_up
    assert queries.faults() == gifts_now.faults() == ledger.faults() == []


@pytest.mark.django_db
def test_sent_now_after_all_is_asked_as_at_its_time(firm: given.Company) -> None:
    """O12: a product that is not sold any more does not go out by another door."""
    order = scheduled(firm)
    discontinue(order, substitute_won=None)
    actions.reschedule(order.id, None, by=firm.owner, at=MONDAY)
    gifts.start(order.id, at=MONDAY)
    assert queries.order(order.id).why == rules.NOT_SOLD_ANY_MORE


@pytest.mark.django_db
def test_a_certificate_is_no_substitute(firm: given.Company) -> None:
    """O7, O8, O12: it has a limit and a consent of its own."""
    order = scheduled(firm, takes_substitute=True)
    other = discontinue(order, substitute_won=4_000)
    Product.objects.filter(id=other.id if other else None).update(is_gift_certificate=True)
    gifts.start(order.id, at=LATER)
    assert queries.order(order.id).state == OrderState.CANCELLED


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"copies_most": 1}, {"channels": ["mms"]}])
def test_a_substitute_goes_the_same_way_and_as_often(firm: given.Company, change: dict[str, object]) -> None:
    """O2, O12, C1: its own bounds hold for it."""
    made = basket(firm, [given.product()], [RawRow(1, given.numbers(1)[0], "김서연", copies="2")])
    actions.save(made.id, is_later=True, send_at=LATER, takes_substitute=True, at=MONDAY)
    made.refresh_from_db()
    order = given.paid(firm, made)
    other = discontinue(order, substitute_won=4_000)
    Product.objects.filter(id=other.id if other else None).update(**change)
    gifts.start(order.id, at=LATER)
    assert queries.order(order.id).why == rules.NOT_SOLD_ANY_MORE


@pytest.mark.django_db
def test_an_order_takes_all_its_substitutes_or_none(firm: given.Company) -> None:
    """O12: an order that stops is shown as it was paid, and its record says nothing of a change that was none."""
    coffee, cake = given.product(), given.product()
    both = basket(firm, [coffee, cake], rows_for(given.numbers(2)))
    actions.save(both.id, is_later=True, send_at=LATER, takes_substitute=True, at=MONDAY)
    both.refresh_from_db()
    order = given.paid(firm, both)
    Product.objects.filter(id=coffee.id).update(is_sold_out=True, substitute=given.product())
    Product.objects.filter(id=cake.id).update(is_sold_out=True)
    gifts.start(order.id, at=LATER)
    assert queries.order(order.id).why == rules.NOT_SOLD_ANY_MORE
    assert {line.product for line in queries.lines_of(order.id)} == {coffee, cake}
    assert "order_substituted" not in [act.verb for act in audit.acts_on(order.id)]


@pytest.mark.django_db
def test_an_order_that_goes_at_once_asks_nothing_more(firm: given.Company) -> None:
    """O12: sold out in the seconds after paying is no reason to stop; it was agreed."""
    order = given.placed(firm, given.numbers(1))
    discontinue(order, substitute_won=None)
    gifts.start(order.id, at=MONDAY)
    assert queries.order(order.id).state == OrderState.SENDING


@pytest.mark.django_db
def test_cancelled_while_it_waits_for_consent(firm: given.Company) -> None:
    """O8, O10: the consent is not asked for any more, and the share of the limit is free again. O7"""
    product = given.product()
    Product.objects.filter(id=product.id).update(is_gift_certificate=True, face_value_won=PRICE)
    order = given.placed(firm, given.numbers(2), product, is_later=True, send_at=LATER)
    assert order.state == OrderState.WAITING
    actions.reschedule(order.id, None, by=firm.owner, at=MONDAY)
    gifts.start(order.id, at=MONDAY)
    assert queries.order(order.id).state == OrderState.WAITING, "no time overtakes the consent"
    assert actions.cancel_waiting(order.id, by=firm.owner, at=MONDAY) == 2 * PRICE
    order = queries.order(order.id)
    assert order.state == OrderState.CANCELLED and order.limit_back_won == order.limit_won > 0
    approval = order.approvals.get()
    assert approval.state == "withdrawn"
    assert queries.limit_of(firm.buyer, MONDAY).used_won == queries.limit_of(firm.buyer, MONDAY).held_won == 0
    with pytest.raises(Refused):
        actions.decide_order(approval.id, approve=True, by=given.operator(), at=MONDAY)
