"""What vouchers of an external issuer start from: goods that it has, and orders of them. No mocks: all over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from seonmul.catalog.models import Product
from seonmul.gifts import actions as gifts
from seonmul.gifts.models import Chunk
from seonmul.orders.models import Order
from seonmul.vouchers import actions
from seonmul.vouchers.models import Supply
from tests import given
from tests.given import MONDAY
from tests.sandbox.outside import Outside
from tests.vouchers.codes import STAFF

GOODS, WON = "G00000000101", 4_800


def product(**fields: Any) -> Product:
    """A product of the external issuer, which has said that it has it."""
    made = given.product(supplier="external", **fields)
    actions.set_goods(made.id, GOODS, by=STAFF, at=MONDAY)
    actions.check_goods(made.id, at=MONDAY)
    return made


def ordered(firm: given.Company, copies: int = 3, product_: Product | None = None) -> Order:
    """A paid order whose vouchers are wanted of the issuer, who has not been asked."""
    order = given.placed(firm, given.numbers(copies), product_ or product())
    gifts.start(order.id, at=MONDAY)
    for chunk in Chunk.objects.filter(order=order):
        gifts.issue_chunk(chunk.id, at=MONDAY)
    return order


def attended(at: datetime = MONDAY, *, rounds: int = 12, hours: float = 0.6) -> datetime:
    """Workers attend to the issuer again and again, each time a while later, and gifts hear of it; returns the last time."""
    for _ in range(rounds):
        while actions.attend(at=at):
            pass
        for subject in sorted(set(Supply.objects.values_list("subject", flat=True))):
            gifts.note_supplied(subject, at=at)
        if not Supply.objects.filter(state__in=["wanted", "asked", "dropping", "cancelling"]).exists():
            break
        at += timedelta(hours=hours)
    return at


def live(carrier: Outside) -> list[str]:
    """The references that are alive at the issuer."""
    return [one["trId"] for one in carrier.inside("GET", "giftishow/coupons") if one["pinStatusCd"] == "01"]


def fault(carrier: Outside, kind: str, route: str, **more: object) -> None:
    carrier.fault(kind, provider="giftishow", route=route, **more)
