"""What is told about orders: that one waits for a consent, what was decided, what a superior confirmed. O8, M7, O12

By text and by mail: the text is short, the mail leads to the page.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.dispatch import rules as dispatch
from seonmul.dispatch.actions import Outgoing
from seonmul.kit import clock, jobs
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
APPROVED_AT_NIGHT = "[선물] 주문 #{number}이 승인되었습니다. 광고는 밤에 보내지 않아 #{when}에 보냅니다."
REFUSED = (
    "[선물] 주문 #{number}이 반려되어 보내지 않았습니다. #{won}원을 결제한 방법으로 환불합니다.\n사유: #{reason}\n"
    "카드 환불은 카드사에 따라 며칠 걸릴 수 있습니다."
)
LAPSED = (
    "[선물] 주문 #{number}이 기한까지 승인되지 않아 보내지 않았습니다. #{won}원을 결제한 방법으로 환불합니다.\n"
    "카드 환불은 카드사에 따라 며칠 걸릴 수 있습니다."
)

APPROVAL_TITLE = "[선물] 주문의 결재와 승인을 알려 드립니다"
CONFIRMED_TITLE = "[선물] 상급자가 주문을 확인했습니다"
CONFIRMED = "[선물] 주문 #{number}을 상급자가 확인했습니다.\n결재나 결제가 된 것은 아닙니다. 주문에서 이어서 진행해 주세요."


@transaction.atomic
def tell_approval_asked(approval_id: UUID, *, at: datetime) -> None:
    """Tell whoever ordered for whom the order waits, and the company's approvers that it waits for them. O8, M7"""
    letter = orders.approval_letter(approval_id)
    if letter.state != ApprovalState.WAITING:
        return
    for approver_id in letter.approver_ids:
        _tell(approval_id, approver_id, "to_approver", letter, at)
    for member_id in _askers(letter):
        _tell(approval_id, member_id, "asked", letter, at)


@transaction.atomic
def tell_approval_decided(approval_id: UUID, *, at: datetime) -> None:
    """Tell whoever ordered what was decided. O8"""
    letter = orders.approval_letter(approval_id)
    if _decided(letter, at):  # else the next consent was asked for, and that is told
        for member_id in _askers(letter):
            _tell(approval_id, member_id, "decided", letter, at)


def _askers(letter: ApprovalLetter) -> list[UUID]:
    """Whoever ordered, or the owners where that one is in the company no more. M7"""
    if members.hears_of(letter.member_id, letter.buyer_id):
        return [letter.member_id]
    return members.owner_ids(letter.buyer_id)


def mail_approval(member_id: UUID, approval_id: UUID, *, what: str, at: datetime) -> None:
    """Mail what was told of a consent: "to_approver", "asked" or "decided"; nothing when that is no longer so. O8"""
    letter = orders.approval_letter(approval_id)
    to = members.mail_address_for(member_id, letter.buyer_id)
    is_waiting = letter.state == ApprovalState.WAITING
    if not to or is_waiting == (what == "decided"):
        return
    text = _words(what, letter, at)
    for name, value in _fields(letter, at).items():
        text = text.replace(f"#{{{name}}}", value)
    page = "my/approvals/" if what == "to_approver" else f"orders/{letter.public_id}/"
    _sending.send_mail(APPROVAL_TITLE, f"{text}\n\n{settings.PUBLIC_URL}/{page}\n", to)


def _words(what: str, letter: ApprovalLetter, at: datetime) -> str:
    if what == "to_approver":
        return TO_APPROVER
    return ASKED[ApprovalStep(letter.step)] if what == "asked" else _decided(letter, at)


def _decided(letter: ApprovalLetter, at: datetime) -> str:
    """The words for what was decided; "" while the order waits on."""
    if letter.state == ApprovalState.REFUSED:
        return REFUSED
    if letter.state == ApprovalState.LAPSED:
        return LAPSED
    if not letter.is_sent:
        return ""
    if _morning(letter, at):
        return APPROVED_AT_NIGHT
    if letter.send_at is None:
        return APPROVED
    return APPROVED_FOR if letter.send_at > at else APPROVED_LATE


def _morning(letter: ApprovalLetter, at: datetime) -> datetime | None:
    """When advertising goes that might go already, were it not night; None for any other. O3"""
    rests_until = dispatch.rests_until(at) if letter.is_ad else None
    is_due = rests_until is not None and (letter.send_at is None or letter.send_at <= rests_until)
    return rests_until if is_due else None


def _tell(approval_id: UUID, member_id: UUID, what: str, letter: ApprovalLetter, at: datetime) -> None:
    """By text, and by a mail that says the same."""
    address = members.address_for(member_id, letter.buyer_id)
    if address is not None:
        outgoing = Outgoing(approval_id, address.phone, _fields(letter, at))
        _sending.send_text(letter.buyer_id, _words(what, letter, at), outgoing, at, "lms")
    jobs.enqueue(f"notices.mail_approval_{what}", member_id=member_id, approval_id=approval_id)


def _fields(letter: ApprovalLetter, at: datetime) -> dict[str, str]:
    when = _morning(letter, at) or letter.send_at
    return {
        "number": letter.public_id,
        "won": f"{letter.amount_won:,}",
        "until": clock.korean_datetime(letter.due_at),
        "reason": _sending.carried(letter.reason),
        "when": clock.korean_datetime(when) if when else "",
    }


@transaction.atomic
def tell_review_confirmed(link_id: UUID, *, at: datetime) -> None:
    """Tell whoever made a superior's link that it was confirmed, by text and by mail. O12"""
    letter = orders.review_letter(link_id)
    if letter is None:
        return
    address = members.address_of(letter.member_id)
    if address is not None:
        outgoing = Outgoing(link_id, address.phone, {"number": letter.public_id})
        _sending.send_text(letter.buyer_id, CONFIRMED, outgoing, at, "lms")
    jobs.enqueue("notices.mail_review_confirmed", link_id=link_id)


def mail_review_confirmed(link_id: UUID) -> None:
    """Mail whoever made the link."""
    letter = orders.review_letter(link_id)
    to = members.mail_address(letter.member_id) if letter else ""
    if letter and to:
        text = CONFIRMED.replace("#{number}", letter.public_id)
        page = f"{settings.PUBLIC_URL}/orders/{letter.public_id}/"
        _sending.send_mail(CONFIRMED_TITLE, f"{text}\n\n{page}\n", to)
