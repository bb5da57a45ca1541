"""How right the check before paying has been over all orders. O4"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.kit import clock
from seonmul.orders import queries, rules

#: Over how many days the page sums up; a choice of the page, no figure of the product.
_DAYS = 90


@needs(Power.SEE_SETTINGS)
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """Of those warned of, and of the others, how many got nothing; and the same for each reason."""
    orders, found = queries.outcomes_since(clock.now() - timedelta(days=_DAYS))
    none = rules.Outcome()
    whole = [
        (gettext("알린 분"), found.get(rules.WARNED, none)),
        (gettext("알리지 않은 분"), found.get(rules.QUIET, none)),
    ]
    signs = [(gettext(sign.title), found[sign.code]) for sign in rules.Sign if sign.code in found]
    context = {"orders": orders, "days": _DAYS, "whole": whole, "signs": signs}
    return render(request, "backoffice/settings/checks.html", context)
