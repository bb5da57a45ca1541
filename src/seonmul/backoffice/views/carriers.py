"""How the carriers stand and fare, and their shares and limits. S2, B"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from seonmul.backoffice import guard
from seonmul.backoffice.forms import CarrierForm
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.dispatch import actions, queries
from seonmul.kit import clock
from seonmul.kit.refusals import Refused

#: Over how long results are counted; a choice of the page, no figure of the product.
_HOURS = 24


@needs(Power.SEE_SETTINGS)
@require_safe
def carriers(request: HttpRequest) -> HttpResponse:
    """Every carrier: does it work, what became of its messages, what waits for it."""
    at = clock.now()
    fared, waiting = queries.fared(at - timedelta(hours=_HOURS)), queries.waiting_batches(at)
    rows = [
        {
            "standing": one,
            "channels": sorted(one.channels),
            "fared": fared.get(one.name, queries.Fared()),
            "waiting": waiting.get(one.name, (0, timedelta()))[0],
            "oldest_minutes": waiting.get(one.name, (0, timedelta()))[1] // timedelta(minutes=1),
        }
        for one in queries.standings()
    ]
    may_edit = guard.may(request, Power.CHANGE_SETTINGS)
    context = {"rows": rows, "hours": _HOURS, "may_edit": may_edit, "codes": queries.strange_codes()}
    return render(request, "backoffice/settings/carriers.html", context)


@needs(Power.SEE_SETTINGS)
@require_POST
def see_code(request: HttpRequest, public_id: str) -> HttpResponse:
    """Somebody knows of a code that is in no table of ours. S4"""
    if actions.see_strange_code(public_id, by=guard.member(request).id, at=clock.now()):
        messages.success(request, gettext("확인한 것으로 적었습니다. 누가 확인했는지 기록에 남겼습니다."))
    return redirect("backoffice:carriers")


@needs(Power.CHANGE_SETTINGS)
@require_POST
def carrier(request: HttpRequest, code: str) -> HttpResponse:
    """Set one carrier's share and limit."""
    if code not in settings.CARRIERS:
        raise Http404
    form = CarrierForm(request.POST)
    try:
        if not form.is_valid():
            messages.error(request, gettext("숫자로 적어 주세요. 바꾸지 않았습니다."))
        else:
            actions.set_carrier(code, **form.cleaned_data, by=guard.member(request).id, at=clock.now())
            messages.success(request, gettext("바꿨습니다. 다음 묶음부터 이대로 나눕니다."))
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
    return redirect("backoffice:carriers")
