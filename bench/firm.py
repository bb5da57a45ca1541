"""Orders of the demo's company, so that a bench may run again on the database of the last one."""

from __future__ import annotations

from seonmul.catalog.models import Product, ProductKind, Supplier
from seonmul.kit import clock, ids
from seonmul.ledger import actions as ledger
from seonmul.members import queries as members
from seonmul.orders.models import Order
from tests import given

_ENOUGH_WON = 1_000_000_000


def order(copies: int) -> Order:
    """A paid order of so many vouchers of our own issue, each to another number."""
    member = members.by_login("hanbit")
    buyer = members.buyer_of(member) if member else None
    product = Product.objects.filter(kind=ProductKind.GOODS, supplier=Supplier.OWN).order_by("id").first()
    assert member is not None and buyer is not None and product is not None, "the demo has them"
    ledger.charge(buyer.id, _ENOUGH_WON, cause=f"bench:{ids.new_id()}", at=clock.now())
    return given.placed(given.Company(buyer, member, member), given.numbers(copies), product, at=clock.now())
