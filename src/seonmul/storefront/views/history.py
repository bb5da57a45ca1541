"""What was ordered. O11"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seonmul.gifts import queries as gifts
from seonmul.members import queries as members
from seonmul.orders import queries
from seonmul.storefront.views import seen


@never_cache
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """Orders, the newest first, and above them the drafts."""
    member, after = seen.member(request), request.GET.get("after", "")
    page = queries.orders_page(member, after=after)
    tallies = gifts.tallies(page.rows)
    context = {
        "orders": [(order, tallies[order.id]) for order in page.rows],
        "after": page.after,
        "is_later": bool(after),
        "drafts": queries.drafts_page(member).rows if members.may_buy(member) and not after else [],
    }
    return render(request, "storefront/orders.html", context)
