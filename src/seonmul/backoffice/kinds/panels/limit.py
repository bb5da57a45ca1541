"""A larger limit of gift certificates: how far the buyer's reaches, and raising it or not. O7"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from seonmul.backoffice.kinds import frame
from seonmul.backoffice.kinds.panels.frame import Done, Panel
from seonmul.backoffice.matters import Fact, Signal
from seonmul.backoffice.rules import Power
from seonmul.members.models import Member
from seonmul.orders import queries as orders
from seonmul.orders import rules as order_rules
from seonmul.support import actions, rules
from seonmul.support.models import Inquiry, InquiryState


def shown(row: Inquiry, at: datetime) -> dict[str, Any]:
    """What the forms are filled in with; nothing once it is decided."""
    if row.outcome or row.state == InquiryState.CLOSED:
        return {}
    return {
        "wanted_won": row.wanted_won or "",
        "until": order_rules.raise_until(at).isoformat(),
        "reasons": list(rules.REFUSALS.items()),
    }


def act(row: Inquiry, typed: Mapping[str, str], by: Member, at: datetime) -> Done:
    """Raise the limit that was asked for, or not. Both answer the inquiry."""
    text = typed.get("text", "")
    if typed.get("verdict") == "raise":
        won, until = _won(typed.get("won", "")), _day(typed.get("until", ""))
        actions.raise_limit(row.id, won, until_on=until, text=text, by=by, at=at)
        return Done(gettext("한도를 올렸습니다. 문의한 분께 문자와 이메일로 알립니다."), is_answered=True)
    actions.refuse_limit(row.id, typed.get("why", ""), text=text, by=by, at=at)
    return Done(gettext("한도를 올리지 않기로 했습니다. 이유를 문의한 분께 알립니다."), is_answered=True)


def facts(row: Inquiry, at: datetime) -> list[Fact]:
    """What is asked for, and how the month stands."""
    limit = orders.limit_of(row.buyer, at)
    month = gettext("{limit} 가운데 사용 {used}, 승인 대기와 결제 중 {held}").format(
        limit=frame.won(limit.limit_won), used=frame.won(limit.used_won), held=frame.won(limit.held_won)
    )
    said = [
        Fact(gettext("필요한 한도"), frame.won(row.wanted_won or 0)),
        Fact(gettext("이번 달 한도"), month),
    ]
    return [*said, Fact(gettext("결정"), str(row.get_outcome_display()))] if row.outcome else said


def signals(row: Inquiry, at: datetime) -> list[Signal]:
    """Who asks, and what they have bought so far."""
    del at
    if row.buyer.temporary_until is not None:
        return [Signal(gettext("임시기업회원"), gettext("임시기업회원은 한도를 올릴 수 없습니다."), True)]
    counts = orders.counts_of(row.buyer_id, row.waits_since)
    said = gettext("지금까지 {n}건, {won}을 주문했습니다.").format(
        n=f"{counts.orders:,}", won=frame.won(counts.total_won)
    )
    is_first = counts.orders == 0
    return [Signal(gettext("첫 구매") if is_first else gettext("구매 이력"), said, is_first)]


def _won(text: str) -> int:
    digits = text.replace(",", "").strip()
    return int(digits) if digits.isdecimal() and len(digits) < 16 else 0


def _day(text: str) -> date | None:
    """The last day that was typed; none is the end of the month."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return date.min  # said to be no day on which anything could end


PANEL = Panel(
    template="backoffice/queue/panels/limit.html",
    power=Power.DECIDE_ORDERS,
    shown=shown,
    act=act,
    facts=facts,
    signals=signals,
    verbs=("limit_raised", "limit_refused"),
)
