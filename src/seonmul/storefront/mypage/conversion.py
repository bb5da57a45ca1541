"""기업회원전환: applying with a certificate, what became of it, taking it back. M2"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.audit import actions as audit
from seonmul.kit import clock, filetypes
from seonmul.kit.filetypes import PaperRefusal
from seonmul.kit.refusals import Refused
from seonmul.members import actions, queries
from seonmul.members.models import Conversion, ConversionKind, ConversionState
from seonmul.members.rules import ConversionRefusal
from seonmul.storefront.mypage import page
from seonmul.storefront.mypage.forms import ConversionForm, content_of
from seonmul.storefront.views import seen

R = ConversionRefusal
_FIELDS = {
    PaperRefusal.MISSING: "certificate", PaperRefusal.WRONG_TYPE: "certificate", PaperRefusal.TOO_LARGE: "certificate",
    R.NUMBER_TAKEN: "business_number", R.NUMBER_FORM: "business_number",
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def convert(request: HttpRequest) -> HttpResponse:
    """The form, or how far the application is."""
    if request.method != "POST":
        return _page(request, ConversionForm(initial=_typed_before(request)))
    form = ConversionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    typed = form.cleaned_data
    if page.is_refused(
        form,
        lambda: actions.apply_for_conversion(
            seen.member(request),
            ConversionKind(typed["kind"]),
            company_name=typed["company_name"],
            business_number=typed["business_number"],
            representative=typed["representative"],
            opened_on=typed["opened_on"],
            certificate=content_of(form),
            at=clock.now(),
        ),
        _FIELDS,
    ):
        return _page(request, form, status=422)
    messages.success(request, gettext("기업회원전환을 신청했습니다. 결과를 문자로 알려 드립니다."))
    return redirect("storefront:convert")


@never_cache
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a waiting application back."""
    row, member = _own(request, public_id), seen.member(request)
    try:
        actions.withdraw_conversion(row.id, by=member, at=clock.now())
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
    else:
        messages.success(request, gettext("신청을 취소했습니다. 언제든 다시 신청할 수 있습니다."))
    return redirect("storefront:convert")


@never_cache
@require_safe
def certificate(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file, for the applicant alone; every look is noted. M2"""
    row, member = _own(request, public_id), seen.member(request)
    if not row.certificate:
        raise Http404
    audit.record("document_seen", by=member.id, subject=row.id, company=row.buyer_id, at=clock.now())
    with default_storage.open(row.certificate) as file:
        answer = HttpResponse(file.read(), content_type=filetypes.CONTENT_TYPES[row.certificate_type])
    answer["Content-Disposition"] = f'inline; filename="{row.public_id}.{row.certificate_type}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _own(request: HttpRequest, public_id: str) -> Conversion:
    row = queries.conversion(public_id)
    if row is None or row.member_id != seen.member(request).id:
        raise Http404
    return row


def _page(request: HttpRequest, form: ConversionForm, status: int = 200) -> HttpResponse:
    member, buyer = seen.member(request), seen.buyer(request)
    rows = queries.conversions_of(buyer.id)
    newest = rows[0] if rows else None
    is_corporate = queries.is_company(buyer) and buyer.temporary_until is None
    context = {
        "form": form,
        "buyer": buyer,
        "is_corporate": is_corporate,
        "newest": newest,
        "is_mine": newest is not None and newest.member_id == member.id,
        "is_waiting": newest is not None and newest.state == ConversionState.WAITING,
        "may_apply": queries.is_owner(member),
        "is_filled": bool(form.initial) and not form.is_bound,
    }
    return page.show(request, "convert", context, status)


def _typed_before(request: HttpRequest) -> dict[str, Any]:
    """What was typed last: with the application that was refused or taken back, else at sign-up. M1, M2"""
    rows = queries.conversions_of(seen.buyer(request).id)
    before = rows[0] if rows else queries.typed_business(seen.member(request))
    if before is None:
        return {}
    names = ("kind", "business_number", "company_name", "representative", "opened_on")
    return {name: value for name in names if (value := getattr(before, name, None))}
