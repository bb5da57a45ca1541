"""O7: how much of gift certificates a buyer may pay for in a month."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as assumed
from hypothesis import strategies as st

from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.ledger import actions as ledger
from seonmul.members.models import Buyer
from seonmul.orders import actions, queries, rules
from seonmul.orders.models import Draft, LimitMonth, Order
from seonmul.orders.rules import LimitFacts, LimitRefusal
from tests import given
from tests.given import MONDAY
from tests.orders import cards, certificates
from tests.orders.certificates import AFTER_MIDNIGHT, BEFORE_MIDNIGHT, bought, limit
from tests.sandbox.outside import Outside
from tests.threads import at_once

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def refusal_of(does: Any) -> Any:
    with pytest.raises(Refused) as refused:
        does()
    return refused.value.no


def test_the_month_is_that_of_seoul() -> None:
    assert (rules.month_of(BEFORE_MIDNIGHT), rules.month_of(AFTER_MIDNIGHT)) == (NOVEMBER, DECEMBER)
    assert (rules.resets_on(BEFORE_MIDNIGHT), rules.resets_on(AFTER_MIDNIGHT)) == (DECEMBER, date(2027, 1, 1))
    assert rules.raise_until(BEFORE_MIDNIGHT) == date(2026, 11, 30)


@assumed(
    limit_won=st.integers(0, 10**10),
    used_won=st.integers(0, 10**10),
    held_won=st.integers(0, 10**10),
    wanted=st.integers(0, 10**10),
)
def test_what_is_left_and_what_is_missing_say_the_same(
    limit_won: int, used_won: int, held_won: int, wanted: int
) -> None:
    """O7: allowed exactly when nothing is missing; a raise to what is wanted is always enough."""
    facts = LimitFacts(limit_won, used_won, held_won, DECEMBER)
    no = rules.why_not_use_limit(facts, wanted)
    assert (no is None) == (wanted == 0 or facts.over_won(wanted) == 0)
    if used_won + held_won <= limit_won:
        assert (no is None) == (wanted <= facts.left_won)
    raised = LimitFacts(rules.wanted_won(facts, wanted), used_won, held_won, DECEMBER)
    assert rules.why_not_use_limit(raised, wanted) is None


@assumed(
    st.lists(st.tuples(st.integers(1, 10**8), st.dates(date(2026, 11, 1), date(2027, 2, 1)))), st.booleans()
)
def test_the_largest_raise_that_has_not_ended_holds(
    raises: list[tuple[int, date]], is_temporary: bool
) -> None:
    """O7, M2: a temporary corporate member has the usual limit, whatever was decided before."""
    day, usual = date(2026, 12, 15), Figures().certificate_limit_won
    won, until = rules.limit_on(day, raises, is_temporary=is_temporary, figures=Figures())
    alive = [one for one, last in raises if last >= day]
    assert won == (usual if is_temporary else max([usual, *alive]))
    assert until is None or (until >= day and (won, until) in raises)


@pytest.mark.parametrize(
    ("won", "until", "temporary", "why"),
    [
        (2_000_000, date(2026, 11, 30), False, None),
        (2_000_000, date(2026, 11, 23), False, None),
        (2_000_000, date(2026, 11, 22), False, LimitRefusal.PAST),
        (2_000_000, date(2028, 1, 1), False, LimitRefusal.PAST),
        (1_000_000, date(2026, 11, 30), False, LimitRefusal.NOT_MORE),
        (20_000_000_000, date(2026, 11, 30), False, LimitRefusal.TOO_MUCH),
        (2_000_000, date(2026, 11, 30), True, LimitRefusal.TEMPORARY),
    ],
)
def test_why_not_raise(won: int, until: date, temporary: bool, why: LimitRefusal | None) -> None:
    no = rules.why_not_raise(
        won, until, limit_won=1_000_000, is_temporary=temporary, figures=Figures(), at=MONDAY
    )
    assert (no.why if no else None) is why and (no is None or no.say())


def test_an_order_over_the_limit_is_kept_and_says_how_much_is_missing() -> None:
    """O7"""
    firm = given.company()
    bought(firm, 7)
    draft = certificates.draft(firm, 4)
    no = refusal_of(lambda: given.paid(firm, draft))
    assert no.why is LimitRefusal.OVER and no.code == "limit_over"
    assert no.numbers == {"over_won": 100_000, "resets_on": "2026.12.01(화)"}
    assert Draft.objects.filter(id=draft.id).exists(), "the order is kept"
    assert limit(firm) == LimitFacts(1_000_000, 0, 700_000, DECEMBER)
    given.paid(firm, certificates.draft(firm, 3))
    assert limit(firm).left_won == 0
    goods = given.placed(firm, certificates.numbers(3))
    assert (goods.state, goods.limit_won, goods.limit_month) == ("paid", 0, None), "goods have no limit"


def test_it_is_the_face_value_that_counts_and_each_month_anew() -> None:
    """O7"""
    firm = given.company()
    cheap = certificates.certificate()
    type(cheap.offers.get(list="corporate")).objects.filter(product=cheap).update(price_won=90_000)
    order = given.paid(firm, certificates.draft(firm, 10, cheap))
    assert (order.amount_won, order.limit_won) == (900_000, 1_000_000)
    assert refusal_of(lambda: bought(firm, 1, BEFORE_MIDNIGHT)).why is LimitRefusal.OVER
    assert bought(firm, 10, AFTER_MIDNIGHT).limit_month == DECEMBER
    assert queries.faults() == []


def test_a_raise_holds_until_its_day_and_else_until_the_end_of_the_month() -> None:
    """O7"""
    firm, operator, subject = given.company(), given.operator(), uuid4()
    made = actions.raise_limit(firm.buyer.id, 2_000_000, subject=subject, by=operator, at=MONDAY)
    again = actions.raise_limit(firm.buyer.id, 3_000_000, subject=subject, by=operator, at=MONDAY)
    assert made == again and made.until_on == date(2026, 11, 30), "once for what had asked for it"
    assert limit(firm) == LimitFacts(2_000_000, 0, 0, DECEMBER, date(2026, 11, 30))
    assert limit(firm, AFTER_MIDNIGHT).limit_won == 1_000_000
    bought(firm, 15)
    last = date(2027, 1, 15)
    actions.raise_limit(firm.buyer.id, 4_000_000, until_on=last, subject=uuid4(), by=operator, at=MONDAY)
    assert limit(firm, clock.end_of_day(last)).limit_won == 4_000_000
    assert limit(firm, clock.end_of_day(last) + timedelta(seconds=1)).limit_won == 1_000_000


def test_a_temporary_corporate_member_gets_no_raise() -> None:
    """M2"""
    firm, operator = given.company(), given.operator()
    actions.raise_limit(firm.buyer.id, 2_000_000, subject=uuid4(), by=operator, at=MONDAY)
    Buyer.objects.filter(id=firm.buyer.id).update(temporary_until=MONDAY + timedelta(days=90))
    assert limit(firm).limit_won == 1_000_000
    no = refusal_of(
        lambda: actions.raise_limit(firm.buyer.id, 3_000_000, subject=uuid4(), by=operator, at=MONDAY)
    )
    assert no.why is LimitRefusal.TEMPORARY
    asked = rules.why_not_ask_raise(is_temporary=True)
    assert asked is not None and asked.why is LimitRefusal.TEMPORARY


def test_an_open_card_window_holds_its_share_and_lets_it_go(carrier: Outside) -> None:
    """O7"""
    firm = given.company(cash_won=0)
    draft = certificates.draft(firm, 8)
    cards.window(firm, draft)
    assert limit(firm).held_won == 800_000
    other = certificates.draft(firm, 3)
    assert refusal_of(lambda: cards.paid_with(firm, other)).why is LimitRefusal.OVER
    assert queries.limit_for(draft, MONDAY).left_won == 1_000_000, "its own window would end"
    actions.cancel_card(draft.id, at=MONDAY)
    assert limit(firm).held_won == 0
    cards.window(firm, other)
    assert limit(firm).held_won == 300_000 and queries.faults() == []


def test_a_card_that_pays_after_midnight_counts_in_the_new_month(carrier: Outside) -> None:
    """O7: the month in which it is paid for."""
    carrier.inside("POST", "portone/clock", {"at": BEFORE_MIDNIGHT.isoformat()})
    firm = given.company(cash_won=0)
    checkout = cards.window(firm, certificates.draft(firm, 10, at=BEFORE_MIDNIGHT), at=BEFORE_MIDNIGHT)
    cards.approved(carrier, checkout, at=BEFORE_MIDNIGHT)
    cards.heard(checkout, AFTER_MIDNIGHT)
    order = Order.objects.get(draft_id=checkout.draft_id)
    assert (checkout.state, order.limit_month) == ("placed", DECEMBER)
    assert limit(firm, BEFORE_MIDNIGHT).taken_won == 0 and limit(firm, AFTER_MIDNIGHT).held_won == 1_000_000
    assert queries.faults() == []


def test_cancelled_copies_give_their_share_back_to_their_month() -> None:
    """O7: whenever they are cancelled."""
    firm = given.company()
    order = bought(firm, 10, BEFORE_MIDNIGHT)
    actions.decide_order(
        certificates.waiting(order).id, approve=True, by=given.operator(), at=BEFORE_MIDNIGHT
    )
    assert limit(firm, BEFORE_MIDNIGHT).used_won == 1_000_000
    ledger.capture(order.hold_id, order.amount_won, cause=f"test:{order.id}", at=AFTER_MIDNIGHT)
    line = queries.lines_of(order.id)[0]
    actions.refund_copies(order.id, {line.id: 4}, cause="test", by="test", at=AFTER_MIDNIGHT)
    assert limit(firm, BEFORE_MIDNIGHT).used_won == 600_000
    assert limit(firm, AFTER_MIDNIGHT).used_won == 0 and queries.faults() == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["buy", "window", "give_up", "approve", "refuse", "cancel"]),
        st.integers(1, 6),
        st.integers(0, 20),
    ),
    min_size=3,
    max_size=14,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@assumed(STEPS)
def test_the_arithmetic_of_months(steps: list[tuple[str, int, int]]) -> None:
    """O7: whatever is bought, approved, refused, given up and cancelled over months, each month keeps its own sums."""
    with transaction.atomic():
        _walk(steps)
        transaction.set_rollback(True)


def _walk(steps: list[tuple[str, int, int]]) -> None:
    firm, operator, product = given.company(cash_won=90_000_000), given.operator(), certificates.certificate()
    used: Counter[date] = Counter()
    held: Counter[date] = Counter()
    waits: list[Order] = []
    sent: list[Order] = []
    windows: list[tuple[Draft, int, date]] = []
    at = MONDAY
    for what, copies, days in steps:
        at += timedelta(days=days)
        month, won = rules.month_of(at), copies * certificates.FACE_WON
        if what in ("buy", "window"):
            draft = given.draft(firm, certificates.numbers(copies), product, at)
            try:
                if what == "buy":
                    waits.append(given.paid(firm, draft, at))
                else:
                    cards.window(firm, draft, at=at)
                    windows.append((draft, won, month))
            except Refused as refused:
                assert refused.no.why is LimitRefusal.OVER
                assert used[month] + held[month] + won > 1_000_000
                continue
            assert used[month] + held[month] + won <= 1_000_000
            held[month] += won
        elif what == "give_up" and windows:
            draft, won, month = windows.pop()
            actions.cancel_card(draft.id, at=at)
            held[month] -= won
        elif what in ("approve", "refuse") and waits:
            order = waits.pop()
            approve = what == "approve"
            actions.decide_order(
                certificates.waiting(order).id, approve=approve, reason="확인", by=operator, at=at
            )
            held[order.limit_month] -= order.limit_won
            used[order.limit_month] += order.limit_won if approve else 0
            if approve:
                ledger.capture(order.hold_id, order.amount_won, cause=f"test:{order.id}", at=at)
                sent.append(order)
        elif what == "cancel" and sent:
            order = sent.pop()
            back = min(copies, order.copies)
            line = queries.lines_of(order.id)[0]
            actions.refund_copies(order.id, {line.id: back}, cause=f"cancel:{order.id}", by="test", at=at)
            used[order.limit_month] -= back * certificates.FACE_WON
    kept = {row.month: (row.used_won, row.held_won) for row in LimitMonth.objects.filter(buyer=firm.buyer)}
    assert kept == {month: (used[month], held[month]) for month in kept}
    assert sum(used.values()) + sum(held.values()) == sum(map(sum, kept.values()))
    assert queries.faults() == [], "nor do the sums of members and departments drift"


@pytest.mark.django_db(transaction=True)
def test_two_buyers_race_for_the_last_of_the_limit() -> None:
    """O7: exactly one of them gets it, several times over."""
    firm = given.company()
    for turn in range(3):
        at = MONDAY + timedelta(days=40 * turn)
        pairs = [(one, certificates.draft(one, 6, at=at)) for one in (firm, certificates.colleague(firm))]
        outcomes = at_once([partial(given.paid, one, draft, at) for one, draft in pairs])
        won = [one for one in outcomes if isinstance(one, Order)]
        lost = [one for one in outcomes if isinstance(one, Refused)]
        assert len(won) == len(lost) == 1, outcomes
        assert lost[0].no.why is LimitRefusal.OVER
        assert limit(firm, at).taken_won == 600_000
    assert queries.faults() == []


@pytest.mark.django_db(transaction=True)
def test_a_window_and_a_payment_race_for_the_last_of_the_limit() -> None:
    """O7: a card window takes its share as surely as an order does."""
    firm = given.company()
    other = certificates.colleague(firm)
    mine, theirs = certificates.draft(firm, 6), certificates.draft(other, 6)
    outcomes = at_once([partial(cards.paid_with, firm, mine), partial(given.paid, other, theirs)])
    assert sorted(isinstance(one, Refused) for one in outcomes) == [False, True], outcomes
    assert limit(firm).taken_won == 600_000 and queries.faults() == []


def test_kept_use_that_is_wrong_is_found() -> None:
    """O7: `seonmul prove`"""
    firm = given.company()
    bought(firm, 3)
    LimitMonth.objects.filter(buyer=firm.buyer).update(held_won=200_000)
    ((what, where, want, found),) = queries.faults()
    assert "held gift-certificate limit" in what and firm.buyer.public_id in where and "2026-11-01" in where
    assert (want, found) == (300_000, 200_000)
