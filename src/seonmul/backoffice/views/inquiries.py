"""The desk of an inquiry: the answer, the limit that is decided beside it, and the files that came. H3, O7, B"""

from __future__ import annotations

from datetime import date

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from seonmul.audit import actions as audit_log
from seonmul.backoffice import guard
from seonmul.backoffice.guard import needs
from seonmul.backoffice.kinds import inquiries
from seonmul.backoffice.rules import Power
from seonmul.backoffice.views.queue import on_desk
from seonmul.kit import clock, filetypes
from seonmul.support import actions, queries


@sensitive_post_parameters("text")
@needs(Power.SEE_WAITING)
@require_POST
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer; whoever asked is told."""
    text = request.POST.get("text", "")
    return on_desk(
        request,
        inquiries.NAME,
        public_id,
        lambda row_id, by, at: actions.answer(row_id, text, by=by, at=at),
        gettext("답변을 보냈습니다. 문의한 분께 문자와 이메일로 알립니다."),
    )


@sensitive_post_parameters("text")
@needs(Power.SEE_WAITING)
@require_POST
def limit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Raise the limit that was asked for, or not; for the roles that decide on orders."""
    if not guard.may(request, Power.DECIDE_ORDERS):
        return guard.not_allowed(request, Power.DECIDE_ORDERS)
    text, why = request.POST.get("text", ""), request.POST.get("why", "")
    if request.POST.get("verdict") == "raise":
        won, until = _won(request.POST.get("won", "")), _day(request.POST.get("until", ""))
        return on_desk(
            request,
            inquiries.NAME,
            public_id,
            lambda row_id, by, at: actions.raise_limit(row_id, won, until_on=until, text=text, by=by, at=at),
            gettext("한도를 올렸습니다. 문의한 분께 문자와 이메일로 알립니다."),
        )
    return on_desk(
        request,
        inquiries.NAME,
        public_id,
        lambda row_id, by, at: actions.refuse_limit(row_id, why, text=text, by=by, at=at),
        gettext("한도를 올리지 않기로 했습니다. 이유를 문의한 분께 알립니다."),
    )


@needs(Power.SEE_WAITING)
@require_safe
def attachment(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """A file that came with an inquiry. Every look is in the log."""
    if not guard.may(request, Power.ANSWER_INQUIRIES):
        return guard.not_allowed(request, Power.ANSWER_INQUIRIES)
    row = queries.inquiry(public_id)
    found = queries.attachment_of(row, code) if row else None
    if row is None or found is None:
        raise Http404
    audit_log.record(
        "document_seen", by=guard.member(request).id, subject=row.id, company=row.buyer_id, at=clock.now(),
        kind=inquiries.NAME,
    )  # fmt: skip
    with default_storage.open(found.stored) as file:
        answer_ = HttpResponse(file.read(), content_type=filetypes.CONTENT_TYPES[found.type])
    answer_["Content-Disposition"] = f'inline; filename="{found.public_id}.{found.type}"'
    return answer_


def _won(text: str) -> int:
    digits = text.replace(",", "").strip()
    return int(digits) if digits.isdecimal() and len(digits) < 16 else 0


def _day(text: str) -> date | None:
    """The last day that was typed; none is the end of the month."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return date.min  # said to be no day on which anything could end
