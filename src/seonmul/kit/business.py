"""Business hours in Seoul: how long something has waited, by when it is due, and how to say so. H, B

Weekdays 09:30-18:00 without lunch 11:30-13:00 and without Korean public holidays (with their substitutes). An
office may be open or closed on other days too: such days are handed in as a frozen Calendar. Every open day has
seven business hours, so "one business day" is seven of them: what comes in on Monday at 10:02 is due on Tuesday
at 10:02, and what comes in at night or at the weekend counts from the next opening.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

from seonmul.kit.clock import SEOUL, korean_date, korean_datetime, seoul_date
from seonmul.kit.refusals import _

#: The two halves of an open day.
SHIFTS = ((time(9, 30), time(11, 30)), (time(13, 0), time(18, 0)))
DAY = timedelta(hours=7)
_MINUTE = timedelta(minutes=1)
#: No office is closed for longer at a stretch; past it a deadline would never come.
_DAYS_MOST = 3_660


@dataclass(frozen=True)
class Calendar:
    """Days that are open or closed against the rule; whoever keeps the table sees that none is in both."""

    opened: frozenset[date] = frozenset()
    closed: frozenset[date] = frozenset()

    def is_open(self, day: date) -> bool:
        """Say whether there are business hours on this day."""
        if day in self.opened:
            return True
        return day.weekday() < 5 and day not in self.closed and not holiday(day)


def holiday(day: date) -> str:
    """The name of a Korean public holiday, or ""."""
    return _holidays(day.year).get(day, "")


def coming_holidays(first: date, calendar: Calendar, days: int = 365) -> list[tuple[date, str]]:
    """Public holidays from `first` on that take a working day away, with their names."""
    coming = (first + timedelta(days=n) for n in range(days))
    return [
        (day, holiday(day))
        for day in coming
        if day.weekday() < 5 and holiday(day) and not calendar.is_open(day)
    ]


def age(since: datetime, at: datetime, calendar: Calendar) -> timedelta:
    """Business time from `since` to `at`; below zero when `at` is earlier."""
    if at < since:
        return -age(at, since, calendar)
    spent = timedelta()
    for start, end in _shifts(since, calendar):
        if start >= at:
            break
        spent += max(min(end, at) - max(start, since), timedelta())
    return spent


def due(since: datetime, *, hours: int = 0, days: int = 0, calendar: Calendar) -> datetime:
    """When this much business time has passed since `since`; a business day is seven business hours.

    The end of a shift stands for the beginning of the next: a deadline never lies outside business hours.
    """
    left = timedelta(hours=hours) + days * DAY
    for start, end in _shifts(since, calendar):
        begin = max(start, since.astimezone(SEOUL))
        if end - begin > left:
            return begin + left
        left -= max(end - begin, timedelta())
    raise OverflowError("no business day in ten years")


def begin_by(until: datetime, *, hours: int = 0, days: int = 0, calendar: Calendar) -> datetime:
    """The last moment at which something that takes so much business time can begin, to be over by `until`."""
    left, last = timedelta(hours=hours) + days * DAY, seoul_date(until)
    if not left:
        return until
    for n in range(_DAYS_MOST):
        day = last - timedelta(days=n)
        if not calendar.is_open(day):
            continue
        for start, end in reversed(SHIFTS):
            begin, over = datetime.combine(day, start, SEOUL), min(datetime.combine(day, end, SEOUL), until)
            if over - begin >= left:
                return over - left
            left -= max(over - begin, timedelta())
    raise OverflowError("no business day in ten years")


def next_open(day: date, calendar: Calendar) -> date:
    """The first open day after `day`."""
    for n in range(1, _DAYS_MOST):
        if calendar.is_open(day + timedelta(days=n)):
            return day + timedelta(days=n)
    raise OverflowError("no business day in ten years")


def same_time_before(at: datetime, calendar: Calendar) -> datetime:
    """The same time on the open day before: what came earlier has waited for more than a business day."""
    local = at.astimezone(SEOUL) - timedelta(days=1)
    while not calendar.is_open(local.date()):
        local -= timedelta(days=1)
    return local


def words(due: datetime, at: datetime, calendar: Calendar, say: Callable[[str], str] = _) -> str:
    """How a deadline stands: "4시간 25분 늦음", "3시간 남음", "내일 10:02까지", "11.25(수) 10:02까지".

    Late and left are business time. `say` translates (gettext at the audience).
    """
    if at >= due:
        late = age(due, at, calendar)
        return say(_("{span} 늦음")).format(span=_span(late, say)) if late >= _MINUTE else say(_("기한 지남"))
    ends_on, today = seoul_date(due), seoul_date(at)
    if ends_on == today:
        left = age(at, due, calendar)
        return say(_("{span} 남음")).format(span=_span(left, say)) if left >= _MINUTE else say(_("1분 안"))
    hour = korean_datetime(due)[-5:]
    if ends_on == today + timedelta(days=1):
        return say(_("내일 {hour}까지")).format(hour=hour)
    return say(_("{day} {hour}까지")).format(day=korean_date(ends_on)[5:], hour=hour)


def _span(span: timedelta, say: Callable[[str], str]) -> str:
    """A length of business time; from two business days on whole days are enough."""
    if span >= 2 * DAY:
        return say(_("{days}영업일")).format(days=span // DAY)
    hours, minutes = divmod(span // _MINUTE, 60)
    if not hours:
        return say(_("{minutes}분")).format(minutes=minutes)
    if not minutes:
        return say(_("{hours}시간")).format(hours=hours)
    return say(_("{hours}시간 {minutes}분")).format(hours=hours, minutes=minutes)


def _shifts(since: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The shifts that end after `since`, in order."""
    first = seoul_date(since)
    for n in range(_DAYS_MOST):
        day = first + timedelta(days=n)
        if not calendar.is_open(day):
            continue
        for start, end in SHIFTS:
            if datetime.combine(day, end, SEOUL) > since:
                yield datetime.combine(day, start, SEOUL), datetime.combine(day, end, SEOUL)


@lru_cache
def _holidays(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("KR", years=year, language="ko"))
