"""One recipient's copy: every attempt at its message. O11"""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seonmul.dispatch import queries as dispatch
from seonmul.figures import queries as figures_now
from seonmul.gifts import actions as gifts_do
from seonmul.gifts import queries as gifts
from seonmul.gifts import rules as gift_rules
from seonmul.gifts.models import ClaimWay, Gift
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.members import queries as members
from seonmul.storefront.views import seen, sending
from seonmul.support import queries as support
from seonmul.vouchers.models import VoucherState


@never_cache
@require_safe
def gift(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was tried, when, through whom, and what came of it."""
    found, at = seen.gift(request, public_id), clock.now()
    figures, may_buy = figures_now.figures(at), members.may_buy(seen.member(request))
    attempts = dispatch.attempts_about(found.id)
    context = {
        "line": sending.lines_of([found], found.order, may_buy, figures, at)[0],
        "order": found.order,
        "whole_until": sending.whole_until(request, found.order, at),
        "product": found.line.product,
        "attempts": attempts,
        "problems": gifts.problems_of(found.id),
        "last_channel": attempts[0].channel if attempts else found.order.channel,
        "resends_left": max(figures.resend_most - found.resends, 0),
        "changes": gifts.changes_of(found),
        "claim": gifts.last_claim(found),
        "claimable": _claimable(found, may_buy, at),
        "is_move_open": support.is_move_open(found.public_id),
        "may_move": may_buy and found.voucher.state == VoucherState.ISSUED,
    }
    return render(request, "storefront/gift.html", context)


def _claimable(found: Gift, may_buy: bool, at: datetime) -> gift_rules.Claimable | None:
    """What the buyer may have for a copy whose recipient did not ask in time. V4"""
    if not may_buy:
        return None
    facts, terms = gifts.claim_facts(found, is_buyer=True), gifts.terms_of_line(found.line)
    may = gift_rules.claimable(facts, terms, at=at)
    return may if isinstance(may, gift_rules.Claimable) and not may.is_balance else None


@never_cache
@require_POST
def claim(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask for what comes back of a copy at its end, as cash or as points. V4"""
    found = seen.gift(request, public_id)
    way = ClaimWay.POINTS if request.POST.get("way") == "points" else ClaimWay.CASH
    try:
        gifts_do.claim_as_buyer(found.id, way, by=seen.member(request), at=clock.now())
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
    else:
        messages.success(request, gettext("환불을 신청했습니다. 담당자가 확인하면 바로 적립됩니다."))
    return redirect("storefront:gift", public_id)
