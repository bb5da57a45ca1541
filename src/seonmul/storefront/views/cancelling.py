"""Cancelling unused vouchers after sending: first shown what goes back, then done. O10, P4, P5"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from seonmul.gifts import actions, queries
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refused
from seonmul.orders import queries as orders
from seonmul.orders.models import Order
from seonmul.storefront.views import seen

#: What one look takes at most; a page of the list holds fewer.
_MOST = 200


@never_cache
@require_POST
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show what would go back for the chosen gifts; with `seen_won`, which that page sends, do it."""
    order, at = seen.order(request, public_id), clock.now()
    chosen = queries.gifts_seen_by(seen.member(request)).filter(
        order=order, public_id__in=request.POST.getlist("gift")[:_MOST]
    )
    ids = list(chosen.order_by("position", "copy_number").values_list("id", flat=True))
    if not ids:
        messages.error(request, gettext("쿠폰을 취소할 받는 분을 골라 주세요."))
        return _back(public_id)
    if "seen_won" not in request.POST:
        return _page(request, order, ids, at)
    seen_won = request.POST["seen_won"]
    try:
        done = actions.cancel(
            order.id,
            ids,
            by=seen.member(request),
            seen_won=int(seen_won) if seen_won.isdecimal() and len(seen_won) < 16 else -1,
            at=at,
        )
    except Refused as refused:
        return _page(request, order, ids, at, refused.no, status=422)
    said = gettext("쿠폰 {count}건을 취소했습니다. 환불이 어떻게 되는지는 이 화면에서 알려 드립니다.")
    if done.asked:
        said = gettext(
            "쿠폰 {count}건을 취소합니다. 발행사가 취소를 확인하면 환불합니다. 이 화면에서 알려 드립니다."
        )
    messages.success(request, said.format(count=f"{len(done.gifts):,}"))
    return _back(public_id)


def _page(
    request: HttpRequest,
    order: Order,
    ids: Sequence[UUID],
    at: datetime,
    no: No | None = None,
    status: int = 200,
) -> HttpResponse:
    found = actions.look_at_cancel(order, ids, by=seen.member(request), at=at)
    context = {
        "order": order,
        "goods": orders.lines_of(order.id),
        "found": found,
        "plan": found.plan,
        "back_won": found.plan.won - found.plan.kept_won if found.plan else 0,
        "no": no,
    }
    return render(request, "storefront/cancel.html", context, status=status)


def _back(public_id: str) -> HttpResponse:
    return redirect(f"{reverse('storefront:order', args=[public_id])}#gifts")
