"""The desk of an inquiry: the answer, what the panel of its type does, and the files that came. H3, B"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from seonmul.audit import actions as audit_log
from seonmul.backoffice import guard
from seonmul.backoffice.guard import needs
from seonmul.backoffice.kinds import inquiries
from seonmul.backoffice.kinds.panels.frame import Done
from seonmul.backoffice.rules import Power
from seonmul.backoffice.views.queue import on_desk
from seonmul.kit import clock, filetypes
from seonmul.members.models import Member
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
        lambda row_id, by, at: _answered(row_id, text, by, at),
    )


def _answered(row_id: UUID, text: str, by: Member, at: datetime) -> Done:
    actions.answer(row_id, text, by=by, at=at)
    return Done(gettext("답변을 보냈습니다. 문의한 분께 문자와 이메일로 알립니다."), is_answered=True)


@sensitive_post_parameters()
@needs(Power.SEE_WAITING)
@require_POST
def act(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the panel of the inquiry's type offers, for the roles that may."""
    row = queries.inquiry(public_id)
    panel = inquiries.PANELS.get(row.kind) if row else None
    if row is None or panel is None:
        raise Http404
    if not guard.may(request, panel.power):
        return guard.not_allowed(request, panel.power)
    return on_desk(
        request,
        inquiries.NAME,
        public_id,
        lambda _, by, at: panel.act(row, request.POST.dict(), by, at),
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
