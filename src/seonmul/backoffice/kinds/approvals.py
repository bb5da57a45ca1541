"""Paid orders with gift certificates that wait for the operator. O8"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from seonmul.backoffice.kinds import frame
from seonmul.backoffice.matters import Fact, Kind, Matter, Signal
from seonmul.backoffice.rules import Power
from seonmul.kit import clock, masks
from seonmul.kit.refusals import _
from seonmul.kit.waiting import Waiting
from seonmul.members.models import Member
from seonmul.orders import actions, queries
from seonmul.orders.models import Approval, ApprovalState, ApprovalStep
from seonmul.orders.rules import ApprovalSigns

NAME = "approval"


def waiting(at: datetime) -> list[Waiting]:
    """Every order that nobody has decided on, by the clock of business hours."""
    rows = queries.waiting_approvals(ApprovalStep.OPERATOR)
    return frame.listed(
        NAME,
        ((row, frame.named(row.buyer), row.asked_at, frame.won(row.order.amount_won)) for row in rows),
        at,
        is_urgent=True,
    )


def opened(public_id: str, at: datetime) -> Matter | None:
    """One order with what speaks for and against it."""
    row = queries.approval(public_id, ApprovalStep.OPERATOR)
    if row is None:
        return None
    is_waiting = row.state == ApprovalState.WAITING
    return Matter(
        public_id=row.public_id,
        row_id=row.id,
        about_id=row.order_id,
        buyer_id=row.buyer_id,
        title=frame.named(row.buyer),
        what=frame.won(row.order.amount_won),
        since=row.asked_at,
        decided="" if is_waiting else str(row.get_state_display()),
        reason=row.reason,
        signals=_signals(queries.approval_signs(row)) if is_waiting else [],
        facts=_facts(row, at),
    )


def decide(
    row_id: UUID, *, approve: bool, reason: str, checks: frozenset[str], by: Member, at: datetime
) -> None:
    """Hand the decision to the domain."""
    actions.decide_order(row_id, approve=approve, reason=reason, by=by, at=at)


def _facts(row: Approval, at: datetime) -> list[Fact]:
    order, limit = row.order, queries.limit_of(row.buyer, at)
    return [
        Fact(gettext("주문"), order.public_id),
        *(
            Fact(
                gettext("상품"),
                gettext("{name}, 권면금액 {face} × {copies}건").format(
                    name=f"{line.product.brand.name} {line.product.name}",
                    face=frame.won(line.face_value_won),
                    copies=f"{line.copies:,}",
                ),
            )
            for line in queries.lines_of(order.id)
        ),
        Fact(gettext("받는 분"), gettext("{n}명").format(n=f"{order.people:,}")),
        Fact(gettext("선물 용도"), str(order.get_purpose_display())),
        Fact(gettext("결제"), _paid_with(row)),
        Fact(
            gettext("이번 달 한도"),
            gettext("{limit} 가운데 사용 {used}, 승인 대기와 결제 중 {held}").format(
                limit=frame.won(limit.limit_won),
                used=frame.won(limit.used_won),
                held=frame.won(limit.held_won),
            ),
        ),
        Fact(gettext("환불되는 때"), clock.korean_datetime(row.due_at)),
        frame.person(gettext("주문한 분"), masks.mask_name(order.member.name), order.member),
        frame.company(gettext("회원"), row.buyer),
    ]


def _paid_with(row: Approval) -> str:
    order = row.order
    parts = [
        (gettext("리워드"), order.reward_won),
        (gettext("캐쉬"), order.cash_won),
        (gettext("카드"), order.card_won),
    ]
    return ", ".join(f"{name} {frame.won(won)}" for name, won in parts if won)


def _signals(signs: ApprovalSigns) -> list[Signal]:
    joined = clock.korean_date(clock.seoul_date(signs.joined_at))
    return [
        Signal(
            gettext("신규 회원") if signs.is_new_member else gettext("신규 회원 아님"),
            gettext("{day}에 가입했습니다.").format(day=joined),
            signs.is_new_member,
        ),
        Signal(
            gettext("첫 고액 구매") if signs.is_first_large else gettext("금액"),
            gettext("전에 한 가장 큰 주문은 {won}입니다.").format(won=frame.won(signs.earlier_most_won)),
            signs.is_first_large,
        ),
        Signal(
            gettext("심야 결제") if signs.is_at_night else gettext("낮 결제"),
            gettext("{when}에 결제했습니다.").format(when=clock.korean_datetime(signs.paid_at)),
            signs.is_at_night,
        ),
        Signal(
            gettext("본인에게 보냄") if signs.own_people else gettext("본인에게 보내지 않음"),
            gettext("받는 분 가운데 {n}명이 이 회원의 번호입니다.").format(n=signs.own_people)
            if signs.own_people
            else gettext("받는 분 가운데 이 회원의 번호가 없습니다."),
            bool(signs.own_people),
        ),
        Signal(
            gettext("여러 계정이 보낸 번호") if signs.is_shared else gettext("겹치는 번호"),
            gettext("{n}명은 석 달 안에 다른 계정 {most}곳까지에서도 상품권을 받았습니다.").format(
                n=signs.shared_people, most=signs.accounts_most
            )
            if signs.shared_people
            else gettext("석 달 안에 다른 계정에서 상품권을 받은 분이 없습니다."),
            signs.is_shared,
        ),
    ]


KIND = Kind(
    name=NAME,
    label=_("주문 승인"),
    short=_("주문 승인"),
    power=Power.DECIDE_ORDERS,
    waiting=waiting,
    opened=opened,
    decide=decide,
    yes=_("승인하고 보내기"),
    no=_("반려하고 환불하기"),
    yes_said=_("주문을 승인했습니다. 발송을 시작합니다."),
    no_said=_("주문을 반려했습니다. 결제한 방법으로 바로 환불하고 이유를 알립니다."),
    verbs=("order_approved", "order_refused"),
    reasons=(
        _("본인이 쓰려고 사는 것으로 보여 승인할 수 없습니다. 받는 분을 확인하고 다시 주문해 주세요."),
        _("부정 사용이 의심되어 승인할 수 없습니다. 1:1 문의로 구매 목적을 알려 주세요."),
        _("구매 목적을 확인하지 못했습니다. 1:1 문의로 알려 주시면 다시 확인하겠습니다."),
    ),
    about=_("주문한 분께 전하는 이유"),
)
