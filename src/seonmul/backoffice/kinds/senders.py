"""Sender numbers that need a decision. M6"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext

from seonmul.backoffice.kinds import frame
from seonmul.backoffice.matters import Fact, Kind, Matter, Paper, Signal
from seonmul.backoffice.rules import Power
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch import queries
from seonmul.dispatch import rules as dispatch_rules
from seonmul.dispatch.models import SenderNumber, SenderState
from seonmul.figures import queries as figures_now
from seonmul.kit import clock, masks, phones
from seonmul.kit.refusals import _
from seonmul.kit.waiting import Waiting
from seonmul.members.models import Member

NAME = "sender"
#: The box that whoever approves ticks.
REGISTERED = "registered"


def waiting(at: datetime) -> list[Waiting]:
    """Every number that waits."""
    rows = queries.waiting_senders()
    return frame.listed(
        NAME,
        ((row, row.buyer.name, row.renewal_at or row.added_at, masks.mask_phone(row.digits)) for row in rows),
        at,
    )


def opened(public_id: str, at: datetime) -> Matter | None:
    """One number with its proof."""
    row = queries.sender(public_id)
    if row is None:
        return None
    file, kind = row.renewal_file or row.proof_file, row.renewal_type or row.proof_type
    paper = Paper(str(row.get_proof_display()), file, kind)
    return frame.matter(
        row,
        is_waiting=row.is_waiting,
        title=row.buyer.name,
        what=masks.mask_phone(row.digits),
        since=row.renewal_at or row.added_at,
        signals=lambda: _signals(row, at),
        facts=_facts(row),
        paper=paper if file else None,
    )


def decide(
    row_id: UUID, *, approve: bool, reason: str, checks: frozenset[str], by: Member, at: datetime
) -> None:
    """Hand the decision to the domain."""
    dispatch.decide_sender(
        row_id, approve=approve, reason=reason, is_registered=REGISTERED in checks, by=by, at=at
    )


def _facts(row: SenderNumber) -> list[Fact]:
    return [
        # whole: it is a company's own public number, and whoever decides compares it with the proof
        Fact(gettext("발신번호"), phones.format_phone(row.digits)),
        Fact(gettext("쓰임"), row.label or "–"),
        Fact(gettext("증명"), str(row.get_proof_display())),
        Fact(gettext("증명 발급일"), clock.korean_date(newest) if (newest := _proved_on(row)) else "–"),
        frame.company(gettext("회사"), row.buyer),
    ]


def _signals(row: SenderNumber, at: datetime) -> list[Signal]:
    numbers = [one for one in queries.senders_asked_for(row.buyer_id) if one.state == SenderState.APPROVED]
    is_private = row.digits.startswith("010")
    signals = [
        Signal(
            gettext("휴대폰 번호") if is_private else gettext("회사 번호"),
            gettext("개인 번호입니다. 명의를 꼭 확인해 주세요.")
            if is_private
            else gettext("대표번호, 지역번호, 인터넷전화 가운데 하나입니다."),
            is_private,
        ),
        Signal(
            gettext("이미 쓰는 번호"), gettext("승인한 발신번호가 {n}개 있습니다.").format(n=len(numbers))
        ),
    ]
    if row.is_renewing and row.serves_by:
        last = dispatch_rules.last_day(row.serves_by, figures=figures_now.figures(at))
        why = gettext("쓰고 있는 번호의 새 증명입니다. 번호는 {day}까지 쓸 수 있습니다.")
        signals.append(Signal(gettext("새 증명"), why.format(day=clock.korean_date(last))))
    if proved_on := _proved_on(row):
        days = (clock.seoul_date(at) - proved_on).days
        signals.append(
            Signal(gettext("증명 날짜"), gettext("{n}일 전에 발급했습니다.").format(n=days), days > 60)
        )
    return signals


def _proved_on(row: SenderNumber) -> date | None:
    """The day of the paper that is decided upon, or by which the number stands."""
    return row.renewal_proved_on or row.proved_on


KIND = Kind(
    name=NAME,
    label=_("발신번호"),
    short=_("발신번호"),
    power=Power.DECIDE_SENDERS,
    waiting=waiting,
    opened=opened,
    decide=decide,
    yes=_("발신번호로 승인하기"),
    no=_("거부하기"),
    yes_said=_("발신번호를 승인했습니다. 신청한 분께 알립니다."),
    no_said=_("발신번호를 거부했습니다. 이유를 신청한 분께 알립니다."),
    verbs=("sender_approved", "sender_rejected"),
    reasons=(
        _("증명원의 글자가 보이지 않습니다. 다시 찍거나 스캔해서 올려 주세요."),
        _("증명원의 번호가 신청한 번호와 다릅니다. 확인하고 다시 신청해 주세요."),
        _("증명원의 명의가 회사와 다릅니다. 회사 명의의 증명원을 올려 주세요."),
        _("증명원을 발급한 지 오래되었습니다. 새로 발급받아 올려 주세요."),
    ),
    checks=((REGISTERED, _("통신사에 발신번호를 등록했습니다")),),
)
