"""Every copy of a buyer across all orders: filters in the address, a recipient's number never. O11, X2"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seonmul.dispatch.ports import Result
from seonmul.dispatch.rules import WORDS
from seonmul.gifts import queries
from seonmul.gifts.queries import Counts, Filters
from seonmul.kit import clock, mails, phones, searches
from seonmul.members.models import Buyer
from seonmul.orders import queries as orders
from seonmul.orders.models import Order
from seonmul.storefront.views import export, seen, statement
from seonmul.storefront.views.statement import Period
from seonmul.vouchers.models import VoucherState

_CONTEXT = "storefront.copies"
#: What an address may ask for; everything else in it is left out.
_ASKED = ("period", "from", "to", "only", "state", "opened", "product", "order", searches.KEY)
PERIODS = {
    "": _("전체 기간"),
    "today": _("오늘"),
    "week": _("1주일"),
    "month": _("1개월"),
    "quarter": _("3개월"),
}
_OPENED = {"yes": True, "no": False}
#: Results that people tell apart; the pending ones are one.
_RESULTS = [result for result in Result if result is not Result.ACCEPTED]


@dataclass(frozen=True)
class Asked:
    """What an address asks for: as the query knows it, and as the next address says it again."""

    filters: Filters
    query: dict[str, str]
    period: Period | None
    order: Order | None

    def address(self, name: str = "copies", **more: str) -> str:
        said = urlencode(self.query | more)
        return reverse(f"storefront:{name}") + (f"?{said}" if said else "")


@never_cache
@require_safe
def copies(request: HttpRequest) -> HttpResponse:
    """The list, a page of it, with what there is in all where that is kept."""
    buyer, at = seen.buyer(request), clock.now()
    asked, after = asked_of(request, buyer, at), request.GET.get("after", "")
    page = queries.copies_page(buyer.id, asked.filters, after)
    counts = queries.counts_seen_by(seen.member(request))
    context = {
        "asked": asked,
        "lines": page.rows,
        "is_cut": page.is_cut,
        "next": asked.address(after=page.after) if page.after else "",
        "first": asked.address() if after else "",
        "total": _total(asked, counts),
        "all": counts.copies,
        "sheet": asked.address("copies_sheet"),
        "phone": asked.filters.phone,
        "without_phone": _without(asked, searches.KEY),
        "without_order": _without(asked, "order"),
    } | _choices(buyer)
    return render(request, "storefront/copies.html", context)


@never_cache
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Keep the number that was posted sealed in the session, and lead to the list with its key. X2"""
    buyer = seen.buyer(request)
    asked = asked_of(request, buyer, clock.now(), request.POST)
    query = {name: value for name, value in asked.query.items() if name != searches.KEY}
    typed = request.POST.get("phone", "").strip()
    wanted = phones.normalise_mobile(typed) or mails.normalise(typed)
    if wanted:
        query[searches.KEY] = searches.keep(request.session, _CONTEXT, wanted)
    elif typed:
        messages.error(request, gettext("휴대폰 번호나 이메일을 끝까지 넣어 주세요. 예: 010-1234-5678"))
    return redirect(Asked(asked.filters, query, None, None).address())


@never_cache
@require_safe
def sheet(request: HttpRequest) -> FileResponse:
    """The same list as a sheet, masked."""
    buyer, at = seen.buyer(request), clock.now()
    found = queries.copies_of(buyer.id, asked_of(request, buyer, at).filters)
    name = f"{gettext('쿠폰발송내역')}_{clock.seoul_date(at):%Y%m%d}.xlsx"
    return export.sheet_of(found, name, with_order=True)


def asked_of(request: HttpRequest, buyer: Buyer, at: datetime, said: Any = None) -> Asked:
    """Read an address (or the form that carries it on); nonsense asks for nothing. `buyer`: whose rows may be named."""
    said = request.GET if said is None else said
    query = {name: said[name] for name in _ASKED if said.get(name)}
    period = statement.period_of(request, at, said) if query.get("period") else None
    only = query.get("only", "")
    order = product = None
    if "order" in query:
        order = orders.orders_seen_by(seen.member(request)).filter(public_id=query["order"][:16]).first()
    if "product" in query:
        product = next((one for one in queries.products_of(buyer.id) if one.code == query["product"]), None)
    state = query.get("state", "")
    phone = searches.words(request.session, _CONTEXT, query.get(searches.KEY, ""))
    filters = Filters(
        since=period.since if period else None,
        until=period.until if period else None,
        only=only if only == "failed" or only in set(_RESULTS) else "",
        product_id=product.id if product else None,
        order_id=order.id if order else None,
        is_opened=_OPENED.get(query.get("opened", "")),
        state=state if state in VoucherState.values else "",
        phone=phone,
    )
    good = {
        "period": period, "from": period, "to": period, "only": filters.only, "state": filters.state, "order": order,
        "opened": query.get("opened") in _OPENED, "product": product, searches.KEY: phone,
    }  # fmt: skip
    kept = {name: value for name, value in query.items() if good[name]}
    return Asked(filters, kept | (period.query if period else {}), period, order)


def _without(asked: Asked, name: str) -> str:
    rest = {one: value for one, value in asked.query.items() if one != name}
    return Asked(asked.filters, rest, None, None).address()


def _total(asked: Asked, counts: Counts) -> int | None:
    """How many there are, where a kept tally says it: for one condition at most. None where nobody counted."""
    names = set(asked.query)
    filters = asked.filters
    if not names:
        return counts.copies
    if names == {"only"}:
        return counts.failed if filters.only == "failed" else counts.results.get(Result(filters.only), 0)
    if names == {"state"}:
        return counts.states.get(filters.state, 0)
    if names == {"opened"}:
        return counts.opened if filters.is_opened else counts.copies - counts.opened
    return None


def _choices(buyer: Buyer) -> dict[str, Any]:
    labels = [(result.value, gettext(WORDS[result].label)) for result in _RESULTS]
    states = dict.fromkeys(VoucherState.labels)
    return {
        "periods": PERIODS.items(),
        "results": [("failed", gettext("전송실패 모두")), *labels],
        "states": [
            (state.value, state.label) for state in VoucherState if states.pop(state.label, True) is None
        ],
        "openings": [("yes", gettext("열람함")), ("no", gettext("열람 전"))],
        "products": queries.products_of(buyer.id),
    }
