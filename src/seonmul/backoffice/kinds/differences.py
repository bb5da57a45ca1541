"""Payments on which our books and the provider's list do not agree. P9"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from seonmul.backoffice import words
from seonmul.backoffice.kinds import frame
from seonmul.backoffice.matters import Fact, Kind, Matter, Signal
from seonmul.backoffice.rules import Power
from seonmul.kit import clock
from seonmul.kit.refusals import _
from seonmul.kit.waiting import Waiting
from seonmul.members.models import Member
from seonmul.payments import actions, queries
from seonmul.payments.models import Difference, DifferenceKind, DifferenceState

NAME = "difference"
_WHY = {
    DifferenceKind.MISSING_HERE: _("결제사에는 돈이 들어왔는데 우리 장부에는 없습니다."),
    DifferenceKind.MISSING_THERE: _("우리 장부에는 있는데 결제사는 모르는 결제입니다."),
    DifferenceKind.DIFFERENT: _("금액, 취소한 금액, 상태 가운데 다른 것이 있습니다."),
}


def waiting(at: datetime) -> list[Waiting]:
    """Every difference that nobody has settled."""
    return frame.listed(
        NAME,
        (
            (row, row.reference, row.found_at, str(row.get_kind_display()))
            for row in queries.waiting_differences()
        ),
        at,
        is_money=True,
    )


def opened(public_id: str, at: datetime) -> Matter | None:
    """One difference with what each side says."""
    row = queries.difference(public_id)
    if row is None:
        return None
    payment = queries.payment_of_reference(row.reference)
    is_waiting = row.state == DifferenceState.OPEN
    return Matter(
        public_id=row.public_id,
        row_id=row.id,
        buyer_id=payment.buyer_id if payment else "",
        title=row.reference,
        what=str(row.get_kind_display()),
        since=row.found_at,
        decided="" if is_waiting else str(row.get_state_display()),
        reason=row.note,
        signals=[Signal(str(row.get_kind_display()), gettext(_WHY[DifferenceKind(row.kind)]), True)]
        if is_waiting
        else [],
        facts=[*_facts(row), *([frame.company(gettext("회원"), payment.buyer)] if payment else [])],
    )


def decide(
    row_id: UUID, *, approve: bool, reason: str, checks: frozenset[str], by: Member, at: datetime
) -> None:
    """Have the provider asked again, or note why it stays as it is."""
    if approve:
        actions.ask_about_difference(row_id, by=by, at=at)
    else:
        actions.accept_difference(row_id, note=reason, by=by, at=at)


def _facts(row: Difference) -> list[Fact]:
    return [
        Fact(
            gettext("날"),
            clock.korean_date(row.day),
            reverse("backoffice:reconciliation", args=[row.day.isoformat()]),
            gettext("그날 모두 보기"),
        ),
        Fact(gettext("우리 장부"), words.of_side(row.ours)),
        Fact(gettext("결제사"), words.of_side(row.theirs)),
        Fact(gettext("차액"), frame.won(row.theirs_won - row.ours_won)),
    ]


KIND = Kind(
    name=NAME,
    label=_("장부와 결제사의 차이"),
    short=_("차이"),
    power=Power.DECIDE_MONEY,
    waiting=waiting,
    opened=opened,
    decide=decide,
    yes=_("결제사에 다시 묻기"),
    no=_("확인함으로 정리하기"),
    yes_said=_("결제사에 다시 묻습니다. 맞으면 저절로 정리되고, 아니면 그대로 남습니다."),
    no_said=_("확인한 것으로 정리했습니다. 적은 내용은 기록에 남습니다."),
    verbs=("difference_accepted",),
    reasons=(_("우리 상점의 결제가 아닙니다."), _("결제사와 확인해 직접 바로잡았습니다.")),
    about=_("무엇을 확인했는지"),
    is_for_member=False,
    is_stern=False,
)
