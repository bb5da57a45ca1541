"""Which card works by which way: the table that the payment page shows, kept with its history. P3"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from seonmul.backoffice import guard
from seonmul.backoffice.forms import IssuerRuleForm
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.members import lookups
from seonmul.payments import actions, queries, rules
from seonmul.payments.models import CardKind


@needs(Power.SEE_SETTINGS)
@require_safe
def issuers(request: HttpRequest) -> HttpResponse:
    """Every issuer with its three kinds of card."""
    now = queries.ways(clock.now())
    rows = sorted(
        (gettext(name), code, [(card, label, now.get((code, card))) for card, label in CardKind.choices])
        for code, name in rules.ISSUERS.items()
    )
    known = [row for row in rows if any(rule for _, _, rule in row[2])]
    context = {
        "rows": known + [row for row in rows if row not in known],
        "kinds": CardKind.choices,
        "may_edit": guard.may(request, Power.EDIT_ISSUERS),
    }
    return render(request, "backoffice/settings/issuers.html", context)


@needs(Power.SEE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def issuer(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """One issuer's cards of a kind: what holds, its history, and for whoever may a new row."""
    issuer, card = code, kind
    if issuer not in rules.ISSUERS or card not in rules.CARDS:
        raise Http404
    if request.method == "POST":
        return _add(request, issuer, card)
    rule = queries.ways(clock.now()).get((issuer, card))
    today = clock.seoul_date(clock.now())
    return _page(
        request,
        issuer,
        card,
        IssuerRuleForm.filled(rule.ways if rule else [], rule.note if rule else "", today),
    )


@needs(Power.EDIT_ISSUERS)
def _add(request: HttpRequest, issuer: str, card: str) -> HttpResponse:
    form = IssuerRuleForm(request.POST)
    if not form.is_valid():
        return _page(request, issuer, card, form, status=422)
    try:
        actions.add_issuer_rule(
            issuer, card, form.ways(), note=form.cleaned_data["note"], checked_on=form.cleaned_data["checked_on"],
            by=guard.member(request), at=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        form.add_error(None, refused.no.say(gettext))
        return _page(request, issuer, card, form, status=422)
    messages.success(request, gettext("바꿨습니다. 결제 화면에 바로 보입니다."))
    return redirect("backoffice:issuer", issuer, card)


def _page(
    request: HttpRequest, issuer: str, card: str, form: IssuerRuleForm, *, status: int = 200
) -> HttpResponse:
    past = queries.issuer_history(issuer, card)
    people = lookups.named(row.by for row in past)
    context = {
        "issuer": gettext(rules.ISSUERS[issuer]),
        "card": CardKind(card).label,
        "past": [(row, people.get(row.by)) for row in past],
        "form": form,
        "may_edit": guard.may(request, Power.EDIT_ISSUERS),
    }
    return render(request, "backoffice/settings/issuer.html", context, status=status)
