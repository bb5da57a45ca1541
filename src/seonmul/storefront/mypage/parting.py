"""A place in a company ends: an owner ends it, or its member leaves; told what it means before. M7, M8"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.members import actions, queries, rules
from seonmul.members.models import Membership
from seonmul.storefront.mypage import page
from seonmul.storefront.views import seen


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """An owner ends somebody's place."""
    by, buyer = seen.member(request), seen.buyer(request)
    if rules.why_not_manage(is_company=queries.is_company(buyer), is_owner=queries.is_owner(by)):
        raise Http404
    place = next((one for one in queries.places_of(buyer.id) if one.member_id == member_id), None)
    if place is None:
        raise Http404
    said = gettext("{name} 님을 구성원에서 내보냈습니다.").format(name=place.member.name)
    return _asked(
        request,
        place,
        lambda **proved: actions.end_place(by, member_id, **proved),
        said,
        "storefront:company",
        by_oneself=False,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """A member leaves the company."""
    by = seen.member(request)
    seen.buyer(request)
    place = queries.place_of(by)
    if place is None or not queries.is_company(place.buyer):
        raise Http404
    said = gettext("{company}에서 나왔습니다. 이제 일반회원입니다.").format(company=place.buyer.name)
    return _asked(
        request,
        place,
        lambda **proved: actions.leave_company(by, **proved),
        said,
        "storefront:my",
        by_oneself=True,
    )


def _asked(
    request: HttpRequest,
    place: Membership,
    does: Callable[..., object],
    said: str,
    then: str,
    *,
    by_oneself: bool,
) -> HttpResponse:
    """The page that says what it means; with the button pressed, the deed."""
    at = clock.now()
    is_verified, no = page.verified(request, at) is not None, None
    if request.method == "POST":
        try:
            does(is_verified=is_verified, at=at)
        except Refused as refused:
            no = refused.no
        else:
            messages.success(request, said)
            return redirect(then)
    # what stands in the way besides the verification, which the page offers
    facts = queries.ending_facts(place, seen.member(request), by_oneself=by_oneself, is_verified=True)
    context: dict[str, Any] = page.verification(request, at) | {
        "place": place,
        "by_oneself": by_oneself,
        "hindrance": rules.why_not_end_place(facts),
        "no": no,
        "here_address": request.path,
    }
    return page.show(request, "parting", context, 422 if no else 200)
