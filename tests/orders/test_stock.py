"""C3: an order that cannot be filled is never charged; what is kept for one comes back when nothing comes of it."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest

from seonmul.cli import prove
from seonmul.gifts import actions as gifts
from seonmul.gifts.models import Chunk, Gift
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.orders import actions
from seonmul.orders.actions._refunding import release_rest
from seonmul.orders.models import Draft, Line, Order
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers import queries as vouchers_now
from seonmul.vouchers.actions import NoCodes
from seonmul.vouchers.models import PoolCode
from seonmul.vouchers.rules import StockRefusal
from tests import given
from tests.given import MONDAY
from tests.orders import cards
from tests.orders.test_card import AFTER
from tests.sandbox.outside import Outside
from tests.threads import at_once
from tests.vouchers import codes

pytestmark = pytest.mark.django_db


def counts() -> dict[str, int]:
    states = list(PoolCode.objects.values_list("state", flat=True))
    return {state: states.count(state) for state in set(states)}


def test_an_order_over_the_stock_is_refused_and_not_charged() -> None:
    """C3"""
    firm = given.company(cash_won=50_000)
    draft = given.draft(firm, given.numbers(4), codes.product(3))
    with pytest.raises(Refused) as refused:
        given.paid(firm, draft)
    assert (refused.value.no.why, refused.value.no.numbers) == (StockRefusal.SHORT, {"left": 3, "wanted": 4})
    assert ledger.balances(firm.buyer.id).held_won == 0 and counts() == {"free": 3}
    assert Draft.objects.filter(id=draft.id).exists(), "the draft stays"


def test_an_order_keeps_its_codes_and_its_gifts_have_them() -> None:
    """C3, O9"""
    firm, product = given.company(), codes.product(5)
    order = given.placed(firm, given.numbers(3), product)
    assert counts() == {"free": 2, "reserved": 3}
    assert Line.objects.get(order=order).supplier == "pool"
    given.worked(only="gifts")
    assert counts() == {"free": 2, "assigned": 3}
    ours = set(Gift.objects.filter(order=order).values_list("voucher_id", flat=True))
    assert ours == set(PoolCode.objects.filter(state="assigned").values_list("id", flat=True))
    silent = (
        "the carrier's memory",
        "the payment provider does not answer",
        "the external issuer does not answer",
    )
    assert [fault for fault in prove.prove()[0] if not fault["what"].startswith(silent)] == []


def test_a_supplier_that_changes_meanwhile_changes_no_order_that_is_paid() -> None:
    """C3"""
    firm, product = given.company(), codes.product(2)
    given.placed(firm, given.numbers(2), product)
    product.supplier = "own"
    product.save(update_fields=["supplier"])
    given.worked(only="gifts")
    assert counts() == {"assigned": 2}


def test_an_order_whose_codes_are_gone_waits_for_new_ones() -> None:
    """C3, V1: nothing is issued by halves; it goes on by itself when staff bring codes."""
    firm, product = given.company(), codes.product(3)
    order = given.placed(firm, given.numbers(3), product)
    vouchers.release(order.draft_id)
    vouchers.reserve(product, uuid4(), 1, until=MONDAY.date(), at=MONDAY)
    gifts.start(order.id, at=MONDAY)
    with pytest.raises(NoCodes, match="1 codes are missing"):
        gifts.issue_chunk(Chunk.objects.get().id, at=MONDAY)
    assert Gift.objects.count() == 0 and counts() == {"free": 2, "reserved": 1}
    codes.bring(product, codes.csv(codes.numbers(1, start=9_000_000)))
    gifts.sweep(at=given.hours_after(MONDAY, 1))
    given.worked(only="gifts")
    assert Gift.objects.filter(order=order).count() == 3


def test_what_was_never_issued_frees_its_codes() -> None:
    """C3, O9"""
    firm = given.company()
    order = given.placed(firm, given.numbers(3), codes.product(5))
    assert release_rest(Order.objects.get(id=order.id), at=MONDAY) == 13_500
    assert counts() == {"free": 5}


def test_an_open_card_window_keeps_its_codes_until_it_ends(carrier: Outside) -> None:
    """C3, P3: and whoever comes later hears that they are gone."""
    carrier.inside("POST", "portone/clock", {"at": MONDAY.isoformat()})
    firm, product = given.company(cash_won=5_000), codes.product(3)
    draft = given.draft(firm, given.numbers(3), product)
    checkout = cards.window(firm, draft, cash_won=5_000)
    assert counts() == {"reserved": 3}
    other = given.company()
    with pytest.raises(Refused) as refused:
        given.placed(other, given.numbers(1), product)
    assert refused.value.no.numbers == {"left": 0, "wanted": 1}
    actions.cancel_card(draft.id, at=MONDAY)
    assert counts() == {"free": 3}
    again = cards.window(firm, Draft.objects.get(id=draft.id), cash_won=4_000)
    assert counts() == {"reserved": 3} and again.id != checkout.id
    cards.approved(carrier, again)
    cards.heard(again, AFTER)
    assert again.state == "placed" and counts() == {"reserved": 3}
    assert vouchers_now.reserved_count(product.id, draft.id) == 3


@pytest.mark.django_db(transaction=True)
def test_two_buyers_race_for_the_last_codes() -> None:
    """C3: one has them, the other keeps every won."""
    product = codes.product(5)
    firms = [given.company(cash_won=50_000) for _ in range(2)]
    drafts = [given.draft(firm, given.numbers(3), product) for firm in firms]
    outcomes = at_once([partial(given.paid, *pair) for pair in zip(firms, drafts, strict=True)])
    assert sorted(type(one).__name__ for one in outcomes) == ["Order", "Refused"]
    held = sorted(ledger.balances(firm.buyer.id).held_won for firm in firms)
    assert held == [0, 13_500] and counts() == {"free": 2, "reserved": 3}
