"""회사: its people, invitations, departments, bounds, and the one switch that stops all payments. M7, M8"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.members import actions, queries, rules
from seonmul.members.models import Buyer, Department, Membership, Role
from seonmul.members.rules import CompanyRefusal
from seonmul.orders import queries as orders
from seonmul.orders.rules import Bound
from seonmul.storefront.mypage import page
from seonmul.storefront.mypage.forms import (
    AnswerForm,
    ApprovalForm,
    DepartmentForm,
    InvitationForm,
    PlaceForm,
)
from seonmul.storefront.views import seen


class _Public(Protocol):
    public_id: Any


R = TypeVar("R", bound=_Public)


@never_cache
@require_safe
def company(request: HttpRequest) -> HttpResponse:
    """Everything that an owner decides."""
    return _page(request, _owned(request))


@never_cache
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by mail."""
    buyer, form = _owned(request), InvitationForm(request.POST, prefix="invite")
    return _done(
        request,
        buyer,
        "invite",
        form,
        lambda: actions.invite(
            seen.member(request),
            form.cleaned_data["mail"],
            Role(form.cleaned_data["role"]),
            **_proved(request),
        ),
        gettext("초대 메일을 보냈습니다. {days}일 안에 수락해야 합니다.").format(
            days=figures_now.figures(clock.now()).invitation_days
        ),
        {CompanyRefusal.ALREADY_INVITED: "mail"},
    )


@never_cache
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an invitation back."""
    row = _one_of(queries.open_invitations(_owned(request).id, clock.now()), public_id)
    actions.withdraw_invitation(seen.member(request), row.id, at=clock.now())
    messages.success(request, gettext("초대를 취소했습니다. 보낸 주소는 이제 열리지 않습니다."))
    return redirect("storefront:company")


@never_cache
@require_POST
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let somebody in who asked, or not."""
    buyer = _owned(request)
    row, form = _one_of(queries.open_join_requests(buyer.id), public_id), AnswerForm(request.POST)
    accept = request.POST.get("answer") == "accept"
    if not form.is_valid():
        raise Http404
    try:
        actions.answer_join_request(
            seen.member(request),
            row.id,
            accept=accept,
            role=Role(form.cleaned_data["role"]),
            **_proved(request),
        )
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
    else:
        said = gettext("함께 쓰게 했습니다.") if accept else gettext("요청을 거절했습니다.")
        messages.success(request, said)
    return redirect("storefront:company")


@never_cache
@require_POST
def place(request: HttpRequest) -> HttpResponse:
    """Decide what one member may do."""
    buyer = _owned(request)
    found = _place(buyer, request.POST.get("member", ""))
    form = _place_form(found, queries.departments_of(buyer.id), request.POST)
    typed = form.cleaned_data if form.is_valid() else {}
    return _done(
        request,
        buyer,
        f"place-{found.member_id}",
        form,
        lambda: actions.set_place(
            seen.member(request),
            found.member_id,
            role=Role(typed["role"]),
            department_id=UUID(typed["department"]) if typed["department"] else None,
            monthly_limit_won=typed["monthly_limit_won"],
            order_limit_won=typed["order_limit_won"],
            sees_numbers=typed["sees_numbers"],
            **_proved(request),
        ),
        gettext("구성원의 역할과 한도를 바꿨습니다."),
        {CompanyRefusal.LAST_OWNER: "role"},
    )


@never_cache
@require_POST
def department(request: HttpRequest) -> HttpResponse:
    """Make a department, or change one."""
    buyer, of = _owned(request), request.POST.get("department", "")
    known = {str(row.id): row for row in queries.departments_of(buyer.id)}
    if of and of not in known:
        raise Http404
    form = DepartmentForm(request.POST, prefix=f"department-{of}")
    return _done(
        request,
        buyer,
        f"department-{of}",
        form,
        lambda: actions.set_department(
            seen.member(request),
            form.cleaned_data["name"],
            monthly_budget_won=form.cleaned_data["monthly_budget_won"],
            department_id=known[of].id if of else None,
            **_proved(request),
        ),
        gettext("부서를 저장했습니다."),
        {CompanyRefusal.DEPARTMENT_TAKEN: "name"},
    )


@never_cache
@require_POST
def approval(request: HttpRequest) -> HttpResponse:
    """From which sum on an approver must consent."""
    buyer, form = _owned(request), ApprovalForm(request.POST, prefix="approval")
    return _done(
        request,
        buyer,
        "approval",
        form,
        lambda: actions.set_approval_above(
            seen.member(request), form.cleaned_data["won"], **_proved(request)
        ),
        gettext("결재 기준을 바꿨습니다."),
        {},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: HttpRequest) -> HttpResponse:
    """Stop all payments: anybody of the company may, after being told what it means. M8"""
    buyer = seen.buyer(request)
    if not queries.is_company(buyer):
        raise Http404
    if request.method == "POST":
        actions.freeze(seen.member(request), at=clock.now())
        messages.success(request, gettext("회사의 모든 결제를 멈췄습니다. 대표에게 알렸습니다."))
        return redirect("storefront:my")
    return page.show(request, "freeze", {"buyer": buyer, "is_owner": queries.is_owner(seen.member(request))})


@never_cache
@require_POST
def thaw(request: HttpRequest) -> HttpResponse:
    """Open payments again: an owner alone, also of what is no company any more. M8"""
    buyer = seen.buyer(request)
    if buyer.frozen_at is None or not queries.is_owner(seen.member(request)):
        _owned(request)
    try:
        actions.thaw(seen.member(request), **_proved(request))
    except Refused as refused:  # both of these pages offer the verification
        messages.error(request, refused.no.say(gettext))
        return redirect("storefront:company" if queries.is_company(buyer) else "storefront:spend_auth")
    messages.success(request, gettext("결제를 다시 열었습니다."))
    return redirect("storefront:my")


def _owned(request: HttpRequest) -> Buyer:
    """The company that the member owns; for everybody else there is no such page."""
    buyer = seen.buyer(request)
    if rules.why_not_manage(
        is_company=queries.is_company(buyer), is_owner=queries.is_owner(seen.member(request))
    ):
        raise Http404
    return buyer


def _proved(request: HttpRequest) -> dict[str, Any]:
    """When, and whether the member has just proved who they are."""
    at = clock.now()
    return {"is_verified": page.verified(request, at) is not None, "at": at}


def _one_of(rows: Sequence[R], public_id: str) -> R:
    for row in rows:
        if row.public_id == public_id:
            return row
    raise Http404


def _place(buyer: Buyer, member_id: str) -> Membership:
    for found in queries.places_of(buyer.id):
        if str(found.member_id) == member_id:
            return found
    raise Http404


def _place_form(found: Membership, departments: list[Department], typed: Any = None) -> PlaceForm:
    initial = {
        "role": found.role,
        "department": str(found.department_id or ""),
        "monthly_limit_won": found.monthly_limit_won,
        "order_limit_won": found.order_limit_won,
        "sees_numbers": found.sees_numbers,
    }
    choices = [(str(row.id), row.name) for row in departments]
    return PlaceForm(typed, initial=initial, prefix=f"place-{found.member_id}", departments=choices)


def _done(
    request: HttpRequest, buyer: Buyer, name: str, form: forms.Form, does: Callable[[], object], said: str,
    fields: dict[Any, str],
) -> HttpResponse:  # fmt: skip
    """Do it and say so, or show the page again with what was typed and why not."""
    if not form.is_valid() or page.is_refused(form, does, fields):
        return _page(request, buyer, {name: form}, status=422)
    messages.success(request, said)
    return redirect("storefront:company")


def _page(
    request: HttpRequest, buyer: Buyer, typed: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    typed, at, departments = typed or {}, clock.now(), queries.departments_of(buyer.id)
    spent = orders.spent_this_month(buyer.id, at)
    context = page.verification(request, at) | {
        "buyer": buyer,
        "people": [
            (
                found,
                typed.get(f"place-{found.member_id}") or _place_form(found, departments),
                spent.get(found.member_id, 0),
            )
            for found in queries.places_of(buyer.id)
        ],
        "invitations": [(row, queries.mail_of(row)) for row in queries.open_invitations(buyer.id, at)],
        "invite": typed.get("invite") or InvitationForm(prefix="invite"),
        "join_requests": [
            (row, AnswerForm(auto_id=f"{row.public_id}-%s")) for row in queries.open_join_requests(buyer.id)
        ],
        "departments": [
            (
                row,
                typed.get(f"department-{row.id}") or _department_form(row),
                Bound(row.monthly_budget_won or 0, spent.get(row.id, 0), 0),
            )
            for row in departments
        ],
        "new_department": typed.get("department-") or DepartmentForm(prefix="department-"),
        "approval": typed.get("approval")
        or ApprovalForm(prefix="approval", initial={"won": buyer.approval_above_won}),
        "has_approver": any(one.role == Role.APPROVER for one in queries.places_of(buyer.id)),
    }
    return page.show(request, "company", context, status)


def _department_form(row: Department) -> DepartmentForm:
    initial = {"name": row.name, "monthly_budget_won": row.monthly_budget_won}
    return DepartmentForm(prefix=f"department-{row.id}", initial=initial)
