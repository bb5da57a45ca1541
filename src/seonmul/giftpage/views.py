"""The recipient's page: one voucher behind an unguessable link. V5"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from seonmul.giftpage import faces
from seonmul.giftpage.shown import shown
from seonmul.gifts import actions as gifts_do
from seonmul.gifts import queries as gifts
from seonmul.gifts.models import Gift, ProblemKind
from seonmul.kit import barcodes, clock
from seonmul.kit.refusals import Refused
from seonmul.vouchers import queries as vouchers
from seonmul.vouchers import rules as voucher_rules

#: For pages that say nothing back that was sent to them: of others the length of what is compressed could tell something.
_small = gzip_page


@require_safe
@login_not_required
@never_cache
@_small
def gift(request: HttpRequest, token: str) -> HttpResponse:
    """Show the voucher while it is good for something, and afterwards what became of it."""
    at = clock.now()
    found = _opened(request, token, at)
    if isinstance(found, HttpResponse):
        return found
    is_first = found.opened_at is None and _is_opening(request)
    if is_first:
        gifts_do.note_opened(found.id, at=at)
    seen = shown(found, at=at)
    told = {"token": token, "is_told": "told" in request.GET, "is_first": is_first}
    if seen.end:
        words = {"gift": seen, "claim": gifts.open_claim(found), **told}
        return _page(request, "giftpage/ended.html", words)
    code = vouchers.code_of(found.voucher)
    words = {
        "gift": seen,
        **told,
        "digits": voucher_rules.grouped(code),
        "pin": vouchers.pin_of(found.voucher),
        "bars": barcodes.code128_svg(code),
        "square": barcodes.qr_svg(code),
    }
    return _page(request, "giftpage/gift.html", words)


def _dead(request: HttpRequest, token: str, at: datetime) -> HttpResponse:
    """A link that opens nothing (any more): of a gift that went to another number it says so. S5"""
    dead = gifts.by_dead_link(token)
    if dead is None:
        return _page(request, "giftpage/unknown.html", {}, status=404)
    gift, was_for = dead
    seen = shown(gift, at=at, was_for=was_for)
    words = {"gift": seen, "token": token, "is_first": False, "is_told": False}
    return _page(request, "giftpage/ended.html", words, status=410)


@require_safe
@login_not_required
@never_cache
@_small
def sample(request: HttpRequest) -> HttpResponse:
    """What the link of a trial opens: how a recipient's page looks, without a voucher and without a code. O5"""
    return _page(request, "giftpage/sample.html", {})


@require_safe
@login_not_required
@never_cache
def image(request: HttpRequest, token: str) -> HttpResponse:
    """The voucher as a picture to save; a voucher that is no longer good leads to its page, which says why."""
    at = clock.now()
    found = _opened(request, token, at)
    if isinstance(found, HttpResponse):
        return found
    seen = shown(found, at=at)
    if seen.end:
        return _unseen(redirect("giftpage:gift", token=token))
    response = HttpResponse(faces.picture(found), content_type="image/jpeg")
    response["Content-Disposition"] = content_disposition_header(True, seen.file_name) or "attachment"
    return _unseen(response)


@require_safe
@login_not_required
@never_cache
def now(request: HttpRequest, token: str) -> HttpResponse:
    """How the voucher stands at this moment, for a page that lies open: used at the counter, it says so by itself."""
    at = clock.now()
    found = _opened(request, token, at)
    if isinstance(found, HttpResponse):
        return found
    return _unseen(HttpResponse(shown(found, at=at).mark, content_type="text/plain"))


@csrf_exempt  # whoever has the link may speak; there is no session that another site could use
@require_POST
@login_not_required
@never_cache
def problem(request: HttpRequest, token: str) -> HttpResponse:
    """The recipient says what is wrong; whoever sent the gift reads it beside its attempts."""
    at = clock.now()
    found = _opened(request, token, at)
    if isinstance(found, HttpResponse):
        return found
    kind = request.POST.get("kind", "")
    if kind in ProblemKind:
        gifts_do.tell_problem(found.id, ProblemKind(kind), at=at)
    return _unseen(redirect(f"{reverse('giftpage:gift', args=[token])}?told#help"))


@require_safe
@login_not_required
@never_cache
@_small
def check(request: HttpRequest, token: str) -> HttpResponse:
    """The causes why a message does not come, one by one, for whoever holds the phone; who sent it is not said here. H2"""
    at = clock.now()
    found = _opened(request, token, at)
    if isinstance(found, HttpResponse):
        return found
    arrival = gifts.arrival_of(found, at)
    guide = gifts.guide_of(arrival, request.GET.get("step", ""))
    words = {
        "token": token,
        "guide": guide,
        "is_mail": arrival.channel == "mail",
        "seed": found.order.public_id,
    }
    return _page(request, "giftpage/check.html", words)


def _opened(request: HttpRequest, token: str, at: datetime) -> Gift | HttpResponse:
    """The gift of a link, or the page that says why there is none."""
    try:
        found = gifts_do.open_link(token, place=get_adapter().get_client_ip(request), at=at)
    except Refused as refused:
        words = {"said": refused.no.say(gettext)}
        return _page(request, "giftpage/busy.html", words, status=429)
    return found or _dead(request, token, at)


def _is_opening(request: HttpRequest) -> bool:
    """Somebody looks at the page: neither a HEAD request nor a browser that fetches it in advance."""
    ahead = f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}"
    return request.method == "GET" and "prefetch" not in ahead


def _page(request: HttpRequest, template: str, words: dict[str, Any], status: int = 200) -> HttpResponse:
    # no form, so no cookie for the recipient; and a member's own messages are not for this page
    return _unseen(render(request, template, {"csrf_token": "", "messages": (), **words}, status=status))


def _unseen(response: HttpResponse) -> HttpResponse:
    """Keep the link to those who have it: no search engine lists it, no other site is told of it."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
