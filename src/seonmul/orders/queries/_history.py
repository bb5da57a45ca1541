"""A buyer's orders as a list: filtered, the newest first, page by page, however many there are. O11

Period and state have an index that gives their orders in order. Products stand in the lines: there at most
`MOST_WALKED` orders are looked at for one page, and such a page says how far back it looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q

from seonmul.catalog.models import Product
from seonmul.kit import pages
from seonmul.members import queries as members
from seonmul.members.models import Member
from seonmul.orders.models import Line, Order

MOST_WALKED = 1_000
_ORDER = ("-paid_at", "-id")


@dataclass(frozen=True)
class OrderFilters:
    """What of a buyer's orders is looked for; None and "" ask for nothing. `until` is not included."""

    since: datetime | None = None
    until: datetime | None = None
    state: str = ""
    product_id: UUID | None = None


def orders_page(
    member: Member, asked: OrderFilters = OrderFilters(), after: str = "", limit: int = 20
) -> pages.Page[Order]:
    """One page of the orders of the buyer this member acts for."""
    rows = Order.objects.filter(buyer=members.buyer_of(member)).prefetch_related(
        Prefetch("lines", Line.objects.order_by("position", "id")), "lines__product__brand"
    )
    if asked.since:
        rows = rows.filter(paid_at__gte=asked.since)
    if asked.until:
        rows = rows.filter(paid_at__lt=asked.until)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if not asked.product_id:
        return pages.page(rows, order=_ORDER, after=after, limit=limit)
    has_it = Q(Exists(Line.objects.filter(order=OuterRef("pk"), product=asked.product_id)))
    return pages.walked(rows, has_it, order=_ORDER, after=after, limit=limit, most=MOST_WALKED)


def products_lately(buyer_id: UUID) -> list[Product]:
    """The products of a buyer's latest orders, also of those that were never sent."""
    latest = Order.objects.filter(buyer=buyer_id).order_by(*_ORDER).values("id")[:MOST_WALKED]
    products = Line.objects.filter(order__in=latest).values("product")
    return list(
        Product.objects.filter(id__in=products).select_related("brand").order_by("brand__name", "name")[:500]
    )
