"""직원 명단 대조 beside a draft, and an old order as a new draft. O1, O12"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from seonmul.kit import clock, sheets
from seonmul.kit.refusals import Refused
from seonmul.members import queries as members
from seonmul.orders import actions, queries
from seonmul.storefront.views import seen

_REMEDIES = ("leavers", "sent", "missed")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the comparison found, and a file to compare with."""
    draft, at = seen.draft(request, public_id), clock.now()
    if draft is None:
        return seen.to_order(request, public_id)
    said = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        data = file.read(sheets.MOST_FILE_BYTES + 1) if file else b""
        try:
            unread = actions.compare_staff(draft.id, data, str(file.name) if file else "", at=at)
        except Refused as refused:
            said = refused.no.say(gettext)
        else:
            if unread:
                told = gettext("번호나 이메일을 읽을 수 없는 {rows}행은 빼고 대조했습니다.")
                messages.warning(request, told.format(rows=f"{unread:,}"))
            return redirect("storefront:staff", public_id)
    facts = queries.staff_facts(draft, at)
    context: dict[str, Any] = {"draft": draft, "facts": facts, "said": said}
    if facts:
        context |= {
            "leavers": queries.cells_shown(queries.leavers(draft)),
            "missed": queries.cells_shown(queries.missed(draft)),
            "sent": queries.cells_shown(queries.sent_by_colleagues(draft, at)),
        }
    return render(request, "storefront/staff.html", context, status=422 if said else 200)


@never_cache
@require_POST
def mend(request: HttpRequest, public_id: str) -> HttpResponse:
    """One click: drop these rows, add the missed, or be done with the staff list."""
    draft, what = seen.draft(request, public_id), request.POST.get("what", "")
    if draft is None:
        return seen.to_order(request, public_id)
    if what == "end":
        actions.end_staff(draft.id)
        return redirect("storefront:draft", public_id)
    if what not in _REMEDIES:
        return HttpResponseBadRequest()
    rows = actions.mend_by_staff(draft.id, what, at=clock.now())
    said = gettext("{rows}행을 담았습니다.") if what == "missed" else gettext("{rows}행을 뺐습니다.")
    messages.success(request, said.format(rows=f"{rows:,}"))
    return redirect("storefront:staff", public_id)


@never_cache
@require_POST
def copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """An old order as a new draft; a product that is not sold any more is told."""
    found = seen.order(request, public_id)
    if not members.may_buy(seen.member(request)):
        raise Http404
    try:
        copied = actions.copy_order(found.id, by=seen.member(request), at=clock.now())
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
        return seen.to_order(request, public_id)
    if copied.instead:
        told = gettext("지난 상품은 판매가 끝나 대체 상품({name})으로 담았습니다. 가격을 확인해 주세요.")
        messages.warning(request, told.format(name=", ".join(one.name for one in copied.instead)))
    else:
        messages.success(request, gettext("지난 주문과 같은 내용으로 새 주문을 작성했습니다."))
    return redirect("storefront:draft", copied.draft.public_id)
