"""Charging cash by virtual account, and the notice of a low balance. P2, P6, P7"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.kit.refusals import Refusal, Refused
from seonmul.ledger import queries as ledger
from seonmul.members import queries as members
from seonmul.payments import actions, queries, rules
from seonmul.payments.models import Payment, PaymentState
from seonmul.payments.rules import ChargeRefusal, WatchRefusal
from seonmul.storefront.forms import ChargeForm, LevelForm
from seonmul.storefront.views import seen

_FIELDS: dict[Refusal, str] = {
    ChargeRefusal.TOO_LITTLE: "won",
    ChargeRefusal.STEP: "won",
    ChargeRefusal.OVER_CAP: "won",
    ChargeRefusal.NO_BANK: "bank",
}
#: How long a bank usually needs; after that the page says that mail will come.
_USUAL = timedelta(seconds=20)


@never_cache
@require_safe
def charges(request: HttpRequest) -> HttpResponse:
    """All charges, the newest first."""
    member = seen.member(request)
    page = queries.charges_page(member, after=request.GET.get("after", ""))
    rows = [(row, rules.is_given_up(row.ends_at)) for row in page.rows]
    context = {"charges": rows, "after": page.after, "may_charge": members.may_buy(member)}
    return render(request, "storefront/charges.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Amount and bank; a job has the account issued, and the page of the charge shows it."""
    if request.method != "POST":
        missing = request.GET.get("won", "")
        won = f"{rules.charge_for(int(missing)):,}" if missing.isdecimal() and len(missing) < 13 else ""
        bank = queries.last_bank(seen.buyer(request).id)
        return _form_page(request, ChargeForm(initial={"won": won, "bank": bank}))
    form = ChargeForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    typed = form.cleaned_data
    try:
        made = actions.ask_charge(seen.member(request), typed["won"], typed["bank"], at=clock.now())
    except Refused as refused:
        form.add_error(_FIELDS.get(refused.no.why), refused.no.say(gettext))
        return _form_page(request, form, status=422)
    return redirect("storefront:charge", made.public_id)


def _form_page(request: HttpRequest, form: ChargeForm, status: int = 200) -> HttpResponse:
    buyer, at = seen.buyer(request), clock.now()
    figures = figures_now.figures(at)
    context = {
        "form": form,
        "may_charge": members.may_buy(seen.member(request)),
        "cash": ledger.cash(buyer.id),
        "open_won": queries.open_won(buyer.id, at),
        "room_won": queries.room_to_charge(buyer.id, at, figures=figures),
        "most_won": figures.cash_most_won,
        "until": rules.account_until(at, figures=figures),
        "days": figures.account_days,
        "least_won": rules.CHARGE_LEAST_WON,
        "step_won": rules.CHARGE_STEP_WON,
    }
    return render(request, "storefront/charge_new.html", context, status=status)


@never_cache
@require_safe
def charge(request: HttpRequest, public_id: str) -> HttpResponse:
    """One charge; the fragment asks again until the account is there, and then for the deposit."""
    found = seen.charge(request, public_id)
    context = _context(request, found, clock.now())
    if seen.is_fragment(request):
        return render(request, "storefront/charge_state.html", context)
    return render(request, "storefront/charge.html", context)


def _context(request: HttpRequest, found: Payment, at: datetime) -> dict[str, Any]:
    is_open = found.state in (PaymentState.ASKED, PaymentState.WAITING) and at <= found.ends_at
    return {
        "charge": found,
        "account": queries.account_of(found) if found.state != PaymentState.ASKED else None,
        "is_open": is_open,
        "is_live": found.state in (PaymentState.ASKED, PaymentState.WAITING, PaymentState.PARKED),
        "is_given_up": rules.is_given_up(found.ends_at),
        "is_slow": at > found.asked_at + _USUAL,
        "is_other": found.paid_won is not None and found.paid_won != found.won,
        "may_close": is_open and members.may_buy(seen.member(request)),
    }


@never_cache
@require_POST
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give an account up before its time."""
    found = seen.charge(request, public_id)
    try:
        actions.close_charge(found.id, by=seen.member(request), at=clock.now())
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
    else:
        messages.success(
            request, gettext("충전을 취소했습니다. 그사이 입금했다면 확인해서 그대로 충전합니다.")
        )
    return redirect("storefront:charge", public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def level(request: HttpRequest) -> HttpResponse:
    """Below which balance the owners are told. P7"""
    buyer = seen.buyer(request)
    now = queries.low_balance(buyer.id)
    if request.method != "POST":
        return _level_page(request, LevelForm(initial={"below_won": f"{now.below_won:,}" if now else ""}))
    form = LevelForm(request.POST)
    if not form.is_valid():
        return _level_page(request, form, status=422)
    try:
        actions.set_low_balance(seen.member(request), form.cleaned_data["below_won"], at=clock.now())
    except Refused as refused:
        field = "below_won" if refused.no.why is WatchRefusal.LEVEL else None
        form.add_error(field, refused.no.say(gettext))
        return _level_page(request, form, status=422)
    said = (
        gettext("잔액 알림을 정했습니다.")
        if form.cleaned_data["below_won"]
        else gettext("잔액 알림을 껐습니다.")
    )
    messages.success(request, said)
    return redirect("storefront:cash_level")


def _level_page(request: HttpRequest, form: LevelForm, status: int = 200) -> HttpResponse:
    buyer = seen.buyer(request)
    context = {
        "form": form,
        "level": queries.low_balance(buyer.id),
        "cash_won": ledger.balances(buyer.id).cash_won,
        "may_watch": queries.may_watch(seen.member(request)),
    }
    return render(request, "storefront/cash_level.html", context, status=status)
