"""Refunds that the provider declined: tried again, or paid by hand with a note. P5, P9"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from seonmul.backoffice.kinds import frame
from seonmul.backoffice.matters import Fact, Kind, Matter, Signal
from seonmul.backoffice.rules import Power
from seonmul.kit import clock
from seonmul.kit.refusals import _
from seonmul.kit.waiting import Waiting
from seonmul.members.models import Member
from seonmul.payments import actions, queries
from seonmul.payments.models import PaymentRefund, RefundState

NAME = "refund"


def waiting(at: datetime) -> list[Waiting]:
    """Every refund that failed."""
    return frame.listed(
        NAME,
        (
            (row, frame.named(row.payment.buyer), row.asked_at, frame.won(row.won))
            for row in queries.waiting_refunds()
        ),
        at,
        is_money=True,
    )


def opened(public_id: str, at: datetime) -> Matter | None:
    """One refund with what the provider said."""
    row = queries.refund_named(public_id)
    if row is None:
        return None
    is_waiting = row.state == RefundState.FAILED
    return Matter(
        public_id=row.public_id,
        row_id=row.id,
        buyer_id=row.payment.buyer_id,
        title=frame.named(row.payment.buyer),
        what=str(row.get_why_display()),
        since=row.asked_at,
        decided="" if is_waiting else str(row.get_state_display()),
        reason=row.note,
        signals=[_declined(row)] if is_waiting else [],
        facts=_facts(row),
    )


def decide(
    row_id: UUID, *, approve: bool, reason: str, checks: frozenset[str], by: Member, at: datetime
) -> None:
    """Ask the provider again, or note the transfer that was made by hand."""
    if approve:
        actions.try_again(row_id, by=by, at=at)
    else:
        actions.note_by_hand(row_id, by=by, note=reason, at=at)


def _declined(row: PaymentRefund) -> Signal:
    said = gettext("결제사 코드 {code}, {n}번 시도").format(code=row.vendor_code or "–", n=row.tries)
    return Signal(gettext("결제사가 거절함"), said, True)


def _facts(row: PaymentRefund) -> list[Fact]:
    payment = row.payment
    url = reverse("backoffice:account_whole", args=[NAME, row.public_id]) if row.bank else ""
    return [
        frame.company(gettext("받을 분"), payment.buyer),
        Fact(gettext("돌려줄 금액"), frame.won(row.won)),
        Fact(gettext("왜"), str(row.get_why_display())),
        Fact(gettext("결제"), f"{payment.get_kind_display()} {frame.won(payment.paid_won or 0)}"),
        Fact(gettext("결제한 때"), clock.korean_datetime(payment.paid_at) if payment.paid_at else "–"),
        frame.account(gettext("받을 계좌"), queries.account_of(row), url),
        Fact(gettext("결제사 번호"), payment.reference),
    ]


KIND = Kind(
    name=NAME,
    label=_("실패한 환불"),
    short=_("환불"),
    power=Power.DECIDE_MONEY,
    waiting=waiting,
    opened=opened,
    decide=decide,
    yes=_("다시 시도하기"),
    no=_("직접 송금으로 기록하기"),
    yes_said=_("결제사에 다시 요청했습니다. 또 실패하면 여기에 다시 나타납니다."),
    no_said=_("직접 송금한 것으로 기록했습니다."),
    verbs=("refund_tried_again", "refund_by_hand"),
    reasons=(_("회사 계좌에서 이체했습니다."), _("카드사와 협의해 직접 취소했습니다.")),
    about=_("어떻게 처리했는지"),
    is_for_member=False,
    is_stern=False,
)
