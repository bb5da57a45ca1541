"""The frame of every page of 마이페이지: its menu, and what was verified in this session. M4, M5"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from seonmul.figures import queries as figures_now
from seonmul.kit.refusals import Refused
from seonmul.members import queries as members
from seonmul.members.models import Verification
from seonmul.orders import queries as orders
from seonmul.storefront.views import seen


@dataclass(frozen=True)
class Link:
    """One line of the menu: the address's name, what it is called, its icon, and for whom it is."""

    url: str
    label: Any
    icon: str
    is_for: Callable[[bool, str], bool] = lambda is_company, role: True


_MENU = (
    Link("storefront:profile", _("회원정보"), "user"),
    Link("storefront:spend_auth", _("추가 인증"), "shield-check"),
    Link("storefront:senders", _("발신번호"), "phone"),
    Link("storefront:advertising", _("광고 표기"), "bell"),
    Link("storefront:approvals", _("결재함"), "list", lambda company, role: company),
    Link("storefront:company", _("회사"), "building-2", lambda company, role: company and role == "owner"),
    Link("storefront:record", _("회사 기록"), "list", lambda company, role: company and role == "accountant"),
    Link("storefront:convert", _("기업회원전환"), "store", lambda company, role: role == "owner"),
    Link("usersessions_list", _("내 기기"), "smartphone"),
    Link("storefront:access", _("로그인과 결제 기록"), "clock"),
    Link("storefront:orders", _("주문/발송내역"), "send"),
    Link("storefront:people", _("주소록"), "users", lambda company, role: role in ("owner", "buyer")),
    Link("storefront:cash", _("이용내역"), "wallet"),
    Link("storefront:charge_new", _("캐쉬 충전"), "plus"),
    Link("storefront:payout", _("캐쉬 환급"), "undo-2"),
    Link("storefront:cash_level", _("잔액 알림"), "bell"),
    Link("storefront:inquiries", _("1:1 문의"), "message-square-text"),
)

#: Pages that stand under one of the menu's.
_UNDER = {
    "storefront:profile_mail": "storefront:profile", "storefront:person": "storefront:profile",
    "storefront:person_code": "storefront:profile", "storefront:close": "storefront:profile",
    "storefront:mobile_sender": "storefront:senders", "storefront:mobile_sender_code": "storefront:senders",
    "storefront:person_of": "storefront:company", "storefront:freeze": "storefront:company",
    "storefront:record": "storefront:company", "storefront:place_end": "storefront:company",
    "storefront:company_leave": "storefront:company",
    "storefront:occasions": "storefront:people", "storefront:people_find": "storefront:people",
    "storefront:people_import": "storefront:people", "storefront:people_choose": "storefront:people",
    "storefront:inquiry": "storefront:inquiries", "storefront:inquiry_new": "storefront:inquiries",
}  # fmt: skip


def menu(request: HttpRequest) -> list[Link]:
    """What this member finds in 마이페이지."""
    place = members.place_of(seen.member(request))
    is_company = place is not None and members.is_company(place.buyer)
    role = place.role if place else ""
    return [entry for entry in _MENU if entry.is_for(is_company, role)]


def show(
    request: HttpRequest, name: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """One page with the menu beside it."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    more = {
        "menu": menu(request),
        "to_approve": _to_approve(request),
        "here": here,
        "under": _UNDER.get(here, ""),
    }
    return render(request, f"storefront/my/{name}.html", {**(context or {}), **more}, status=status)


def _to_approve(request: HttpRequest) -> int:
    """How many orders wait for this member's consent. M7, O8"""
    return orders.to_approve(seen.member(request)).count()


def session_key(request: HttpRequest) -> str:
    """What ties a verification to this browser."""
    return request.session.session_key or ""


def verified(request: HttpRequest, at: datetime) -> Verification | None:
    """The member's own identity verification of the last minutes in this session. M4"""
    minutes = figures_now.figures(at).verification_minutes
    return members.fresh_verification(seen.member(request), session_key(request), minutes=minutes, at=at)


def verified_until(row: Verification | None, at: datetime) -> datetime | None:
    """Until when that verification opens something."""
    if row is None or row.verified_at is None:
        return None
    return row.verified_at + timedelta(minutes=figures_now.figures(at).verification_minutes)


def verification(request: HttpRequest, at: datetime) -> dict[str, Any]:
    """What a page says of the verification that stands before its changes."""
    minutes = figures_now.figures(at).verification_minutes
    return {"verified_until": verified_until(verified(request, at), at), "minutes": minutes}


def is_refused(form: Any, does: Callable[[], object], fields: Mapping[Any, str]) -> bool:
    """Do it; when it is declined, say so beside its field (`fields`: refusal to field) or above the form."""
    try:
        does()
    except Refused as refused:
        form.add_error(fields.get(refused.no.why), refused.no.say(gettext))
        return True
    return False
