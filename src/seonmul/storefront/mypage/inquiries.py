"""고객센터 → 1:1 문의: one's own inquiries, a new one, and one with its thread. H3, O7"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.gifts import queries as gifts
from seonmul.gifts.rules import ChangeRefusal
from seonmul.kit import business, clock, filetypes
from seonmul.kit.refusals import Refused
from seonmul.orders import queries as orders
from seonmul.orders import rules as order_rules
from seonmul.storefront.mypage import page
from seonmul.storefront.mypage.inquiry_forms import InquiryForm, WordForm
from seonmul.storefront.views import seen
from seonmul.support import actions, queries
from seonmul.support.models import Inquiry, InquiryKind, InquiryState
from seonmul.support.rules import InquiryRefusal

_FIELDS = {
    InquiryRefusal.NO_TEXT: "text", InquiryRefusal.LONG_TEXT: "text", InquiryRefusal.MANY_FILES: "papers",
    InquiryRefusal.NO_AMOUNT: "wanted_won", ChangeRefusal.NO_NUMBER: "to", ChangeRefusal.NO_MAIL: "to",
    ChangeRefusal.SAME: "to", ChangeRefusal.COPIES: "to", filetypes.PaperRefusal.TOO_LARGE: "papers",
    filetypes.PaperRefusal.WRONG_TYPE: "papers", filetypes.PaperRefusal.MISSING: "papers",
}  # fmt: skip


@never_cache
@require_safe
def inquiries(request: HttpRequest) -> HttpResponse:
    """What one has asked, the last moved first."""
    after = request.GET.get("after", "")
    found = queries.inquiries_page(seen.member(request), after)
    context = {"rows": found.rows, "after": found.after, "is_later": bool(after)} | _hours()
    return page.show(request, "inquiries", context)


@sensitive_post_parameters("text", "to")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask something; a link may bring the type, and what it is about."""
    at, member = clock.now(), seen.member(request)
    buyer = seen.buyer(request)
    no = order_rules.why_not_ask_raise(is_temporary=buyer.temporary_until is not None)
    if request.method != "POST":
        form = InquiryForm(initial=_filled(request, at))
        copy = _copy(request, form.initial)
        return page.show(request, "inquiry_new", {"form": form, "no_raise": no, "copy": copy} | _hours())
    form = InquiryForm(request.POST, request.FILES)
    if form.is_valid():
        typed, made = form.cleaned_data, []
        asks = {
            "about": typed["about"],
            "wanted_won": typed["wanted_won"],
            "to": typed["to"],
            "files": form.contents(),
            "at": at,
        }
        if not page.is_refused(
            form,
            lambda: made.append(actions.ask(member, InquiryKind(typed["kind"]), typed["text"], **asks)),
            _FIELDS,
        ):
            messages.success(request, gettext("문의를 접수했습니다. 답변을 문자와 이메일로 알려 드립니다."))
            return redirect("storefront:inquiry", made[0].public_id)
    context = {"form": form, "no_raise": no, "copy": _copy(request, request.POST)}
    return page.show(request, "inquiry_new", context | _hours(), 422)


def _copy(request: HttpRequest, typed: Mapping[str, Any]) -> dict[str, Any] | None:
    """The copy whose number should change, when it is one of one's own. S5"""
    if typed.get("kind") != InquiryKind.NUMBER:
        return None
    gift = gifts.gift_seen_by(seen.member(request), str(typed.get("about", ""))[:16])
    return {"gift": gift, "to": gifts.to_of(gift.order, gifts.cells_of(gift))} if gift else None


@sensitive_post_parameters("text")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def inquiry(request: HttpRequest, public_id: str) -> HttpResponse:
    """One inquiry with its thread, and a box to say more."""
    row, at = _own(request, public_id), clock.now()
    if request.method != "POST":
        return _page(request, row, WordForm(), at)
    form = WordForm(request.POST, request.FILES)
    if not form.is_valid() or page.is_refused(
        form,
        lambda: actions.write(
            row.id, form.cleaned_data["text"], files=form.contents(), by=seen.member(request), at=at
        ),
        _FIELDS,
    ):
        return _page(request, row, form, at, status=422)
    messages.success(request, gettext("이어서 적은 내용을 보냈습니다."))
    return redirect("storefront:inquiry", public_id)


@never_cache
@require_POST
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Nothing more is needed."""
    row = _own(request, public_id)
    try:
        actions.close(row.id, by=seen.member(request), at=clock.now())
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
    else:
        messages.success(request, gettext("문의를 끝냈습니다. 더 궁금한 것은 새로 문의해 주세요."))
    return redirect("storefront:inquiries")


@never_cache
@require_safe
def attachment(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """A file of one's own inquiry; every look is noted."""
    row = _own(request, public_id)
    found = queries.attachment_of(row, code)
    if found is None:
        raise Http404
    audit.record(
        "document_seen", by=seen.member(request).id, subject=row.id, company=row.buyer_id, at=clock.now()
    )
    with default_storage.open(found.stored) as file:
        answer = HttpResponse(file.read(), content_type=filetypes.CONTENT_TYPES[found.type])
    answer["Content-Disposition"] = f'inline; filename="{found.public_id}.{found.type}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _own(request: HttpRequest, public_id: str) -> Inquiry:
    found = queries.inquiries_seen_by(seen.member(request)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, row: Inquiry, form: WordForm, at: datetime, status: int = 200
) -> HttpResponse:
    calendar = figures_now.calendar(at)
    due = queries.due_of(row.kind, row.waits_since, at)
    context = {
        "row": row,
        "said": queries.thread(row),
        "form": form,
        "is_order": orders.orders_seen_by(seen.member(request)).filter(public_id=row.about).exists(),
        "is_draft": orders.drafts_seen_by(seen.member(request)).filter(public_id=row.about).exists(),
        "to": queries.to_of(row),
        "is_copy": row.kind == InquiryKind.NUMBER and gifts.gift_seen_by(seen.member(request), row.about),
        "due": business.words(due, at, calendar, gettext) if row.state == InquiryState.OPEN else "",
    }
    return page.show(request, "inquiry", context, status)


def _filled(request: HttpRequest, at: datetime) -> dict[str, Any]:
    """What the link says; for a limit the amount that the draft needs and a first sentence. O7"""
    kind, about = request.GET.get("kind", ""), request.GET.get("about", "")[:16]
    filled: dict[str, Any] = {"kind": kind if kind in InquiryKind.values else "", "about": about}
    if kind != InquiryKind.LIMIT:
        return filled
    limit = orders.limit_of(seen.buyer(request), at)
    draft = orders.drafts_seen_by(seen.member(request)).filter(public_id=about).first()
    if draft is None:
        return filled | {"wanted_won": limit.limit_won * 2}
    needs = orders.face_won(orders.quote(draft))
    wanted = max(order_rules.wanted_won(orders.limit_for(draft, at), needs), limit.limit_won)
    said = gettext(
        "작성 중인 주문 {number}에 상품권 {needs}원이 필요해 한도를 {wanted}원으로 올려 주세요.\n\n구매 목적: "
    )
    text = said.format(number=about, needs=f"{needs:,}", wanted=f"{wanted:,}")
    return filled | {"wanted_won": wanted, "text": text}


def _hours() -> dict[str, Any]:
    figures = figures_now.figures(clock.now())
    return {"hours": figures.urgent_business_hours, "days": figures.inquiry_business_days}
