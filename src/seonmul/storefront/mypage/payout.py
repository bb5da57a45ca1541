"""캐쉬 환급: unused cash to one's own bank account. P5, M4"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from seonmul.kit import clock
from seonmul.kit.refusals import No, Refused
from seonmul.ledger import queries as ledger
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.rules import Purpose, SpendRefusal
from seonmul.payments import actions, queries
from seonmul.payments.rules import PayoutRefusal, RefundRefusal
from seonmul.storefront import devices
from seonmul.storefront.mypage import page
from seonmul.storefront.mypage.forms import PayoutForm
from seonmul.storefront.views import seen

_FIELDS = {
    PayoutRefusal.NOTHING: "won", PayoutRefusal.TOO_MUCH: "won", RefundRefusal.NO_ACCOUNT: "number",
}  # fmt: skip


@sensitive_post_parameters("number", "secret")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def payout(request: HttpRequest) -> HttpResponse:
    """Ask for cash in two steps: the account, then the spend authentication; or see how far one is."""
    if request.method != "POST":
        return _page(request, PayoutForm())
    form, at = PayoutForm(request.POST), clock.now()
    if not form.is_valid():
        return _page(request, form, status=422)
    member, typed, left = seen.member(request), form.cleaned_data, _left(request)
    wish = (member, typed["won"], typed["bank"], typed["number"])
    try:
        purpose = actions.check_payout(*wish, left=left, at=at)
        if "secret" not in request.POST or "again" in request.POST:
            _send_code(request, purpose, at)
            return _page(request, form, purpose=purpose)
    except Refused as refused:
        form.add_error(_FIELDS.get(refused.no.why), refused.no.say(gettext))
        return _page(request, form, status=422)
    try:
        secret = request.POST.get("secret", "")[:128]
        actions.ask_payout(*wish, secret=secret, device=devices.key_of(request), left=left, at=at)
    except Refused as refused:
        if refused.no.why in frozenset(SpendRefusal):
            return _page(request, form, purpose=purpose, no=refused.no, status=422)
        form.add_error(_FIELDS.get(refused.no.why), refused.no.say(gettext))
        return _page(request, form, status=422)
    messages.success(request, gettext("환급을 신청했습니다. 예금주를 확인한 뒤 담당자가 승인합니다."))
    return redirect(_address(left))


@never_cache
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a wish back before it is approved."""
    row = queries.payout_seen_by(seen.member(request), public_id)
    if row is None:
        raise Http404
    try:
        actions.withdraw_payout(row.id, by=seen.member(request), at=clock.now())
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
    else:
        messages.success(request, gettext("환급 신청을 취소했습니다. 캐쉬를 다시 쓸 수 있습니다."))
    return redirect(_address(row.buyer.public_id if row.buyer.closed_at else ""))


def _left(request: HttpRequest) -> str:
    """The account that the member left for a company and whose cash this page is about; "" for where they are now. M7"""
    left = request.GET.get("left", "")
    if left and queries.purse_of(seen.member(request), left) is None:
        raise Http404
    return left


def _address(left: str) -> str:
    here = reverse("storefront:payout")
    return f"{here}?{urlencode({'left': left})}" if left else here


def _send_code(request: HttpRequest, purpose: Purpose, at: datetime) -> None:
    """Text a code, unless one for this very pay-out is still good or it is asked for anew."""
    member = seen.member(request)
    if members_now.pays_by_password(member, devices.key_of(request), at):
        return
    if "again" in request.POST or members_now.code_until(member, purpose, at) is None:
        members.ask_spend_code(member.id, purpose, at=at)


def _page(
    request: HttpRequest,
    form: PayoutForm,
    *,
    purpose: Purpose | None = None,
    no: No | None = None,
    status: int = 200,
) -> HttpResponse:
    member, at, left = seen.member(request), clock.now(), _left(request)
    buyer = queries.purse_of(member, left) or seen.buyer(request)
    facts = queries.payout_facts(buyer, member)
    context = {
        "form": form,
        "left": left,
        "left_purses": [] if left else queries.left_purses(member),
        "facts": facts,
        "held_won": ledger.balances(buyer.id).held_won,
        "rows": [(row, queries.payout_account(row)) for row in queries.payouts_of(buyer.id)],
        "purpose": purpose,
        "bank": form.bank_label() if purpose else "",
        "no": no,
        "by_password": members_now.pays_by_password(member, devices.key_of(request), at),
        "phone": members_now.phone_of(member),
        "until": members_now.code_until(member, purpose, at) if purpose else None,
        "is_company": members_now.is_company(buyer),
        "buyer": buyer,
    }
    return page.show(request, "payout", context, status)
