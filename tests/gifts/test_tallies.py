"""O11: kept tallies say what counting the copies would say, after any history and at any moment."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as ways
from hypothesis import strategies as st

from seonmul.dispatch.ports import Result
from seonmul.gifts import actions, queries
from seonmul.gifts.models import Gift, TallyRow
from seonmul.orders.models import Order
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers.models import VOUCHER_MOVES, Voucher
from tests import given
from tests.gifts.test_halting import begun
from tests.given import MONDAY
from tests.threads import at_once

LATER = MONDAY + timedelta(hours=1)
RESULTS = [result for result in Result if result is not Result.ACCEPTED]
_WHICH = st.sets(st.integers(1, 6), max_size=6)
_STEPS = st.one_of(
    st.tuples(st.just("settle"), _WHICH, st.sampled_from(RESULTS)),
    st.tuples(st.just("open"), _WHICH, st.none()),
    st.tuples(st.just("resend"), _WHICH, st.none()),
    st.tuples(st.just("move"), _WHICH, st.sampled_from(list(VOUCHER_MOVES))),
    st.tuples(st.just("replace"), _WHICH, st.none()),
    st.tuples(st.just("refund"), _WHICH, st.none()),
    st.tuples(st.just("fold"), _WHICH, st.none()),
    st.tuples(st.just("issue"), _WHICH, st.none()),
)


def off() -> list[tuple[str, int, int]]:
    """The tallies that `prove` finds to be wrong: where, what there is, what was kept."""
    return [fault[1:] for fault in queries.faults() if fault[0].startswith("a tally")]


def issued(who: given.Company, copies: int) -> Order:
    order, chunks = begun(who, copies)
    for chunk in chunks:
        actions.issue_chunk(chunk.id, at=MONDAY)
    return order


def step(order: Order, verb: str, which: set[int], what: object) -> None:
    """One thing that happens to some of an order's copies."""
    found = list(Gift.objects.filter(order=order, position__in=which).order_by("id"))
    ids, of = [gift.id for gift in found], [gift.voucher_id for gift in found]
    if verb == "settle":
        Gift.objects.filter(id__in=ids).update(result=what, result_at=MONDAY)
    elif verb == "open":
        for one in ids:
            actions.note_opened(one, at=MONDAY)
    elif verb == "resend":
        actions.resend(ids, by=order.member, at=LATER)
    elif verb == "move":
        before = [state for state, after in VOUCHER_MOVES.items() if what in after]
        Voucher.objects.filter(id__in=of, state__in=before).update(state=what, code_sealed=b"x")
    elif verb == "replace":
        for gift in found[:1]:
            (new,) = vouchers.issue(
                order.lines.get().product_id, 1, rest_won=0, valid_until=LATER, at=MONDAY
            )  # fmt: skip
            Voucher.objects.filter(id=gift.voucher_id, state="issued").update(state="void")
            Gift.objects.filter(id=gift.id).update(voucher_id=new)
    elif verb == "refund":
        vouchers.refund(of, by="test", where="test", at=MONDAY)
    elif verb == "fold":
        actions.fold_tallies(order.buyer_id, at=MONDAY)
    elif verb == "issue":
        issued(given.Company(order.buyer, order.member, order.member), max(which, default=1))


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@ways(st.lists(_STEPS, max_size=12))
def test_tallies_are_what_counting_would_say(steps: list[tuple[str, set[int], object]]) -> None:
    """O11: whatever happens to copies and vouchers, in any order, folded or not."""
    with transaction.atomic():
        order = issued(given.company(), 6)
        for one in steps:
            step(order, *one)
        assert off() == []
        counts = queries.counts_of_orders([order.id])[order.id]
        assert counts.copies == sum(counts.states.values()) == 6
        assert counts.opened == Gift.objects.filter(order=order, opened_at__isnull=False).count()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_folding_leaves_few_rows_and_changes_no_count() -> None:
    """O11: and an order that nothing happened to is left alone."""
    who = given.company()
    order, other = issued(who, 3), issued(who, 2)
    for gift in Gift.objects.filter(order=order):
        Gift.objects.filter(id=gift.id).update(result="delivered")
        actions.note_opened(gift.id, at=MONDAY)
    before, rows = queries.counts_of_orders([order.id, other.id]), TallyRow.objects.count()
    assert queries.buyers_to_fold() == [who.buyer.id] and actions.sweep_tallies(at=MONDAY) == 1
    assert actions.fold_tallies(who.buyer.id, at=MONDAY) == rows
    # by result and by state, for each line and for the buyer
    assert TallyRow.objects.count() == 2 + 2 + 3 and queries.buyers_to_fold() == []
    assert queries.counts_of_orders([order.id, other.id]) == before
    mine = queries.counts_seen_by(who.owner)
    assert (mine.copies, mine.opened, mine.results[Result.DELIVERED]) == (5, 3, 3)
    assert queries.counts_seen_by(given.company().owner).copies == 0
    assert actions.fold_tallies(who.buyer.id, at=MONDAY) == 0 and off() == []


@pytest.mark.django_db(transaction=True)
def test_tallies_stay_right_while_everything_happens_at_once() -> None:
    """O11: settling, opening, resending, refunding and folding by threads, and nobody waits for anybody's count."""
    who = given.company()
    order = issued(who, 40)
    ids = list(Gift.objects.filter(order=order).order_by("id").values_list("id", flat=True))
    of = list(Gift.objects.filter(order=order).order_by("id").values_list("voucher_id", flat=True))

    def settle(part: list[UUID], result: Result) -> None:
        for one in part:
            Gift.objects.filter(id=one).update(result=result, result_at=MONDAY)

    def fold() -> None:
        for _ in range(20):
            actions.fold_tallies(who.buyer.id, at=MONDAY)
            assert queries.counts_of_orders([order.id])[order.id].copies == 40

    def use(part: list[UUID]) -> None:
        for one in part:
            Voucher.objects.filter(id=one, state="issued").update(state="used")

    outcomes = at_once(
        [
            partial(settle, ids[:20], Result.SPAM),
            partial(settle, ids[20:], Result.DELIVERED),
            lambda: [actions.note_opened(one, at=MONDAY) for one in ids],
            lambda: [actions.resend(ids[n : n + 10], by=who.owner, at=LATER) for n in range(0, 40, 10)],
            partial(use, of[::2]),
            lambda: [
                vouchers.refund(of[n : n + 8], by="test", where="test", at=MONDAY) for n in range(0, 40, 8)
            ],
            fold,
            fold,
        ]
    )
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    assert off() == []
    actions.fold_tallies(who.buyer.id, at=MONDAY)
    assert off() == []


@pytest.mark.django_db
def test_prove_finds_a_tally_that_is_off() -> None:
    """P1: a check that cannot fail would be worth nothing."""
    order = issued(given.company(), 2)
    TallyRow.objects.filter(order=order, result="waiting").update(copies=3)
    assert off() == [
        (f"{order.lines.get().id} waiting", 2, 3),
        (f"{order.buyer_id} waiting", 2, 3),
    ]


@pytest.mark.django_db
def test_what_is_undone_is_not_counted() -> None:
    """O11: a tally belongs to the transaction that moved the copies."""
    order = issued(given.company(), 2)
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        Gift.objects.filter(order=order).update(result="spam")
        assert queries.counts_of_orders([order.id])[order.id].failed == 2
        raise ZeroDivisionError
    assert queries.counts_of_orders([order.id])[order.id].results == {Result.WAITING: 2}
