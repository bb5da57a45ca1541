"""Decisions on gifts. S5"""

from __future__ import annotations

from collections.abc import Collection
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
    may_remind_at,
    remind_days,
    why_not_approve_claim,
)
from seonmul.kit import masks
from seonmul.kit.refusals import No, Refusal, _

__all__ = [
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
    "GiftFacts",
    "HaltFacts",
    "HaltRefusal",
    "ResendRefusal",
    "claim_won",
    "claimable",
    "given_up_before",
    "may_remind_at",
    "other_ways",
    "remind_days",
    "why_not_approve_claim",
    "why_not_as_seen",
    "why_not_cancel",
    "why_not_change_number",
    "why_not_halt",
    "why_not_recall",
    "why_not_resend",
    "why_not_send",
]


class ResendRefusal(Refusal):
    NOT_A_BUYER = (
        "gift_not_a_buyer",
        _("재발송할 권한이 없는 계정입니다. 회사의 대표에게 권한을 요청해 주세요."),
    )
    USED = "gift_used", _("이미 사용한 쿠폰은 다시 보낼 수 없습니다.")
    EXPIRED = "gift_expired", _("유효기간이 지난 쿠폰은 다시 보낼 수 없습니다.")
    REFUNDED = "gift_refunded", _("환불한 쿠폰은 다시 보낼 수 없습니다.")
    STOPPED = "gift_stopped", _("사용이 중지된 쿠폰은 다시 보낼 수 없습니다.")
    NOT_ISSUED = "gift_not_issued", _("발행사가 발급하지 못한 쿠폰입니다. 결제한 금액은 돌려드렸습니다.")
    UNDER_WAY = "gift_under_way", _("아직 보내고 있습니다. 전송결과가 나온 뒤에 다시 보낼 수 있습니다.")
    RESENT_ENOUGH = (
        "gift_resent_enough",
        _("재발송은 {most}번까지 할 수 있습니다. 번호가 바뀌었다면 1:1 문의로 알려 주세요."),
    )
    TOO_SOON = "gift_resent_too_soon", _("조금 전에 보냈습니다. {minutes}분 뒤에 다시 보낼 수 있습니다.")
    SENDER_GONE = (
        "gift_sender_gone",
        _(
            "이 주문의 발신번호({number})를 더는 쓸 수 없어 보내지 않았습니다. 쿠폰은 그대로 있습니다. 그 번호를 다시 등록하거나 1:1 문의로 알려 주세요."
        ),
    )
    NO_SUCH_WAY = (
        "gift_no_such_way",
        _(
            "그 방법으로는 보낼 수 없는 쿠폰입니다. 보낸 것은 없습니다. 화면에 있는 방법 가운데서 골라 주세요."
        ),
    )


@dataclass(frozen=True)
class GiftFacts:
    """A gift in the moment of a resend. `voucher_state`: a state of V2.

    `gone_sender`: the number of its order, where no text may show it any more; "" where it may, or by mail. M6
    """

    voucher_state: str
    valid_until: datetime
    result: Result
    resends: int
    sent_at: datetime
    gone_sender: str = ""


_STOPPED = {
    "used": ResendRefusal.USED,
    "expired": ResendRefusal.EXPIRED,
    "refunded": ResendRefusal.REFUNDED,
    "frozen": ResendRefusal.STOPPED,
    "void": ResendRefusal.STOPPED,
    "ordered": ResendRefusal.UNDER_WAY,
    "not_issued": ResendRefusal.NOT_ISSUED,
}


def why_not_send(voucher_state: str, valid_until: datetime, *, at: datetime) -> No | None:
    """Say why the message about a voucher may not go out (any more). S5"""
    if voucher_state in _STOPPED:
        return No(_STOPPED[voucher_state])
    if at > valid_until:
        return No(ResendRefusal.EXPIRED)
    return None


def why_not_resend(gift: GiftFacts, *, may_buy: bool, figures: Figures, at: datetime) -> No | None:
    """Say why this gift may not be sent again, or None when it may. First reason wins, in this order. S5"""
    if not may_buy:
        return No(ResendRefusal.NOT_A_BUYER)
    no = why_not_send(gift.voucher_state, gift.valid_until, at=at)
    if no:
        return no
    if gift.result is Result.WAITING:
        return No(ResendRefusal.UNDER_WAY)
    if gift.gone_sender:
        return _no_sender(gift.gone_sender)
    if gift.resends >= figures.resend_most:
        return No(ResendRefusal.RESENT_ENOUGH, {"most": figures.resend_most})
    free_at = gift.sent_at + timedelta(minutes=figures.resend_wait_minutes)
    if at < free_at:
        return No(ResendRefusal.TOO_SOON, {"minutes": -(-(free_at - at) // timedelta(minutes=1))})
    return None


def _no_sender(digits: str) -> No:
    return No(ResendRefusal.SENDER_GONE, {"number": masks.mask_phone(digits)})


#: What an SMS says, where the order was written for something longer.
SHORT_LETTER = "[선물] 쿠폰이 도착했어요."
#: By which a copy may go again, what the plainest phone takes first.
_WAYS = ("sms", "lms", "mms", "mail")


def other_ways(
    channel: str, *, ways: Collection[str], has_phone: bool, has_mail: bool, is_ad: bool
) -> tuple[str, ...]:
    """By which other channels than its last one a copy may be sent again. H2, S5

    `ways`: of the product; `has_phone`: a number and somebody's number to send from; advertising is too long for an SMS.
    """
    can = {"sms": has_phone and not is_ad, "lms": has_phone, "mms": has_phone, "mail": has_mail}
    return tuple(way for way in _WAYS if way != channel and way in ways and can[way])


class ChangeRefusal(Refusal):
    NO_NUMBER = (
        "change_no_number",
        _("새 번호를 휴대폰 번호로 적어 주세요. 예: 010-1234-5678. 바꾼 것은 없습니다."),
    )
    NO_MAIL = "change_no_mail", _("새 주소를 이메일 주소로 적어 주세요. 바꾼 것은 없습니다.")
    SAME = (
        "change_same",
        _("지금과 같은 번호입니다. 번호가 맞다면 재발송해 주세요. 바꾼 것은 없습니다."),
    )
    COPIES = (
        "change_copies",
        _(
            "그 번호에는 이 상품을 이미 {most}개까지 보냈습니다. 다른 번호를 확인해 주세요. 바꾼 것은 없습니다."
        ),
    )


@dataclass(frozen=True)
class ChangeFacts:
    """A copy that should go to another number or address. `to`: as it was read, "" for none.

    `copies_there`: of the same product in the same order, by that number. O2 `gone_sender`: as in GiftFacts.
    """

    result: str
    is_mail: bool
    to: str
    old: str
    copies_there: int
    copies_most: int
    gone_sender: str = ""


def why_not_change_number(copy: ChangeFacts) -> No | None:
    """Say why a copy may not go to another number; of its voucher `vouchers.rules.why_not_replace` says. S5, O2"""
    if not copy.to:
        return No(ChangeRefusal.NO_MAIL if copy.is_mail else ChangeRefusal.NO_NUMBER)
    if copy.to == copy.old:
        return No(ChangeRefusal.SAME)
    if copy.result == Result.WAITING:
        return No(ResendRefusal.UNDER_WAY)
    if copy.gone_sender:
        return _no_sender(copy.gone_sender)
    if copy.copies_there >= copy.copies_most:
        return No(ChangeRefusal.COPIES, {"most": copy.copies_most})
    return None


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
    UNDER_WAY = "cancel_under_way", _("아직 보내고 있습니다. 전송결과가 나온 뒤에 취소할 수 있습니다.")
    CHANGED = (
        "cancel_changed",
        _(
            "그사이 환불할 금액이 {seen_won:,}원에서 {now_won:,}원으로 바뀌어 취소하지 않았습니다. 다시 확인해 주세요."
        ),
    )


def why_not_cancel(
    gift: GiftFacts, *, is_general: bool, paid_at: datetime, may_buy: bool, figures: Figures, at: datetime
) -> No | None:
    """Say why a gift may not be cancelled after sending: unused, general list, within seven days. O10"""
    if not may_buy:
        return No(CancelRefusal.NOT_A_BUYER)
    if not is_general:
        return No(CancelRefusal.NOT_THIS_LIST)
    if at > paid_at + timedelta(days=figures.withdrawal_days):
        return No(CancelRefusal.TOO_LATE, {"days": figures.withdrawal_days})
    if gift.voucher_state not in ("issued", "ordered"):
        return No(CancelRefusal.USED)
    if gift.result is Result.WAITING:
        return No(CancelRefusal.UNDER_WAY)
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


#: The same after a dispatch by mail.
MAIL_NOTICES = {
    "text": (
        _("단체 문자"),
        _(
            "[안내] {gift} 쿠폰을 이메일로 보내 드렸습니다. 보낸 사람은 {sender}이고 {until}까지 쓸 수 있습니다. 메일이 보이지 않으면 스팸 메일함을 먼저 확인해 주세요."
        ),
    ),
    "mail": (
        _("메일"),
        _(
            "안녕하세요.\n\n{gift} 모바일쿠폰을 이메일로 보내 드렸습니다.\n\n- 보낸 사람: {sender}\n- 유효기간: {until}까지\n- 쓰는 방법: 메일의 ‘선물 열기’를 눌러 바코드를 매장에 보여 주세요.\n\n메일이 보이지 않으면 스팸 메일함을 확인하고, 그래도 없으면 담당자에게 알려 주세요. 같은 쿠폰을 무료로 다시 보내 드립니다."
        ),
    ),
    "board": (
        _("게시판"),
        _(
            "{gift} 모바일쿠폰 발송 안내\n\n1. 이메일로 보냈습니다. 보낸 사람은 {sender}입니다.\n2. {until}까지 쓸 수 있습니다. 기한이 지나면 쓸 수 없으니 미리 써 주세요.\n3. 받지 못했으면 스팸 메일함을 확인한 뒤 담당자에게 알려 주세요."
        ),
    ),
}

#: What a company tells its people after a dispatch, so that nobody takes the message for a fraud: where it goes, and the
#: text with its places `gift`, `sender`, `until`. O11
NOTICES = {
    "text": (
        _("단체 문자"),
        _(
            "[안내] {gift} 쿠폰을 문자로 보내 드렸습니다. 발신번호는 {sender}이고 {until}까지 쓸 수 있습니다. 문자가 보이지 않으면 스팸 보관함을 먼저 확인해 주세요."
        ),
    ),
    "mail": (
        _("메일"),
        _(
            "안녕하세요.\n\n{gift} 모바일쿠폰을 휴대폰 문자로 보내 드렸습니다.\n\n- 발신번호: {sender}\n- 유효기간: {until}까지\n- 쓰는 방법: 문자의 링크를 눌러 바코드를 매장에 보여 주세요.\n\n문자가 보이지 않으면 스팸 보관함을 확인하고, 그래도 없으면 담당자에게 알려 주세요. 같은 쿠폰을 무료로 다시 보내 드립니다."
        ),
    ),
    "board": (
        _("게시판"),
        _(
            "{gift} 모바일쿠폰 발송 안내\n\n1. 휴대폰 문자로 보냈습니다. 발신번호는 {sender}입니다.\n2. {until}까지 쓸 수 있습니다. 기한이 지나면 쓸 수 없으니 미리 써 주세요.\n3. 받지 못했으면 스팸 보관함을 확인한 뒤 담당자에게 알려 주세요."
        ),
    ),
}
