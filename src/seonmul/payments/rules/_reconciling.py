"""Decisions on holding the books against the provider's list. P9"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from seonmul.kit import clock
from seonmul.kit.refusals import No, Refusal, _
from seonmul.payments.ports import Payment

#: So many days are queued in one night; after a longer outage the rest follows in the next ones.
RECONCILE_DAYS_A_NIGHT = 31
DIFFERENCE_NOTE_MOST = 300


class ReconcileRefusal(Refusal):
    NOT_OVER = (
        "reconcile_not_over",
        _("끝난 날만 맞춰 볼 수 있습니다. 어제까지의 날을 골라 주세요."),
    )
    DECIDED = "difference_decided", _("그사이 정리된 차이입니다. 새로 고침해서 확인해 주세요.")


def why_not_reconcile(day: date, *, at: datetime) -> No | None:
    """Say why a day of Seoul cannot be held against the provider's list: it is not over. P9"""
    return None if day < clock.seoul_date(at) else No(ReconcileRefusal.NOT_OVER)


def is_of_day(told: Payment, since: datetime, until: datetime) -> bool:
    """Say whether money of this payment moved in [since, until): it came, or went back; in doubt it did. P9"""
    if not told.paid_won:
        return False
    moments = [moment for moment in (told.at, *(one.at for one in told.cancelled)) if moment]
    return not moments or any(since <= moment < until for moment in moments)


def days_to_reconcile(done: Iterable[date], *, at: datetime) -> list[date]:
    """Yesterday, and days before it that nobody reconciled although one before them was, oldest first. P9

    However long we were down; the newest first where they are too many for one night.
    """
    yesterday = clock.seoul_date(at).toordinal() - 1
    known = {day.toordinal() for day in done}
    missing = [day for day in range(min(known, default=yesterday), yesterday + 1) if day not in known]
    return [date.fromordinal(day) for day in missing[-RECONCILE_DAYS_A_NIGHT:]]
