"""Paying a draft: the check before anything is asked, the second factor, the order. M4, O6"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refused
from seonmul.ledger import queries as ledger
from seonmul.ledger.rules import LedgerRefusal
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import SpendMethod
from seonmul.members.rules import SpendRefusal
from seonmul.orders import actions, queries, rules
from seonmul.orders.models import Draft
from seonmul.orders.queries import Quote
from seonmul.storefront import devices, draft_page
from seonmul.storefront.forms import DraftForm
from seonmul.storefront.views import order, seen

#: What stays on the page of the second factor; every other refusal is said on the order page.
_STAYS = frozenset(SpendRefusal) - {SpendRefusal.TOO_MANY_CODES, SpendRefusal.NO_PHONE}


@never_cache
@require_POST
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Save the form, say what stands in the way, and only then ask for the second factor."""
    draft = seen.draft(request, public_id)
    if draft is None:
        return redirect("storefront:order", public_id)
    form = DraftForm(request.POST)
    if not order.keep(draft, form):
        return order.page(request, draft, typed=order.typed(form), status=422)
    at, quote = clock.now(), queries.quote(draft)
    no = _why_not_pay(request, draft, quote, at)
    if no is None:
        no = _ask_code(request, draft, quote, at)
    if no:
        return order.page(request, draft, no=no, status=422)
    return redirect("storefront:pay", public_id)


@never_cache
@require_POST
def code(request: HttpRequest, public_id: str) -> HttpResponse:
    """Text a new code for this payment."""
    draft = seen.draft(request, public_id)
    if draft is None:
        return redirect("storefront:order", public_id)
    quote, at = queries.quote(draft), clock.now()
    try:
        members.ask_spend_code(seen.member(request).id, queries.purpose_of(draft, quote), at=at)
    except Refused as refused:
        return _page(request, draft, refused.no, status=422)
    messages.success(request, gettext("인증번호를 보냈습니다."))
    return redirect("storefront:pay", public_id)


@sensitive_post_parameters("secret")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, public_id: str) -> HttpResponse:
    """The second factor; with it the order is placed. The same form sent again ends on the same order."""
    draft = seen.draft(request, public_id)
    if draft is None:
        return redirect("storefront:order", public_id)
    if request.method != "POST":
        return _page(request, draft)
    try:
        actions.pay(
            draft.id,
            by=seen.member(request),
            secret=request.POST.get("secret", "")[:128],
            device=devices.key_of(request),
            seen_won=_number(request, "seen_won"),
            seen_left_out=_number(request, "seen_left_out"),
            at=clock.now(),
        )
    except Refused as refused:
        if refused.no.why in _STAYS:
            return _page(request, draft, refused.no, status=422)
        return order.page(request, draft, no=refused.no, status=422)
    return redirect("storefront:order", draft.public_id)


def _why_not_pay(request: HttpRequest, draft: Draft, quote: Quote, at: datetime) -> No | None:
    facts = queries.facts(
        draft,
        quote,
        seen.member(request),
        seen_won=_number(request, "seen_won"),
        seen_left_out=_number(request, "seen_left_out"),
        site_url=settings.PUBLIC_URL,
        at=at,
    )
    no = rules.why_not_place(facts, figures=figures_now.figures(at), at=at)
    return no or draft_page.why_not_afford(ledger.balances(draft.buyer_id).cash_won, quote.amount_won)


def _ask_code(request: HttpRequest, draft: Draft, quote: Quote, at: datetime) -> No | None:
    """Text a code, unless one for this very payment is still good."""
    member, purpose = seen.member(request), queries.purpose_of(draft, quote)
    if members_now.pays_by_password(member, devices.key_of(request), at):
        return None
    if members_now.code_until(member, purpose, at):
        return None
    try:
        members.ask_spend_code(member.id, purpose, at=at)
    except Refused as refused:
        return refused.no
    return None


def _page(request: HttpRequest, draft: Draft, no: No | None = None, status: int = 200) -> HttpResponse:
    member, quote, at = seen.member(request), queries.quote(draft), clock.now()
    has_chosen_password = member.spend_method == SpendMethod.PAYMENT_PASSWORD
    new_device = members_now.why_not_pay_by_password(member, devices.key_of(request), at)
    sent_lately, lately_hours = draft_page.sent_lately(draft, at)
    context = {
        "draft": draft,
        "product": draft.product,
        "quote": quote,
        "no": no,
        "by_password": has_chosen_password and new_device is None,
        "new_device": new_device if has_chosen_password else None,
        "phone": members_now.phone_of(member),
        "until": members_now.code_until(member, queries.purpose_of(draft, quote), at),
        "balances": ledger.balances(draft.buyer_id),
        "sent_lately": sent_lately,
        "lately_hours": lately_hours,
        "no_balance": bool(no and no.why is LedgerRefusal.NOT_ENOUGH),
    }
    return render(request, "storefront/pay.html", context, status=status)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 16 else -1
