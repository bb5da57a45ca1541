"""Who works here, and as what. For super only. B"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from seonmul.backoffice import guard
from seonmul.backoffice.forms import StaffForm
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.members import actions, lookups
from seonmul.members.models import StaffRole


@needs(Power.MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("password")
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody with a role; a new account's first password is shown here, once."""
    if request.method != "POST":
        return _staff_page(request, StaffForm())
    form = StaffForm(request.POST)
    if not form.is_valid():
        return _staff_page(request, form, status=422)
    typed = form.cleaned_data
    try:
        made, password = actions.make_staff(
            typed["login"], typed["name"], typed["phone"], typed["mail"], StaffRole(typed["role"]),
            by=guard.member(request), at=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        return _staff_page(request, form, said=refused.no.say(gettext), status=422)
    return _staff_page(request, StaffForm(), made=made, password=password)


@needs(Power.MANAGE_STAFF)
@require_POST
def role(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Another role for somebody, or none."""
    wanted, found = request.POST.get("role", ""), lookups.member(member_id)
    if found is None or wanted not in ["", *StaffRole.values]:
        raise Http404
    try:
        actions.set_role(
            member_id, StaffRole(wanted) if wanted else None, by=guard.member(request), at=clock.now()
        )
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
    else:
        messages.success(request, gettext("역할을 바꿨습니다."))
    return redirect("backoffice:staff")


def _staff_page(request: HttpRequest, form: StaffForm, *, status: int = 200, **more: object) -> HttpResponse:
    context = {"people": lookups.staff_list(), "roles": StaffRole.choices, "form": form} | more
    return render(request, "backoffice/settings/staff.html", context, status=status)
