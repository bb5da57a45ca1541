"""Business hours: what counts, by when something is due, and how it is said. H, B"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seonmul.kit import business
from seonmul.kit.business import DAY, Calendar, age, begin_by, due, words
from seonmul.kit.clock import SEOUL

PLAIN = Calendar()

#: Public holidays that take a working day away; those at weekends do not matter here.
HOLIDAYS = {
    2026: "0101 0216 0217 0218 0302 0501 0505 0525 0603 0717 0817 0924 0925 1005 1009 1225",
    2027: "0101 0208 0209 0301 0503 0505 0513 0719 0816 0914 0915 0916 1004 1011 1227",
}


def seoul(text: str) -> datetime:
    """ "11.20 15:50" of 2026, in Seoul."""
    return datetime.strptime(f"2026.{text}", "%Y.%m.%d %H:%M").replace(tzinfo=SEOUL)


@pytest.mark.parametrize("year", HOLIDAYS)
def test_closed_weekdays_are_the_public_holidays_with_their_substitutes(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    closed = [f"{day:%m%d}" for day in days if day.weekday() < 5 and not PLAIN.is_open(day)]
    assert closed == HOLIDAYS[year].split()
    assert not any(PLAIN.is_open(day) for day in days if day.weekday() >= 5)


def test_a_table_opens_and_closes_days_against_the_rule() -> None:
    saturday, monday = date(2026, 11, 21), date(2026, 11, 23)
    calendar = Calendar(opened=frozenset({saturday, date(2026, 12, 25)}), closed=frozenset({monday}))
    assert calendar.is_open(saturday) and calendar.is_open(date(2026, 12, 25))
    assert not calendar.is_open(monday)
    assert age(seoul("11.20 17:00"), seoul("11.23 18:00"), calendar) == timedelta(hours=8)


@pytest.mark.parametrize(
    ("since", "at", "hours"),
    [
        ("11.20 09:30", "11.20 18:00", 7),
        ("11.20 00:00", "11.20 23:59", 7),
        ("11.20 11:00", "11.20 13:30", 1),  # lunch does not count
        ("11.20 11:30", "11.20 13:00", 0),
        ("11.20 17:00", "11.23 10:30", 2),  # nor does a weekend
        ("12.24 17:00", "12.28 10:30", 2),  # nor Christmas on a Friday
        ("11.21 10:00", "11.22 20:00", 0),
        ("11.20 15:00", "11.20 14:00", -1),
    ],
)
def test_nights_lunch_weekends_and_holidays_do_not_count(since: str, at: str, hours: int) -> None:
    assert age(seoul(since), seoul(at), PLAIN) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("since", "hours", "days", "ends"),
    [
        ("11.20 15:50", 4, 0, "11.23 11:20"),  # as the picture of the queue has it
        ("11.23 10:02", 0, 1, "11.24 10:02"),
        ("11.21 03:00", 0, 1, "11.24 09:30"),  # from the next opening on
        ("11.20 17:00", 0, 1, "11.23 17:00"),
        ("11.20 12:10", 4, 0, "11.20 17:00"),  # at lunch
        ("11.20 14:00", 4, 0, "11.23 09:30"),  # the end of a shift is the beginning of the next
        ("12.24 16:00", 0, 1, "12.28 16:00"),
        ("11.23 10:00", 0, 0, "11.23 10:00"),
        ("11.22 10:00", 0, 0, "11.23 09:30"),
    ],
)
def test_what_is_due_when(since: str, hours: int, days: int, ends: str) -> None:
    assert due(seoul(since), hours=hours, days=days, calendar=PLAIN) == seoul(ends)


@pytest.mark.parametrize(
    ("ends", "at", "said"),
    [
        ("11.20 16:40", "11.23 14:05", "4시간 25분 늦음"),
        ("11.23 13:30", "11.23 14:05", "35분 늦음"),
        ("11.23 11:05", "11.23 14:05", "1시간 30분 늦음"),
        ("11.20 17:00", "11.21 09:00", "1시간 늦음"),
        ("11.23 14:05", "11.23 14:05", "기한 지남"),
        ("11.16 14:05", "11.23 14:05", "5영업일 늦음"),
        ("11.23 17:05", "11.23 14:05", "3시간 남음"),
        ("11.23 15:11", "11.23 14:05", "1시간 6분 남음"),
        ("11.23 14:05", "11.23 11:05", "1시간 30분 남음"),
        ("11.23 13:00", "11.23 12:05", "1분 안"),
        ("11.24 10:02", "11.23 14:05", "내일 10:02까지"),
        ("11.25 10:02", "11.23 14:05", "11.25(수) 10:02까지"),
    ],
)
def test_lateness_in_words(ends: str, at: str, said: str) -> None:
    assert words(seoul(ends), seoul(at), PLAIN) == said


def test_the_sentences_can_be_translated() -> None:
    english = {"{span} 늦음": "{span} late", "{minutes}분": "{minutes} min"}
    assert words(seoul("11.23 13:30"), seoul("11.23 14:05"), PLAIN, english.__getitem__) == "35 min late"


def test_an_office_that_never_opens_is_an_error_and_not_an_endless_search() -> None:
    days = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(4_000))
    with pytest.raises(OverflowError):
        due(seoul("11.23 10:00"), hours=1, calendar=Calendar(closed=days))


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda naive: naive.replace(tzinfo=SEOUL)
)
DAYS = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=8)
CALENDARS = st.builds(lambda opened, closed: Calendar(opened, closed - opened), DAYS, DAYS)


@given(MOMENTS, MOMENTS, MOMENTS, CALENDARS)
@settings(max_examples=60, deadline=None)
def test_business_time_adds_up_and_never_runs_backwards(
    one: datetime, two: datetime, three: datetime, calendar: Calendar
) -> None:
    a, b, c = sorted((one, two, three))
    assert age(a, b, calendar) + age(b, c, calendar) == age(a, c, calendar)
    assert timedelta() <= age(a, b, calendar) <= b - a
    assert age(b, a, calendar) == -age(a, b, calendar)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), CALENDARS)
@settings(max_examples=60, deadline=None)
def test_an_open_day_counts_seven_hours_and_a_closed_one_none(day: date, calendar: Calendar) -> None:
    start = datetime.combine(day, time(), SEOUL)
    assert age(start, start + timedelta(days=1), calendar) == (DAY if calendar.is_open(day) else timedelta())
    for closed_from, closed_to in (
        (time(0), time(9, 30)),
        (time(11, 30), time(13)),
        (time(18), time(23, 59)),
    ):
        ends = datetime.combine(day, closed_to, SEOUL)
        assert age(datetime.combine(day, closed_from, SEOUL), ends, calendar) == timedelta()


@given(MOMENTS, st.integers(0, 40), CALENDARS)
@settings(max_examples=60, deadline=None)
def test_a_deadline_lies_in_business_hours_and_is_as_old_as_asked(
    since: datetime, hours: int, calendar: Calendar
) -> None:
    ends = due(since, hours=hours, calendar=calendar)
    assert age(since, ends, calendar) == timedelta(hours=hours)
    assert calendar.is_open(ends.date())
    assert any(start <= ends.time() < end for start, end in business.SHIFTS)
    assert due(since, hours=hours + 1, calendar=calendar) > ends


@given(MOMENTS, st.integers(1, 40), CALENDARS)
@settings(max_examples=60, deadline=None)
def test_what_begins_in_time_is_over_in_time(until: datetime, hours: int, calendar: Calendar) -> None:
    """O5: the last such moment: it lies in business hours, and a minute later would be too late."""
    begins = begin_by(until, hours=hours, calendar=calendar)
    assert age(begins, until, calendar) == timedelta(hours=hours)
    assert age(begins + timedelta(minutes=1), until, calendar) < timedelta(hours=hours)
    assert calendar.is_open(begins.date())
    assert begin_by(until, hours=hours + 1, calendar=calendar) < begins <= until
    assert begin_by(until, calendar=calendar) == until


def test_the_same_time_on_the_open_day_before() -> None:
    """B: what came before it has waited for more than a business day."""
    monday = datetime(2026, 11, 23, 10, 0, tzinfo=SEOUL)
    assert business.same_time_before(monday, Calendar()) == datetime(2026, 11, 20, 10, 0, tzinfo=SEOUL)
    closed = Calendar(closed=frozenset({date(2026, 11, 20)}))
    assert business.same_time_before(monday, closed) == datetime(2026, 11, 19, 10, 0, tzinfo=SEOUL)
