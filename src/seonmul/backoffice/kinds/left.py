"""Cash that came back to a closed account, as for a voucher that arrived nowhere: transferred by hand. M9"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from seonmul.backoffice.kinds import frame
from seonmul.backoffice.matters import Fact, Input, Matter, Signal
from seonmul.kit import clock
from seonmul.kit.refusals import _
from seonmul.kit.waiting import Waiting
from seonmul.members.models import Member
from seonmul.payments import actions, queries

NAME = "left_cash"


def waiting(at: datetime) -> list[Waiting]:
    """Every closed account with cash."""
    rows = (
        (row, frame.named(row.buyer), row.closed_at, frame.won(row.cash_won)) for row in queries.left_cash()
    )
    return frame.listed(NAME, rows, at, is_money=True)


def opened(public_id: str, at: datetime) -> Matter | None:
    """One closed account, and what of its cash was not paid yet."""
    row = queries.left_cash_of(public_id=public_id)
    if row is None:
        return None
    signal = Signal(
        gettext("탈퇴한 회원"),
        gettext("로그인할 수 없어 스스로 환급받지 못합니다. 연락이 닿으면 본인 계좌를 확인해 송금해 주세요."),
        True,
    )
    return Matter(
        public_id=row.public_id,
        row_id=row.id,
        buyer_id=row.id,
        title=frame.named(row.buyer),
        what=gettext("탈퇴한 계정의 캐쉬"),
        since=row.closed_at,
        decided="" if row.cash_won else gettext("송금 완료"),
        signals=[signal] if row.cash_won else [],
        facts=[
            frame.company(gettext("회원"), row.buyer),
            Fact(gettext("탈퇴한 때"), clock.korean_datetime(row.closed_at)),
            Fact(gettext("직접 송금할 금액"), frame.won(row.cash_won)),
        ],
    )


def confirm(
    row_id: UUID, *, approve: bool, reason: str, checks: frozenset[str], typed: Mapping[str, str], by: Member, at: datetime
) -> None:  # fmt: skip
    """Note the transfer that was made."""
    digits = typed["won"].replace(",", "").strip()
    actions.pay_left(row_id, int(digits) if digits.isdecimal() else 0, note=reason, by=by, at=at)


KIND = frame.by_hand(
    name=NAME,
    label=_("탈퇴한 계정의 캐쉬"),
    short=_("탈퇴 캐쉬"),
    waiting=waiting,
    opened=opened,
    decide=None,
    decide_typed=confirm,
    verbs=("left_cash_paid",),
    inputs=(Input("won", _("송금한 금액(원)"), most=15),),
)
