"""발신번호: what stands, what waits, and asking for another. M6"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from seonmul.dispatch import actions, queries, rules
from seonmul.dispatch.models import SenderNumber
from seonmul.dispatch.rules import SenderRefusal
from seonmul.figures import queries as figures_now
from seonmul.figures.rules import Figures
from seonmul.kit import clock, phones
from seonmul.kit.filetypes import PaperRefusal
from seonmul.kit.refusals import Refused
from seonmul.members import queries as members
from seonmul.storefront.mypage import page
from seonmul.storefront.mypage.forms import MobileForm, SenderForm, content_of
from seonmul.storefront.views import seen

#: Where a browser's session remembers the number that it asked for.
_OURS = "mobile_sender"
R = SenderRefusal
_FIELDS = {
    R.WRONG_FORM: "number", R.MOBILE_BY_DOCUMENT: "number", R.ALREADY_APPROVED: "number",
    R.ALREADY_WAITING: "number", PaperRefusal.MISSING: "certificate", PaperRefusal.WRONG_TYPE: "certificate",
    PaperRefusal.TOO_LARGE: "certificate", R.PROOF_TOO_OLD: "proved_on", R.PROOF_AHEAD: "proved_on",
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def senders(request: HttpRequest) -> HttpResponse:
    """The list, and the form under it."""
    member, buyer, at = seen.member(request), seen.buyer(request), clock.now()
    renewed = queries.sender(request.GET.get("renew", ""))
    known = {"number": phones.format_phone(renewed.digits), "label": renewed.label} if renewed else {}
    is_ours = renewed is not None and renewed.buyer_id == buyer.id and renewed.member_id is None
    form = SenderForm(request.POST or None, request.FILES or None, initial=known if is_ours else None)
    if request.method == "POST":
        if form.is_valid() and not page.is_refused(
            form,
            lambda: actions.apply_for_sender(
                member,
                buyer.id,
                form.cleaned_data["number"],
                label=form.cleaned_data["label"],
                certificate=content_of(form),
                proved_on=form.cleaned_data["proved_on"],
                at=at,
            ),
            _FIELDS,
        ):
            messages.success(request, gettext("발신번호를 신청했습니다. 결과를 문자로 알려 드립니다."))
            return redirect("storefront:senders")
    return _page(request, form, MobileForm(prefix="mobile"), at)


@never_cache
@require_POST
def mobile(request: HttpRequest) -> HttpResponse:
    """Have a code texted to a colleague's phone. M6"""
    member, buyer, at = seen.member(request), seen.buyer(request), clock.now()
    form = MobileForm(request.POST, prefix="mobile")
    if not form.is_valid():
        return _page(request, SenderForm(), form, at)
    typed = form.cleaned_data
    try:
        proof_id = actions.ask_mobile_code(member, buyer.id, typed["number"], at=at)
    except Refused as refused:
        is_about_number = isinstance(refused.no.why, SenderRefusal) and refused.no.why is not R.NOT_A_BUYER
        form.add_error("number" if is_about_number else None, refused.no.say(gettext))
        return _page(request, SenderForm(), form, at)
    request.session[_OURS] = {"proof": str(proof_id), "label": typed["label"]}
    return redirect("storefront:mobile_sender_code")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mobile_code(request: HttpRequest) -> HttpResponse:
    """The code that came to the colleague's phone. M6"""
    member, buyer, asked = seen.member(request), seen.buyer(request), request.session.get(_OURS)
    proof = members.proof(UUID(asked["proof"])) if asked else None
    if asked is None or proof is None or proof.used_at:
        return redirect("storefront:senders")
    no = None
    if request.method == "POST":
        try:
            actions.add_mobile_by_code(
                member,
                buyer.id,
                proof.id,
                request.POST.get("code", "")[:20],
                label=asked["label"],
                at=clock.now(),
            )
        except Refused as refused:
            no = refused.no
        else:
            del request.session[_OURS]
            messages.success(
                request, gettext("번호를 확인했습니다. 통신사에 등록하면 주문할 때 고를 수 있습니다.")
            )
            return redirect("storefront:senders")
    context = {"proof": proof, "phone": members.proved_address(proof), "no": no}
    return page.show(request, "sender_code", context, 422 if no else 200)


def _page(request: HttpRequest, form: SenderForm, mobile: MobileForm, at: datetime) -> HttpResponse:
    member, buyer = seen.member(request), seen.buyer(request)
    figures = figures_now.figures(at)
    context = {
        "senders": [
            _shown(row, figures, at)
            for row in queries.senders_asked_for(buyer.id)
            if row.member_id in (None, member.id)
        ],
        "form": form,
        "mobile": mobile,
        "phone": members.phone_of(member),
        "may_apply": members.may_buy(member),
        "proof_days": figures.proof_days,
    }
    return page.show(request, "senders", context, 422 if form.errors or mobile.errors else 200)


def _shown(row: SenderNumber, figures: Figures, at: datetime) -> dict[str, Any]:
    """A number, until when it serves by its paper (None: no end), and whether that is soon."""
    last = rules.last_day(row.serves_by, figures=figures) if row.serves_by else None
    is_soon = last is not None and rules.ends_soon(last, figures=figures, today=clock.seoul_date(at))
    return {"number": row, "last_day": last, "ends_soon": is_soon and not row.is_renewing}
