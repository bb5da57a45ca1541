"""The recipient's page: one voucher behind an unguessable link. V5"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from seonmul.giftpage import faces, frame
from seonmul.giftpage.shown import shown
from seonmul.gifts import actions as gifts_do
from seonmul.gifts import queries as gifts
from seonmul.gifts.models import ProblemKind
from seonmul.kit import barcodes, clock
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
    found = frame.opened(request, token, at)
    if isinstance(found, HttpResponse):
        return found
    is_first = found.opened_at is None and _is_opening(request)
    if is_first:
        gifts_do.note_opened(found.id, at=at)
    seen = shown(found, at=at)
    told = {"token": token, "is_told": "told" in request.GET, "is_first": is_first}
    if seen.end:
        words = {"gift": seen, "claim": gifts.open_claim(found), **told}
        return frame.page(request, "giftpage/ended.html", words)
    code = vouchers.code_of(found.voucher)
    words = {
        "gift": seen,
        **told,
        "digits": voucher_rules.grouped(code),
        "pin": vouchers.pin_of(found.voucher),
        "bars": barcodes.code128_svg(code),
        "square": barcodes.qr_svg(code),
    }
    return frame.page(request, "giftpage/gift.html", words)


@require_safe
@login_not_required
@never_cache
@_small
def sample(request: HttpRequest) -> HttpResponse:
    """What the link of a trial opens: how a recipient's page looks, without a voucher and without a code. O5"""
    return frame.page(request, "giftpage/sample.html", {})


@require_safe
@login_not_required
@never_cache
def image(request: HttpRequest, token: str) -> HttpResponse:
    """The voucher as a picture to save; a voucher that is no longer good leads to its page, which says why."""
    at = clock.now()
    found = frame.opened(request, token, at)
    if isinstance(found, HttpResponse):
        return found
    seen = shown(found, at=at)
    if seen.end:
        return frame.unseen(redirect("giftpage:gift", token=token))
    response = HttpResponse(faces.picture(found), content_type="image/jpeg")
    response["Content-Disposition"] = content_disposition_header(True, seen.file_name) or "attachment"
    return frame.unseen(response)


@require_safe
@login_not_required
@never_cache
def now(request: HttpRequest, token: str) -> HttpResponse:
    """How the voucher stands at this moment, for a page that lies open: used at the counter, it says so by itself."""
    at = clock.now()
    found = frame.opened(request, token, at)
    if isinstance(found, HttpResponse):
        return found
    return frame.unseen(HttpResponse(shown(found, at=at).mark, content_type="text/plain"))


@csrf_exempt  # whoever has the link may speak; there is no session that another site could use
@require_POST
@login_not_required
@never_cache
def problem(request: HttpRequest, token: str) -> HttpResponse:
    """The recipient says what is wrong; whoever sent the gift reads it beside its attempts."""
    at = clock.now()
    found = frame.opened(request, token, at)
    if isinstance(found, HttpResponse):
        return found
    kind = request.POST.get("kind", "")
    if kind in ProblemKind:
        gifts_do.tell_problem(found.id, ProblemKind(kind), at=at)
    return frame.unseen(redirect(f"{reverse('giftpage:gift', args=[token])}?told#help"))


@require_safe
@login_not_required
@never_cache
@_small
def check(request: HttpRequest, token: str) -> HttpResponse:
    """The causes why a message does not come, one by one, for whoever holds the phone; who sent it is not said here. H2"""
    at = clock.now()
    found = frame.opened(request, token, at)
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
    return frame.page(request, "giftpage/check.html", words)


def _is_opening(request: HttpRequest) -> bool:
    """Somebody looks at the page: neither a HEAD request nor a browser that fetches it in advance."""
    ahead = f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}"
    return request.method == "GET" and "prefetch" not in ahead
