"""What staff do to an account: stop a company's spending, open it, take a lost phone's second factors away. B, M8"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from seonmul.backoffice import guard
from seonmul.backoffice.forms import StandingForm
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.backoffice.views import members as pages
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.members import actions, rules


@needs(Power.HOLD_SPENDING)
@require_POST
def hold(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop all spending of a company."""
    buyer, form = pages.found_company(public_id), StandingForm(request.POST, rules.HOLDINGS, "hold")
    try:
        actions.hold_spending(buyer.id, form.typed(), by=guard.member(request), at=clock.now())
    except Refused as refused:
        return pages.company_page(request, buyer, hold=form, hold_no=refused.no, status=422)
    messages.success(request, gettext("모든 결제를 멈췄습니다. 대표에게 문자와 메일로 알립니다."))
    return redirect("backoffice:company", public_id)


@needs(Power.HOLD_SPENDING)
@require_POST
def release(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a company's spending again."""
    buyer, form = pages.found_company(public_id), StandingForm(request.POST, rules.RELEASES, "release")
    try:
        actions.release_spending(buyer.id, form.typed(), by=guard.member(request), at=clock.now())
    except Refused as refused:
        return pages.company_page(request, buyer, release=form, release_no=refused.no, status=422)
    messages.success(request, gettext("결제를 다시 열었습니다. 대표에게 문자와 메일로 알립니다."))
    return redirect("backoffice:company", public_id)


@needs(Power.RESET_FACTORS)
@require_POST
def reset_factors(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Take a member's second factors away and sign it out everywhere."""
    found, form = pages.found_member(member_id), StandingForm(request.POST, rules.RESETS, "reset")
    try:
        actions.reset_factors(found.id, form.typed(), by=guard.member(request), at=clock.now())
    except Refused as refused:
        return pages.member_page(request, found, reset=form, reset_no=refused.no, status=422)
    messages.success(
        request, gettext("2단계 인증을 지우고 모든 기기에서 로그아웃했습니다. 회원에게 알립니다.")
    )
    return redirect("backoffice:member", member_id)
