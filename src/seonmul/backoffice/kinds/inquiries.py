"""Inquiries, each with its thread and, where the type carries one, the matter that is decided beside it. H3, O7"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from seonmul.backoffice.kinds import frame
from seonmul.backoffice.matters import Fact, Kind, Matter, Signal
from seonmul.backoffice.rules import Power
from seonmul.figures import queries as figures
from seonmul.kit import masks
from seonmul.kit.refusals import _
from seonmul.kit.waiting import Waiting
from seonmul.orders import queries as orders
from seonmul.orders import rules as order_rules
from seonmul.support import queries, rules
from seonmul.support.models import Inquiry, InquiryKind, InquiryState

NAME = "inquiry"


def waiting(at: datetime) -> list[Waiting]:
    """Every inquiry without an answer, each by the clock of its type."""
    rows, now = queries.waiting_inquiries(), figures.figures(at)
    return [
        one
        for kind in InquiryKind
        for one in frame.listed(
            NAME,
            (
                (row, frame.named(row.buyer), row.waits_since, str(row.get_kind_display()))
                for row in rows
                if row.kind == kind
            ),
            at,
            term=rules.term(kind, now),
        )
    ]


def opened(public_id: str, at: datetime) -> Matter | None:
    """One inquiry with what was said, and what stands beside it."""
    row = queries.inquiry(public_id)
    if row is None:
        return None
    is_open = row.state == InquiryState.OPEN
    return Matter(
        public_id=row.public_id,
        row_id=row.id,
        buyer_id=row.buyer_id,
        title=frame.named(row.buyer),
        what=str(row.get_kind_display()),
        since=row.waits_since,
        decided="" if is_open else str(row.get_state_display()),
        signals=_signals(row) if is_open else [],
        facts=_facts(row, at),
        desk=_desk(row, at),
    )


def _facts(row: Inquiry, at: datetime) -> list[Fact]:
    facts = [Fact(gettext("문의 종류"), str(row.get_kind_display()))]
    if row.about:
        facts.append(Fact(gettext("주문"), row.about))
    if row.kind == InquiryKind.LIMIT:
        limit = orders.limit_of(row.buyer, at)
        facts += [
            Fact(gettext("필요한 한도"), frame.won(row.wanted_won or 0)),
            Fact(
                gettext("이번 달 한도"),
                gettext("{limit} 가운데 사용 {used}, 승인 대기와 결제 중 {held}").format(
                    limit=frame.won(limit.limit_won),
                    used=frame.won(limit.used_won),
                    held=frame.won(limit.held_won),
                ),
            ),
        ]
        if row.outcome:
            facts.append(Fact(gettext("결정"), str(row.get_outcome_display())))
    return [
        *facts,
        frame.person(gettext("문의한 분"), masks.mask_name(row.member.name), row.member),
        frame.company(gettext("회원"), row.buyer),
    ]


def _signals(row: Inquiry) -> list[Signal]:
    if row.kind != InquiryKind.LIMIT:
        return []
    if row.buyer.temporary_until is not None:
        return [Signal(gettext("임시기업회원"), gettext("임시기업회원은 한도를 올릴 수 없습니다."), True)]
    counts = orders.counts_of(row.buyer_id, row.waits_since)
    said = gettext("지금까지 {n}건, {won}을 주문했습니다.").format(
        n=f"{counts.orders:,}", won=frame.won(counts.total_won)
    )
    is_first = counts.orders == 0
    return [Signal(gettext("첫 구매") if is_first else gettext("구매 이력"), said, is_first)]


def _desk(row: Inquiry, at: datetime) -> dict[str, Any]:
    is_limit = row.kind == InquiryKind.LIMIT and not row.outcome and row.state != InquiryState.CLOSED
    return {
        "said": queries.thread(row),
        "is_closed": row.state == InquiryState.CLOSED,
        "is_limit": is_limit,
        "wanted_won": row.wanted_won or "",
        "until": order_rules.raise_until(at).isoformat(),
        "reasons": list(rules.REFUSALS.items()),
        "text_most": rules.TEXT_MOST,
    }


KIND = Kind(
    name=NAME,
    label=_("1:1 문의"),
    short=_("문의"),
    power=Power.ANSWER_INQUIRIES,
    waiting=waiting,
    opened=opened,
    decide=None,
    yes="",
    no="",
    yes_said="",
    no_said="",
    verbs=("inquiry_answered", "limit_raised", "limit_refused"),
    reasons=(),
    desk="backoffice/queue/inquiry.html",
)
