"""Inquiries, each with its thread and, where the type carries one, the matter that is decided beside it. H3, O7"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from seonmul.backoffice.kinds import frame
from seonmul.backoffice.kinds.panels import limit, number, refund, sender
from seonmul.backoffice.kinds.panels.frame import Panel
from seonmul.backoffice.matters import Fact, Kind, Matter
from seonmul.backoffice.rules import Power
from seonmul.figures import queries as figures
from seonmul.kit import masks
from seonmul.kit.refusals import _
from seonmul.kit.waiting import Waiting
from seonmul.support import queries, rules
from seonmul.support.models import Inquiry, InquiryKind, InquiryState

NAME = "inquiry"
#: The types with an action. Whoever brings another adds it here, and nothing else. H3
PANELS: dict[str, Panel] = {
    InquiryKind.LIMIT: limit.PANEL,
    InquiryKind.NUMBER: number.PANEL,
    InquiryKind.SENDER: sender.PANEL,
    InquiryKind.REFUND: refund.PANEL,
}


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
    panel, is_open = PANELS.get(row.kind), row.state == InquiryState.OPEN
    return Matter(
        public_id=row.public_id,
        row_id=row.id,
        buyer_id=row.buyer_id,
        title=frame.named(row.buyer),
        what=str(row.get_kind_display()),
        since=row.waits_since,
        decided="" if is_open else str(row.get_state_display()),
        signals=panel.signals(row, at) if panel and is_open else [],
        facts=_facts(row, at),
        desk=_desk(row, at),
    )


def _facts(row: Inquiry, at: datetime) -> list[Fact]:
    panel = PANELS.get(row.kind)
    facts = [Fact(gettext("문의 종류"), str(row.get_kind_display()))]
    if row.about and row.kind != InquiryKind.NUMBER:  # that is about a copy, which its panel names
        facts.append(Fact(gettext("주문"), row.about))
    return [
        *facts,
        *(panel.facts(row, at) if panel else ()),
        frame.person(gettext("문의한 분"), masks.mask_name(row.member.name), row.member),
        frame.company(gettext("회원"), row.buyer),
    ]


def _desk(row: Inquiry, at: datetime) -> dict[str, Any]:
    panel = PANELS.get(row.kind)
    shown = panel.shown(row, at) if panel else {}
    return {
        "said": queries.thread(row),
        "is_closed": row.state == InquiryState.CLOSED,
        "panel": shown,
        "panel_template": panel.template if panel and shown else "",
        "panel_power": str(panel.power) if panel else "",
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
    verbs=("inquiry_answered", *(verb for panel in PANELS.values() for verb in panel.verbs)),
    reasons=(),
    desk="backoffice/queue/inquiry.html",
)
