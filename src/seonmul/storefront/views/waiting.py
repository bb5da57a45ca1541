"""A paid order's time, and its sending stopped, called back or cancelled: shown first, then done. O5, O10, S6"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from seonmul.gifts import actions as gifts
from seonmul.gifts import queries as gifts_now
from seonmul.kit import clock
from seonmul.kit.money import format_won
from seonmul.kit.refusals import No, Refused
from seonmul.orders import actions, queries
from seonmul.orders.models import Order
from seonmul.storefront.forms import SendAtForm
from seonmul.storefront.views import seen


@never_cache
@require_POST
def send_at(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose another moment for an order that is not being sent yet; or send it at once."""
    found, form = seen.order(request, public_id), SendAtForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.first_error())
        return _back(public_id)
    moment = form.cleaned_data["send_at"]
    try:
        actions.reschedule(found.id, moment, by=seen.member(request), at=clock.now())
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
        return _back(public_id)
    if moment:
        said = gettext("{when}에 보내도록 바꿨습니다.").format(when=clock.korean_datetime(moment))
    else:
        said = gettext("예약을 풀고 바로 보냅니다.")
    messages.success(request, said)
    return _back(public_id)


@never_cache
@require_POST
def stop(request: HttpRequest, public_id: str, verb: str) -> HttpResponse:
    """Show what cancelling, stopping or calling back comes to; with `is_sure`, which that page sends, do it.

    `verb`: "cancel" the whole before it starts, "halt" a sending, "recall" what sleeps; the address says which.
    """
    found = seen.order(request, public_id)
    if "is_sure" not in request.POST:
        return _page(request, found, verb)
    member, at = seen.member(request), clock.now()
    try:
        if verb == "cancel":
            back = actions.cancel_waiting(found.id, by=member, at=at)
            said = gettext("주문을 취소하고 {won}을 돌려드렸습니다.").format(won=format_won(back))
        elif verb == "halt":
            gifts.halt(found.id, by=member, at=at)
            said = gettext("발송을 멈췄습니다. 나가지 않은 건은 곧 환불하고 이 화면에서 알려 드립니다.")
        else:
            count = gifts.recall(found.id, by=member, at=at)
            said = gettext("쿠폰 {count}건을 회수하고 환불했습니다.").format(count=f"{count:,}")
            if gifts_now.is_external(found.id):
                said = gettext(
                    "회수를 발행사에 요청했습니다. 발행사가 확인하는 대로 환불하고 이 화면에서 알려 드립니다."
                )
    except Refused as refused:
        return _page(request, found, verb, refused.no, status=422)
    messages.success(request, said)
    return _back(public_id)


def _page(
    request: HttpRequest, order: Order, verb: str, no: No | None = None, status: int = 200
) -> HttpResponse:
    tally = gifts_now.tally(order)
    context: dict[str, Any] = {
        "order": order,
        "goods": queries.lines_of(order.id),
        "verb": verb,
        "tally": tally,
        "is_external": gifts_now.is_external(order.id),
        "gone": tally.copies - tally.waiting - tally.unsent,
        "no": no,
    }
    return render(request, "storefront/stop.html", context, status=status)


def _back(public_id: str) -> HttpResponse:
    return redirect(reverse("storefront:order", args=[public_id]))
