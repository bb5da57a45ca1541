"""What is told when somebody's place in a company has ended. M7"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.dispatch import rules as dispatch_rules
from seonmul.dispatch.actions import Outgoing
from seonmul.kit import jobs
from seonmul.members import queries as members
from seonmul.notices.actions import _sending

PARTED_TITLE = "[선물] 회사 구성원에서 빠졌습니다"
PARTED = (
    "[선물] 아이디 #{login}이 #{company}의 구성원에서 빠져 일반회원이 되었습니다.\n"
    "회사의 주문과 캐쉬는 회사에 남고, 이 아이디는 그대로 쓸 수 있습니다. 모르는 일이면 회사 대표에게 문의해 주세요."
)
PARTED_OWNER = (
    "[선물] #{name} 님이 #{company}의 구성원에서 빠졌습니다.\n"
    "모르는 일이면 모든 결제를 멈추고 회사 기록에서 확인해 주세요."
)


@transaction.atomic
def tell_parted(member_id: UUID, buyer_id: UUID, *, at: datetime) -> None:
    """Tell who is in a company no more, and its owners. M7"""
    letter = members.parted_letter(member_id, buyer_id)
    if letter is None:
        return
    fields = {
        "login": letter.login,
        "company": _sending.carried(letter.company_name),
        "name": _sending.carried(letter.name),
    }
    if letter.phone:
        _sending.send_text(None, PARTED, Outgoing(member_id, letter.phone, fields), at, "lms")
    for address in members.owners_addresses(buyer_id):
        _sending.send_text(buyer_id, PARTED_OWNER, Outgoing(member_id, address.phone, fields), at, "lms")
    jobs.enqueue("notices.mail_parted", member_id=member_id, buyer_id=buyer_id)


def mail_parted(member_id: UUID, buyer_id: UUID) -> None:
    """Mail who is in a company no more. M7"""
    letter = members.parted_letter(member_id, buyer_id)
    if letter and letter.mail:
        text = dispatch_rules.fill(PARTED, {"login": letter.login, "company": letter.company_name})
        _sending.send_mail(PARTED_TITLE, f"{text}\n\n{settings.PUBLIC_URL}/my/\n", letter.mail)
