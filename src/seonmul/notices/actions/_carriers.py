"""What is mailed to staff about carriers. S4"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.dispatch import queries as dispatch
from seonmul.kit import jobs
from seonmul.members import lookups
from seonmul.members import queries as members
from seonmul.members.models import StaffRole
from seonmul.notices.actions import _sending

#: Who answers members' questions about a result, and who can have the table mended.
_ROLES = (StaffRole.SUPPORT, StaffRole.SUPER)

STRANGE_CODE_TITLE = "[선물] {carrier}가 모르는 결과 코드를 보냈습니다: {code}"
STRANGE_CODE = """{carrier}가 우리 표에 없는 결과 코드 {code}를 보냈습니다.
그 메시지는 사유를 모르는 전송실패로 보여 드리고, 발송사의 코드는 그대로 적어 두었습니다.
발송사에 뜻을 물어 결과 표에 넣어 주세요. 같은 코드는 다시 알리지 않습니다.

발송사: {url}
"""


@transaction.atomic
def tell_strange_code(code_id: UUID) -> None:
    """Queue one mail for each who should know of a code that nobody has mapped. S4"""
    for one in lookups.staff_in(_ROLES):
        jobs.enqueue("notices.mail_strange_code", member_id=one.id, code_id=code_id)


def mail_strange_code(member_id: UUID, code_id: UUID) -> None:
    """Mail one of them the carrier and its code. S4"""
    row = dispatch.strange_code(code_id)
    words = {
        "carrier": row.carrier.upper(),
        "code": row.code,
        "url": f"{settings.PUBLIC_URL}/console/settings/carriers/",
    }
    _sending.send_mail(
        STRANGE_CODE_TITLE.format(**words), STRANGE_CODE.format(**words), members.mail_address(member_id)
    )
