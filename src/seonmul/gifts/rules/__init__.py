"""Decisions on gifts. S5"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from seonmul.dispatch.ports import Result
from seonmul.figures.rules import Figures
from seonmul.gifts.rules._claiming import (
    REMIND_LATE_DAYS,
    REMINDER,
    REMINDER_BACK,
    REMINDER_NO_BACK,
    REMINDER_SHORT,
    REMINDER_TITLE,
    Claimable,
    ClaimFacts,
    ClaimRefusal,
    claim_won,
    claimable,
    due,
    may_remind_at,
    remind_days,
    why_not_approve_claim,
)
from seonmul.gifts.rules._doubting import (
    DoubtRefusal,
    PoolCopy,
    why_not_leave_doubt,
    why_not_refund_doubt,
)
from seonmul.gifts.rules._notices import (
    MAIL_NOTICES,
    NOTICES,
)
from seonmul.gifts.rules._resending import (
    SHORT_LETTER,
    ChangeFacts,
    ChangeRefusal,
    GiftFacts,
    ResendRefusal,
    other_ways,
    why_not_change_number,
    why_not_resend,
    why_not_send,
)
from seonmul.kit.refusals import No, Refusal, _

__all__ = [
    "MAIL_NOTICES",
    "NOTICES",
    "REMINDER",
    "REMINDER_BACK",
    "REMINDER_NO_BACK",
    "REMINDER_SHORT",
    "REMINDER_TITLE",
    "REMIND_LATE_DAYS",
    "SHORT_LETTER",
    "CancelRefusal",
    "ChangeFacts",
    "ChangeRefusal",
    "ClaimFacts",
    "ClaimRefusal",
    "Claimable",
    "DoubtRefusal",
    "GiftFacts",
    "HaltFacts",
    "HaltRefusal",
    "PoolCopy",
    "ResendRefusal",
    "claim_won",
    "claimable",
    "due",
    "given_up_before",
    "may_remind_at",
    "other_ways",
    "remind_days",
    "why_not_approve_claim",
    "why_not_as_seen",
    "why_not_cancel",
    "why_not_change_number",
    "why_not_halt",
    "why_not_leave_doubt",
    "why_not_recall",
    "why_not_refund_doubt",
    "why_not_resend",
    "why_not_send",
]


class CancelRefusal(Refusal):
    NOT_A_BUYER = (
        "cancel_not_a_buyer",
        _("쿠폰을 취소할 권한이 없는 계정입니다. 회사의 대표에게 권한을 요청해 주세요."),
    )
    NOT_THIS_LIST = (
        "cancel_not_this_list",
        _("기업회원 상품리스트에서 산 쿠폰은 보낸 뒤 취소할 수 없습니다. 결제할 때 안내한 조건입니다."),
    )
    TOO_LATE = "cancel_too_late", _("산 지 {days}일이 지난 쿠폰은 취소할 수 없습니다.")
    USED = "cancel_used", _("사용했거나 이미 환불한 쿠폰은 취소할 수 없습니다.")
    ENDED = (
        "cancel_ended",
        _(
            "유효기간이 끝났거나 쓸 수 없게 된 쿠폰이라 취소할 수 없습니다. 환불은 쿠폰의 만료 조건을 확인해 주세요."
        ),
    )
    POOL = (
        "cancel_pool",
        _(
            "다른 회사가 발행한 코드라, 보낸 뒤에는 쓰지 않았는지 저희가 바로 알 수 없어 취소하지 않았습니다. 1:1 문의로 알려 주시면 발행사에 확인합니다."
        ),
    )
    POOL_STAYS = (
        "cancel_pool_stays",
        _(
            "발행사가 코드를 폐기해 주지 않는 상품이라 보낸 뒤에는 취소할 수 없습니다. 쿠폰은 그대로 쓸 수 있습니다. 궁금한 점은 1:1 문의로 알려 주세요."
        ),
    )
    UNDER_WAY = "cancel_under_way", _("아직 보내고 있습니다. 전송결과가 나온 뒤에 취소할 수 있습니다.")
    CHANGED = (
        "cancel_changed",
        _(
            "그사이 환불할 금액이 {seen_won:,}원에서 {now_won:,}원으로 바뀌어 취소하지 않았습니다. 다시 확인해 주세요."
        ),
    )


def cancel_days(*, is_general: bool, offer_days: int, figures: Figures) -> int:
    """So many days after paying an unused voucher may be cancelled although it was sent; 0: not at all. O10

    The general list always allows the first days; `offer_days`: what the product allowed as it was bought.
    """
    return max(offer_days, figures.withdrawal_days if is_general else 0)


def why_not_cancel(
    gift: GiftFacts,
    *,
    days: int,
    paid_at: datetime,
    may_buy: bool,
    pool: PoolCopy | None = None,
    is_voided_there: bool = False,
    at: datetime,
) -> No | None:
    """Say why a gift may not be cancelled after sending: unused, and within its days (`cancel_days`). O10

    `pool`: what matters of a code that came from one; out in the world, its issuer ends it first. `is_voided_there`: staff say
    that it has. S5
    """
    if not may_buy:
        return No(CancelRefusal.NOT_A_BUYER)
    if not days:
        return No(CancelRefusal.NOT_THIS_LIST)
    if at > paid_at + timedelta(days=days):
        return No(CancelRefusal.TOO_LATE, {"days": days})
    if gift.voucher_state in ("expired", "frozen", "void"):
        return No(CancelRefusal.ENDED)
    if gift.voucher_state not in ("issued", "ordered"):
        return No(CancelRefusal.USED)
    if gift.result is Result.WAITING:
        return No(CancelRefusal.UNDER_WAY)
    if pool and pool.is_out(at):
        if not pool.is_voidable:
            return No(CancelRefusal.POOL_STAYS)
        return None if is_voided_there else No(CancelRefusal.POOL)
    return None


def why_not_as_seen(seen_won: int, now_won: int) -> No | None:
    """Say why a cancellation is not done: another sum goes back than the one that was shown. O10"""
    return (
        None if seen_won == now_won else No(CancelRefusal.CHANGED, {"seen_won": seen_won, "now_won": now_won})
    )


class HaltRefusal(Refusal):
    NOT_A_BUYER = (
        "halt_not_a_buyer",
        _("발송을 멈출 권한이 없는 계정입니다. 회사의 대표에게 권한을 요청해 주세요."),
    )
    NOT_SENDING = "halt_not_sending", _("지금 보내고 있는 주문이 아닙니다. 멈춘 것은 없습니다.")
    HALTED = (
        "halt_again",
        _("이미 발송을 멈춘 주문입니다. 나가지 않은 건의 환불은 이 화면에서 확인해 주세요."),
    )
    AWAKE = (
        "recall_awake",
        _(
            "받는 분이 쿠폰을 쓸 수 있게 되어 회수하지 못했습니다. 아직 나가지 않은 건은 발송 중지로 멈춰 주세요."
        ),
    )


@dataclass(frozen=True)
class HaltFacts:
    """An order whose sending is to be stopped. `wakes_at` None: its vouchers were not sent asleep."""

    is_sending: bool
    is_halted: bool
    wakes_at: datetime | None


def why_not_halt(order: HaltFacts, *, may_buy: bool) -> No | None:
    """Say why a sending may not be stopped. S6"""
    if not may_buy:
        return No(HaltRefusal.NOT_A_BUYER)
    if order.is_halted:
        return No(HaltRefusal.HALTED)
    return None if order.is_sending else No(HaltRefusal.NOT_SENDING)


def why_not_recall(order: HaltFacts, *, may_buy: bool, at: datetime) -> No | None:
    """Say why an order may not be called back whole: only while its vouchers are asleep. S6"""
    if not may_buy:
        return No(HaltRefusal.NOT_A_BUYER)
    if order.wakes_at is None or at >= order.wakes_at:
        return No(HaltRefusal.AWAKE)
    return None


class LinkRefusal(Refusal):
    TOO_MANY = (
        "link_tries",
        _(
            "없는 선물 주소를 여러 번 열어 잠시 막았습니다. {minutes}분 뒤에 다시 열어 주세요. 받은 선물은 그대로 있습니다."
        ),
    )


def why_not_try_link(from_place: int, *, figures: Figures) -> No | None:
    """Say why an address that asked for too many gifts that nobody has must wait. V5"""
    if from_place < figures.wrong_links_from_place:
        return None
    return No(LinkRefusal.TOO_MANY, {"minutes": figures.wrong_links_minutes})


def given_up_before(at: datetime, *, figures: Figures) -> datetime:
    """Copies whose last result is older have arrived nowhere for good, and their price goes back. O9"""
    return at - timedelta(days=figures.undelivered_days)
