"""Words for the log's codes, masks and short times, as the console writes them."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.http import HttpRequest
from django.utils.translation import gettext

from seonmul.audit.models import Act
from seonmul.backoffice import facts, words
from seonmul.backoffice.rules import POWERS, Power
from seonmul.kit import clock, masks
from seonmul.members import lookups
from seonmul.members import queries as members
from seonmul.members.models import Alarm, Buyer, StaffRole
from seonmul.payments.models import Way

register = template.Library()


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
    return facts.of_act(act.facts)


@register.filter
def actor(act: Act) -> str:
    """Who did an act that no member did."""
    return facts.of_actor(act.by)


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
