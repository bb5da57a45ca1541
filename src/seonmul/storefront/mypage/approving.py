"""결재함: orders of colleagues that wait for a member's consent. M7, O8"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.members import queries as members
from seonmul.orders import actions, queries
from seonmul.storefront.mypage import page
from seonmul.storefront.views import seen


@never_cache
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits, and what was decided lately."""
    member, buyer = seen.member(request), seen.buyer(request)
    if not members.is_company(buyer):
        raise Http404
    context = {
        "rows": list(queries.to_approve(member)[:100]),
        "past": queries.company_approvals(member),
        "may_approve": members.may_approve(member, buyer.id),
        "above_won": buyer.approval_above_won,
    }
    return page.show(request, "approvals", context)


@never_cache
@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Consent to an order, or not: then all of it is paid back at once."""
    member = seen.member(request)
    row = queries.to_approve(member).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    approve = request.POST.get("verdict") == "approve"
    try:
        actions.decide_for_company(
            row.id, approve=approve, reason=request.POST.get("reason", "")[:300], by=member, at=clock.now()
        )
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
    else:
        said = (
            gettext("결재했습니다. 주문한 분께 알립니다.")
            if approve
            else gettext("반려하고 모두 환불했습니다.")
        )
        messages.success(request, said)
    return redirect("storefront:approvals")
