"""A draft: begun on a product page, written on the order page, saved as one goes. O1, O3, O6, O12"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seonmul.catalog.models import List
from seonmul.dispatch import queries as dispatch
from seonmul.kit import clock, euckr
from seonmul.kit.refusals import No, Refused
from seonmul.orders import actions, queries
from seonmul.orders.models import Draft, OrderKind
from seonmul.storefront import budget_page, draft_page
from seonmul.storefront.draft_page import Rows
from seonmul.storefront.forms import DraftForm
from seonmul.storefront.views import catalogue, reviewing, seen

#: What may stand in the boxes of the recipients, not added yet, when the kind is switched; so many letters of each.
_UNSENT, _UNSENT_MOST = ("name", "phone", "mail", "paste"), 10_000


@require_POST
def begin(request: HttpRequest, list_name: str, code: str) -> HttpResponse:
    """Begin a draft for one product, by text or by mail."""
    if list_name not in List.values:
        raise Http404
    asked = request.POST.get("kind", "")
    kind = OrderKind(asked) if asked in OrderKind.values else None
    try:
        draft = actions.begin(seen.member(request), List(list_name), code, kind=kind, at=clock.now())
    except Refused as refused:
        said = refused.no.say(gettext)
        return catalogue.product_page(request, list_name, code, said=said, status=422)
    return redirect("storefront:draft", draft.public_id)


@never_cache
@require_safe
def draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """The order page. A draft that was paid leads on to its order."""
    found = seen.draft(request, public_id)
    if found is None:
        return seen.to_order(request, public_id)
    return page(request, found)


@never_cache
@require_safe
def picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the picture of an MMS will look like; without a voucher's code. O3, S1"""
    found = seen.draft(request, public_id)
    if found is None:
        raise Http404
    draw = dispatch.drawers_of([found.id])[found.id]
    return HttpResponse(draw(), content_type="image/jpeg")


@never_cache
@require_POST
def save(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep what was typed; answers with what the server makes of it."""
    found = seen.draft(request, public_id)
    if found is None:
        return seen.to_order(request, public_id)
    form, was_ad = DraftForm(request.POST), found.is_ad
    kept = keep(found, form)
    if found.is_ad != was_ad and seen.is_fragment(request):
        return HttpResponse(
            headers={"HX-Refresh": "true"}
        )  # the list, the sum and the message are others now
    if not seen.is_fragment(request):
        if not kept:
            return page(request, found, typed=typed(form), status=422)
        messages.success(request, gettext("저장했습니다."))
        return redirect(f"{reverse('storefront:draft', args=[public_id])}#message")
    at = clock.now()
    context = draft_page.context(found, Rows([]), queries.quote(found), at) | {"is_too_long": not kept}
    return render(request, "storefront/draft/saved.html", context, status=200 if kept else 422)


@never_cache
@require_POST
def switch(request: HttpRequest, public_id: str) -> HttpResponse:
    """문자발송 becomes 이메일발송, or the other way round; what was typed is kept first. O1"""
    found, kind = seen.draft(request, public_id), request.POST.get("kind", "")
    if found is None:
        return seen.to_order(request, public_id)
    if kind not in OrderKind.values:
        raise Http404
    form = DraftForm(request.POST)
    if not keep(found, form):
        return page(request, found, typed=typed(form), status=422)
    try:
        actions.switch(found.id, OrderKind(kind), at=clock.now())
    except Refused as refused:
        return page(request, found, no=refused.no, status=422)
    said = {
        OrderKind.TEXT: gettext("문자로 보내도록 바꿨습니다. 받는 분을 휴대폰 번호로 다시 확인했습니다."),
        OrderKind.MAIL: gettext("이메일로 보내도록 바꿨습니다. 받는 분을 이메일 주소로 다시 확인했습니다."),
    }
    messages.success(request, said[OrderKind(kind)])
    unsent = {name: typed_[:_UNSENT_MOST] for name in _UNSENT if (typed_ := request.POST.get(name, ""))}
    if unsent:  # names and numbers that stand in the boxes: neither an address nor a session may carry them
        found.refresh_from_db()
        return page(request, found, intake=unsent)
    return redirect("storefront:draft", public_id)


def keep(draft: Draft, form: DraftForm) -> bool:
    """Save a form that can be read, and bring the row in hand up to date."""
    if not form.is_valid():
        return False
    fields: dict[str, Any] = form.cleaned_data
    if "replace" in form.data:  # the button beside letters that no carrier carries
        fields |= {key: euckr.replace(fields[key]) for key in ("title", "text")}
    actions.save(draft.id, at=clock.now(), **fields)
    draft.refresh_from_db()
    return True


def typed(form: DraftForm) -> dict[str, Any]:
    """What stands in the form, for showing it again."""
    return {name: form.data.get(name, "") for name in form.fields}


def page(
    request: HttpRequest,
    draft: Draft,
    *,
    shown: Rows | None = None,
    no: No | None = None,
    typed: dict[str, Any] | None = None,
    intake: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole order page."""
    at, quote = clock.now(), queries.quote(draft)
    shown = shown or draft_page.rows(request, draft, quote, by=seen.member(request))
    context = draft_page.context(draft, shown, quote, at, no=no, typed=typed, intake=intake)
    context |= budget_page.of_draft(draft, seen.member(request), quote.amount_won, at)
    context |= reviewing.links_of(request, draft, at)
    return render(request, "storefront/draft.html", context, status=status)
