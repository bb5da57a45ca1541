"""로그인과 결제 기록: everything by which a member sees that somebody else is in the account. M8"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.members import queries
from seonmul.members.models import BY_CARD, GrantMethod
from seonmul.payments.models import PaymentKind
from seonmul.storefront.mypage import page
from seonmul.storefront.views import seen

_METHODS = {method.value: method.label for method in GrantMethod} | {BY_CARD: PaymentKind.CARD.label}


@never_cache
@require_safe
def access(request: HttpRequest) -> HttpResponse:
    """Logins, payments and wrong tries, the newest first."""
    member = seen.member(request)
    found = queries.accesses(member, request.GET.get("after", ""))
    context = {
        "lines": [(row, _METHODS.get(row.method, "")) for row in found.rows],
        "after": found.after,
        "is_later": "after" in request.GET,
        "days": figures_now.figures(clock.now()).access_days,
        "is_company": (place := queries.place_of(member)) is not None and queries.is_company(place.buyer),
    }
    return page.show(request, "access", context)
