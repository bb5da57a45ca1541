"""What every kind of waiting things shares: how one is listed, and how it is opened. B"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from seonmul.backoffice.matters import Fact, Matter
from seonmul.figures import queries as figures
from seonmul.kit import business, masks
from seonmul.kit.waiting import Waiting
from seonmul.members import queries as members
from seonmul.members.models import Buyer, Member


def listed(kind: str, rows: Iterable[tuple[Any, str, datetime, str]], at: datetime) -> list[Waiting]:
    """Rows of the queue with their deadline; of each: the row, the buyer's name, since when, a title."""
    calendar, days = figures.calendar(at), figures.figures(at).decision_business_days
    return [
        Waiting(
            kind=kind,
            public_id=row.public_id,
            buyer_name=buyer_name,
            since=since,
            due=business.due(since, days=days, calendar=calendar),
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


def company(label: str, buyer: Buyer) -> Fact:
    """The line that leads to what a buyer does here; a person's name is masked."""
    name = buyer.name if members.is_company(buyer) else masks.mask_name(buyer.name)
    return Fact(
        label,
        f"{name} ({buyer.get_kind_display()})",
        reverse("backoffice:company", args=[buyer.public_id]),
        gettext("거래 보기"),
    )


def person(label: str, said: str, member: Member) -> Fact:
    """The line that leads to a member."""
    return Fact(label, said, reverse("backoffice:member", args=[member.id]), gettext("회원 보기"))
