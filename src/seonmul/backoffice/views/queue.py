"""The queue: all that waits, one opened, decided with two keys, and the next opens by itself. B"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.audit import actions as audit_log
from seonmul.audit import queries as audit
from seonmul.backoffice import finding, guard, presence
from seonmul.backoffice import queue as queues
from seonmul.backoffice.forms import DecisionForm
from seonmul.backoffice.guard import needs
from seonmul.backoffice.kinds.panels.frame import Done
from seonmul.backoffice.matters import Kind, Matter
from seonmul.backoffice.queue import Desk
from seonmul.backoffice.rules import Power
from seonmul.kit import business, clock, filetypes
from seonmul.kit.refusals import Refused
from seonmul.members import lookups
from seonmul.members.models import Member

#: What is kept in the address from one matter to the next.
_KEPT = ("only", finding.KEY)


@needs(Power.SEE_WAITING)
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """The queue, and beside it on a wide screen the first matter that nobody has open."""
    if request.method == "POST":
        return finding.begin(request)
    at = clock.now()
    desk = _desk(request, at)
    first = next((row for row in desk.rows if not row.held_by), None)
    context = _context(request, desk)
    if first:
        context |= _opened(request, desk, first.kind, first.waiting.public_id, at)
    return render(request, "backoffice/queue/queue.html", context)


@needs(Power.SEE_WAITING)
@require_safe
def refresh(request: HttpRequest) -> HttpResponse:
    """The list alone, as it stands now."""
    context = _context(request, _desk(request, clock.now()))
    return render(request, "backoffice/queue/changed.html", context)


@needs(Power.SEE_WAITING)
@require_safe
def matter(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """One matter beside the queue; on the phone a page of its own."""
    return _matter_page(request, kind, public_id)


@needs(Power.SEE_WAITING)
@require_POST
def beat(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Say that the matter is still open here; answers with the list as it stands now."""
    _kind(kind)
    presence.note(kind, public_id, guard.member(request))
    context = _context(request, _desk(request, clock.now())) | {"open_at": (kind, public_id)}
    return render(request, "backoffice/queue/changed.html", context)


@sensitive_post_parameters()
@needs(Power.SEE_WAITING)
@require_POST
def decide(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Approve or refuse, then open the next."""
    at, kind_ = clock.now(), _kind(kind)
    if not guard.may(request, kind_.power):
        return guard.not_allowed(request, kind_.power)
    opened = kind_.opened(public_id, at)
    if opened is None or kind_.desk:  # what has a desk of its own is decided there
        raise Http404
    form = DecisionForm(request.POST, kind_)
    if not form.is_valid():
        return _matter_page(
            request, kind, public_id, said=gettext("결정을 읽지 못했습니다. 다시 눌러 주세요.")
        )
    after = _desk(request, at).next_to(kind, public_id)
    approve = form.cleaned_data["verdict"] == "approve"
    try:
        _decide(request, kind_, opened, form, at)
    except Refused as refused:
        typed = {"reason": form.cleaned_data["reason"], **form.typed(kind_)}
        return _matter_page(
            request, kind, public_id, said=refused.no.say(gettext), typed=typed, is_refusing=not approve
        )
    presence.leave(kind, public_id, guard.member(request))
    messages.success(request, gettext(kind_.yes_said if approve else kind_.no_said))
    return redirect(after.url if after else reverse("backoffice:queue") + _query(request))


def _decide(request: HttpRequest, kind: Kind, opened: Matter, form: DecisionForm, at: datetime) -> None:
    said: dict[str, Any] = {
        "approve": form.cleaned_data["verdict"] == "approve",
        "reason": form.cleaned_data["reason"],
        "checks": frozenset(form.cleaned_data["checks"]),
        "by": guard.member(request),
        "at": at,
    }
    if kind.decide_typed:
        kind.decide_typed(opened.row_id, typed=form.typed(kind), **said)
    elif kind.decide:
        kind.decide(opened.row_id, **said)


@needs(Power.SEE_WAITING)
@require_safe
def paper(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """The file that came with a matter, for the roles that decide it. Every look is in the log."""
    at, kind_ = clock.now(), _kind(kind)
    if not guard.may(request, kind_.power):
        return guard.not_allowed(request, kind_.power)
    opened = kind_.opened(public_id, at)
    if opened is None or opened.paper is None or opened.paper.type not in filetypes.CONTENT_TYPES:
        raise Http404
    audit_log.record(
        "document_seen", by=guard.member(request).id, subject=opened.row_id, company=opened.buyer_id, at=at,
        kind=kind,
    )  # fmt: skip
    with default_storage.open(opened.paper.stored) as file:
        answer = HttpResponse(file.read(), content_type=filetypes.CONTENT_TYPES[opened.paper.type])
    answer["Content-Disposition"] = f'inline; filename="{kind}-{public_id}.{opened.paper.type}"'
    return answer


def on_desk(
    request: HttpRequest,
    kind: str,
    public_id: str,
    does: Callable[[UUID, Member, datetime], Done],
) -> HttpResponse:
    """Do what a kind's own desk asks for, then open the next where that ends the matter; or say why not, with what was typed."""
    at, kind_ = clock.now(), _kind(kind)
    if not guard.may(request, kind_.power):
        return guard.not_allowed(request, kind_.power)
    opened = kind_.opened(public_id, at)
    if opened is None:
        raise Http404
    after = _desk(request, at).next_to(kind, public_id)
    try:
        done = does(opened.row_id, guard.member(request), at)
    except Refused as refused:
        typed = {name: request.POST.get(name, "") for name in request.POST}
        return _matter_page(request, kind, public_id, said=refused.no.say(gettext), typed=typed)
    messages.success(request, done.said)
    if not done.is_answered:
        return redirect(reverse("backoffice:matter", args=[kind, public_id]) + _query(request))
    presence.leave(kind, public_id, guard.member(request))
    return redirect(after.url if after else reverse("backoffice:queue") + _query(request))


def _matter_page(
    request: HttpRequest,
    kind: str,
    public_id: str,
    *,
    said: str = "",
    typed: Mapping[str, str] | None = None,
    is_refusing: bool = False,
) -> HttpResponse:
    at, kind_ = clock.now(), _kind(kind)
    presence.note(kind, public_id, guard.member(request))
    desk = _desk(request, at)
    context = _context(request, desk) | _opened(request, desk, kind_, public_id, at)
    typed = typed or {}
    inputs = [(one, typed.get(one.name, "")) for one in kind_.inputs]
    context |= {
        "is_matter": True,
        "said": said,
        "typed": typed.get("reason", ""),
        "inputs": inputs,
        "kept": typed,
    }
    context["is_refusing"] = is_refusing
    return render(request, "backoffice/queue/queue.html", context, status=422 if said else 200)


def _kind(name: str) -> Kind:
    found = queues.kind_of(name)
    if found is None:
        raise Http404
    return found


def _desk(request: HttpRequest, at: datetime) -> Desk:
    only, words = request.GET.get("only", ""), finding.words(request)
    return queues.desk(guard.member(request), at, only=only, words=words, query=_query(request))


def _query(request: HttpRequest) -> str:
    kept = {name: request.GET[name] for name in _KEPT if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _context(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    kept = finding.kept(request)
    searched = f"&{urlencode(kept)}" if kept else ""
    return {
        "desk": desk,
        "only": request.GET.get("only", ""),
        "words": finding.words(request),
        "searched": searched,
        "query": _query(request),
    }


def _opened(request: HttpRequest, desk: Desk, kind: Kind, public_id: str, at: datetime) -> dict[str, Any]:
    opened = kind.opened(public_id, at)
    if opened is None:
        raise Http404
    row = next((row for row in desk.rows if row.waiting.public_id == public_id), None)
    return {
        "matter": opened,
        "inputs": [(one, "") for one in kind.inputs],
        "kind": kind,
        "row": row,
        "open_at": (kind.name, public_id),
        "past": _past(opened),
        "next": desk.next_to(kind.name, public_id),
        "may_decide": guard.may(request, kind.power),
        "now": at,
        "due": business.words(row.waiting.due, at, desk.calendar, gettext) if row else "",
    }


def _past(opened: Matter) -> list[tuple[Any, str]]:
    """What happened to this matter so far, and who did it, the oldest first."""
    acts = audit.acts_on(opened.about_id or opened.row_id, limit=20)[::-1]
    people = lookups.named(act.by for act in acts)
    return [
        (act, people[act.by].name if act.by in people and people[act.by].is_staff else "") for act in acts
    ]
