"""Somebody on the phone says that nothing came: found by the number, led through the causes. H2, B

Numbers are posted and shown masked; what is read here is what the company sees of its own copy.
"""

from __future__ import annotations

from functools import partial
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.backoffice import finding
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.dispatch.ports import Result
from seonmul.dispatch.rules import words_of
from seonmul.figures import queries as figures_now
from seonmul.gifts import actions, queries, rules
from seonmul.gifts.models import Gift
from seonmul.kit import clock, mails, masks, phones
from seonmul.members.models import Member
from seonmul.orders import queries as orders
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
    at = clock.now()
    found, gone = queries.arrival_of(gift, at), orders.gone_senders([gift.order])
    why_not = partial(rules.why_not_resend, may_buy=True, figures=figures_now.figures(at), at=at)
    context = {
        "gift": gift,
        "to": _to(gift),
        "arrival": found,
        "said": words_of(found.result, found.channel),
        "attempts": [(one, words_of(one.result, one.channel)) for one in found.attempts],
        "guide": queries.guide_of(found, request.GET.get("step", "")),
        "no": why_not(queries.facts(gift, gone)),
        "ways": queries.other_ways(gift, found.channel, gone),
        # a mail may go also where the order's number has ended
        "way_no": why_not(queries.facts(gift)),
    }
    return render(request, "backoffice/arrivals/arrival.html", context)


@needs(Power.ANSWER_INQUIRIES)
@require_POST
def resend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send one copy again while its caller is on the phone, for whoever sent it; it counts as one of theirs. H2, S5"""
    gift = queries.copy(public_id)
    if gift is None:
        raise Http404
    by, channel = cast(Member, request.user), request.POST.get("channel", "")
    resent = actions.resend([gift.id], by=by, at=clock.now(), channel=channel, for_caller=True)
    for no, _count in resent.refused:
        messages.error(request, no.say(gettext))
    if resent.sent:
        messages.success(request, gettext("다시 보냈습니다. 결과는 이 화면에서 볼 수 있습니다."))
    return redirect("backoffice:arrival", public_id)


def _to(gift: Gift) -> str:
    cells = queries.cells_of(gift)
    by_mail = gift.order.kind == OrderKind.MAIL
    return masks.mask_mail(cells.mail) if by_mail else masks.mask_phone(cells.phone)
