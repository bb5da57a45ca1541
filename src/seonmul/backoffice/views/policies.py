"""What is refunded and extended at the end of validity, from which day: rows that only grow. V4"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from seonmul.backoffice import guard
from seonmul.backoffice.forms import PolicyForm
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.catalog import queries as catalog
from seonmul.catalog.models import List
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.vouchers import actions, queries, rules
from seonmul.vouchers.models import Preset


@needs(Power.SEE_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def policies(request: HttpRequest) -> HttpResponse:
    """What holds now, what will, and what did; for whoever may a new row."""
    if request.method == "POST":
        return _set(request)
    return _page(request, PolicyForm())


@needs(Power.EDIT_CATALOGUE)
def _set(request: HttpRequest) -> HttpResponse:
    form, at = PolicyForm(request.POST), clock.now()
    if not form.is_valid():
        return _page(request, form, status=422)
    typed = form.cleaned_data
    product = catalog.product(typed["code"]) if typed["code"] else None
    if typed["code"] and product is None:
        form.add_error("code", gettext("이 코드의 상품이 없습니다. 저장하지 않았습니다."))
        return _page(request, form, status=422)
    try:
        actions.set_policy(
            product.id if product else None, typed["list"], typed["preset"], typed["from_on"],
            by=guard.member(request).id, at=at,
        )  # fmt: skip
    except Refused as refused:
        form.add_error("from_on", refused.no.say(gettext))
        return _page(request, form, status=422)
    messages.success(request, gettext("저장했습니다. 그날부터 산 쿠폰에 적용합니다."))
    return redirect("backoffice:policies")


def _page(request: HttpRequest, form: PolicyForm, status: int = 200) -> HttpResponse:
    after, today = request.GET.get("after", ""), clock.seoul_date(clock.now())
    page = queries.policies_page(after)
    context = {
        "rows": page.rows,
        "defaults": [(list_.label, Preset(rules.default_preset(list_.value, today)).label) for list_ in List],
        "today": today,
        "form": form,
        "is_later": bool(after),
        "first": "?",
        "more": f"?after={page.after}" if page.after else "",
        "may_edit": guard.may(request, Power.EDIT_CATALOGUE),
    }
    return render(request, "backoffice/products/policies.html", context, status=status)
