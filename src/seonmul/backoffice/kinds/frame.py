"""What every kind of waiting things shares: how one is listed, and how it is opened. B"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from seonmul.backoffice.matters import Fact, Kind, Matter, Signal
from seonmul.backoffice.rules import Power
from seonmul.figures import queries as figures
from seonmul.kit import business, masks, money
from seonmul.kit.refusals import _
from seonmul.kit.waiting import Waiting
from seonmul.members import queries as members
from seonmul.members.models import Buyer, Member
from seonmul.payments.ports import Account


def listed(
    kind: str,
    rows: Iterable[tuple[Any, str, datetime, str]],
    at: datetime,
    *,
    is_money: bool = False,
    is_urgent: bool = False,
    term: Mapping[str, int] | None = None,
) -> list[Waiting]:
    """Rows of the queue with their deadline; of each: the row, the buyer's name, since when, a title.

    `is_money`: matters of money have a term of their own; `is_urgent`: limits and approvals are a matter of hours. H3
    `term`: another one, in hours or days of business.
    """
    calendar, now = figures.calendar(at), figures.figures(at)
    days = now.refund_decision_business_days if is_money else now.decision_business_days
    term = term or ({"hours": now.urgent_business_hours} if is_urgent else {"days": days})
    return [
        Waiting(
            kind=kind,
            public_id=row.public_id,
            buyer_name=buyer_name,
            since=since,
            due=business.due(since, calendar=calendar, **term),
            title=title,
        )
        for row, buyer_name, since, title in rows
    ]


def matter(row: Any, *, is_waiting: bool, title: str, what: str, since: datetime, **parts: Any) -> Matter:
    """One opened thing; signals are shown only while it waits."""
    signals = parts.pop("signals")
    return Matter(
        public_id=row.public_id,
        row_id=row.id,
        buyer_id=row.buyer_id,
        title=title,
        what=what,
        since=since,
        decided="" if is_waiting else str(row.get_state_display()),
        reason=row.reason,
        signals=signals() if is_waiting else [],
        **parts,
    )


def holder(is_told: bool, said: str) -> Signal:
    """Whether the bank has told an account's holder; `said`: that it is who it should be. P5, V4"""
    if is_told:
        return Signal(gettext("예금주 일치"), said)
    unknown = gettext("은행이 예금주를 알려 주지 않았습니다. 통장 사본 등으로 직접 확인해 주세요.")
    return Signal(gettext("예금주를 모름"), unknown, True)


def by_hand(**parts: Any) -> Kind:
    """A kind that finance ends by a transfer of its own, and notes here: there is nothing to refuse. P5, V4"""
    return Kind(
        power=Power.DECIDE_MONEY,
        yes="",
        no=_("송금했다고 기록하기"),
        yes_said="",
        no_said=_("송금을 기록했습니다."),
        reasons=(_("회사 계좌에서 이체했습니다."),),
        about=_("언제 어떻게 송금했는지"),
        is_for_member=False,
        is_stern=False,
        **parts,
    )


def company(label: str, buyer: Buyer) -> Fact:
    """The line that leads to what a buyer does here; a person's name is masked."""
    return Fact(
        label,
        f"{named(buyer)} ({buyer.get_kind_display()})",
        reverse("backoffice:company", args=[buyer.public_id]),
        gettext("거래 보기"),
    )


def person(label: str, said: str, member: Member) -> Fact:
    """The line that leads to a member."""
    return Fact(label, said, reverse("backoffice:member", args=[member.id]), gettext("회원 보기"))


def named(buyer: Buyer) -> str:
    """A buyer in the list: a company by its name, a person masked."""
    return buyer.name if members.is_company(buyer) else masks.mask_name(buyer.name)


def won(amount_won: int) -> str:
    """An amount as a line says it."""
    return money.format_won(amount_won) if get_language() in (None, "ko") else f"{amount_won:,} won"


def account(label: str, to: Account | None, url: str = "") -> Fact:
    """A bank account, its number masked; `url` shows it whole, and says so in the log."""
    if to is None:
        return Fact(label, "–")
    number = f"{to.number[:3]}-****-{to.number[-4:]}" if len(to.number) > 8 else "****"
    said = " ".join(part for part in (gettext(to.bank.label), number, masks.mask_name(to.holder)) if part)
    return Fact(label, said, url, gettext("계좌 전체 보기") if url else "")
