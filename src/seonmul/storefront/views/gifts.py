"""One recipient's copy: every attempt at its message. O11"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seonmul.dispatch import queries as dispatch
from seonmul.figures import queries as figures_now
from seonmul.gifts import queries as gifts
from seonmul.kit import clock
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
        "is_move_open": support.is_move_open(found.public_id),
        "may_move": may_buy and found.voucher.state == VoucherState.ISSUED,
    }
    return render(request, "storefront/gift.html", context)
