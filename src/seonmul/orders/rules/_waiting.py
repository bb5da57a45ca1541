"""Decisions on a paid order until its sending starts: when it goes, what sleeps, what may still be changed. O5, O10, O12, S6"""

from __future__ import annotations

from datetime import datetime, timedelta

from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refusal, _


class TimeRefusal(Refusal):
    NO_TIME = "send_at_missing", _("예약할 날짜와 시각을 골라 주세요.")
    PASSED = "send_at_passed", _("고른 발송 시각이 지났습니다. 뒤의 시각을 고르거나 바로 보내 주세요.")
    TOO_FAR = (
        "send_at_too_far",
        _("발송은 {days}일 뒤({until})까지 예약할 수 있습니다. 시각을 다시 골라 주세요."),
    )
    NOT_OURS = (
        "asleep_not_ours",
        _("다른 발행사의 쿠폰은 재워 보낼 수 없습니다. ‘바로 쓸 수 있게’를 골라 주세요."),
    )
    SLEEPS_TOO_LONG = (
        "asleep_too_long",
        _("쿠폰은 {most}분까지 재워 보낼 수 있습니다. 시간을 다시 골라 주세요."),
    )


def why_not_send_at(send_at: datetime | None, *, figures: Figures, at: datetime) -> No | None:
    """Say why an order may not be sent at this moment: ahead, and not too far. None means at once. O5"""
    if send_at is None:
        return None
    if send_at <= at:
        return No(TimeRefusal.PASSED)
    last = at + timedelta(days=figures.schedule_days_most)
    if send_at > last:
        until = clock.korean_date(clock.seoul_date(last))
        return No(TimeRefusal.TOO_FAR, {"days": figures.schedule_days_most, "until": until})
    return None


def why_not_sleep(minutes: int, *, is_own: bool, figures: Figures) -> No | None:
    """Say why vouchers may not be sent asleep for so long; `is_own`: no other issuer's shops could take them. S6"""
    if minutes and not is_own:
        return No(TimeRefusal.NOT_OURS)
    if minutes > figures.asleep_minutes_most:
        return No(TimeRefusal.SLEEPS_TOO_LONG, {"most": figures.asleep_minutes_most})
    return None


class WaitingRefusal(Refusal):
    NOT_A_BUYER = (
        "waiting_not_a_buyer",
        _("예약을 바꾸거나 취소할 권한이 없는 계정입니다. 회사의 대표에게 권한을 요청해 주세요."),
    )
    STARTED = (
        "waiting_started",
        _("이미 보내기 시작해 바꾸지 못했습니다. 아직 나가지 않은 건은 발송 중지로 멈출 수 있습니다."),
    )
    OVER = "waiting_over", _("이미 취소했거나 발송이 끝난 주문입니다. 바뀐 것은 없습니다.")


def why_not_touch(*, may_buy: bool, is_started: bool, is_over: bool) -> No | None:
    """Say why the time of an order may not be changed, nor the whole of it cancelled: until sending starts. O5, O10"""
    if not may_buy:
        return No(WaitingRefusal.NOT_A_BUYER)
    if is_over:
        return No(WaitingRefusal.OVER)
    return No(WaitingRefusal.STARTED) if is_started else None


#: Why an order was cancelled before it went, mostly by the platform itself; codes that an order keeps as its `why`.
NOT_SOLD_ANY_MORE, SENDER_GONE, BY_BUYER = "not_sold_any_more", "sender_gone", "by_buyer"


def takes_substitute(is_wanted: bool, agreed_won: int, substitute_won: int) -> bool:
    """Whether a scheduled order goes out with the substitute: wished for, and never dearer than what was agreed. O12"""
    return is_wanted and substitute_won <= agreed_won
