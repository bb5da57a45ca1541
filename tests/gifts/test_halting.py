"""S6: a sending stopped half-way, and a wrong one called back while its vouchers sleep."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.models import Batch
from seonmul.dispatch.ports import Result
from seonmul.gifts import actions, queries, rules
from seonmul.gifts.models import Chunk, Gift
from seonmul.gifts.rules import HaltFacts, HaltRefusal
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.orders import actions as orders
from seonmul.orders import queries as orders_now
from seonmul.orders.models import Order, OrderState
from seonmul.vouchers.models import Voucher
from tests import given
from tests.given import MONDAY
from tests.sandbox.outside import Outside
from tests.threads import at_once

PRICE = 4_500
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("facts", "may_buy", "why"),
    [
        (HaltFacts(True, False, None), True, None),
        (HaltFacts(True, False, None), False, HaltRefusal.NOT_A_BUYER),
        (HaltFacts(True, True, None), True, HaltRefusal.HALTED),
        (HaltFacts(False, False, None), True, HaltRefusal.NOT_SENDING),
    ],
)
def test_what_is_being_sent_can_be_stopped(facts: HaltFacts, may_buy: bool, why: HaltRefusal | None) -> None:
    """S6"""
    no = rules.why_not_halt(facts, may_buy=may_buy)
    assert (no.why if no else None) is why


@pytest.mark.parametrize(
    ("wakes_after", "may_buy", "why"),
    [
        (10, True, None),
        (10, False, HaltRefusal.NOT_A_BUYER),
        (0, True, HaltRefusal.AWAKE),
        (None, True, HaltRefusal.AWAKE),
    ],
)
def test_what_sleeps_can_be_called_back(
    wakes_after: int | None, may_buy: bool, why: HaltRefusal | None
) -> None:
    """S6: until the very moment in which it wakes, and also when the sending has ended."""
    wakes_at = None if wakes_after is None else MONDAY + wakes_after * MINUTE
    no = rules.why_not_recall(HaltFacts(False, True, wakes_at), may_buy=may_buy, at=MONDAY)
    assert (no.why if no else None) is why


def begun(who: given.Company, copies: int, **saved: object) -> tuple[Order, list[Chunk]]:
    order = given.placed(who, given.numbers(copies), **saved)
    actions.start(order.id, at=MONDAY)
    return orders_now.order(order.id), list(Chunk.objects.filter(order=order).order_by("number"))


def settled(order: Order) -> Order:
    """What the worker does until nothing is left."""
    given.worked()
    for batch in Batch.objects.filter(state="handed"):
        dispatch.ask(batch.id, at=clock.now())
    given.worked()
    return orders_now.order(order.id)


@pytest.mark.django_db
def test_what_was_never_issued_costs_nothing(carrier: Outside) -> None:
    """S6, O9"""
    who = given.company(cash_won=50_000)
    order, _ = begun(who, 3)
    actions.halt(order.id, by=who.owner, at=MONDAY)
    order = settled(order)
    assert order.state == OrderState.FINISHED and not Gift.objects.exists()
    assert ledger.balances(who.buyer.id).cash_won == 50_000
    tally = queries.tally(order)
    assert (tally.unsent, tally.waiting, tally.is_settled) == (3, 0, True)
    assert carrier.ask("GET", "/_/messages?limit=10").json == []


@pytest.mark.django_db
def test_what_was_not_handed_over_is_withdrawn_and_refunded(carrier: Outside) -> None:
    """S6, O9: issued, but still ours; its link says that it was refunded."""
    who = given.company(cash_won=50_000)
    order, chunks = begun(who, 3)
    actions.issue_chunk(chunks[0].id, at=MONDAY)
    actions.halt(order.id, by=who.owner, at=MONDAY + MINUTE)
    order = settled(order)
    assert order.state == OrderState.FINISHED
    assert set(Gift.objects.values_list("result", "voucher__state")) == {(Result.WITHDRAWN, "refunded")}
    assert ledger.balances(who.buyer.id).cash_won == 50_000
    assert queries.tally(order).unsent == 3 and queries.closing(order).adds_up
    assert queries.faults() == ledger.faults() == []
    assert carrier.ask("GET", "/_/messages?limit=10").json == []


@pytest.mark.django_db
def test_what_the_carrier_has_stays_with_it(carrier: Outside) -> None:
    """S6: the figures say exactly what had gone; those can be sent again as ever."""
    who = given.company(cash_won=50_000_000)
    order, chunks = begun(who, 1_000)
    assert [chunk.copies for chunk in chunks] == [996, 4]
    actions.issue_chunk(chunks[1].id, at=MONDAY)
    dispatch.send(Batch.objects.get().id, at=clock.now())
    actions.issue_chunk(chunks[0].id, at=MONDAY)
    actions.halt(order.id, by=who.owner, at=MONDAY + MINUTE)
    order = settled(order)
    tally = queries.tally(order)
    assert (tally.delivered, tally.unsent, tally.copies) == (4, 996, 1_000)
    assert order.state == OrderState.FINISHED and queries.faults() == ledger.faults() == []
    assert ledger.balances(who.buyer.id).cash_won == 50_000_000 - 4 * PRICE
    gone = Gift.objects.filter(order=order, result=Result.DELIVERED).first()
    assert gone
    again = actions.resend([gone.id], by=who.owner, at=clock.now() + 10 * MINUTE)
    assert again.sent == 1 and settled(order).state == OrderState.FINISHED
    assert len(carrier.ask("GET", "/_/messages?limit=10").json) == 5
    with pytest.raises(Refused) as refused:
        actions.halt(order.id, by=who.owner, at=clock.now())
    assert refused.value.no.why is HaltRefusal.HALTED


@pytest.mark.django_db(transaction=True)
def test_stopped_while_chunks_are_being_issued() -> None:
    """S6, V1: each chunk is issued whole or never, and every won is accounted for."""
    who = given.company(cash_won=50_000_000)
    order, chunks = begun(who, 2_500)
    at_once(
        [
            *(partial(actions.issue_chunk, chunk.id, at=MONDAY) for chunk in chunks),
            partial(actions.halt, order.id, by=who.owner, at=MONDAY + MINUTE),
        ]
    )
    states = dict(Chunk.objects.filter(order=order).values_list("id", "state"))
    assert set(states.values()) <= {"issued", "halted"}
    issued = sum(chunk.copies for chunk in chunks if states[chunk.id] == "issued")
    assert Gift.objects.filter(order=order).count() == issued
    assert queries.faults() == ledger.faults() == []


@pytest.mark.django_db
def test_a_wrong_list_is_called_back_whole(carrier: Outside) -> None:
    """S6: also what has arrived, since nobody could use it yet."""
    who = given.company(cash_won=50_000)
    order, chunks = begun(who, 3, asleep_minutes=30)
    assert order.wakes_at == MONDAY + 30 * MINUTE
    for chunk in chunks:
        actions.issue_chunk(chunk.id, at=MONDAY)
    order = settled(order)
    assert queries.tally(order).delivered == 3
    voucher = Voucher.objects.first()
    assert voucher and voucher.asleep_until(MONDAY + 29 * MINUTE) == order.wakes_at
    assert voucher.asleep_until(MONDAY + 30 * MINUTE) is None
    with pytest.raises(Refused) as refused:
        actions.recall(order.id, by=given.company().owner, at=MONDAY)
    assert refused.value.no.why is HaltRefusal.NOT_A_BUYER
    assert actions.recall(order.id, by=who.owner, at=MONDAY + 29 * MINUTE) == 3
    assert actions.recall(order.id, by=who.owner, at=MONDAY + 29 * MINUTE) == 0, "and once"
    assert set(Voucher.objects.values_list("state", flat=True)) == {"refunded"}
    assert ledger.balances(who.buyer.id).cash_won == 50_000
    assert queries.faults() == ledger.faults() == []


@pytest.mark.django_db
def test_recalled_in_the_middle_nothing_more_goes_out(carrier: Outside) -> None:
    """S6: half of it is with the carrier, the other half with us."""
    who = given.company(cash_won=50_000_000)
    order, chunks = begun(who, 1_000, asleep_minutes=10)
    actions.issue_chunk(chunks[1].id, at=MONDAY)
    dispatch.send(Batch.objects.get().id, at=clock.now())
    actions.recall(order.id, by=who.owner, at=MONDAY + MINUTE)
    order = settled(order)
    assert order.state == OrderState.FINISHED
    assert len(carrier.ask("GET", "/_/messages?limit=10").json) == 4
    assert ledger.balances(who.buyer.id).cash_won == 50_000_000
    assert set(Voucher.objects.values_list("state", flat=True)) == {"refunded"}
    assert queries.faults() == ledger.faults() == []


@pytest.mark.django_db
def test_what_was_being_issued_at_that_moment_goes_nowhere(carrier: Outside) -> None:
    """S6: a stop does not wait for the workers; the gate keeps back what they finish after the click."""
    who = given.company(cash_won=50_000)
    order, chunks = begun(who, 3)
    actions.issue_chunk(chunks[0].id, at=MONDAY + MINUTE)
    orders.note_halted(order.id, at=MONDAY)
    order = settled(order)
    given.worked()
    assert orders_now.order(order.id).state == OrderState.FINISHED
    assert carrier.ask("GET", "/_/messages?limit=10").json == []
    assert ledger.balances(who.buyer.id).cash_won == 50_000
    assert queries.faults() == ledger.faults() == []


@pytest.mark.django_db
def test_a_chunk_left_open_by_a_dead_worker_is_closed_later(carrier: Outside) -> None:
    """S6, S3"""
    who = given.company(cash_won=50_000)
    order, chunks = begun(who, 3)
    orders.note_halted(order.id, at=MONDAY)
    actions.issue_chunk(chunks[0].id, at=MONDAY + MINUTE)
    order = settled(order)
    assert order.state == OrderState.FINISHED and not Gift.objects.exists()
    assert ledger.balances(who.buyer.id).cash_won == 50_000


@pytest.mark.django_db
def test_awake_vouchers_are_their_recipients() -> None:
    """S6"""
    who = given.company(cash_won=50_000)
    order, _ = begun(who, 1, asleep_minutes=10)
    with pytest.raises(Refused) as refused:
        actions.recall(order.id, by=who.owner, at=MONDAY + 10 * MINUTE)
    assert refused.value.no.why is HaltRefusal.AWAKE
