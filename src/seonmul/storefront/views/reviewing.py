"""확인 링크: a superior looks at an order without a login; its buyer makes such links and takes them back. O12"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.members import queries as members
from seonmul.orders import actions, queries, rules
from seonmul.orders.models import Draft, Order
from seonmul.storefront.views import seen


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, link: str) -> HttpResponse:
    """What the link shows, and the one button on it; too many addresses tried from one place wait a minute."""
    at = clock.now()
    if _is_busy(request, is_look=True):
        return _page(request, "busy", {}, status=429)
    found = queries.review_link(link)
    no = rules.why_not_open_link(queries.review_facts(found), at=at)
    shown = queries.review_of(found.draft_id) if found and no is None else None
    if found is None or shown is None:
        _is_busy(request)
        return _page(request, "gone", {"no": no or rules.why_not_open_link(None, at=at)}, status=404)
    if request.method == "POST":
        try:
            actions.confirm_review(link, seen=request.POST.get("seen", "")[:64], at=at)
        except Refused as refused:
            return _page(request, "page", {"link": found, "shown": shown, "no": refused.no}, status=422)
        return _unseen(redirect("storefront:review", link))
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        actions.note_review_opened(found.id, at=at)
    is_confirmed = found.confirmed_at is not None and found.confirmed_what == shown.what
    return _page(request, "page", {"link": found, "shown": shown, "is_confirmed": is_confirmed})


@never_cache
@require_POST
def make(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a link and show it this once."""
    found = _subject(request, public_id)
    back = _back(found)
    try:
        link = actions.make_review_link(_draft_id(found), by=seen.member(request), at=clock.now())
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
        return redirect(back)
    address = settings.PUBLIC_URL + reverse("storefront:review", args=[link])
    row = queries.review_links(_draft_id(found), 1)[0]
    return render(request, "storefront/review/made.html", {"address": address, "row": row, "back": back})


@never_cache
@require_POST
def withdraw(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """Take a link back."""
    found = _subject(request, public_id)
    row = next((one for one in queries.review_links(_draft_id(found)) if one.public_id == name), None)
    if row is None:
        raise Http404
    actions.withdraw_review_link(row.id, by=seen.member(request), at=clock.now())
    messages.success(request, gettext("확인 링크를 취소했습니다. 이제 열리지 않습니다."))
    return redirect(_back(found))


def links_of(request: HttpRequest, found: Draft | Order, at: datetime) -> dict[str, Any]:
    """The links of an order for whoever buys: what was opened and confirmed, and whether it still is what was seen."""
    if not members.may_buy(seen.member(request)):
        return {}
    rows = queries.review_links(_draft_id(found))
    is_confirmed = any(row.confirmed_at for row in rows)
    shown = queries.review_of(_draft_id(found)) if is_confirmed else None
    return {
        "review_links": rows,
        "review_what": shown.what if shown else "",
        "review_of": found.public_id,
        "review_at": at,
    }


def _subject(request: HttpRequest, public_id: str) -> Draft | Order:
    """The draft, or the order that it became, of whoever may buy; for everybody else there is none."""
    if not members.may_buy(seen.member(request)):
        raise Http404
    return seen.draft(request, public_id) or seen.order(request, public_id)


def _draft_id(found: Draft | Order) -> UUID:
    return found.draft_id if isinstance(found, Order) else found.id


def _back(found: Draft | Order) -> str:
    name = "order" if isinstance(found, Order) else "draft"
    return f"{reverse(f'storefront:{name}', args=[found.public_id])}#review"


def _is_busy(request: HttpRequest, *, is_look: bool = False) -> bool:
    """Count a link that opens nothing, by the address from which it was tried; only look whether there were too many."""
    # allauth's public door passes over GET
    usage = ratelimit.consume(
        request, app="allauth.account", action="review", limit_get=True, dry_run=is_look
    )
    return not usage


def _page(request: HttpRequest, name: str, words: dict[str, Any], status: int = 200) -> HttpResponse:
    # a member's own messages are not for this page
    return _unseen(
        render(request, f"storefront/review/{name}.html", {"messages": (), **words}, status=status)
    )


def _unseen(response: HttpResponse) -> HttpResponse:
    """Keep the link to those who have it: no search engine lists it, no other site is told of it."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"  # without one, no browser could post the form back
    return response
