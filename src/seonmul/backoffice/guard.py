"""Who gets in: staff with a role whose session has used a second factor. For all others there is no console. B, M1"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from seonmul.backoffice import rules
from seonmul.backoffice.rules import ConsoleRefusal, Power
from seonmul.kit.refusals import No
from seonmul.members import lookups, queries
from seonmul.members.models import Member, StaffRole

P = ParamSpec("P")
_SECOND = "mfa"


def needs(
    power: Power,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """A page for staff whose role has `power`.

    Members find nothing here (404). Staff with a password that somebody else has seen are led to change it; staff without a second factor are led to set one up, with one to use it; staff
    without the power read whom to ask (403). The staff's role is then `request.staff_role`.
    """

    def guard(
        view: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            place = lookups.staff_of(member(request))
            if place is None:
                raise Http404
            if missing := _step_missing(request, has_first_password=place.has_first_password):
                return redirect(missing)
            request.staff_role = place.role  # type: ignore[attr-defined]
            if not rules.may(place.role, power):
                return not_allowed(request, power)
            return view(request, *args, **kwargs)

        guarded.power = power  # type: ignore[attr-defined]
        return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], guarded)

    return guard


def member(request: HttpRequest) -> Member:
    """Who asks; the login middleware has let in nobody else."""
    return cast(Member, request.user)


def role(request: HttpRequest) -> str:
    """The role of who asks, behind the guard."""
    return cast(str, request.staff_role)  # type: ignore[attr-defined]


def may(request: HttpRequest, power: Power) -> bool:
    """Say whether who asks has a power."""
    return rules.may(role(request), power)


def has_used_second_factor(request: HttpRequest) -> bool:
    """Say whether a second factor was used in this session."""
    return any(
        record.get("method") == _SECOND for record in get_authentication_records(request, member(request))
    )


def _step_missing(request: HttpRequest, *, has_first_password: bool) -> str:
    """The address at which the missing step is made, or "": a password of one's own first, then the second factor."""
    back = urlencode(
        {"next": request.get_full_path() if request.method == "GET" else reverse("backoffice:queue")}
    )
    if has_first_password:
        return f"{reverse('account_change_password')}?{back}"
    if not queries.has_second_factor(member(request)):
        return f"{reverse('mfa_activate_totp')}?{back}"
    if not has_used_second_factor(request):
        return f"{reverse('mfa_reauthenticate')}?{back}"
    return ""


def not_allowed(request: HttpRequest, power: Power) -> HttpResponse:
    """Say whom to ask instead."""
    roles = ", ".join(str(StaffRole(role).label) for role in rules.roles_with(power))
    no = No(ConsoleRefusal.NOT_ALLOWED, {"roles": roles})
    return render(request, "backoffice/not_allowed.html", {"said": no.say(gettext)}, status=403)
