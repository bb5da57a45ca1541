"""Deposits of another sum than was asked: finance credits or returns them. P2"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from seonmul.backoffice.kinds import frame
from seonmul.backoffice.matters import Fact, Input, Kind, Matter, Signal
from seonmul.backoffice.rules import Power
from seonmul.kit import clock
from seonmul.kit.refusals import _
from seonmul.kit.waiting import Waiting
from seonmul.members.models import Member
from seonmul.payments import actions, queries
from seonmul.payments.models import Payment, PaymentState
from seonmul.payments.ports import Bank

NAME = "parked"


def waiting(at: datetime) -> list[Waiting]:
    """Every deposit that is kept apart."""
    return frame.listed(
        NAME,
        (
            (row, frame.named(row.buyer), row.settled_at or row.asked_at, frame.won(row.paid_won or 0))
            for row in queries.waiting_parked()
        ),
        at,
        is_money=True,
    )


def opened(public_id: str, at: datetime) -> Matter | None:
    """One deposit, beside what was asked for."""
    row = queries.parked_payment(public_id)
    if row is None:
        return None
    is_waiting = row.state == PaymentState.PARKED and queries.room_won(row) > 0
    return Matter(
        public_id=row.public_id,
        row_id=row.id,
        buyer_id=row.buyer_id,
        title=frame.named(row.buyer),
        what=gettext("요청과 다른 입금"),
        since=row.settled_at or row.asked_at,
        decided="" if is_waiting else _decided(row),
        signals=_signals(row) if is_waiting else [],
        facts=_facts(row),
    )


def decide(
    row_id: UUID,
    *,
    approve: bool,
    reason: str,
    checks: frozenset[str],
    typed: Mapping[str, str],
    by: Member,
    at: datetime,
) -> None:
    """Credit it to the buyer's cash, or send it to an account."""
    if approve:
        actions.credit_parked(row_id, by=by, at=at)
    else:
        actions.return_parked(
            row_id, bank_code=typed["bank"], number=typed["number"], holder=typed["holder"], by=by, at=at
        )


def _decided(row: Payment) -> str:
    return gettext("캐쉬로 적립") if row.state == PaymentState.PAID else gettext("반환")


def _facts(row: Payment) -> list[Fact]:
    return [
        frame.company(gettext("입금자"), row.buyer),
        Fact(gettext("요청한 금액"), frame.won(row.won)),
        Fact(gettext("들어온 금액"), frame.won(row.paid_won or 0)),
        Fact(gettext("들어온 때"), clock.korean_datetime(row.paid_at) if row.paid_at else "–"),
        frame.account(gettext("가상계좌"), queries.account_of(row)),
        Fact(gettext("결제사 번호"), row.reference),
    ]


def _signals(row: Payment) -> list[Signal]:
    less = (row.paid_won or 0) - row.won
    said = gettext("{won} 더 들어왔습니다.") if less > 0 else gettext("{won} 덜 들어왔습니다.")
    signals = [Signal(gettext("금액이 다름"), said.format(won=frame.won(abs(less))), True)]
    if row.is_late:
        signals.append(Signal(gettext("늦은 입금"), gettext("입금 기한이 지난 뒤에 들어왔습니다."), True))
    return signals


KIND = Kind(
    name=NAME,
    label=_("요청과 다른 입금"),
    short=_("입금 확인"),
    power=Power.DECIDE_MONEY,
    waiting=waiting,
    opened=opened,
    decide=None,
    decide_typed=decide,
    yes=_("캐쉬로 적립하기"),
    no=_("계좌로 돌려주기"),
    yes_said=_("들어온 금액을 캐쉬로 적립했습니다. 회원께 알립니다."),
    no_said=_("돌려주기를 시작했습니다. 은행 처리에는 하루나 이틀이 걸립니다."),
    verbs=("parked_credited", "parked_returned"),
    reasons=(),
    inputs=(
        Input("bank", _("은행"), tuple((bank.code, bank.label) for bank in Bank)),
        Input("number", _("계좌번호"), most=20),
        Input("holder", _("예금주"), most=60),
    ),
    about="",
    is_for_member=False,
    is_stern=False,
)
