"""The check before paying, and its one-click remedies. It costs nothing and stands in nobody's way. O4"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.orders import actions, queries, rules
from seonmul.orders.models import Draft, OrderKind
from seonmul.orders.rules import Remedy
from seonmul.storefront import checking_page
from seonmul.storefront.forms import DraftForm
from seonmul.storefront.views import order, seen


@never_cache
@require_POST
def look(request: HttpRequest, public_id: str) -> HttpResponse:
    """Look at the list as it is now; the page asks for it by itself when the list has changed."""
    draft, at = seen.draft(request, public_id), clock.now()
    if draft is None:
        return seen.to_order(request, public_id)
    if not seen.is_fragment(request):
        order.keep(draft, DraftForm(request.POST))  # what was typed is not lost by a button beside it
    actions.look(draft.id, at=at)
    if not seen.is_fragment(request):
        return redirect(f"{reverse('storefront:draft', args=[public_id])}#look")
    context = checking_page.context(draft, queries.quote(draft), at) | {"draft": draft}
    return render(request, "storefront/draft/checking.html", context)


@never_cache
@require_POST
def remedy(request: HttpRequest, public_id: str) -> HttpResponse:
    """Do what one click offers: "drop:gone", "later", "sms" and so on. What was typed is kept first."""
    draft, at = seen.draft(request, public_id), clock.now()
    if draft is None:
        return seen.to_order(request, public_id)
    form = DraftForm(request.POST)
    if not order.keep(draft, form):
        return order.page(request, draft, typed=order.typed(form), status=422)
    name, _, code = request.POST.get("remedy", "").partition(":")
    if name == Remedy.DROP and code in rules.SIGNS:
        gone = actions.drop_warned(draft.id, rules.SIGNS[code], at=at)
        messages.success(request, gettext("{rows}행을 뺐습니다.").format(rows=f"{gone:,}"))
    elif fields := _fields(name, draft, at):
        actions.save(draft.id, at=at, **fields)
        messages.success(request, gettext("바꿔 두었습니다. 아래에서 확인해 주세요."))
    return redirect(f"{reverse('storefront:draft', args=[public_id])}#look")


@never_cache
@require_POST
def trial(request: HttpRequest, public_id: str) -> HttpResponse:
    """The message to one's own phone or mailbox, for nothing; what was typed is kept first. O5"""
    draft, at = seen.draft(request, public_id), clock.now()
    if draft is None:
        return seen.to_order(request, public_id)
    form = DraftForm(request.POST)
    if not order.keep(draft, form):
        return order.page(request, draft, typed=order.typed(form), status=422)
    try:
        actions.send_trial(draft.id, by=seen.member(request), at=at)
    except Refused as refused:
        return order.page(request, draft, no=refused.no, status=422)
    said = {
        OrderKind.TEXT: gettext("시험 문자를 보냈습니다. 내 휴대폰에서 확인해 주세요."),
        OrderKind.MAIL: gettext("시험 메일을 보냈습니다. 내 메일함에서 확인해 주세요."),
    }
    messages.success(request, said[OrderKind(draft.kind)])
    return redirect(f"{reverse('storefront:draft', args=[public_id])}#look")


def _fields(name: str, draft: Draft, at: datetime) -> dict[str, Any]:
    """What of the draft a remedy changes; nothing where it does not fit."""
    kept = queries.look_of(draft.id)
    moment = kept.later_at if kept and name == Remedy.LATER else None
    moment = rules.morning_after(draft.send_at or at) if name == Remedy.MORNING else moment
    if moment:
        return {"is_later": True, "send_at": moment}
    if name == Remedy.SMS and checking_page.may_send_by(draft, "sms"):
        return {"channel": "sms", "title": ""}
    if name in (Remedy.SPREAD, Remedy.AT_ONCE):
        return {"spreads": name == Remedy.SPREAD}
    if name == Remedy.AD:
        return {"is_ad": True}
    return {}
