"""Whether a draft may become an order. O1, O2, O3, O6"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from seonmul.dispatch import rules as dispatch
from seonmul.dispatch.rules import Ad, LetterFacts
from seonmul.figures.rules import Figures
from seonmul.kit.refusals import No, Refusal, _
from seonmul.members import rules as members
from seonmul.members.rules import CompanyRefusal
from seonmul.orders.rules._approving import ApprovalFacts, why_not_ask_approval
from seonmul.orders.rules._basket import LineFacts, why_not_buy, why_not_fill, why_not_send_by
from seonmul.orders.rules._budgets import BudgetFacts, why_not_pay_within
from seonmul.orders.rules._limits import LimitFacts, why_not_use_limit
from seonmul.orders.rules._waiting import TimeRefusal, why_not_send_at, why_not_sleep


class OrderRefusal(Refusal):
    NOT_A_BUYER = "order_not_a_buyer", _("구매 권한이 없는 계정입니다. 회사의 대표에게 권한을 요청해 주세요.")
    TOO_MANY_ROWS = (
        "order_too_many_rows",
        _("한 주문에는 {most:,}행까지 담을 수 있습니다. {over:,}행이 넘어 담지 않았습니다."),
    )
    NOBODY = "order_nobody", _("받는 분이 없습니다. 번호를 하나 이상 넣어 주세요.")
    HAS_FAULTS = (
        "order_has_faults",
        _("고칠 행이 {rows:,}개 있습니다. 고치거나 그 {rows:,}행을 빼고 보내 주세요."),
    )
    NOT_LAWFUL = "order_not_lawful", _("‘수신자 정보를 적법하게 수집했습니다’에 표시해 주세요.")
    PRICE_CHANGED = (
        "order_price_changed",
        _("금액이 {seen_won:,}원에서 {now_won:,}원으로 바뀌어 결제하지 않았습니다. 다시 확인해 주세요."),
    )
    BAD_PLACE = (
        "order_bad_place",
        _(
            "‘{place}’ 열에 보낼 수 없는 글자나 너무 긴 값이 {rows:,}행 있습니다. "
            "명단을 고쳐 다시 담거나 #{{{place}}}를 지워 주세요."
        ),
    )
    CHANGED_MEANWHILE = (
        "order_changed_meanwhile",
        _("그사이 주문 내용이 바뀌어 결제하지 않았습니다. 다시 확인해 주세요."),
    )


@dataclass(frozen=True)
class OrderFacts:
    """A draft at the moment of paying. `seen_won`, `seen_left_out`: what the person agreed to.

    `lines`: the products of its basket. `bad_places`: rows by place of the message that no carrier can carry.
    `face_won`: of gift certificates, held against `limit`; None where there are none. O7
    `budget`: within which bounds a member of a company may pay. M7
    """

    may_buy: bool
    is_frozen: bool
    blocked_until: datetime | None
    is_company: bool
    lines: Sequence[LineFacts]
    letter: LetterFacts
    people: int
    rows: int
    rows_at_fault: int
    amount_won: int
    seen_won: int
    seen_left_out: int
    is_lawful: bool
    is_ad: bool = False
    ad: Ad | None = None
    is_later: bool = False
    send_at: datetime | None = None
    asleep_minutes: int = 0
    face_won: int = 0
    limit: LimitFacts | None = None
    approval: ApprovalFacts | None = None
    bad_places: Mapping[str, int] = field(default_factory=dict)
    budget: BudgetFacts | None = None


def why_not_import(rows: int, *, figures: Figures) -> No | None:
    """Say why a list may not grow to `rows`. O1"""
    if rows > figures.recipients_most:
        over = rows - figures.recipients_most
        return No(OrderRefusal.TOO_MANY_ROWS, {"most": figures.recipients_most, "over": over})
    return None


def why_not_fill_in(letter: LetterFacts, bad_places: Mapping[str, int]) -> No | None:
    """Say why a column cannot stand in the message: some of its cells hold what no carrier carries. O3"""
    for place, rows in bad_places.items():
        if f"#{{{place}}}" in letter.title + letter.text:
            return No(OrderRefusal.BAD_PLACE, {"place": place, "rows": rows})
    return None


def why_not_place(order: OrderFacts, *, figures: Figures, at: datetime) -> No | None:
    """Say why this draft may not become an order, or None when it may. First reason wins. O1, O2, O3, O6"""
    if not order.may_buy:
        return No(OrderRefusal.NOT_A_BUYER)
    if order.is_frozen:
        return No(CompanyRefusal.FROZEN)
    no = members.why_not_spend(order.blocked_until, at=at)
    no = no or why_not_buy(order.lines, is_company=order.is_company, at=at)
    no = no or why_not_import(order.rows, figures=figures)
    if no:
        return no
    if not order.people:
        return No(OrderRefusal.NOBODY)
    if order.rows_at_fault != order.seen_left_out:
        return No(OrderRefusal.HAS_FAULTS, {"rows": order.rows_at_fault})
    no = why_not_fill(order.lines) or why_not_send_by(order.lines, order.letter.channel)
    no = no or dispatch.why_not_write(order.letter)
    if no := no or why_not_fill_in(order.letter, order.bad_places):
        return no
    if not order.is_lawful:
        return No(OrderRefusal.NOT_LAWFUL)
    if order.is_later and order.send_at is None:
        return No(TimeRefusal.NO_TIME)
    no = why_not_send_at(order.send_at, figures=figures, at=at)
    no = no or (dispatch.why_not_advertise(order.ad, order.send_at or at) if order.is_ad else None)
    is_own = all(line.is_own for line in order.lines)
    if no := no or why_not_sleep(order.asleep_minutes, is_own=is_own, figures=figures):
        return no
    if order.amount_won != order.seen_won:
        return No(OrderRefusal.PRICE_CHANGED, {"seen_won": order.seen_won, "now_won": order.amount_won})
    no = why_not_pay_within(order.budget, order.amount_won) if order.budget else None
    no = no or (why_not_ask_approval(order.approval) if order.approval else None)
    return no or (why_not_use_limit(order.limit, order.face_won) if order.limit else None)
