"""What was ordered: a list with filters in its address. O11"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seonmul.catalog.models import Product
from seonmul.gifts import queries as gifts
from seonmul.kit import clock
from seonmul.members import queries as members
from seonmul.orders import queries
from seonmul.orders.models import OrderState
from seonmul.orders.queries import OrderFilters
from seonmul.storefront.views import copies, seen, statement
from seonmul.storefront.views.statement import Period


@dataclass(frozen=True)
class Asked:
    """What an address asks for: as the query knows it, and as the next address says it again."""

    filters: OrderFilters
    query: dict[str, str]
    period: Period | None

    def address(self, **more: str) -> str:
        said = urlencode(self.query | more)
        return reverse("storefront:orders") + (f"?{said}" if said else "")


@never_cache
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """Orders, the newest first, and above them the drafts."""
    member, after = seen.member(request), request.GET.get("after", "")
    buyer = members.buyer_of(member)
    products = _products(buyer.id) if buyer else []
    asked = _asked(request, products, clock.now())
    page = queries.orders_page(member, asked.filters, after=after)
    tallies = gifts.tallies(page.rows)
    is_first = not after and not asked.query
    context = {
        "orders": [(order, tallies[order.id]) for order in page.rows],
        "asked": asked,
        "is_cut": page.is_cut,
        "next": asked.address(after=page.after) if page.after else "",
        "first": asked.address() if after else "",
        "periods": copies.PERIODS.items(),
        "states": OrderState.choices,
        "products": products,
        "drafts": queries.drafts_page(member).rows if members.may_buy(member) and is_first else [],
    }
    return render(request, "storefront/orders.html", context)


def _products(buyer_id: UUID) -> list[Product]:
    """What the buyer ordered: all that was ever sent, and what waits or was given back lately."""
    found = {one.id: one for one in (*gifts.products_of(buyer_id), *queries.products_lately(buyer_id))}
    return sorted(found.values(), key=lambda one: (one.brand.name, one.name))


def _asked(request: HttpRequest, products: list[Product], at: datetime) -> Asked:
    """Read an address; nonsense asks for nothing. Days that make no sense are told (`Period.is_bad`)."""
    said, query = request.GET, {}
    period = statement.period_of(request, at) if said.get("period") else None
    state = said.get("state", "")
    product = next((one for one in products if one.code == said.get("product")), None)
    if state in OrderState.values:
        query["state"] = state
    if product:
        query["product"] = product.code
    filters = OrderFilters(
        since=period.since if period else None,
        until=period.until if period else None,
        state=query.get("state", ""),
        product_id=product.id if product else None,
    )
    return Asked(filters, query | (period.query if period else {}), period)
