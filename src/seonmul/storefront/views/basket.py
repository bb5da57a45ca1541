"""The products of a draft: put in, changed, taken out, parted. O1, O8"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from seonmul.catalog.models import List
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.orders import actions
from seonmul.storefront.views import order, seen


@never_cache
@require_POST
def put(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a product into the draft, or in the place of another."""
    draft = seen.draft(request, public_id)
    if draft is None:
        return seen.to_order(request, public_id)
    list_name, code = request.POST.get("list") or draft.list, request.POST.get("code", "")[:40]
    if list_name not in List.values:
        raise Http404
    instead = _item(request, "instead")
    try:
        actions.put(draft.id, List(list_name), code, instead_of=instead, at=clock.now())
    except Refused as refused:
        return order.page(request, draft, no=refused.no, status=422)
    messages.success(request, gettext("상품을 바꿨습니다.") if instead else gettext("주문에 담았습니다."))
    return redirect("storefront:draft", public_id)


@never_cache
@require_POST
def take_out(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a product out of the draft."""
    draft = seen.draft(request, public_id)
    if draft is None:
        return seen.to_order(request, public_id)
    try:
        actions.take_out(draft.id, _item(request, "item") or 0, at=clock.now())
    except Refused as refused:
        return order.page(request, draft, no=refused.no, status=422)
    messages.success(request, gettext("상품을 주문에서 뺐습니다."))
    return redirect("storefront:draft", public_id)


@never_cache
@require_POST
def split(request: HttpRequest, public_id: str) -> HttpResponse:
    """Part what need not wait for a consent, and go on with it. O8"""
    draft = seen.draft(request, public_id)
    if draft is None:
        return seen.to_order(request, public_id)
    try:
        other = actions.split_certificates(draft.id, at=clock.now())
    except Refused as refused:
        return order.page(request, draft, no=refused.no, status=422)
    said = gettext("상품권류가 아닌 상품을 따로 담았습니다. 상품권류 주문은 ‘작성하던 주문’에 있습니다.")
    messages.success(request, said)
    return redirect("storefront:draft", other.public_id)


def _item(request: HttpRequest, name: str) -> int | None:
    """The id of an item of the basket; one of another draft is found nowhere."""
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None
