"""Coming into a company by an invitation, and what the company's people did there. M7"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from seonmul.audit import queries as audit
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.members import actions, queries, rules
from seonmul.members.models import Member, Role
from seonmul.members.rules import CompanyRefusal
from seonmul.storefront.mypage import page, words
from seonmul.storefront.views import seen

_GONE = CompanyRefusal.INVITATION_GONE


@never_cache
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Every act with effect in this company, the newest first, for owners and accountants. M7"""
    place = queries.place_of(seen.member(request))
    if place is None or rules.why_not_read_record(
        is_company=queries.is_company(place.buyer), role=place.role
    ):
        raise Http404
    buyer = place.buyer
    found = audit.acts(audit.Search(company=str(buyer.id)), after=request.GET.get("after", ""))
    # who is there no more is known by the masked name
    names = queries.names_of({key for act in found.rows for key in (act.by, act.subject)})
    names |= {str(one.member_id): one.member.name for one in queries.places_of(buyer.id)}
    lines = [
        (act, words.of_verb(act.verb), names.get(act.by, words.of_nobody(act.by)), names.get(act.subject, ""))
        for act in found.rows
    ]
    context = {"lines": lines, "after": found.after, "is_later": "after" in request.GET}
    context["is_owner"] = place.role == Role.OWNER
    return page.show(request, "record", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, link: str) -> HttpResponse:
    """An invitation: who invites, then signing in, then accepting. The link is the secret."""
    invitation, at = queries.invitation_by_link(link), clock.now()
    member = request.user if isinstance(request.user, Member) else None
    no = rules.why_not_accept(queries.invitation_facts(invitation, member), at=at)
    if request.method == "POST" and member:
        try:
            placed = actions.accept_invitation(link, member, at=at)
        except Refused as refused:
            no = refused.no
        else:
            said = gettext("{company}의 구성원이 되었습니다.")
            messages.success(request, said.format(company=placed.buyer.name))
            if no := rules.why_not_spend(queries.blocked_until(member), at=at):
                messages.info(request, no.say(gettext))
            return redirect("storefront:my")
    context = {"invitation": invitation, "no": no, "is_gone": no is not None and no.why is _GONE}
    status = 422 if request.method == "POST" else 404 if context["is_gone"] else 200
    return render(request, "storefront/my/join.html", context, status=status)
