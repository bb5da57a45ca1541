"""Changes of the person in charge on the word of a certificate of employment. M5"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext

from seonmul.backoffice.kinds import frame
from seonmul.backoffice.matters import Fact, Kind, Matter, Paper, Signal
from seonmul.backoffice.rules import Power
from seonmul.kit import clock, masks
from seonmul.kit.refusals import _
from seonmul.kit.waiting import Waiting
from seonmul.members import actions as members
from seonmul.members import queries
from seonmul.members.models import Handover, HandoverState, Member

NAME = "handover"
#: An account that changed hands less than this ago changes them again.
_LATELY = timedelta(days=90)


def waiting(at: datetime) -> list[Waiting]:
    """Every change that waits."""
    rows = queries.waiting_handovers()
    title = gettext("재직증명서")
    return frame.listed(
        NAME, ((row, row.buyer.name, row.waits_since or row.asked_at, title) for row in rows), at
    )


def opened(public_id: str, at: datetime) -> Matter | None:
    """One change with its certificate; one whose phone nobody has proved is no matter of staff."""
    row = queries.handover(public_id)
    if row is None or row.waits_since is None:
        return None
    return frame.matter(
        row,
        is_waiting=row.state == HandoverState.WAITING,
        title=row.buyer.name,
        what=gettext("담당자 변경"),
        since=row.waits_since,
        signals=lambda: _signals(row, at),
        facts=_facts(row),
        paper=Paper(str(row.get_way_display()), row.certificate, row.certificate_type),
    )


def decide(
    row_id: UUID, *, approve: bool, reason: str, checks: frozenset[str], by: Member, at: datetime
) -> None:
    """Hand the decision to the domain."""
    members.decide_handover(row_id, approve=approve, reason=reason, by=by, at=at)


def _facts(row: Handover) -> list[Fact]:
    old, new = queries.predecessor(row), queries.successor(row)
    return [
        # whole: whoever decides compares it with the certificate
        Fact(gettext("새 담당자"), new.name),
        Fact(
            gettext("새 담당자의 휴대폰"),
            gettext("{phone} (인증번호로 확인)").format(phone=masks.mask_phone(new.phone)),
        ),
        frame.person(
            gettext("이전 담당자"), f"{masks.mask_name(old.name)} {masks.mask_phone(old.phone)}", row.member
        ),
        frame.company(gettext("회사"), row.buyer),
    ]


def _signals(row: Handover, at: datetime) -> list[Signal]:
    before = queries.handovers_of(row.member)
    lately = bool(before and before[0].ended_at and at - before[0].ended_at < _LATELY)
    domain = queries.successor(row).mail.rpartition("@")[2]
    same = domain == queries.predecessor(row).mail.rpartition("@")[2]
    since = clock.korean_date(clock.seoul_date(row.member.joined_at))
    return [
        Signal(gettext("최근에도 바뀐 계정"), gettext("석 달 안에 담당자가 바뀌었습니다."), True)
        if lately
        else Signal(
            gettext("최근에 바뀌지 않은 계정"), gettext("{day}에 만든 계정입니다.").format(day=since)
        ),
        Signal(gettext("같은 메일 주소"), gettext("두 담당자의 메일이 같은 도메인입니다."))
        if same
        else Signal(gettext("다른 메일 주소"), gettext("두 담당자의 메일 도메인이 다릅니다."), True),
    ]


KIND = Kind(
    name=NAME,
    label=_("담당자 변경"),
    short=_("담당자"),
    power=Power.DECIDE_HANDOVERS,
    waiting=waiting,
    opened=opened,
    decide=decide,
    yes=_("담당자 바꾸기"),
    no=_("반려하기"),
    yes_said=_("담당자를 바꿨습니다. 두 담당자에게 알립니다."),
    no_said=_("신청을 반려했습니다. 이유를 새 담당자에게 알립니다."),
    verbs=("person_changed", "handover_refused"),
    reasons=(
        _("재직증명서의 글자가 보이지 않습니다. 다시 찍거나 스캔해서 올려 주세요."),
        _("재직증명서의 회사가 이 계정의 회사와 다릅니다. 확인하고 다시 신청해 주세요."),
        _("재직증명서의 이름이 새 담당자와 다릅니다. 확인하고 다시 신청해 주세요."),
        _("재직증명서에 회사의 직인이 없습니다. 직인이 있는 것을 올려 주세요."),
    ),
)
