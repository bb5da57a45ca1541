"""Writing notices."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.actions import Outgoing
from seonmul.members import queries as members

#: Before any bulk: somebody sits in front of a form.
_URGENT = 10

SPEND_CODE = "[선물] 인증번호 #{code}\n#{people}명, #{won}원 결제용입니다. 누구에게도 알려 주지 마세요."
PASSWORD_LOCKED = (
    "[선물] 결제 비밀번호를 여러 번 틀려 30분 동안 잠갔습니다. 본인이 아니면 고객센터로 알려 주세요."
)


@transaction.atomic
def send_spend_code(code_id: UUID, *, at: datetime) -> None:
    """Text a spend code; it names amount and number of recipients. M4, M8"""
    asked = members.spend_code_letter(code_id, at)
    if asked is None:
        return
    fields = {"code": asked.code, "people": f"{asked.people:,}", "won": f"{asked.amount_won:,}"}
    _text(asked.buyer_id, SPEND_CODE, Outgoing(code_id, asked.phone, fields), at)


@transaction.atomic
def tell_password_locked(member_id: UUID, *, at: datetime) -> None:
    """Tell a member that the payment password was locked. M4"""
    address = members.address_of(member_id)
    if address:
        _text(address.buyer_id, PASSWORD_LOCKED, Outgoing(member_id, address.phone, {}), at)


def _text(buyer_id: UUID, text: str, outgoing: Outgoing, at: datetime) -> None:
    letter = dispatch.write_letter(
        buyer_id, channel="sms", sender=settings.PLATFORM_SENDER, title="", text=text, at=at, priority=_URGENT
    )
    dispatch.queue(letter.id, [outgoing], at=at)
