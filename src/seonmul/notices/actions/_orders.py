"""What is told about orders: that one waits for a consent, and what was decided. O8, M7"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.dispatch.actions import Outgoing
from seonmul.kit import clock
from seonmul.members import queries as members
from seonmul.notices.actions import _sending
from seonmul.orders import queries as orders
from seonmul.orders.models import ApprovalState, ApprovalStep
from seonmul.orders.queries import ApprovalLetter

TO_APPROVER = "[선물] 결재할 주문이 있습니다.\n#{won}원, 주문번호 #{number}\n마이페이지의 결재함에서 #{until}까지 결정해 주세요."
ASKED = {
    ApprovalStep.COMPANY: (
        "[선물] 주문 #{number}은 결재자의 결재를 기다립니다. #{until}까지 결재하지 않으면 모두 환불합니다."
    ),
    ApprovalStep.OPERATOR: (
        "[선물] 주문 #{number}은 상품권류라 승인을 기다립니다. 결과를 바로 알려 드립니다. "
        "#{until}까지 승인되지 않으면 모두 환불합니다."
    ),
}
APPROVED = "[선물] 주문 #{number}이 승인되어 발송을 시작합니다."
APPROVED_FOR = "[선물] 주문 #{number}이 승인되었습니다. 예약한 #{when}에 보냅니다."
APPROVED_LATE = "[선물] 주문 #{number}이 승인되었습니다. 예약한 #{when}이 지나 바로 보냅니다."
REFUSED = (
    "[선물] 주문 #{number}이 반려되어 보내지 않았습니다. #{won}원을 결제한 방법으로 환불합니다.\n사유: #{reason}\n"
    "카드 환불은 카드사에 따라 며칠 걸릴 수 있습니다."
)
LAPSED = (
    "[선물] 주문 #{number}이 기한까지 승인되지 않아 보내지 않았습니다. #{won}원을 결제한 방법으로 환불합니다.\n"
    "카드 환불은 카드사에 따라 며칠 걸릴 수 있습니다."
)


@transaction.atomic
def tell_approval_asked(approval_id: UUID, *, at: datetime) -> None:
    """Tell whoever ordered for whom the order waits, and the company's approvers that it waits for them. O8, M7"""
    letter = orders.approval_letter(approval_id)
    if letter.state != ApprovalState.WAITING:
        return
    for approver_id in letter.approver_ids:
        _text(approval_id, approver_id, TO_APPROVER, letter, at)
    _text(approval_id, letter.member_id, ASKED[ApprovalStep(letter.step)], letter, at)


@transaction.atomic
def tell_approval_decided(approval_id: UUID, *, at: datetime) -> None:
    """Tell whoever ordered what was decided. O8"""
    letter = orders.approval_letter(approval_id)
    if letter.state == ApprovalState.REFUSED:
        _text(approval_id, letter.member_id, REFUSED, letter, at)
    elif letter.state == ApprovalState.LAPSED:
        _text(approval_id, letter.member_id, LAPSED, letter, at)
    elif letter.is_sent:  # else the next consent was asked for, and that is told
        if letter.send_at is None:
            text = APPROVED
        else:
            text = APPROVED_FOR if letter.send_at > at else APPROVED_LATE
        _text(approval_id, letter.member_id, text, letter, at)


def _text(approval_id: UUID, member_id: UUID, text: str, letter: ApprovalLetter, at: datetime) -> None:
    address = members.address_of(member_id)
    if address is None:
        return
    fields = {
        "number": letter.public_id,
        "won": f"{letter.amount_won:,}",
        "until": clock.korean_datetime(letter.due_at),
        "reason": _sending.carried(letter.reason),
        "when": clock.korean_datetime(letter.send_at) if letter.send_at else "",
    }
    _sending.send_text(letter.buyer_id, text, Outgoing(approval_id, address.phone, fields), at, "lms")
