"""S6: a stop reaches what is being handed over, message by message or as a group, with exact figures."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import pytest

from seonmul.dispatch import actions as dispatch
from seonmul.dispatch import queries as dispatch_now
from seonmul.dispatch.actions import _sending
from seonmul.dispatch.models import Attempt, Batch
from seonmul.gifts import actions, queries
from seonmul.gifts.models import Gift
from seonmul.kit import clock, wire
from seonmul.ledger import queries as ledger
from seonmul.orders.models import Order, OrderState
from tests import given
from tests.gifts.test_halting import PRICE, settled
from tests.given import MONDAY
from tests.sandbox.outside import Outside
from tests.threads import at_once

CASH = 500_000


def issued(who: given.Company, order: Order) -> Batch:
    """Vouchers are there and messages wait; nobody has begun to hand them over."""
    actions.start(order.id, at=MONDAY)
    given.worked(only="gifts.")
    return Batch.objects.get(letter__buyer=who.buyer)


def by_mail(who: given.Company, addresses: list[str]) -> Order:
    return given.paid(who, given.mail_draft(who, addresses))


def is_exact(who: given.Company, order: Order, *, gone: int, unsent: int) -> None:
    """What had gone is paid, what had not is refunded, and nothing else is said."""
    tally = queries.tally(order)
    assert (tally.unsent, tally.copies - tally.unsent) == (unsent, gone)
    assert order.state == OrderState.FINISHED
    assert ledger.balances(who.buyer.id).cash_won == CASH - gone * PRICE
    assert queries.closing(order).adds_up
    assert queries.faults() == ledger.faults() == dispatch_now.faults() == []


@pytest.mark.django_db
def test_an_order_by_mail_stopped_in_the_middle(carrier: Outside, monkeypatch: Any) -> None:
    """S6, S5, O9: the tenth mail is out, the eleventh never goes."""
    who = given.company(cash_won=CASH)
    order = by_mail(who, [f"kim{n}@gaon.example" for n in range(30)])
    batch = issued(who, order)
    monkeypatch.setattr(_sending, "_STEPS_A_JOB", 11)
    dispatch.send(batch.id, at=clock.now())
    assert len(carrier.mails()) == 10
    actions.halt(order.id, by=who.owner, at=clock.now())
    order = settled(order)
    assert len(carrier.mails()) == 10
    is_exact(who, order, gone=10, unsent=20)
    batch.refresh_from_db()
    assert batch.state == "ended"


@pytest.mark.django_db
def test_texts_that_go_one_by_one_stop_too(carrier: Outside, settings: Any, monkeypatch: Any) -> None:
    """S6: and what the vendor has already goes on waiting for its result."""
    settings.CARRIER = "nhn"
    who = given.company(cash_won=CASH)
    order = given.placed(who, given.numbers(5))
    batch = issued(who, order)
    monkeypatch.setattr(_sending, "_STEPS_A_JOB", 3)
    dispatch.send(batch.id, at=clock.now())
    actions.halt(order.id, by=who.owner, at=clock.now())
    order = settled(order)
    assert len(carrier.inside("GET", "messages")) == 2
    is_exact(who, order, gone=2, unsent=3)


@pytest.mark.django_db
def test_what_is_in_doubt_when_the_stop_comes_is_not_refunded(carrier: Outside) -> None:
    """S3, S6: the server took it and cut the line; the rest never goes."""
    who = given.company(cash_won=CASH)
    order = by_mail(who, ["kim@gaon.example", "drop@gaon.example", "lee@gaon.example", "park@gaon.example"])
    batch = issued(who, order)
    with pytest.raises(wire.InDoubt):
        dispatch.send(batch.id, at=clock.now())
    actions.halt(order.id, by=who.owner, at=clock.now())
    order = settled(order)
    results = Attempt.objects.filter(batch=batch).order_by("id").values_list("result", flat=True)
    assert list(results) == ["delivered", "in_doubt", "withdrawn", "withdrawn"]
    assert len(carrier.mails()) == 2
    is_exact(who, order, gone=2, unsent=2)


@pytest.mark.django_db(transaction=True)
def test_a_stop_reaches_the_very_next_mail_of_a_job_under_way(carrier: Outside) -> None:
    """S6: two at the same moment: one hands over, the other clicks."""
    who = given.company(cash_won=CASH)
    order = by_mail(who, [f"kim{n}@gaon.example" for n in range(20)])
    batch = issued(who, order)
    carrier.fault("slow", provider="mail", route="data", times=20, seconds=0.4)

    def click() -> None:
        until = time.monotonic() + 10
        while not carrier.mails() and time.monotonic() < until:
            time.sleep(0.05)
        actions.halt(order.id, by=who.owner, at=clock.now())

    outcomes = at_once([partial(dispatch.send, batch.id, at=clock.now()), click])
    assert outcomes == [None, None]
    order = settled(order)
    gone = len(carrier.mails())
    assert 1 <= gone < 20, "without it all of them go"
    is_exact(who, order, gone=gone, unsent=20 - gone)


@pytest.mark.django_db
@pytest.mark.parametrize("channel", ["lms", "mms"])
@pytest.mark.parametrize(
    ("kind", "route"), [("refuse", "ask"), ("error_500", "send"), ("drop_connection", "ask")]
)
def test_a_group_that_was_filled_and_not_sent_is_thrown_away(
    carrier: Outside, channel: str, kind: str, route: str
) -> None:
    """S6, S3: also where nobody knows whether it was sent: it is looked at first."""
    who = given.company(cash_won=CASH)
    order = given.placed(who, given.numbers(3), channel=channel)
    batch = issued(who, order)
    carrier.fault(kind, route=route, times=1, status=403)
    with pytest.raises(wire.WireError):
        dispatch.send(batch.id, at=clock.now())
    batch.refresh_from_db()
    assert batch.stage.startswith("added 3")
    actions.halt(order.id, by=who.owner, at=clock.now())
    order = settled(order)
    assert carrier.ask("GET", "/_/messages?limit=10").json == []
    is_exact(who, order, gone=0, unsent=3)


@pytest.mark.django_db
def test_a_group_that_was_sent_and_whose_answer_was_lost_has_gone(carrier: Outside) -> None:
    """S3, S6: what a carrier has stays with it."""
    who = given.company(cash_won=CASH)
    order = given.placed(who, given.numbers(3))
    batch = issued(who, order)
    carrier.fault("drop_connection", route="send", times=1)
    carrier.fault("timeout_after_accept", route="send", times=1, seconds=0.1)
    for _ in range(2):
        with pytest.raises(wire.WireError):
            dispatch.send(batch.id, at=clock.now())
    actions.halt(order.id, by=who.owner, at=clock.now())
    order = settled(order)
    assert len(carrier.ask("GET", "/_/messages?limit=10").json) == 3
    is_exact(who, order, gone=3, unsent=0)


@pytest.mark.django_db
def test_one_voucher_that_was_used_meanwhile_leaves_the_group_without_it(carrier: Outside) -> None:
    """S5: the others go, once."""
    who = given.company(cash_won=CASH)
    order = given.placed(who, given.numbers(3))
    batch = issued(who, order)
    carrier.fault("refuse", route="ask", times=1, status=403)
    with pytest.raises(wire.WireError):
        dispatch.send(batch.id, at=clock.now())
    used = Gift.objects.filter(order=order).order_by("position")[0]
    type(used.voucher).objects.filter(id=used.voucher_id).update(state="used")
    order = settled(order)
    assert len(carrier.ask("GET", "/_/messages?limit=10").json) == 2
    assert list(Gift.objects.filter(order=order).order_by("position").values_list("result", flat=True)) == [
        "withdrawn", "delivered", "delivered",
    ]  # fmt: skip
    assert carrier.inside("GET", "stats")["duplicates"] == 0 and dispatch_now.faults() == []
