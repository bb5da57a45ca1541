"""Writing notices."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.actions import Outgoing
from seonmul.figures import queries as figures_now
from seonmul.members import queries as members

#: Before any bulk: somebody sits in front of a form.
_URGENT = 10

# Each fits a short text of 90 bytes with its largest numbers.
SPEND_CODE = "[선물] 결제 인증번호 #{code}\n#{people}명, #{won}원. 남에게 알려 주지 마세요."
LOCKED = "[선물] 결제 비밀번호를 여러 번 틀려 #{minutes}분 동안 잠갔습니다. 본인이 아니면 문의해 주세요."


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
        fields = {"minutes": f"{figures_now.figures(at).payment_password_lock_minutes:,}"}
        _text(address.buyer_id, LOCKED, Outgoing(member_id, address.phone, fields), at)


def _text(buyer_id: UUID, text: str, outgoing: Outgoing, at: datetime) -> None:
    letter = dispatch.write_letter(
        buyer_id, channel="sms", sender=settings.PLATFORM_SENDER, title="", text=text, at=at, priority=_URGENT
    )
    dispatch.queue(letter.id, [outgoing], at=at)
