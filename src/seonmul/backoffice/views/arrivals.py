"""Somebody on the phone says that nothing came: found by the number, led through the causes. H2, B

Numbers are posted and shown masked; what is read here is what the company sees of its own copy.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from seonmul.backoffice import finding
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.dispatch.ports import Result
from seonmul.dispatch.rules import words_of
from seonmul.gifts import queries
from seonmul.gifts.models import Gift
from seonmul.kit import clock, mails, masks, phones
from seonmul.orders.models import OrderKind


@needs(Power.ANSWER_INQUIRIES)
@require_http_methods(["GET", "HEAD", "POST"])
def arrivals(request: HttpRequest) -> HttpResponse:
    """What went to one number or address lately, whoever sent it."""
    if request.method == "POST":
        return finding.begin(request)
    words = finding.words(request)
    address = phones.normalise_mobile(words) or mails.normalise(words) or ""
    gifts = queries.copies_to(address) if address else []
    context = {
        "words": words,
        "is_read": bool(address),
        "rows": [(gift, _to(gift), words_of(Result(gift.result), gift.order.channel)) for gift in gifts],
    }
    return render(request, "backoffice/arrivals/arrivals.html", context)


@needs(Power.ANSWER_INQUIRIES)
@require_safe
def arrival(request: HttpRequest, public_id: str) -> HttpResponse:
    """One copy: what carriers said of it, and what to ask the caller next."""
    gift = queries.copy(public_id)
    if gift is None:
        raise Http404
    found = queries.arrival_of(gift, clock.now())
    context = {
        "gift": gift,
        "to": _to(gift),
        "arrival": found,
        "said": words_of(found.result, found.channel),
        "attempts": [(one, words_of(one.result, one.channel)) for one in found.attempts],
        "guide": queries.guide_of(found, request.GET.get("step", "")),
    }
    return render(request, "backoffice/arrivals/arrival.html", context)


def _to(gift: Gift) -> str:
    cells = queries.cells_of(gift)
    by_mail = gift.order.kind == OrderKind.MAIL
    return masks.mask_mail(cells.mail) if by_mail else masks.mask_phone(cells.phone)
