"""The end of a voucher, for its recipient: claim what the terms give, or have it last longer. V4

No login: the link says which copy, and a code to the phone that it went to says who. So nothing here hangs on a cookie, and
there is none to forge a form with.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from seonmul.giftpage import frame
from seonmul.giftpage.forms import ClaimForm
from seonmul.giftpage.shown import shown
from seonmul.gifts import actions, queries, rules
from seonmul.gifts.models import ClaimWay, Gift
from seonmul.gifts.queries import Typed
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refused


@sensitive_post_parameters()
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """What comes back and how; a code to the phone; then the account, or points."""
    at = clock.now()
    gift = frame.opened(request, token, at)
    if isinstance(gift, HttpResponse):
        return gift
    found = rules.claimable(
        queries.claim_facts(gift, is_buyer=False), queries.terms_of_line(gift.line), at=at
    )
    if isinstance(found, No):
        return _page(request, gift, at, no=found, status=422 if request.method == "POST" else 200)
    if request.method != "POST":
        return _page(request, gift, at, found=found)
    return _claim(request, gift, found, at) if request.POST.get("proof") else _code(request, gift, found, at)


def _code(request: HttpRequest, gift: Gift, found: rules.Claimable, at: datetime) -> HttpResponse:
    try:
        proof_id = actions.ask_claim_code(gift.id, client=get_adapter().get_client_ip(request), at=at)
    except Refused as refused:
        return _page(request, gift, at, found=found, no=refused.no, status=422)
    form = ClaimForm(initial={"proof": proof_id, "way": "bank" if found.money_won else "points"})
    return _page(request, gift, at, found=found, form=form)


def _claim(request: HttpRequest, gift: Gift, found: rules.Claimable, at: datetime) -> HttpResponse:
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return _page(request, gift, at, found=found, form=form, status=422)
    typed = form.cleaned_data
    account = None
    if typed["way"] == ClaimWay.BANK and typed["born_on"]:
        account = Typed(typed["number"], typed["holder"], typed["born_on"])
    try:
        actions.claim(
            gift.id,
            ClaimWay(typed["way"]),
            proof_id=UUID(str(typed["proof"])),
            digits=typed["digits"],
            bank=typed["bank"],
            typed=account,
            at=at,
        )
    except Refused as refused:
        return _page(request, gift, at, found=found, form=form, no=refused.no, status=422)
    return frame.unseen(redirect("giftpage:claim", token=queries.link_of(gift)))


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def extend(request: HttpRequest, token: str) -> HttpResponse:
    """Have the voucher last longer; its page then says until when, or why not."""
    at = clock.now()
    gift = frame.opened(request, token, at)
    if isinstance(gift, HttpResponse):
        return gift
    try:
        actions.extend(gift.id, at=at)
    except Refused as refused:
        return _page(request, gift, at, no=refused.no, status=422)
    return frame.unseen(redirect("giftpage:gift", token=token))


def _page(
    request: HttpRequest,
    gift: Gift,
    at: datetime,
    *,
    found: rules.Claimable | None = None,
    form: ClaimForm | None = None,
    no: No | None = None,
    status: int = 200,
) -> HttpResponse:
    last = queries.last_claim(gift)
    words: dict[str, Any] = {
        "gift": shown(gift, at=at),
        "token": queries.link_of(gift),
        "found": found,
        "form": form,
        "no": no if no is None or not last or no.why is not rules.ClaimRefusal.CLAIMED else None,
        "claim": last,
        "title": _("기간만료 환불"),
    }
    return frame.page(request, "giftpage/claim.html", words, status=status)
