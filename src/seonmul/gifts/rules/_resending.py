"""Sending a copy again, to whom, and by another number. S5"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from seonmul.dispatch.ports import Result
from seonmul.figures.rules import Figures
from seonmul.kit import masks
from seonmul.kit.refusals import No, Refusal, _


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
