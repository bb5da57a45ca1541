"""인수인계서: who handed an account to whom, on whose word, and what went over with it. M5

Made anew from the kept change at every look, so that there is no copy to lose. Korean, whatever the reader's language.
"""

from __future__ import annotations

from typing import Any

from seonmul.documents import pdf
from seonmul.kit import clock, masks
from seonmul.kit.refusals import _
from seonmul.members import queries
from seonmul.members.models import Handover
from seonmul.members.queries import Person

#: What the apps hand over (members.ports.Handed.what), as the paper calls it. An app that adds a code adds a line.
#: The audit log says them in the reader's language.
WORDS = {
    "draft": _("작성 중인 주문"),
    "order": _("진행 중인 주문"),
    "order_sender": _("발신번호가 바뀐 예약 주문"),
    "people": _("회사 주소록"),
    "occasion": _("기념일 초안 준비"),
    "inquiry": _("끝나지 않은 1:1 문의"),
    "application": _("심사 중인 신청"),
    "sender_waiting": _("심사 중인 회사 발신번호"),
    "sender_ended": _("이전 담당자의 휴대폰 발신번호 (사용 끝)"),
    "sender_new": _("새 담당자의 휴대폰 발신번호 (통신사 등록 뒤 사용)"),
}
_NAMED = 12


def paper(row: Handover) -> bytes:
    """The handing-over document of a change that was made."""
    return pdf.made("handover", _data(row))


def _data(row: Handover) -> dict[str, Any]:
    made_at = row.ended_at or row.asked_at
    day = clock.seoul_date(made_at)
    number = row.buyer.business_number
    return {
        "number": row.public_id,
        "day": [day.year, day.month, day.day],
        "made_at": clock.korean_datetime(made_at),
        "company": row.buyer.name,
        "business_number": f"{number[:3]}-{number[3:5]}-{number[5:]}" if number else "",
        "login": row.member.login,
        "way": {"identity": "이전 담당자의 본인인증", "owner": "회사 대표의 확인"}.get(
            row.way, "재직증명서 확인"
        ),
        "old": _person(queries.predecessor(row)),
        "new": _person(queries.successor(row)),
        "handed": [
            [WORDS.get(one["what"], one["what"]), f"{one['count']:,}건", _names(one)] for one in row.handed
        ],
    }


def _person(person: Person) -> list[str]:
    """The name whole, as on any paper of a company; how to reach them masked."""
    return [person.name, masks.mask_phone(person.phone), masks.mask_mail(person.mail)]


def _names(one: dict[str, Any]) -> str:
    named = one["names"][:_NAMED]
    rest = one["count"] - len(named)
    return ", ".join(named) + (f" 외 {rest:,}건" if named and rest > 0 else "")
