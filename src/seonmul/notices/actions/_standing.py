"""What members are told when staff act on their account: by text and by mail. B, M8"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.dispatch import rules as dispatch_rules
from seonmul.dispatch.actions import Outgoing
from seonmul.kit import jobs
from seonmul.members import queries as members
from seonmul.notices.actions import _sending

HELD = (
    "[선물] 고객센터에서 아이디 #{login}이 쓰는 계정의 모든 결제를 멈췄습니다. 돈과 이미 결제한 주문은 그대로 있습니다.\n"
    "다시 열려면 고객센터에 문의해 주세요."
)
RELEASED = (
    "[선물] 고객센터에서 아이디 #{login}이 쓰는 계정의 결제를 다시 열었습니다.\n"
    "모르는 일이면 바로 고객센터에 알려 주세요: #{url}/my/"
)
FACTORS_RESET = (
    "[선물] 고객센터에서 아이디 #{login}의 2단계 인증을 지우고 모든 기기에서 로그아웃했습니다.\n"
    "요청하지 않았다면 바로 비밀번호를 다시 정하고 고객센터에 알려 주세요: #{url}/recover/"
)
#: What a text says, and what its mail is called.
STANDINGS = {
    "held": (HELD, "[선물] 모든 결제를 멈췄습니다"),
    "released": (RELEASED, "[선물] 결제를 다시 열었습니다"),
    "factors_reset": (FACTORS_RESET, "[선물] 2단계 인증을 초기화했습니다"),
}


def tell_owners_of_standing(what: str, buyer_id: UUID, *, at: datetime) -> None:
    """Tell everybody who owns a buyer what staff have done to it. B, M8"""
    for member_id in members.owner_ids(buyer_id):
        tell_of_standing(what, member_id, at=at)


@transaction.atomic
def tell_of_standing(what: str, member_id: UUID, *, at: datetime) -> None:
    """Tell a member what staff have done: a text now, a mail by a job of its own. B, M8"""
    letter = members.login_letter(member_id)
    if letter:
        login, phone = letter
        outgoing = Outgoing(member_id, phone, _fields(login))
        _sending.send_text(None, STANDINGS[what][0], outgoing, at, "lms")
    jobs.enqueue(f"notices.mail_{what}", member_id=member_id)


def mail_of_standing(what: str, member_id: UUID) -> None:
    """Mail a member what staff have done. B, M8"""
    to, letter = members.mail_address(member_id), members.login_letter(member_id)
    if to:
        text, title = STANDINGS[what]
        body = dispatch_rules.fill(text, _fields(letter[0] if letter else ""))
        _sending.send_mail(title, f"{body}\n", to)


def _fields(login: str) -> dict[str, str]:
    return {"login": login, "url": settings.PUBLIC_URL}
