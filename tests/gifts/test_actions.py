"""From a paid order to its results, through the real adapter and the sandbox over HTTP."""

from __future__ import annotations

import pytest

from seonmul.dispatch.models import Attempt, Batch, Message
from seonmul.gifts import queries
from seonmul.gifts.models import Gift
from seonmul.ledger import queries as ledger
from seonmul.orders.models import Order
from tests import given

pytestmark = pytest.mark.django_db


def settle(order: Order) -> Order:
    """Let the worker work until nothing is left, asking for results as the sweep would."""
    from seonmul.dispatch import actions as dispatch
    from seonmul.kit import clock

    given.worked()
    for batch in Batch.objects.filter(state="handed"):
        dispatch.ask(batch.id, at=clock.now())
    given.worked()
    return Order.objects.get(id=order.id)


def test_everybody_gets_a_message_with_a_link_and_the_books_add_up(carrier):
    """V1, S3, S4, O9"""
    who = given.company(cash_won=100_000)
    order = settle(given.placed(who, ["01020000001", "010-2000-3043", "1020001001"]))
    assert order.state == "finished"
    results = dict(Gift.objects.filter(order=order).values_list("position", "result"))
    assert results == {1: "delivered", 2: "power_off", 3: "delivered"}
    messages = carrier.ask("GET", "/_/messages?limit=10").json
    assert len(messages) == 3
    assert "http://127.0.0.1:8000/g/" in messages[0]["text"] and "김서연 님" in messages[0]["text"]
    money = ledger.balances(who.buyer.id)
    assert (money.cash_won, money.held_won) == (100_000 - 3 * 4_500, 0)
    assert ledger.faults() == [] and queries.faults() == []
    assert carrier.inside("GET", "stats")["duplicates"] == 0
    assert Message.objects.count() == Attempt.objects.count() == 3
