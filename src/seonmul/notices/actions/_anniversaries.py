"""What is told of anniversaries that are near: that a draft waits, or that none could be made. O12"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.dispatch.actions import Outgoing
from seonmul.kit import jobs
from seonmul.members import queries as members
from seonmul.notices.actions import _sending
from seonmul.people import queries as people
from seonmul.people.queries import ReminderLetter

PREPARED = (
    "[선물] #{kind}이 #{days}일 안에 있는 #{people}명의 주문을 미리 작성했습니다.\n"
    "주문/발송내역의 작성 중인 주문에서 확인하고 결제해 주세요."
)
NOT_PREPARED = (
    "[선물] #{kind}이 #{days}일 안에 있는 분이 #{people}명 있는데 정해 둔 상품을 주문할 수 없어 주문을 작성하지 못했습니다.\n"
    "마이페이지의 주소록에서 기념일 상품을 바꾸고 직접 주문해 주세요."
)
TITLE = "[선물] 다가오는 기념일을 알려 드립니다"


@transaction.atomic
def tell_anniversary(reminder_id: UUID, *, at: datetime) -> None:
    """Tell whoever prepares for anniversaries, by text and by mail. O12"""
    letter = people.reminder_letter(reminder_id)
    address = members.address_for(letter.member_id, letter.buyer_id)
    if address is not None:
        outgoing = Outgoing(reminder_id, address.phone, _fields(letter))
        _sending.send_text(letter.buyer_id, _words(letter), outgoing, at, "lms")
    jobs.enqueue("notices.mail_anniversary", reminder_id=reminder_id)


def mail_anniversary(reminder_id: UUID) -> None:
    """Mail the same."""
    letter = people.reminder_letter(reminder_id)
    to, text = members.mail_address_for(letter.member_id, letter.buyer_id), _words(letter)
    if not to:
        return
    for name, value in _fields(letter).items():
        text = text.replace(f"#{{{name}}}", value)
    page = f"orders/drafts/{letter.draft}/" if letter.draft else "my/people/occasions/"
    _sending.send_mail(TITLE, f"{text}\n\n{settings.PUBLIC_URL}/{page}\n", to)


def _words(letter: ReminderLetter) -> str:
    return PREPARED if letter.draft else NOT_PREPARED


def _fields(letter: ReminderLetter) -> dict[str, str]:
    return {"kind": letter.kind, "days": str(letter.days_before), "people": f"{letter.people:,}"}
