"""전송결과 설명, for everybody; and the guided check of one copy that somebody did not get. S4, H2"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seonmul.dispatch import rules as dispatch
from seonmul.dispatch.ports import Result
from seonmul.figures import queries as figures_now
from seonmul.gifts import queries, rules
from seonmul.kit import clock
from seonmul.members import queries as members
from seonmul.orders import queries as orders
from seonmul.storefront.templatetags.storefront import words
from seonmul.storefront.views import seen, sending
from seonmul.vouchers.models import VoucherState

#: In which order results are explained: how it goes, then what is likely to be mended, then what is not.
_ORDER = sorted(Result, key=lambda one: one in (Result.IN_DOUBT, Result.WITHDRAWN))


@login_not_required
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Every result with its words, what it may come from, and what to do. S4"""
    context: dict[str, Any] = {
        "tables": [
            ("text", gettext("문자"), [_explained(one, "lms") for one in _ORDER]),
            ("mail", gettext("이메일"), [_explained(one, "mail") for one in _ORDER if one in _OF_MAIL]),
        ],
        "causes": [
            (one.code, gettext(one.title), [gettext(step) for step in one.steps]) for one in dispatch.CAUSES
        ],
        "numbers": [(gettext(name), number) for name, number in dispatch.CARRIER_NUMBERS],
        "hours": figures_now.figures(clock.now()).result_deadline_hours,
    }
    return render(request, "storefront/results.html", context)


#: A mail server never says these: there is no phone to be off, and nothing is waited for.
_OF_MAIL = [one for one in Result if one not in (Result.POWER_OFF, Result.NO_ANSWER)]


def _explained(result: Result, channel: str) -> dict[str, Any]:
    causes = dispatch.causes_of_result(result, channel)
    return {
        "code": result.value,
        "words": words(result, channel),
        "causes": [(one.code, gettext(one.title)) for one in causes if one in dispatch.CAUSES],
    }


@never_cache
@require_safe
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """The causes why nothing came, one by one, from what the carrier said; at the end the button that fits. H2"""
    found, at = seen.gift(request, public_id), clock.now()
    figures, may_buy = figures_now.figures(at), members.may_buy(seen.member(request))
    arrival = queries.arrival_of(found, at)
    context = {
        "line": sending.lines_of([found], found.order, may_buy, figures, at)[0],
        "order": found.order,
        "product": found.line.product,
        "whole_until": sending.whole_until(request, found.order, at),
        "arrival": arrival,
        "guide": queries.guide_of(arrival, request.GET.get("step", "")),
        "ways": queries.other_ways(found, arrival.channel, orders.gone_senders([found.order])),
        # a mail may go also where the order's number has ended
        "way_no": rules.why_not_resend(queries.facts(found), may_buy=may_buy, figures=figures, at=at),
        "may_move": may_buy and found.voucher.state == VoucherState.ISSUED,
    }
    return render(request, "storefront/arrival.html", context)
