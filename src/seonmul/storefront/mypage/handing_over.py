"""담당자 변경: one account goes from one person to another; the new phone is proved by a code. M5"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.audit import actions as audit
from seonmul.documents import handover as papers
from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.kit.filetypes import PaperRefusal
from seonmul.kit.refusals import Refused
from seonmul.members import actions, queries
from seonmul.members.actions import Successor
from seonmul.members.models import Handover, HandoverState, HandoverWay, Member
from seonmul.members.rules import HandoverRefusal, ProfileRefusal
from seonmul.storefront.mypage import page
from seonmul.storefront.mypage.forms import SuccessorForm, content_of
from seonmul.storefront.views import seen

_FIELDS = {
    ProfileRefusal.NO_NAME: "name", ProfileRefusal.NO_MAIL: "mail", ProfileRefusal.MAIL_TAKEN: "mail",
    HandoverRefusal.PHONE_FORM: "phone", HandoverRefusal.SAME_PHONE: "phone",
    PaperRefusal.MISSING: "certificate", PaperRefusal.TOO_LARGE: "certificate",
    PaperRefusal.WRONG_TYPE: "certificate",
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """One's own account: behind the old person's identity verification, or with a certificate of employment."""
    return _form(request, seen.member(request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """The account of somebody in the company, for its owner."""
    member = seen.member(request)
    places = queries.places_of(seen.buyer(request).id) if queries.is_owner(member) else []
    whom = next((place.member for place in places if place.member_id == member_id), None)
    if whom is None or whom.id == member.id:
        raise Http404
    return _form(request, whom)


def _form(request: HttpRequest, whom: Member) -> HttpResponse:
    at = clock.now()
    if request.method != "POST":
        return _form_page(request, whom, SuccessorForm(), at)
    form = SuccessorForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, whom, form, at)
    typed = form.cleaned_data
    try:
        row = actions.ask_handover(
            seen.member(request),
            whom,
            Successor(typed["name"], typed["phone"], typed["mail"]),
            _way(request, whom, at),
            is_verified=page.verified(request, at) is not None,
            certificate=content_of(form),
            at=at,
        )
    except Refused as refused:
        form.add_error(_FIELDS.get(refused.no.why), refused.no.say(gettext))
        return _form_page(request, whom, form, at)
    return redirect("storefront:person_code", row.public_id)


def _way(request: HttpRequest, whom: Member, at: datetime) -> HandoverWay:
    if whom.id != seen.member(request).id:
        return HandoverWay.OWNER
    return HandoverWay.IDENTITY if page.verified(request, at) else HandoverWay.CERTIFICATE


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, public_id: str) -> HttpResponse:
    """The code that came to the new person's phone."""
    at, row, member = clock.now(), _seen(request, public_id), seen.member(request)
    if row.state != HandoverState.ASKED or row.by_id != member.id:
        raise Http404
    no = None
    if request.method == "POST":
        try:
            state = actions.prove_handover(
                row.id,
                request.POST.get("code", "")[:20],
                member,
                is_verified=page.verified(request, at) is not None,
                at=at,
            )
        except Refused as refused:
            no = refused.no
        else:
            return _leave(request, row, state)
    context = {"row": row, "phone": queries.successor(row).phone, "no": no, "back": _address(request, row)}
    return page.show(request, "person_code", context, 422 if no else 200)


def _leave(request: HttpRequest, row: Handover, state: HandoverState) -> HttpResponse:
    if state == HandoverState.WAITING:
        messages.success(
            request, gettext("담당자 변경을 신청했습니다. 결과를 새 담당자의 휴대폰으로 알려 드립니다.")
        )
        return redirect("storefront:person")
    said = gettext("담당자를 바꿨습니다. 새 담당자에게 로그인하는 방법을 문자로 보냈습니다.")
    if row.member_id != seen.member(request).id:
        messages.success(request, said)
        return redirect(_address(request, row))
    # this session was the old person's
    logout(request)
    messages.success(request, said)
    return redirect("account_login")


@never_cache
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back what waits for staff."""
    row = _seen(request, public_id)
    try:
        actions.withdraw_handover(row.id, by=seen.member(request), at=clock.now())
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
    else:
        messages.success(request, gettext("신청을 취소했습니다. 바뀐 것은 없습니다."))
    return redirect(_address(request, row))


@never_cache
@require_safe
def paper(request: HttpRequest, public_id: str) -> HttpResponse:
    """인수인계서 as PDF, for the new person and the company's owners; every look is noted."""
    row = _seen(request, public_id)
    if row.state != HandoverState.DONE:
        raise Http404
    audit.record(
        "document_seen", by=seen.member(request).id, subject=row.id, company=row.buyer_id, at=clock.now()
    )
    answer = HttpResponse(papers.paper(row), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="handover-{row.public_id}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _seen(request: HttpRequest, public_id: str) -> Handover:
    row = queries.handover(public_id)
    if row is None or not queries.may_see_handover(row, seen.member(request)):
        raise Http404
    return row


def _address(request: HttpRequest, row: Handover) -> str:
    """Where the change of this account begins, for whoever looks."""
    if row.member_id == seen.member(request).id:
        return reverse("storefront:person")
    return reverse("storefront:person_of", args=[row.member_id])


def _form_page(request: HttpRequest, whom: Member, form: SuccessorForm, at: datetime) -> HttpResponse:
    member, verified = seen.member(request), page.verified(request, at)
    place, figures = queries.place_of(whom), figures_now.figures(at)
    context = {
        "form": form,
        "whom": whom,
        "is_own": whom.id == member.id,
        "is_company": place is not None and queries.is_company(place.buyer),
        "phone": queries.phone_of(whom),
        "waiting": queries.waiting_handover_of(whom),
        "done": queries.handovers_of(whom),
        "verified_until": page.verified_until(verified, at),
        "minutes": figures.verification_minutes,
        "hours": figures.handover_block_hours,
        "here_address": request.path,
    }
    return page.show(request, "person", context, 422 if form.errors else 200)
