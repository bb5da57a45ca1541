"""Copies of codes that others issue and take: whether their price goes back, staff ask the issuer. C3, S5, O9"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from seonmul.backoffice.kinds import frame
from seonmul.backoffice.matters import Fact, Kind, Matter, Signal
from seonmul.backoffice.rules import Power
from seonmul.gifts import actions, queries
from seonmul.gifts.models import Doubt, DoubtState, DoubtWhy
from seonmul.kit.refusals import _
from seonmul.kit.waiting import Waiting
from seonmul.members.models import Member

NAME = "doubt"
#: The box by which staff say that whoever issued a pool's codes has ended them unused.
SEEN_THERE = "seen_there"
SEEN_THERE_SAID = _("쓰지 않은 코드를 발행사가 폐기한 것을 확인했습니다")
_WHY = {
    DoubtWhy.POOL: _(
        "오랫동안 도착하지 않았지만 코드는 나갔습니다. 발행사 매장에서 썼는지 저희는 알 수 없습니다. 발행사에 코드를 폐기해 달라고 한 뒤 환불해 주세요."
    ),
    DoubtWhy.VOID: _(
        "저희가 취소하지 않았는데 발행사가 쿠폰을 취소했습니다. 받는 분은 쓸 수 없습니다. 발행사에 이유를 묻고 환불해 주세요."
    ),
    DoubtWhy.DIFFERS: _(
        "발행사가 말한 상태를 장부에 옮길 수 없어 그대로 두었습니다. 환불하는 사이에 썼을 수 있습니다. 발행사와 확인하고 적어 주세요."
    ),
}


def waiting(at: datetime) -> list[Waiting]:
    """Everything on which nobody has decided."""
    rows = queries.waiting_doubts()
    return frame.listed(
        NAME,
        ((row, frame.named(row.order.buyer), row.found_at, str(row.get_why_display())) for row in rows),
        at,
        is_money=True,
    )


def opened(public_id: str, at: datetime) -> Matter | None:
    """One of them, with its copies."""
    del at
    row = queries.doubt_named(public_id)
    if row is None:
        return None
    is_waiting = row.state == DoubtState.OPEN
    said = str(row.get_why_display())
    return Matter(
        public_id=row.public_id,
        row_id=row.id,
        buyer_id=row.order.buyer_id,
        title=frame.named(row.order.buyer),
        what=said,
        since=row.found_at,
        decided="" if is_waiting else str(row.get_state_display()),
        reason=row.note,
        signals=[Signal(said, gettext(_WHY[DoubtWhy(row.why)]), True)] if is_waiting else [],
        facts=_facts(row),
    )


def decide(
    row_id: UUID, *, approve: bool, reason: str, checks: frozenset[str], by: Member, at: datetime
) -> None:
    """Hand the decision to the domain."""
    if approve:
        actions.refund_doubt(row_id, is_seen=SEEN_THERE in checks, by=by, at=at)
    else:
        actions.leave_doubt(row_id, note=reason, by=by, at=at)


def _facts(row: Doubt) -> list[Fact]:
    copies = [
        Fact(
            gettext("쿠폰"),
            f"{one.line.product.brand.name} {one.line.product.name} ({one.public_id}), "
            f"{one.voucher.get_state_display()}, {frame.won(one.line.unit_price_won)}",
        )
        for one in queries.doubted(row)
    ]
    told = [Fact(gettext("발행사의 상태 코드"), row.told)] if row.told else []
    return [
        frame.company(gettext("산 회원"), row.order.buyer),
        Fact(gettext("주문"), row.order.public_id),
        *told,
        Fact(gettext("건수"), f"{row.copies.count():,}"),
        *copies,
    ]


KIND = Kind(
    name=NAME,
    label=_("발행사에 확인할 쿠폰"),
    short=_("쿠폰 확인"),
    power=Power.DECIDE_MONEY,
    waiting=waiting,
    opened=opened,
    decide=decide,
    yes=_("환불하기"),
    no=_("그대로 두기"),
    yes_said=_("쓰지 않은 쿠폰을 결제한 방법으로 환불했습니다."),
    no_said=_("그대로 두었습니다. 적은 내용은 기록에 남습니다."),
    verbs=("doubt_refunded", "doubt_left"),
    reasons=(_("발행사가 코드를 폐기해 주지 않습니다."), _("발행사 매장에서 사용한 것을 확인했습니다.")),
    checks=((SEEN_THERE, SEEN_THERE_SAID),),
    about=_("무엇을 확인했는지"),
    is_for_member=False,
    is_stern=False,
)
