"""A copy's change of number: the copy, what is asked for, and sending it there with another code, or not. S5"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from seonmul.backoffice.kinds.panels.frame import Done, Panel
from seonmul.backoffice.matters import Fact, Signal
from seonmul.backoffice.rules import Power
from seonmul.dispatch.ports import Result
from seonmul.dispatch.rules import WORDS
from seonmul.gifts import queries as gifts
from seonmul.gifts import rules as gift_rules
from seonmul.gifts.models import Gift
from seonmul.kit import clock
from seonmul.kit.refusals import No
from seonmul.members.models import Member
from seonmul.support import actions, queries, rules
from seonmul.support.models import Inquiry, InquiryState
from seonmul.ui.templatetags.ui_filters import masked_address
from seonmul.vouchers import queries as vouchers
from seonmul.vouchers import rules as voucher_rules

#: The box by which staff say that whoever issued a pool's code has ended it.
_VOIDED = "voided"


def shown(row: Inquiry, at: datetime) -> dict[str, Any]:
    """Why it cannot be changed as things stand, or what is asked of staff; nothing once it is decided."""
    gift = gifts.gift_named(row.about)
    if gift is None or row.outcome or row.state == InquiryState.CLOSED:
        return {}
    source = vouchers.replaceable(gift.voucher).source
    return {
        "no": _why_not(row, gift, at),
        "is_pool": source == "pool",
        "is_external": source == "external",
        "reasons": list(rules.MOVE_REFUSALS.items()),
    }


def act(row: Inquiry, typed: Mapping[str, str], by: Member, at: datetime) -> Done:
    """Change the number, or not. Both answer the inquiry."""
    text = typed.get("text", "")
    if typed.get("verdict") == "change":
        actions.change_number(row.id, is_voided_there=typed.get(_VOIDED) == "yes", text=text, by=by, at=at)
        return Done(gettext("번호를 바꿨습니다. 문의한 분께 문자와 이메일로 알립니다."), is_answered=True)
    actions.refuse_number(row.id, typed.get("why", ""), text=text, by=by, at=at)
    return Done(gettext("번호를 바꾸지 않기로 했습니다. 이유를 문의한 분께 알립니다."), is_answered=True)


def facts(row: Inquiry, at: datetime) -> list[Fact]:
    """The copy and its numbers, masked, and the trail of those it had before."""
    del at
    gift = gifts.gift_named(row.about)
    if gift is None:
        return []
    product, order = gift.line.product, gift.order
    now = gifts.to_of(order, gifts.cells_of(gift))
    said = [
        Fact(gettext("쿠폰"), f"{product.brand.name} {product.name}, {gift.voucher.get_state_display()}"),
        Fact(gettext("주문"), order.public_id),
        Fact(gettext("지금 번호"), masked_address(now)),
        Fact(gettext("새 번호"), masked_address(queries.to_of(row))),
    ]
    said += [
        Fact(
            gettext("번호 변경"),
            f"{masked_address(one.old)} → {masked_address(one.new)}, {one.said}, "
            f"{clock.korean_datetime(one.asked_at)}",
        )
        for one in gifts.changes_of(gift)
    ]
    return [*said, Fact(gettext("결정"), str(row.get_outcome_display()))] if row.outcome else said


def signals(row: Inquiry, at: datetime) -> list[Signal]:
    """What became of the message to the old number, and whether somebody opened it."""
    gift = gifts.gift_named(row.about)
    if gift is None:
        return []
    is_there = gift.result == "delivered"
    result = gettext(WORDS[Result(gift.result)].label)
    said = gettext("마지막 결과는 {result}, 재발송은 {times}번 했습니다.").format(
        result=result, times=gift.resends
    )
    found = [Signal(gettext("전송성공") if is_there else gettext("도착하지 않음"), said, is_there)]
    if gift.opened_at:
        opened = clock.korean_datetime(gift.opened_at)
        said = gettext("{at}에 누가 링크를 열었습니다. 이전 번호에서 이미 보았을 수 있습니다.").format(
            at=opened
        )
        found.append(Signal(gettext("열람함"), said, True))
    no = _why_not(row, gift, at)
    return [*found, Signal(gettext("지금은 바꿀 수 없음"), no.say(gettext), True)] if no else found


def _why_not(row: Inquiry, gift: Gift, at: datetime) -> No | None:
    no = voucher_rules.why_not_replace(vouchers.replaceable(gift.voucher), at=at)
    return no or gift_rules.why_not_change_number(gifts.change_facts(gift, queries.to_of(row)))


PANEL = Panel(
    template="backoffice/queue/panels/number.html",
    power=Power.ANSWER_INQUIRIES,
    shown=shown,
    act=act,
    facts=facts,
    signals=signals,
    verbs=("number_changed", "number_kept"),
)
