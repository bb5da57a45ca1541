"""Money at the console: refunds on their way, whole account numbers, days held against the provider's list. P5, P9, B"""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.audit import actions as audit_log
from seonmul.backoffice import finding, guard
from seonmul.backoffice.forms import ReconcileForm
from seonmul.backoffice.guard import needs
from seonmul.backoffice.kinds import claims, payouts, refunds
from seonmul.backoffice.rules import Power
from seonmul.figures import queries as figures
from seonmul.gifts import queries as gifts
from seonmul.kit import business, clock
from seonmul.kit.refusals import Refused
from seonmul.payments import actions, queries
from seonmul.payments.models import DifferenceState


@needs(Power.SEE_MONEY)
@require_http_methods(["GET", "HEAD", "POST"])
def refunds_list(request: HttpRequest) -> HttpResponse:
    """Refunds, also those that the provider has not finished."""
    if request.method == "POST":
        return finding.begin(request)
    at, words, searched = clock.now(), finding.words(request), finding.kept(request)
    only, after = request.GET.get("only", ""), request.GET.get("after", "")
    only = only if only in queries.REFUND_SHELVES else ""
    late_before = business.same_time_before(at, figures.calendar(at))
    page = queries.refunds_page(only, words, after, late_before=late_before)
    kept = searched | ({"only": only} if only else {})
    context = {
        "rows": [(row, row.done_at is None and row.asked_at < late_before) for row in page.rows],
        "late": queries.late_refunds(late_before),
        "words": words,
        "only": only,
        "searched": f"&{urlencode(searched)}" if searched else "",
        "is_later": bool(after),
        "first": f"?{urlencode(kept)}",
        "more": f"?{urlencode(kept | {'after': page.after})}" if page.after else "",
    }
    return render(request, "backoffice/money/refunds.html", context)


@needs(Power.DECIDE_MONEY)
@require_safe
def account_whole(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """A bank account whole, for whoever makes the transfer. Every look is in the log."""
    at = clock.now()
    if kind == payouts.NAME and (payout := queries.payout_named(public_id)):
        row_id, buyer, account, won = payout.id, payout.buyer, queries.payout_account(payout), payout.won
    elif kind == refunds.NAME and (refund := queries.refund_named(public_id)):
        told = queries.account_of(refund)
        if told is None:
            raise Http404
        row_id, buyer, account, won = refund.id, refund.payment.buyer, told, refund.won
    elif kind == claims.NAME and (claim := gifts.claim_named(public_id)):
        told = gifts.claim_account(claim)
        if told is None:
            raise Http404
        row_id, buyer, account, won = claim.id, claim.gift.order.buyer, told, claim.won
    else:
        raise Http404
    audit_log.record(
        "account_seen", by=guard.member(request).id, subject=row_id, company=buyer.id, at=at, kind=kind
    )
    context = {"kind": kind, "public_id": public_id, "account": account, "won": won, "buyer": buyer}
    return render(request, "backoffice/money/account.html", context)


@needs(Power.SEE_MONEY)
@require_safe
def reconciliations(request: HttpRequest) -> HttpResponse:
    """Every day that was held against the provider's list."""
    return _days(request, ReconcileForm())


@needs(Power.DECIDE_MONEY)
@require_POST
def reconcile(request: HttpRequest) -> HttpResponse:
    """Hold a day against the list once more; a job does it."""
    form = ReconcileForm(request.POST)
    if not form.is_valid():
        return _days(request, form, status=422)
    try:
        actions.reconcile_again(form.cleaned_data["day"], by=guard.member(request), at=clock.now())
    except Refused as refused:
        form.add_error("day", refused.no.say(gettext))
        return _days(request, form, status=422)
    messages.success(request, gettext("다시 맞춰 봅니다. 잠시 뒤 새로 고치면 결과가 보입니다."))
    return redirect("backoffice:reconciliations")


def _days(request: HttpRequest, form: ReconcileForm, status: int = 200) -> HttpResponse:
    after = request.GET.get("after", "")
    page = queries.reconciliations_page(after)
    waiting = queries.open_counts([row.day for row in page.rows])
    context = {
        "rows": [(row, waiting.get(row.day, 0)) for row in page.rows],
        "form": form,
        "may_decide": guard.may(request, Power.DECIDE_MONEY),
        "is_later": bool(after),
        "first": "?",
        "more": f"?{urlencode({'after': page.after})}" if page.after else "",
    }
    return render(request, "backoffice/money/reconciliations.html", context, status=status)


@needs(Power.SEE_MONEY)
@require_safe
def reconciliation(request: HttpRequest, day: str) -> HttpResponse:
    """One day with its differences."""
    return render(request, "backoffice/money/reconciliation.html", _day(request, day))


def _day(request: HttpRequest, text: str) -> dict[str, Any]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    row, after = queries.reconciliation(day), request.GET.get("after", "")
    if row is None:
        raise Http404
    state = request.GET.get("state", "")
    state = state if state in DifferenceState.values else ""
    page = queries.differences_page(day=day, state=state, after=after)
    kept = {"state": state} if state else {}
    return {
        "row": row,
        "differences": page.rows,
        "state": state,
        "states": DifferenceState.choices,
        "may_decide": guard.may(request, Power.DECIDE_MONEY),
        "is_later": bool(after),
        "first": f"?{urlencode(kept)}",
        "more": f"?{urlencode(kept | {'after': page.after})}" if page.after else "",
    }
