"""What was ordered and where the money went. O11, P1"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seonmul.gifts import queries as gifts
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Kind
from seonmul.members import queries as members
from seonmul.orders import queries
from seonmul.storefront.views import seen

#: The statements that are shown: what can be spent, and what is set aside.
_KINDS = {"cash": Kind.CASH, "held": Kind.HELD, "reward": Kind.REWARD}


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


@never_cache
@require_safe
def cash(request: HttpRequest) -> HttpResponse:
    """The statement of one balance, like a bank's."""
    buyer = seen.buyer(request)
    kind = request.GET.get("of", "")
    kind = kind if kind in _KINDS else "cash"
    page = ledger.statement(buyer.id, _KINDS[kind], after=request.GET.get("after", ""))
    subjects = {entry.transfer.subject for entry in page.rows if entry.transfer.kind != "charge"}
    found = queries.orders_about(seen.member(request), subjects)
    context = {
        "kind": kind,
        "entries": [(entry, found.get(entry.transfer.subject)) for entry in page.rows],
        "after": page.after,
        "balances": ledger.balances(buyer.id),
    }
    return render(request, "storefront/cash.html", context)
