"""Applications to become corporate. M2"""

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
from seonmul.members.models import Conversion, ConversionState, Member

NAME = "conversion"
#: A member of less than this is new.
_NEW = timedelta(days=7)


def waiting(at: datetime) -> list[Waiting]:
    """Every open application."""
    rows = queries.waiting_conversions()
    return frame.listed(
        NAME, ((row, row.company_name, row.applied_at, str(row.get_kind_display())) for row in rows), at
    )


def opened(public_id: str, at: datetime) -> Matter | None:
    """One application with all that speaks for and against it."""
    row = queries.conversion(public_id)
    if row is None:
        return None
    paper = Paper(str(row.get_kind_display()), row.certificate, row.certificate_type)
    return frame.matter(
        row,
        is_waiting=row.state == ConversionState.WAITING,
        title=row.company_name,
        what=str(row.get_kind_display()),
        since=row.applied_at,
        signals=lambda: _signals(row, at),
        facts=_facts(row),
        paper=paper if row.certificate else None,
    )


def decide(
    row_id: UUID, *, approve: bool, reason: str, checks: frozenset[str], by: Member, at: datetime
) -> None:
    """Hand the decision to the domain."""
    members.decide_conversion(row_id, approve=approve, reason=reason, by=by, at=at)


def _facts(row: Conversion) -> list[Fact]:
    number = row.business_number
    applicant = f"{masks.mask_name(row.member.name)} {masks.mask_phone(queries.phone_of(row.member))}"
    return [
        Fact(gettext("신청"), str(row.get_kind_display())),
        Fact(gettext("회사"), row.company_name),
        Fact(gettext("등록번호"), f"{number[:3]}-{number[3:5]}-{number[5:]}" if number else "–"),
        Fact(gettext("대표자"), row.representative or "–"),
        Fact(gettext("개업일"), clock.korean_date(row.opened_on) if row.opened_on else "–"),
        frame.person(gettext("신청한 분"), applicant, row.member),
        frame.company(gettext("지금 회원"), row.buyer),
    ]


def _signals(row: Conversion, at: datetime) -> list[Signal]:
    taken = queries.conversion_facts(row.member, row.buyer, row.business_number)["is_number_taken"]
    earlier = [one for one in queries.conversions_of(row.buyer_id) if one.state == ConversionState.REFUSED]
    is_new = at - row.member.joined_at < _NEW
    joined = clock.korean_date(clock.seoul_date(row.member.joined_at))
    return [
        Signal(gettext("이미 있는 회사"), gettext("같은 등록번호의 기업회원이 있습니다."), True)
        if taken
        else Signal(gettext("처음 보는 회사"), gettext("같은 등록번호의 기업회원이 없습니다.")),
        Signal(gettext("이전 반려"), gettext("전에 {n}번 반려했습니다.").format(n=len(earlier)), True)
        if earlier
        else Signal(gettext("이전 반려 없음"), gettext("처음 심사하는 신청입니다.")),
        Signal(
            gettext("신규 회원") if is_new else gettext("신규 회원 아님"),
            gettext("{day}에 가입했습니다.").format(day=joined),
            is_new,
        ),
    ]


KIND = Kind(
    name=NAME,
    label=_("기업회원전환"),
    short=_("기업전환"),
    power=Power.DECIDE_CONVERSIONS,
    waiting=waiting,
    opened=opened,
    decide=decide,
    yes=_("기업회원으로 승인하기"),
    no=_("반려하기"),
    yes_said=_("기업회원으로 승인했습니다. 신청한 분께 알립니다."),
    no_said=_("신청을 반려했습니다. 이유를 신청한 분께 알립니다."),
    verbs=("conversion_approved", "conversion_refused"),
    reasons=(
        _("증명서의 글자가 보이지 않습니다. 다시 찍거나 스캔해서 올려 주세요."),
        _("증명서의 등록번호가 신청한 번호와 다릅니다. 확인하고 다시 신청해 주세요."),
        _("증명서의 회사 이름이나 대표자가 신청한 내용과 다릅니다. 확인하고 다시 신청해 주세요."),
        _("휴업 또는 폐업한 사업자입니다. 영업 중인 사업자의 증명서로 다시 신청해 주세요."),
    ),
)
