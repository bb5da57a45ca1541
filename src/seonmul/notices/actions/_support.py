"""What is told about inquiries: that there is an answer. The answer itself stands behind the login. H3"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.dispatch.actions import Outgoing
from seonmul.kit import jobs
from seonmul.notices.actions import _sending
from seonmul.support import queries as support

ANSWERED = "[선물] 1:1 문의(#{kind})에 답변했습니다.\n고객센터의 1:1 문의에서 확인해 주세요."
ANSWERED_TITLE = "[선물] 1:1 문의에 답변했습니다"
ANSWERED_MAIL = """1:1 문의({kind})에 답변했습니다.

아래 주소에서 확인하고, 더 궁금한 것은 이어서 적어 주세요.
{url}/help/inquiries/{public_id}/
"""


@transaction.atomic
def tell_answered(inquiry_id: UUID, *, at: datetime) -> None:
    """Tell whoever asked that there is an answer, by text and by mail. H3"""
    letter = support.answer_letter(inquiry_id)
    if letter is None:
        return
    if letter.phone:
        outgoing = Outgoing(inquiry_id, letter.phone, {"kind": letter.kind})
        _sending.send_text(letter.buyer_id, ANSWERED, outgoing, at, "lms")
    jobs.enqueue("notices.mail_answered", inquiry_id=inquiry_id)


def mail_answered(inquiry_id: UUID) -> None:
    """Mail whoever asked."""
    letter = support.answer_letter(inquiry_id)
    if letter and letter.mail:
        body = ANSWERED_MAIL.format(kind=letter.kind, url=settings.PUBLIC_URL, public_id=letter.public_id)
        _sending.send_mail(ANSWERED_TITLE, body, letter.mail)
