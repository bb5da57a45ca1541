"""A refund: the order that is meant, what may go back of it, and giving it back. O10, P5"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from seonmul.backoffice.kinds import frame
from seonmul.backoffice.kinds.panels.frame import Done, Panel
from seonmul.backoffice.matters import Fact
from seonmul.backoffice.rules import Power
from seonmul.gifts.rules import CancelRefusal
from seonmul.kit import clock
from seonmul.members.models import Member
from seonmul.orders import queries as orders
from seonmul.orders.models import Order
from seonmul.payments import queries as payments
from seonmul.support import actions, queries
from seonmul.support.models import Inquiry, InquiryState

#: The box by which staff say that whoever issued a pool's codes has ended them.
_VOIDED = "voided"


def shown(row: Inquiry, at: datetime) -> dict[str, Any]:
    """The orders to pick from, what goes back of the chosen one, and its refunds on their way. Nothing once it has ended."""
    if row.state == InquiryState.CLOSED:
        return {}
    found = actions.look_at_refund(row, by=row.member, at=at)
    asks_issuer = found is not None and any(no.why is CancelRefusal.POOL for no, _count in found.refused)
    return {
        "orders": queries.orders_to_name(row),
        "found": found,
        "ended": actions.look_at_refund(row, is_voided_there=True, by=row.member, at=at)
        if asks_issuer
        else None,
        "may": found is not None and (found.is_whole or bool(found.gift_ids)),
        "refunds": payments.refunds_about(str(found.order.draft_id)) if found else [],
    }


def act(row: Inquiry, typed: Mapping[str, str], by: Member, at: datetime) -> Done:
    """Say which order is meant; or cancel what may be of it, which answers the inquiry."""
    if typed.get("verdict") == "name":
        actions.name_order(row.id, typed.get("order", ""), by=by, at=at)
        return Done(gettext("문의한 주문을 골랐습니다."), is_answered=False)
    seen = typed.get("seen_won", "")
    seen_won = int(seen) if seen.isdecimal() and len(seen) < 16 else -1
    is_voided = typed.get(_VOIDED) == "yes"
    won = actions.refund(
        row.id, seen_won=seen_won, is_voided_there=is_voided, text=typed.get("text", ""), by=by, at=at
    )
    said = gettext("{won}을 결제한 방법으로 돌려드립니다. 문의한 분께 문자와 이메일로 알립니다.")
    return Done(said.format(won=frame.won(won)), is_answered=True)


def facts(row: Inquiry, at: datetime) -> list[Fact]:
    """The order in a few lines."""
    del at
    order = queries.order_of(row)
    return _facts(order) if order else []


def _facts(order: Order) -> list[Fact]:
    return [
        Fact(gettext("상품"), orders.goods_name(order.id)),
        Fact(gettext("상태"), str(order.get_state_display())),
        Fact(gettext("결제"), frame.won(order.amount_won)),
        Fact(gettext("결제한 때"), clock.korean_datetime(order.paid_at)),
    ]


PANEL = Panel(
    template="backoffice/queue/panels/refund.html",
    power=Power.DECIDE_ORDERS,
    shown=shown,
    act=act,
    facts=facts,
    verbs=("inquiry_refunded",),
)
