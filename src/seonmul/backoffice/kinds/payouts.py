"""Pay-outs of unused cash: approved or refused, and what no charge can give back is transferred by hand. P5"""

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
from seonmul.payments import actions, queries, rules
from seonmul.payments.models import Payout, PayoutState

NAME, HAND = "payout", "payout_hand"
#: The box that whoever approves ticks where the bank could not tell the holder.
HOLDER_SEEN = "holder_seen"


def waiting(at: datetime) -> list[Waiting]:
    """Every pay-out whose holder was checked."""
    return _listed(NAME, queries.waiting_payouts(), at)


def waiting_for_hand(at: datetime) -> list[Waiting]:
    """Every approved pay-out of which a part must be transferred."""
    return _listed(HAND, queries.waiting_payouts_by_hand(), at)


def _listed(name: str, rows: list[Payout], at: datetime) -> list[Waiting]:
    return frame.listed(
        name,
        (
            (
                row,
                frame.named(row.buyer),
                row.asked_at if name == NAME else row.decided_at or row.asked_at,
                frame.won(row.won if name == NAME else row.by_hand_won),
            )
            for row in rows
        ),
        at,
        is_money=True,
    )


def opened(public_id: str, at: datetime) -> Matter | None:
    """One pay-out with what the bank said."""
    row = queries.payout_named(public_id)
    return _matter(row, row.state == PayoutState.CHECKED, gettext("캐쉬 환급")) if row else None


def opened_for_hand(public_id: str, at: datetime) -> Matter | None:
    """One pay-out with its parts and what is left to transfer."""
    row = queries.payout_named(public_id)
    if row is None or not row.by_hand_won:
        return None
    is_waiting = row.state == PayoutState.APPROVED and not row.is_hand_done
    return _matter(row, is_waiting, gettext("직접 송금"))


def _matter(row: Payout, is_waiting: bool, what: str) -> Matter:
    return Matter(
        public_id=row.public_id,
        row_id=row.id,
        buyer_id=row.buyer_id,
        title=frame.named(row.buyer),
        what=what,
        since=row.asked_at,
        decided="" if is_waiting else str(row.get_state_display()),
        reason=row.reason or row.note,
        signals=_signals(row) if is_waiting else [],
        facts=_facts(row),
    )


def decide(
    row_id: UUID, *, approve: bool, reason: str, checks: frozenset[str], by: Member, at: datetime
) -> None:
    """Hand the decision to the domain."""
    if approve:
        actions.approve_payout(row_id, is_holder_seen=HOLDER_SEEN in checks, by=by, at=at)
    else:
        actions.refuse_payout(row_id, reason=reason, by=by, at=at)


def confirm(
    row_id: UUID, *, approve: bool, reason: str, checks: frozenset[str], by: Member, at: datetime
) -> None:
    """Note the transfer that was made."""
    actions.confirm_by_hand(row_id, note=reason, by=by, at=at)


def _facts(row: Payout) -> list[Fact]:
    facts = [
        frame.company(gettext("회원"), row.buyer),
        Fact(gettext("환급할 금액"), frame.won(row.won)),
        frame.account(
            gettext("받을 계좌"),
            queries.payout_account(row),
            reverse("backoffice:account_whole", args=[NAME, row.public_id]),
        ),
        Fact(gettext("신청한 때"), clock.korean_datetime(row.asked_at)),
    ]
    parts = queries.parts_of_payout(row)
    if parts:
        done = sum(1 for part in parts if part.done_at)
        facts.append(
            Fact(
                gettext("충전 취소로 돌려줌"),
                gettext("{won}, {n}건 가운데 {done}건 완료").format(
                    won=frame.won(sum(part.won for part in parts)), n=len(parts), done=done
                ),
            )
        )
    if row.by_hand_won:
        facts.append(Fact(gettext("직접 송금할 금액"), frame.won(row.by_hand_won)))
    return facts


def _signals(row: Payout) -> list[Signal]:
    holder = frame.holder(bool(row.told_sealed), gettext("은행이 알려 준 예금주가 회원의 이름과 같습니다."))
    frozen = (
        [
            Signal(
                gettext("결제 멈춤"),
                gettext("이 회원의 모든 결제가 멈춰 있습니다. 보내기 전에 회원에게 확인해 주세요."),
                True,
            )
        ]
        if queries.is_purse_frozen(row.buyer)
        else []
    )
    if row.state != PayoutState.CHECKED:
        return [*frozen, holder]
    rooms = [room for _id, room in queries.charges_to_give_back(row.buyer_id)]
    rest = rules.shares_of_payout(row.won, rooms)[1]
    by_hand = (
        Signal(
            gettext("직접 송금"),
            gettext("{won}은 충전 취소로 돌려줄 수 없어 직접 송금해야 합니다.").format(won=frame.won(rest)),
            True,
        )
        if rest
        else Signal(gettext("충전 취소로 환급"), gettext("모두 충전한 결제를 취소해 돌려줍니다."))
    )
    return [*frozen, holder, by_hand]


KIND = Kind(
    name=NAME,
    label=_("캐쉬 환급"),
    short=_("환급"),
    power=Power.DECIDE_MONEY,
    waiting=waiting,
    opened=opened,
    decide=decide,
    yes=_("환급 승인하기"),
    no=_("반려하기"),
    yes_said=_("환급을 승인했습니다. 돌려주기를 시작합니다."),
    no_said=_("환급을 반려했습니다. 캐쉬를 되돌리고 이유를 회원께 알립니다."),
    verbs=("payout_approved", "payout_refused"),
    reasons=(
        _("예금주가 회원과 같은지 확인하지 못했습니다. 본인(회사) 명의의 계좌로 다시 신청해 주세요."),
        _("처리 중인 주문이 있습니다. 주문이 끝난 뒤에 다시 신청해 주세요."),
    ),
    checks=((HOLDER_SEEN, _("예금주를 직접 확인했습니다")),),
)

HAND_KIND = frame.by_hand(
    name=HAND,
    label=_("직접 송금"),
    short=_("송금"),
    waiting=waiting_for_hand,
    opened=opened_for_hand,
    decide=confirm,
    verbs=("payout_by_hand",),
)
