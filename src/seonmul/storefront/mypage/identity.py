"""본인인증: asked here, done in the provider's window, read by a job. M4, M5

The browser's own word counts for nothing: coming back only lets a job ask the provider.
"""

from __future__ import annotations

import json

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seonmul.kit import clock
from seonmul.kit.refusals import No
from seonmul.kit.windows import opens_window
from seonmul.members import actions, identity, queries, rules
from seonmul.members.models import Verification, VerificationState
from seonmul.storefront.mypage import page
from seonmul.storefront.views import seen

#: Where this session's attempts lead back to; only the last ones are kept.
_NEXT = "identity_next"
_KEPT = 5


@never_cache
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an attempt; `next` says where it was needed."""
    row = actions.begin_verification(seen.member(request), page.session_key(request), at=clock.now())
    kept = list(request.session.get(_NEXT, {}).items())[-_KEPT + 1 :]
    request.session[_NEXT] = dict(kept) | {row.reference: _safe(request, request.POST.get("next", ""))}
    return redirect("storefront:identity", row.reference)


@never_cache
@require_safe
@opens_window
def attempt(request: HttpRequest, public_id: str) -> HttpResponse:
    """The page that opens the window, then waits for the result, then leads back."""
    row = _found(request, public_id)
    next_ = _safe(request, request.session.get(_NEXT, {}).get(row.reference, ""))
    if row.state == VerificationState.VERIFIED and queries.is_own(row):
        messages.success(request, gettext("본인인증을 마쳤습니다."))
        return _leave(request, next_)
    return_to = settings.PUBLIC_URL + reverse("storefront:identity_return")
    is_open = row.state == VerificationState.ASKED
    window = identity.window(row.reference, return_to=return_to) if is_open else None
    context = {
        "row": row,
        "next": next_,
        "window": window,
        "wish": json.dumps(window["request"]) if window else "",
        "no": _why_not(row),
        "is_closed": "closed" in request.GET and row.state == VerificationState.RETURNED,
    }
    if seen.is_fragment(request):
        return render(request, "storefront/my/identity_state.html", context)
    return page.show(request, "identity", context)


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """The provider sent the browser back. Safe to repeat; what else stands in the address is not believed."""
    row = _found(request, request.GET.get("identityVerificationId", ""))
    actions.note_return(row.reference, seen.member(request), at=clock.now())
    address = reverse("storefront:identity", args=[row.reference])
    return redirect(f"{address}?closed" if request.GET.get("code") else address)


def _why_not(row: Verification) -> No | None:
    if row.state in (VerificationState.ASKED, VerificationState.RETURNED):
        return None
    has_failed = row.state == VerificationState.FAILED
    return rules.why_not_identity(has_failed=has_failed, is_own=not has_failed and queries.is_own(row))


def _found(request: HttpRequest, reference: str) -> Verification:
    row = queries.verification(seen.member(request), reference)
    if row is None:
        raise Http404
    return row


def _leave(request: HttpRequest, address: str) -> HttpResponse:
    if seen.is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def _safe(request: HttpRequest, address: str) -> str:
    """An address of this site, else 마이페이지."""
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts=hosts, require_https=request.is_secure())
    return address if is_ours else reverse("storefront:my")
