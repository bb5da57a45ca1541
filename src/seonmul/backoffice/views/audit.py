"""The audit log, with filters. B"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from seonmul.audit import queries
from seonmul.backoffice import words
from seonmul.backoffice.forms import AuditForm
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.members import lookups


@needs(Power.SEE_AUDIT)
@require_safe
def acts(request: HttpRequest) -> HttpResponse:
    """Who did what, the newest first."""
    search, after = AuditForm(request.GET).search(), request.GET.get("after", "")
    page = queries.acts(search, after)
    people = lookups.named([*(act.by for act in page.rows), search.by])
    companies = lookups.buyers_named(act.company for act in page.rows)
    kept = request.GET.copy()
    kept.pop("after", None)
    first = f"?{kept.urlencode()}"
    kept["after"] = page.after
    context = {
        "rows": [(act, people.get(act.by), companies.get(act.company)) for act in page.rows],
        "search": search,
        "who": people.get(search.by),
        "staff": lookups.staff_list(),
        "verbs": sorted((words.of_verb(verb), verb) for verb in words.VERBS),
        "is_later": bool(after),
        "first": first,
        "more": f"?{kept.urlencode()}" if page.after else "",
    }
    return render(request, "backoffice/audit.html", context)
