"""Paying a draft: the check before anything is asked, the means, the second factor, the order. M4, O6"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refused
from seonmul.ledger.rules import LedgerRefusal
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.rules import SpendRefusal
from seonmul.orders import actions, queries, rules
from seonmul.orders.models import Checkout, Draft
from seonmul.orders.queries import Quote
from seonmul.orders.rules import SplitRefusal
from seonmul.payments.rules import CardRefusal
from seonmul.storefront import devices, pay_page
from seonmul.storefront.forms import DraftForm
from seonmul.storefront.views import order, seen

#: What stays on the page of paying; every other refusal is said on the order page.
_STAYS = frozenset((*SpendRefusal, *SplitRefusal, *CardRefusal, LedgerRefusal.NOT_ENOUGH)) - {
    SpendRefusal.TOO_MANY_CODES,
    SpendRefusal.NO_PHONE,
}
_AT_THE_SECRET = frozenset(SpendRefusal)


@never_cache
@require_POST
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Save the form, say what stands in the way, and only then ask for the second factor."""
    draft = seen.draft(request, public_id)
    if draft is None:
        return seen.to_order(request, public_id)
    form = DraftForm(request.POST)
    if not order.keep(draft, form):
        return order.page(request, draft, typed=order.typed(form), status=422)
    at, quote = clock.now(), queries.quote(draft)
    actions.look_if_stale(draft.id, at=at)  # so that it can be said afterwards how right the check was
    no = _why_not_pay(request, draft, quote, at)
    if no is None and pay_page.choice(draft, quote, {}, at).split.needs_grant:
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
        return seen.to_order(request, public_id)
    quote, at = queries.quote(draft), clock.now()
    try:
        members.ask_spend_code(seen.member(request).id, queries.purpose_of(draft, quote), at=at)
    except Refused as refused:
        return _page(request, draft, request.POST, refused.no, status=422)
    messages.success(request, gettext("인증번호를 보냈습니다."))
    kept = {name: request.POST[name] for name in ("reward_won", "cash_won") if request.POST.get(name)}
    return redirect(f"{reverse('storefront:pay', args=[public_id])}{'?' if kept else ''}{urlencode(kept)}")


@sensitive_post_parameters("secret")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, public_id: str) -> HttpResponse:
    """The means and the second factor; with them the order is placed, or a card window is opened for the rest.

    The same form sent again ends on the same order, or on the same window.
    """
    draft = seen.draft(request, public_id)
    if draft is None:
        return seen.to_order(request, public_id)
    if request.method != "POST":
        return _page(request, draft, request.GET)
    seen_won = _number(request, "seen_won")
    try:
        paid = actions.pay(
            draft.id,
            by=seen.member(request),
            secret=request.POST.get("secret", "")[:128],
            device=devices.key_of(request),
            seen_won=seen_won,
            seen_left_out=_number(request, "seen_left_out"),
            split=pay_page.split_of(request.POST, seen_won),
            at=clock.now(),
        )
    except Refused as refused:
        if refused.no.why in _STAYS:
            return _page(request, draft, request.POST, refused.no, status=422)
        return order.page(request, draft, no=refused.no, status=422)
    return redirect("storefront:card" if isinstance(paid, Checkout) else "storefront:order", draft.public_id)


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
    return rules.why_not_place(facts, figures=figures_now.figures(at), at=at)


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


def _page(
    request: HttpRequest, draft: Draft, typed: QueryDict, no: No | None = None, status: int = 200
) -> HttpResponse:
    at, quote = clock.now(), queries.quote(draft)
    wanted = {name: str(typed.get(name, "")) for name in pay_page.TYPED}
    chosen = pay_page.choice(draft, quote, wanted, at)
    context = pay_page.context(
        draft, seen.member(request), devices.key_of(request), chosen, quote, at, no=no
    ) | {"is_secret_wrong": no is not None and no.why in _AT_THE_SECRET}
    name = "pay/whole" if seen.is_fragment(request) else "pay"
    return render(request, f"storefront/{name}.html", context, status=status)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 16 else -1
