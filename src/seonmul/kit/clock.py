"""Time: kept aware and in UTC, shown and dated in Seoul."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from time import monotonic
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")

_WEEKDAYS = "월화수목금토일"


def now() -> datetime:
    """Return the present, aware, in UTC. Only the edges ask; rules and actions get it as ``at=``."""
    return datetime.now(UTC)


def running(at: datetime) -> Callable[[], datetime]:
    """A clock that goes on from ``at``, for an action whose outside calls take their time."""
    begun = monotonic()
    return lambda: at + timedelta(seconds=monotonic() - begun)


def seoul_date(at: datetime) -> date:
    """Return the calendar day in Seoul; raises ``ValueError`` for a time without a zone."""
    return _in_seoul(at).date()


def end_of_day(day: date) -> datetime:
    """Return the last second of a day in Seoul, aware: what is valid until a day is valid until then."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=SEOUL)


def months_before(at: datetime, months: int) -> datetime:
    """Return the first moment of the same day in Seoul some months ago; a shorter month gives its last day."""
    day = _in_seoul(at).date()
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.combine(date(year, month + 1, min(day.day, last)), time(), tzinfo=SEOUL)


def months_after(at: datetime, months: int) -> datetime:
    """Return the first moment of the same day in Seoul some months on; a shorter month gives its last day."""
    return months_before(at, -months)


@lru_cache(maxsize=1_000)  # a sheet says the same days a hundred thousand times
def korean_date(day: date) -> str:
    """Write a day for people: ``2026.11.22(일)``. A datetime is refused: its day depends on the zone."""
    if isinstance(day, datetime):
        raise TypeError("korean_date takes a date; use seoul_date(at) first")
    return f"{day:%Y.%m.%d}({_WEEKDAYS[day.weekday()]})"


def korean_datetime(at: datetime) -> str:
    """Write a moment for people, in Seoul: ``2026.11.22(일) 14:05``."""
    local = _in_seoul(at)
    return f"{korean_date(local.date())} {local.hour:02}:{local.minute:02}"


def _in_seoul(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(SEOUL)
