"""Products: the list with its two faces, and one product. C1, C2, M3"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from seonmul.catalog import queries as catalog
from seonmul.catalog import rules
from seonmul.catalog.models import List, Offer, Supplier
from seonmul.dispatch.models import Channel
from seonmul.figures import queries as figures_now
from seonmul.gifts import rules as gift_rules
from seonmul.kit import clock
from seonmul.kit.refusals import _
from seonmul.members import queries as members
from seonmul.members.models import Buyer, Member
from seonmul.orders import queries as orders
from seonmul.orders.rules import LimitFacts
from seonmul.storefront import ending, tier
from seonmul.storefront.forms import SearchForm
from seonmul.storefront.views import seen

#: Stands in the address of the switch between the lists, for one look: the page says that it was switched.
_SWITCH = "switch"
_SWITCHED = {
    List.GENERAL: _("일반회원 상품리스트로 전환합니다."),
    List.CORPORATE: _("기업회원 상품리스트로 전환합니다."),
}


@login_not_required
@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """One list, narrowed by what stands in the address."""
    company = _company(request)
    list_ = _list_of(request.GET.get("list", ""), is_company=company is not None)
    form = SearchForm(request.GET)
    search = form.search()
    if _SWITCH in request.GET:
        messages.success(request, gettext(_SWITCHED[list_]))
        return redirect(request.path + _changed(request.GET, **{_SWITCH: ""}))
    page = catalog.offers(list_, search, after=request.GET.get("after", ""))
    context = {
        "list": list_,
        "page": page,
        "today": clock.seoul_date(clock.now()),
        "tier_percent": members.tier_of(company) if company else 0,
        "search": search,
        "next": _changed(request.GET, after=page.after),
        **_looked_for(request, list_),
        "is_narrowed": any((search.words, search.category, search.brand, search.price_from, search.price_to)),
    }
    if seen.is_fragment(request):
        return render(request, "storefront/products_more.html", context)
    context |= {
        "categories": [
            (one, _changed(request.GET, category=one.slug, after="")) for one in catalog.categories()
        ],
        "all_categories": _changed(request.GET, category="", after=""),
        "brands": catalog.brands(),
        "tier": tier.of(company, clock.now()) if company and list_ == List.CORPORATE else None,
        "switch": {
            one.value: _changed(request.GET, list=one.value, after="", **{_SWITCH: "1"}) for one in List
        },
    }
    return render(request, "storefront/products.html", context)


@login_not_required
@require_safe
def product(request: HttpRequest, list_name: str, code: str) -> HttpResponse:
    """What it is, for whom, at what price, and what happens at its end. C2"""
    return product_page(request, list_name, code)


def product_page(
    request: HttpRequest, list_name: str, code: str, *, said: str = "", status: int = 200
) -> HttpResponse:
    """The page of one product; `said`: why the last wish was declined."""
    if list_name not in List.values:
        raise Http404
    offer = catalog.offer(List(list_name), code)
    if offer is None:
        raise Http404
    facts = catalog.facts(offer)
    company = _company(request)
    # a visitor is told to sign in, not to become a company
    is_company = company is not None or not request.user.is_authenticated
    context = {
        "offer": offer,
        "product": offer.product,
        "tier_percent": members.tier_of(company) if company else 0,
        "no": rules.why_not_buy(facts, is_company=is_company, at=clock.now()),
        "instead": catalog.substitute_of(offer.product, List(offer.list)),
        "channels": [Channel(one).label for one in rules.channels_of(rules.TEXT, offer.product.channels)],
        "by_mail": rules.MAIL in offer.product.channels,
        "said": said,
        "end_words": ending.words_on([offer.product.id], offer.list, clock.now())[offer.product.id],
        "cancel_days": _cancel_days(offer),
        **_for_draft(request, list_name),
        "limit": _limit(request) if offer.product.is_gift_certificate else None,
    }
    return render(request, "storefront/product.html", context, status=status)


def _cancel_days(offer: Offer) -> int:
    """So many days a sent voucher of this offer may be cancelled; none of another company's codes. O10"""
    if offer.product.supplier == Supplier.POOL:
        return 0
    return gift_rules.cancel_days(
        is_general=offer.list == List.GENERAL,
        offer_days=offer.cancel_days,
        figures=figures_now.figures(clock.now()),
    )


def _looked_for(request: HttpRequest, list_: List) -> dict[str, Any]:
    """The draft for which a product is looked for, and how links carry it on. O1"""
    named = request.GET.get("draft", "")
    if not named or not isinstance(request.user, Member):
        return {}
    draft = orders.draft_for(request.user, list_, named)
    wanted = {"draft": named, "instead": request.GET.get("instead", "")}
    carried = urlencode({name: value for name, value in wanted.items() if value})
    return {"draft": draft, "replaces": wanted["instead"], "carried": f"?{carried}"} if draft else {}


def _for_draft(request: HttpRequest, list_name: str) -> dict[str, Any]:
    """The draft into which this product may go: the one that is named, else the one that was written last. O1"""
    if not isinstance(request.user, Member) or not members.may_buy(request.user):
        return {}
    asked = request.GET
    named = asked.get("draft", "")
    draft = orders.draft_for(request.user, List(list_name), named)
    is_named = bool(draft and named)
    return {"draft": draft, "is_named": is_named, "replaces": asked.get("instead", "") if is_named else ""}


def _limit(request: HttpRequest) -> LimitFacts | None:
    """The gift-certificate limit of the buyer that the visitor acts for. O7"""
    buyer = members.buyer_of(request.user) if isinstance(request.user, Member) else None
    return orders.limit_of(buyer, clock.now()) if buyer else None


def _company(request: HttpRequest) -> Buyer | None:
    """The company that the visitor acts for, if any."""
    buyer = members.buyer_of(request.user) if isinstance(request.user, Member) else None
    return buyer if buyer and members.is_company(buyer) else None


def _list_of(name: str, *, is_company: bool) -> List:
    """The list that is asked for, else the one that fits."""
    if name in List.values:
        return List(name)
    return List.CORPORATE if is_company else List.GENERAL


def _changed(query: QueryDict, **changes: str) -> str:
    """The address's query with some values changed, and taken out when empty."""
    changed = query.copy()
    for name, value in changes.items():
        changed[name] = value
        if not value:
            del changed[name]
    return f"?{changed.urlencode()}"
