"""How much of gift certificates a buyer may pay for in a month, and when an operator lets it be more. O7"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refusal, _


class LimitRefusal(Refusal):
    OVER = (
        "limit_over",
        _(
            "이번 달 상품권 한도가 {over_won:,}원 모자라 결제하지 않았습니다. 주문은 그대로 있으니 "
            "상품권 한도 상향을 문의해 주세요. 한도는 {resets_on}에 새로 시작합니다."
        ),
    )
    TEMPORARY = (
        "limit_temporary",
        _("임시기업회원은 상품권 한도를 올릴 수 없습니다. 기업회원전환을 마친 뒤에 문의해 주세요."),
    )
    NOT_MORE = (
        "limit_not_more",
        _("지금 한도({limit_won:,}원)보다 큰 금액을 적어 주세요. 바꾸지 않았습니다."),
    )
    TOO_MUCH = "limit_too_much", _("한도는 {most_won:,}원까지 올릴 수 있습니다. 바꾸지 않았습니다.")
    PAST = "limit_past", _("끝나는 날은 오늘부터 {days}일 안으로 정해 주세요. 바꾸지 않았습니다.")


@dataclass(frozen=True)
class LimitFacts:
    """A buyer's limit in one month of Seoul, in won of face value. `held_won`: card windows, and orders to approve. O7

    `until_on`: the last day of a raised limit, None for the usual one.
    """

    limit_won: int
    used_won: int
    held_won: int
    resets_on: date
    until_on: date | None = None

    @property
    def taken_won(self) -> int:
        return self.used_won + self.held_won

    @property
    def left_won(self) -> int:
        return max(self.limit_won - self.taken_won, 0)

    def over_won(self, wanted_won: int) -> int:
        """How much is missing for this much more."""
        return max(self.taken_won + wanted_won - self.limit_won, 0)


def month_of(at: datetime) -> date:
    """The first day of the month in Seoul to which a payment counts. O7"""
    return clock.seoul_date(at).replace(day=1)


def resets_on(at: datetime) -> date:
    """The day on which the limit starts anew. O7"""
    return clock.seoul_date(clock.months_after(clock.end_of_day(month_of(at)), 1))


def limit_on(
    day: date, raises: Iterable[tuple[int, date]], *, is_temporary: bool, figures: Figures
) -> tuple[int, date | None]:
    """The limit that holds on a day, and the last day of it when it was raised. O7

    `raises`: (won, last day) as operators have decided; the largest that has not ended holds. A temporary corporate
    member has the usual one, whatever was decided before. M2
    """
    usual = figures.certificate_limit_won
    alive = [] if is_temporary else [(won, until) for won, until in raises if until >= day and won > usual]
    return max(alive) if alive else (usual, None)


def why_not_use_limit(limit: LimitFacts, wanted_won: int) -> No | None:
    """Say why gift certificates of this face value may not be paid for in this month. O7"""
    if not wanted_won or limit.taken_won + wanted_won <= limit.limit_won:
        return None
    numbers = {"over_won": limit.over_won(wanted_won), "resets_on": clock.korean_date(limit.resets_on)}
    return No(LimitRefusal.OVER, numbers)


def why_not_ask_raise(*, is_temporary: bool) -> No | None:
    """Say why nobody need ask for a higher limit. M2, O7"""
    return No(LimitRefusal.TEMPORARY) if is_temporary else None


def why_not_raise(
    won: int, until_on: date, *, limit_won: int, is_temporary: bool, figures: Figures, at: datetime
) -> No | None:
    """Say why an operator may not raise a limit to `won` until this day. M2, O7"""
    if is_temporary:
        return No(LimitRefusal.TEMPORARY)
    if won <= limit_won:
        return No(LimitRefusal.NOT_MORE, {"limit_won": limit_won})
    if won > figures.limit_raise_most_won:
        return No(LimitRefusal.TOO_MUCH, {"most_won": figures.limit_raise_most_won})
    today, days = clock.seoul_date(at), figures.limit_raise_days
    return (
        None if today <= until_on <= today + timedelta(days=days) else No(LimitRefusal.PAST, {"days": days})
    )


def raise_until(at: datetime) -> date:
    """The last day of a raise for which nobody has said another: the end of the month. O7"""
    return resets_on(at) - timedelta(days=1)


def wanted_won(limit: LimitFacts, face_won: int) -> int:
    """The limit that an order needs, rounded up to what people write. O7"""
    return -(-(limit.taken_won + face_won) // 100_000) * 100_000
