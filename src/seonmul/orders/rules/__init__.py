"""Decisions on orders. O1, O2, O3, O6."""

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
from seonmul.orders.rules._approving import (
    ACCOUNTS_DAYS,
    COMPANY,
    OPERATOR,
    ApprovalFacts,
    ApprovalRefusal,
    ApprovalSigns,
    steps_of,
    why_not_approve_for_company,
    why_not_ask_approval,
    why_not_decide,
)
from seonmul.orders.rules._basket import (
    BasketRefusal,
    LineFacts,
    why_not_buy,
    why_not_fill,
    why_not_go_as,
    why_not_put,
    why_not_send_by,
    why_not_split_basket,
    why_not_take_out,
)
from seonmul.orders.rules._budgets import Bound, BudgetFacts, BudgetRefusal, why_not_pay_within
from seonmul.orders.rules._checking import (
    EXAMPLES,
    QUIET,
    SIGNS,
    SPREAD,
    WARNED,
    WARNING_BITS,
    NumberFacts,
    Outcome,
    Remedy,
    Sign,
    Weight,
    free_after,
    later_at,
    morning_after,
    outcomes,
    remedies_of,
    signs_of,
    spreads,
    words_of,
)
from seonmul.orders.rules._limits import (
    LimitFacts,
    LimitRefusal,
    limit_on,
    month_of,
    raise_until,
    resets_on,
    wanted_won,
    why_not_ask_raise,
    why_not_raise,
    why_not_use_limit,
)
from seonmul.orders.rules._numbers import (
    NUMBER_REASONS,
    REASON_LEAST,
    REASON_MOST,
    SHEET_PASSWORD_LEAST,
    NumbersRefusal,
    why_not_export_numbers,
    why_not_see_numbers,
)
from seonmul.orders.rules._planning import Doing, Due, plan
from seonmul.orders.rules._reviews import (
    REVIEW_LINKS_MOST,
    ReviewFacts,
    ReviewRefusal,
    why_not_confirm,
    why_not_make_link,
    why_not_open_link,
)
from seonmul.orders.rules._staff import StaffFacts, StaffRefusal, why_not_compare
from seonmul.orders.rules._trying import (
    TrialFacts,
    TrialRefusal,
    trial_channel,
    trial_text,
    trial_title,
    why_not_try,
)
from seonmul.orders.rules._waiting import (
    BY_BUYER,
    NOT_SOLD_ANY_MORE,
    SENDER_GONE,
    TimeRefusal,
    WaitingRefusal,
    takes_substitute,
    why_not_send_at,
    why_not_sleep,
    why_not_touch,
)
from seonmul.orders.rules._wording import Finding, Hint, MessageFacts, look_at_message
from seonmul.payments import rules as payments

__all__ = [
    "ACCOUNTS_DAYS",
    "BY_BUYER",
    "COMPANY",
    "EXAMPLES",
    "NOT_SOLD_ANY_MORE",
    "NUMBER_REASONS",
    "OPERATOR",
    "QUIET",
    "REASON_LEAST",
    "REASON_MOST",
    "REVIEW_LINKS_MOST",
    "SENDER_GONE",
    "SHEET_PASSWORD_LEAST",
    "SIGNS",
    "SPREAD",
    "WARNED",
    "WARNING_BITS",
    "ApprovalFacts",
    "ApprovalRefusal",
    "ApprovalSigns",
    "BasketRefusal",
    "Bound",
    "BudgetFacts",
    "BudgetRefusal",
    "Doing",
    "Due",
    "Finding",
    "Hint",
    "LimitFacts",
    "LimitRefusal",
    "LineFacts",
    "MessageFacts",
    "NumberFacts",
    "NumbersRefusal",
    "Outcome",
    "Remedy",
    "ReviewFacts",
    "ReviewRefusal",
    "Sign",
    "StaffFacts",
    "StaffRefusal",
    "TimeRefusal",
    "TrialFacts",
    "TrialRefusal",
    "WaitingRefusal",
    "Weight",
    "free_after",
    "later_at",
    "limit_on",
    "look_at_message",
    "month_of",
    "morning_after",
    "outcomes",
    "plan",
    "raise_until",
    "remedies_of",
    "resets_on",
    "signs_of",
    "spreads",
    "steps_of",
    "takes_substitute",
    "trial_channel",
    "trial_text",
    "trial_title",
    "wanted_won",
    "why_not_approve_for_company",
    "why_not_ask_approval",
    "why_not_ask_raise",
    "why_not_buy",
    "why_not_compare",
    "why_not_confirm",
    "why_not_decide",
    "why_not_export_numbers",
    "why_not_fill",
    "why_not_go_as",
    "why_not_make_link",
    "why_not_open_link",
    "why_not_pay_within",
    "why_not_put",
    "why_not_raise",
    "why_not_see_numbers",
    "why_not_send_at",
    "why_not_send_by",
    "why_not_sleep",
    "why_not_split_basket",
    "why_not_take_out",
    "why_not_touch",
    "why_not_try",
    "why_not_use_limit",
    "words_of",
]

#: Copies that are issued together: a chunk and its last recipient's five copies fill one batch of 1,000.
CHUNK_COPIES = 996

#: What stands in the place of a gift's link in a trial: a page that shows what a recipient sees, without any code. O5
SAMPLE_LINK = "sample"

#: Places of a message; the link is put in by us. O3
NAME_PLACE, LINK_PLACE = "이름", "링크"
#: What a message says where no name was given.
NO_NAME = "고객"
NO_NAME_BYTES = 4


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


class SplitRefusal(Refusal):
    REWARD_SHORT = (
        "order_reward_short",
        _("쓸 수 있는 리워드는 {has_won:,}원입니다. 결제하지 않았습니다. 금액을 고쳐 주세요."),
    )
    CASH_SHORT = (
        "order_cash_short",
        _(
            "쓸 수 있는 캐쉬는 {has_won:,}원입니다. 결제하지 않았습니다. 캐쉬를 충전하거나 카드로 나눠 내 주세요."
        ),
    )
    TOO_MUCH = (
        "order_split_too_much",
        _("결제할 금액 {total_won:,}원보다 많이 쓸 수 없습니다. 결제하지 않았습니다. 금액을 고쳐 주세요."),
    )


@dataclass(frozen=True)
class Split:
    """With what an order is paid, in won and in the order of spending; what goes back goes the other way round. O6, P5"""

    reward_won: int = 0
    cash_won: int = 0
    card_won: int = 0

    @property
    def total_won(self) -> int:
        return self.reward_won + self.cash_won + self.card_won

    @property
    def needs_grant(self) -> bool:
        """Cash and reward need spend authentication; a card brings its own. M4"""
        return self.reward_won + self.cash_won > 0


def split_of(total_won: int, *, reward_won: int, cash_won: int) -> Split:
    """What is chosen of reward and cash; a card pays the rest. O6"""
    return Split(reward_won, cash_won, max(total_won - reward_won - cash_won, 0))


def split_wanted(
    total_won: int,
    *,
    reward_won: int,
    cash_won: int | None,
    has_reward_won: int,
    has_cash_won: int,
    all_of: str = "",
) -> Split:
    """What a person asks for on the pay page: reward goes first and cash makes room for it; a card pays the rest. O6

    `cash_won` None: as much as there is. `all_of`: "reward" or "cash", of which all there is is to be used.
    """
    if all_of == "reward":
        reward_won = min(has_reward_won, total_won)
    room = max(total_won - reward_won, 0)
    if cash_won is None or all_of == "cash":
        cash_won = has_cash_won
    return split_of(total_won, reward_won=reward_won, cash_won=min(cash_won, room))


class CheckoutRefusal(Refusal):
    CANCELLED = (
        "checkout_cancelled",
        _("카드 결제를 취소했습니다. 쓰려던 캐쉬와 리워드는 다시 쓸 수 있습니다. 다시 결제해 주세요."),
    )
    AGAIN = (
        "checkout_again",
        _("결제 방법이나 금액을 바꿔 이 카드 결제는 끝났습니다. 주문으로 돌아가 다시 결제해 주세요."),
    )
    CHANGED = (
        "checkout_changed",
        _("카드 결제를 마치기 전에 주문할 수 없게 바뀌어 주문하지 않았습니다. 주문을 다시 확인해 주세요."),
    )


_ENDS: dict[str, Refusal] = {
    "window_ended": payments.CardRefusal.ENDED,
    "cancelled": CheckoutRefusal.CANCELLED,
    "again": CheckoutRefusal.AGAIN,
    OrderRefusal.CHANGED_MEANWHILE.code: OrderRefusal.CHANGED_MEANWHILE,
}


def why_ended(why: str, *, seen_won: int, now_won: int) -> No:
    """Say why no order came of a card window that is over. `why`: as the checkout keeps it. O6, P3"""
    if why == OrderRefusal.PRICE_CHANGED.code:
        return No(OrderRefusal.PRICE_CHANGED, {"seen_won": seen_won, "now_won": now_won})
    return No(_ENDS.get(why, CheckoutRefusal.CHANGED))


def why_not_split(split: Split, total_won: int, *, has_reward_won: int, has_cash_won: int) -> No | None:
    """Say why an order of `total_won` may not be paid like this. O6"""
    if min(split.reward_won, split.cash_won, split.card_won) < 0 or split.total_won != total_won:
        return No(SplitRefusal.TOO_MUCH, {"total_won": total_won})
    if split.reward_won > has_reward_won:
        return No(SplitRefusal.REWARD_SHORT, {"has_won": has_reward_won})
    if split.cash_won > has_cash_won:
        return No(SplitRefusal.CASH_SHORT, {"has_won": has_cash_won})
    return None


@dataclass(frozen=True)
class EarningFacts:
    """What an order's reward hangs on. `certificates_won`: what its gift certificates cost, less those refunded."""

    certificates_won: int
    cash_and_card_won: int
    total_won: int
    earned_won: int
    unearned_won: int


def reward_to_take_back(facts: EarningFacts, refunded_certificates_won: int, *, percent: int) -> int:
    """What of an order's reward goes with a refund of some of its gift certificates. P4

    What stays earned is what an order without them would have earned.
    """
    stays = payments.reward_won(
        facts.certificates_won - refunded_certificates_won,
        cash_and_card_won=facts.cash_and_card_won,
        total_won=facts.total_won,
        percent=percent,
    )
    return max(facts.earned_won - facts.unearned_won - stays, 0)


@dataclass(frozen=True)
class RefundPlan:
    """What a refund comes to, in won. `won`: the price of the copies; `reward_back_won`: reward that goes with them,
    `kept_won` of it spent already and therefore kept; the others: where the rest goes. P4, P5
    """

    won: int
    reward_back_won: int
    kept_won: int
    card_won: int
    cash_won: int
    reward_won: int


def amount_won(unit_price_won: int, copies: int) -> int:
    """What a line costs."""
    return unit_price_won * copies


def letter_text(text: str, *, channel: str, gift: str, until: str, ad: Ad | None = None) -> str:
    """The whole text of a message: the member's words, then the link and what it opens; marks around advertising. V5, O3

    `gift`: brand and product; `until`: the last day, as people read it.
    """
    if channel == "sms":
        return dispatch.ad_text(f"{text.rstrip()}\n#{{{LINK_PLACE}}}", ad)
    below = f"▶ 선물 열기\n#{{{LINK_PLACE}}}\n\n{gift}\n{until}까지 쓸 수 있어요."
    return dispatch.ad_text(f"{text.rstrip()}\n\n{below}", ad)
