"""Bursts of wrong logins, and reports of what was erased. M8, M9"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from seonmul.backoffice import guard, words
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.kit import clock
from seonmul.members import actions, lookups


@needs(Power.SEE_ALARMS)
@require_safe
def alarms(request: HttpRequest) -> HttpResponse:
    """Every burst, the newest first."""
    after = request.GET.get("after", "")
    page = lookups.alarms_page(after)
    return render(request, "backoffice/alarms.html", {"rows": page.rows} | _paged(after, page.after))


@needs(Power.SEE_ALARMS)
@require_POST
def see(request: HttpRequest, public_id: str) -> HttpResponse:
    """Somebody has looked at it: the banner goes, for everybody."""
    found = lookups.alarm(public_id)
    if found is None:
        raise Http404
    actions.see_alarm(found.id, by=guard.member(request), at=clock.now())
    messages.success(request, gettext("경보를 확인했습니다. 누가 확인했는지 기록에 남겼습니다."))
    return redirect("backoffice:alarms")


@needs(Power.SEE_AUDIT)
@require_safe
def erasures(request: HttpRequest) -> HttpResponse:
    """What the jobs have erased, the newest first."""
    after = request.GET.get("after", "")
    page = lookups.erasures_page(after)
    rows = [(row, words.of_counts(row.counts)) for row in page.rows]
    return render(request, "backoffice/erasures.html", {"rows": rows} | _paged(after, page.after))


def _paged(after: str, behind: str) -> dict[str, Any]:
    more = f"?{urlencode({'after': behind})}" if behind else ""
    return {"is_later": bool(after), "first": "?", "more": more}
