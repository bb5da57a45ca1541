"""Words for the log's codes, masks and short times, as the console writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.translation import gettext

from seonmul.audit.models import Act
from seonmul.backoffice import words
from seonmul.backoffice.rules import POWERS, Power
from seonmul.kit import clock, masks
from seonmul.kit.refusals import _
from seonmul.members import lookups
from seonmul.members import queries as members
from seonmul.members.models import Alarm, Buyer, StaffRole
from seonmul.payments.models import Way

register = template.Library()

_FACTS = {
    "name": _("이름"), "notes": _("이용 안내(글자)"), "copies_most": _("수량"), "is_sold_out": _("품절"),
    "is_gift_certificate": _("상품권류"), "channels": _("보내는 방법"), "supplier": _("공급처"),
    "on_sale_from": _("판매 첫날"), "on_sale_to": _("판매 마지막 날"), "substitute": _("대체 상품"),
    "general.is_shown": _("일반 보이기"), "general.price_won": _("일반회원가"),
    "general.validity_days": _("일반 유효기간"), "corporate.is_shown": _("기업 보이기"),
    "corporate.price_won": _("기업회원가"), "corporate.validity_days": _("기업 유효기간"),
}  # fmt: skip


@register.filter
def powers(request: HttpRequest) -> frozenset[str]:
    """What the role of who asks may; the guard has put it there."""
    return frozenset(POWERS.get(getattr(request, "staff_role", ""), ()))


@register.filter
def alarm(request: HttpRequest) -> Alarm | None:
    """The burst of wrong logins that waits for a look, for those who may. M8"""
    return lookups.unseen_alarm() if Power.SEE_ALARMS in powers(request) else None


@register.filter
def role_name(request: HttpRequest) -> str:
    """The role of who asks, in words."""
    return str(StaffRole(getattr(request, "staff_role", StaffRole.SUPPORT)).label)


@register.filter
def verb(act: Act) -> str:
    """What was done, in words."""
    return words.of_verb(act.verb)


@register.filter
def told(act: Act) -> str:
    """The facts of an act on one line: what changed from what to what, and codes in words."""
    parts = [
        f"{gettext(_FACTS.get(name, name))} {_value(name, before)} → {_value(name, after)}"
        for name, (before, after) in act.facts.get("changes", {}).items()
    ]
    plain = {name: value for name, value in act.facts.items() if name != "changes" and value != ""}
    codes = words.codes()
    plain = {
        name: codes.get(value, value) if isinstance(value, str) else value for name, value in plain.items()
    }
    if {"before", "after"} <= plain.keys():
        parts.append(f"{plain.pop('before')} → {plain.pop('after')}")
    # a code that has words says by itself what it is about
    said = [str(value) if value in codes.values() else f"{name} {value}" for name, value in plain.items()]
    return ", ".join([*parts, *said])


@register.filter
def side(kept: str) -> str:
    """What one side of a difference says, in words. P9"""
    return words.of_side(kept)


@register.filter
def buyer_name(buyer: Buyer) -> str:
    """A company by its name, a person masked."""
    return buyer.name if members.is_company(buyer) else masks.mask_name(buyer.name)


@register.filter
def way_words(ways: list[str]) -> str:
    """일반 결제, 앱카드: the ways of a card in their order. P3"""
    return ", ".join(str(Way(way).label) for way in ways if way in Way.values)


@register.filter
def business_number(digits: str) -> str:
    """1234567890 -> 123-45-67890. Nothing for nothing."""
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if digits else ""


@register.filter
def moment(at: datetime, now: datetime) -> str:
    """A moment as short as it can be: 오늘 14:05, 11.20(금) 15:50, 2025.11.20(목) 15:50."""
    said, today = clock.korean_datetime(at), clock.seoul_date(now)
    if clock.seoul_date(at) == today:
        return gettext("오늘 {hour}").format(hour=said[-5:])
    return said[5:] if clock.seoul_date(at).year == today.year else said


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("예") if value else gettext("아니요")
    return f"{value:,}" if isinstance(value, int) else str(value)
