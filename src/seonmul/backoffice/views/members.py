"""Members and companies: found by name, login, number or phone; masked, unless somebody says why. B"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.audit import actions as audit_log
from seonmul.audit import queries as audit
from seonmul.backoffice import finding, guard, rules
from seonmul.backoffice.forms import EndingForm, StandingForm, UnmaskForm
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.dispatch import queries as dispatch
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.members import actions, lookups, queries
from seonmul.members import rules as members_rules
from seonmul.members.models import Buyer, Member
from seonmul.orders import queries as orders


@needs(Power.SEE_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest) -> HttpResponse:
    """Members, the newest first."""
    if request.method == "POST":
        return finding.begin(request)
    words, after = finding.words(request), request.GET.get("after", "")
    page = lookups.members_page(words, after)
    people = [(one, queries.phone_of(one)) for one in page.rows]
    return render(
        request, "backoffice/members/members.html", _listed(request, page.after) | {"people": people}
    )


@needs(Power.SEE_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def companies(request: HttpRequest) -> HttpResponse:
    """Companies, the newest first."""
    if request.method == "POST":
        return finding.begin(request)
    words, after = finding.words(request), request.GET.get("after", "")
    page = lookups.companies_page(words, after)
    context = _listed(request, page.after) | {"companies": page.rows}
    return render(request, "backoffice/members/companies.html", context)


@needs(Power.SEE_MEMBERS)
@require_safe
def member(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """One member, masked."""
    return member_page(request, found_member(member_id))


@needs(Power.UNMASK)
@require_POST
def unmask(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """The same page with whole numbers, once, for a reason that stays in the log."""
    found, form = found_member(member_id), UnmaskForm(request.POST)
    no = rules.why_not_unmask(form.data.get("reason", ""))
    if no:
        return member_page(request, found, form=form, no=no, status=422)
    place = getattr(found, "membership", None)
    audit_log.record(
        "member_unmasked", by=guard.member(request).id, subject=found.id, at=clock.now(),
        company=place.buyer_id if place else "", reason=form.data["reason"],
    )  # fmt: skip
    return member_page(request, found, is_whole=True)


@needs(Power.SEE_MEMBERS)
@require_safe
def company(request: HttpRequest, public_id: str) -> HttpResponse:
    """One buyer: its people, money, numbers and orders."""
    return company_page(request, found_company(public_id))


@needs(Power.DECIDE_CONVERSIONS)
@require_POST
def end_temporary(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a temporary corporate membership back. M2"""
    buyer, reason = found_company(public_id), request.POST.get("reason", "")
    no = rules.why_not_end(reason)
    if no:
        return company_page(request, buyer, no=no, status=422)
    try:
        actions.end_temporary(buyer.id, by=str(guard.member(request).id), at=clock.now(), reason=reason)
    except Refused as refused:
        return company_page(request, buyer, no=refused.no, status=422)
    messages.success(request, gettext("임시기업회원을 끝냈습니다. 이제 일반회원입니다."))
    return redirect("backoffice:company", public_id)


def found_company(public_id: str) -> Buyer:
    """The buyer with this public id."""
    found = lookups.company(public_id)
    if found is None:
        raise Http404
    return found


def company_page(request: HttpRequest, buyer: Buyer, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a buyer, also with what was declined."""
    may_hold = guard.may(request, Power.HOLD_SPENDING) and buyer.closed_at is None
    context = {
        "buyer": buyer,
        "people": [(place, queries.phone_of(place.member)) for place in queries.places_of(buyer.id)],
        "balances": ledger.balances(buyer.id),
        "senders": dispatch.senders_asked_for(buyer.id),
        "orders": orders.counts_of(buyer.id, clock.now()),
        "acts": _acts(company=str(buyer.id)),
        "ending": EndingForm() if guard.may(request, Power.DECIDE_CONVERSIONS) else None,
        "hold": StandingForm(None, members_rules.HOLDINGS, "hold"),
        "release": StandingForm(None, members_rules.RELEASES, "release"),
        "may_hold": may_hold,
    }
    return render(request, "backoffice/members/company.html", context | more, status=status)


def found_member(member_id: UUID) -> Member:
    """The member with this id."""
    found = lookups.member(member_id)
    if found is None:
        raise Http404
    return found


@sensitive_variables()
def member_page(
    request: HttpRequest, found: Member, *, is_whole: bool = False, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of a member, also with what was declined."""
    may_reset = guard.may(request, Power.RESET_FACTORS) and found.closed_at is None
    context = {
        "one": found,
        "place": getattr(found, "membership", None),
        "phone": queries.phone_of(found),
        "is_whole": is_whole,
        "may_unmask": guard.may(request, Power.UNMASK),
        "form": UnmaskForm(),
        "reset": StandingForm(None, members_rules.RESETS, "reset") if may_reset else None,
        "has_second_factor": queries.has_second_factor(found),
        "acts": _acts(subject=str(found.id)),
        "seen_at": clock.now(),
    }
    return render(request, "backoffice/members/member.html", context | more, status=status)


def _acts(*, subject: str = "", company: str = "") -> list[tuple[Any, Member | None]]:
    """The last acts on a member or within a company, with who did them."""
    acts = audit.acts_on(subject, limit=15) if subject else audit.acts_of(company, limit=15)
    people = lookups.named(act.by for act in acts)
    return [(act, people.get(act.by)) for act in acts]


def _listed(request: HttpRequest, behind: str) -> dict[str, Any]:
    """What every list with a search says about itself; `more`: the address of its next page."""
    kept = finding.kept(request)
    more = f"?{urlencode(kept | {'after': behind})}" if behind else ""
    words, after = finding.words(request), request.GET.get("after", "")
    return {"words": words, "is_later": bool(after), "first": f"?{urlencode(kept)}", "more": more}
