"""Decisions on money from outside. P2, P3, P4, P5"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.kit.money import share
from seonmul.kit.refusals import No, Refusal, _
from seonmul.payments.ports import Bank, Method, Payment, Told

CHARGE_LEAST_WON = 10_000  # fixed, P2
CHARGE_STEP_WON = 10  # fixed, P2

#: When to ask again about a payment, in seconds after the last time; then hourly for accounts. Reports come first.
_CARD_ASKS = (15, 30, 60, 120, 300)
_ACCOUNT_ASKS = (60, 300, 900)
_ACCOUNT_THEN = 3_600
#: When to try a refund again that is in doubt.
_REFUND_TRIES = (10, 30, 120, 600, 3_600)


class ChargeRefusal(Refusal):
    NOT_A_BUYER = (
        "charge_not_a_buyer",
        _("충전할 권한이 없는 계정입니다. 회사의 대표에게 권한을 요청해 주세요."),
    )
    TOO_LITTLE = "charge_too_little", _("캐쉬는 {least:,}원부터 충전할 수 있습니다.")
    STEP = "charge_step", _("충전 금액은 {step:,}원 단위로 적어 주세요.")
    OVER_CAP = (
        "charge_over_cap",
        _(
            "보유·보류 중인 캐쉬와 입금을 기다리는 금액을 더해 {most:,}원까지 충전할 수 있습니다. "
            "지금은 {room:,}원까지 가능합니다."
        ),
    )
    NO_BANK = "charge_no_bank", _("가상계좌를 받을 은행을 골라 주세요.")
    NOT_OPEN = "charge_not_open", _("이미 입금되었거나 끝난 가상계좌입니다. 새로 고침해서 확인해 주세요.")


class CardRefusal(Refusal):
    ONCE = (
        "card_once",
        _("카드로는 한 번에 {most:,}원까지 결제할 수 있습니다. 나머지는 캐쉬로 결제해 주세요."),
    )
    DAY = "card_day", _("카드로는 하루 {most:,}원까지 결제할 수 있습니다. 오늘은 {room:,}원이 남았습니다.")
    MONTH = (
        "card_month",
        _("카드로는 한 달 {most:,}원까지 결제할 수 있습니다. 이번 달은 {room:,}원이 남았습니다."),
    )
    ENDED = (
        "card_window_ended",
        _("카드 결제 시간이 지났습니다. 결제되지 않았으니 처음부터 다시 결제해 주세요."),
    )


class RefundRefusal(Refusal):
    TOO_MUCH = "refund_too_much", _("이 결제에서 돌려줄 수 있는 금액은 {room:,}원입니다.")
    DECIDED = "refund_decided", _("그사이 처리된 환불입니다. 새로 고침해서 확인해 주세요.")
    LEFT = (
        "refund_left",
        _("탈퇴했거나 회사로 옮긴 계정이라 충전할 수 없습니다. 입금한 분의 계좌로 돌려주세요."),
    )
    NO_ACCOUNT = "refund_no_account", _("돌려줄 은행, 계좌번호, 예금주를 적어 주세요.")
    NO_NOTE = "refund_no_note", _("어떻게 처리했는지 적어 주세요. 기록에 남습니다.")


class WatchRefusal(Refusal):
    NOT_YOURS = (
        "watch_not_yours",
        _("잔액 알림은 회사의 대표와 회계 담당이 정할 수 있습니다. 대표에게 요청해 주세요."),
    )
    LEVEL = (
        "watch_level",
        _("알림 기준은 1원부터 {most:,}원까지 적어 주세요. 비워 두면 알리지 않습니다."),
    )


def why_not_watch(below_won: int | None, *, may_set: bool, figures: Figures) -> No | None:
    """Say why a buyer may not be told below this level; None as the level turns it off. P7"""
    if not may_set:
        return No(WatchRefusal.NOT_YOURS)
    if below_won is not None and not 1 <= below_won <= figures.cash_most_won:
        return No(WatchRefusal.LEVEL, {"most": figures.cash_most_won})
    return None


def why_not_charge(
    won: int, bank: Bank | None, *, may_buy: bool, has_won: int, open_won: int, figures: Figures
) -> No | None:
    """Say why `won` may not be charged, or None when it may. First reason wins. P2

    `has_won`: available and held cash together; `open_won`: accounts that wait for a deposit.
    """
    if not may_buy:
        return No(ChargeRefusal.NOT_A_BUYER)
    if won < CHARGE_LEAST_WON:
        return No(ChargeRefusal.TOO_LITTLE, {"least": CHARGE_LEAST_WON})
    if won % CHARGE_STEP_WON:
        return No(ChargeRefusal.STEP, {"step": CHARGE_STEP_WON})
    room = max(figures.cash_most_won - has_won - open_won, 0)
    if won > room:
        return No(ChargeRefusal.OVER_CAP, {"most": figures.cash_most_won, "room": room})
    if bank is None or not bank.takes_deposits:
        return No(ChargeRefusal.NO_BANK)
    return None


def charge_for(missing_won: int) -> int:
    """The least that may be charged so that `missing_won` is there. P2"""
    return max(CHARGE_LEAST_WON, -(-missing_won // CHARGE_STEP_WON) * CHARGE_STEP_WON)


def account_until(at: datetime, *, figures: Figures) -> datetime:
    """Until when an account asked for at `at` takes a deposit: 23:59:59 of the 14th day after that day. P2"""
    return clock.end_of_day(clock.seoul_date(at) + timedelta(days=figures.account_days))


def is_given_up(ends_at: datetime) -> bool:
    """Whether an account was given up before its time: one that nobody touches ends at the end of a day. P2"""
    return ends_at != clock.end_of_day(clock.seoul_date(ends_at))


@dataclass(frozen=True)
class CardFacts:
    """A buyer's card payments, counted by when they were paid: today and this month, in Seoul."""

    today_won: int
    month_won: int


def why_not_card(won: int, lately: CardFacts, *, figures: Figures) -> No | None:
    """Say why `won` may not be paid by card: the limits of our channel, 0 for none. P3"""
    if figures.card_once_most_won and won > figures.card_once_most_won:
        return No(CardRefusal.ONCE, {"most": figures.card_once_most_won})
    for most, paid, why in (
        (figures.card_day_most_won, lately.today_won, CardRefusal.DAY),
        (figures.card_month_most_won, lately.month_won, CardRefusal.MONTH),
    ):
        if most and won + paid > most:
            return No(why, {"most": most, "room": max(most - paid, 0)})
    return None


@dataclass(frozen=True)
class AskedFacts:
    """A payment as we asked for it."""

    reference: str
    won: int
    subject: str
    is_card: bool
    ends_at: datetime


class Verdict:
    """What a payment that the provider tells of means for us."""

    NOTHING = "nothing"  # wait on
    PAID = "paid"  # exactly what was asked
    OTHER = "other"  # money came that is not what was asked
    FOREIGN = "foreign"  # not our store, channel, currency or order: nothing is believed


def verdict(told: Payment, asked: AskedFacts) -> str:
    """Hold what the provider tells against what we asked for: amount, currency, store, channel, order. P2, P3"""
    if told.state not in (Told.PAID, Told.CANCELLED) or told.paid_won is None:
        return Verdict.NOTHING
    if not told.is_ours or told.reference != asked.reference or told.subject != asked.subject:
        return Verdict.FOREIGN
    if told.at is None or not told.paid_won:
        return Verdict.FOREIGN
    if told.method is not None and (told.method is Method.ACCOUNT) is asked.is_card:
        return Verdict.OTHER  # a card's reference paid into an account, or the other way round
    if told.cancelled_won == 0 and told.won == told.paid_won == asked.won:
        return Verdict.PAID
    return Verdict.OTHER


def is_late(told: Payment, asked: AskedFacts) -> bool:
    """Whether the money came after the last moment; the provider's time counts, never our clock. P2"""
    return told.at is not None and told.at > asked.ends_at


def next_ask(asks: int, *, is_card: bool, ends_at: datetime, at: datetime) -> datetime | None:
    """When to ask the provider by ourselves again; None when a last question after the end was answered. P2, P3"""
    if at > ends_at:
        return None
    steps = _CARD_ASKS if is_card else _ACCOUNT_ASKS
    then = _CARD_ASKS[-1] if is_card else _ACCOUNT_THEN
    wait = steps[asks] if asks < len(steps) else then
    # once more just behind the end: a deposit may lie there unread
    return min(at + timedelta(seconds=wait), ends_at + timedelta(seconds=1))


def next_try(tries: int, *, at: datetime) -> datetime:
    """When to try a refund again that is in doubt or not finished. P5"""
    return at + timedelta(seconds=_REFUND_TRIES[min(tries, len(_REFUND_TRIES) - 1)])


#: As many tries as stand behind another refund of the same payment that has no answer yet.
BUSY_TRIES = 3
#: Hours after the first try, and longer than the provider remembers a key.
_TRIES_MOST = 10


def is_hopeless(tries: int) -> bool:
    """Whether staff should look at a refund that the provider neither makes nor declines. P5"""
    return tries >= _TRIES_MOST


def why_not_give_back(won: int, room_won: int) -> No | None:
    """Say why `won` of a payment may not go back. P5"""
    return No(RefundRefusal.TOO_MUCH, {"room": room_won}) if not 0 < won <= room_won else None


def reward_won(certificates_won: int, *, cash_and_card_won: int, total_won: int, percent: int) -> int:
    """Reward earned by an order: a share of the cash and card money that paid for gift certificates. P4

    `certificates_won`: what its gift certificates cost; money is spread evenly over an order's lines. Rounded down,
    once for the order.
    """
    if not total_won:
        return 0
    return share(share(certificates_won, cash_and_card_won, total_won), percent, 100)


def reward_ends_on(at: datetime, *, figures: Figures) -> date:
    """The last day of reward given at `at`. P4"""
    return clock.seoul_date(at) + timedelta(days=figures.reward_days)


def is_low(cash_won: int, below_won: int | None) -> bool:
    """Whether a buyer wants to be told of this balance. P7"""
    return below_won is not None and cash_won < below_won
