from datetime import UTC, date, datetime, timedelta

import pytest

from seonmul.kit import clock


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)


def test_the_day_is_that_of_seoul():
    assert clock.seoul_date(datetime(2026, 11, 21, 14, 59, 59, tzinfo=UTC)) == date(2026, 11, 21)
    assert clock.seoul_date(datetime(2026, 11, 21, 15, 0, tzinfo=UTC)) == date(2026, 11, 22)


def test_a_day_ends_a_second_before_midnight_in_seoul():
    end = clock.end_of_day(date(2026, 12, 31))
    assert end == datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC)
    assert clock.seoul_date(end) == date(2026, 12, 31)
    assert clock.seoul_date(end + timedelta(seconds=1)) == date(2027, 1, 1)


def test_moments_and_days_as_koreans_write_them():
    assert clock.korean_datetime(datetime(2026, 11, 22, 5, 5, tzinfo=UTC)) == "2026.11.22(일) 14:05"
    assert clock.korean_datetime(datetime(2026, 11, 22, 20, 0, tzinfo=UTC)) == "2026.11.23(월) 05:00"
    assert clock.korean_date(date(2026, 3, 7)) == "2026.03.07(토)"


def test_a_time_without_a_zone_is_an_error():
    with pytest.raises(ValueError, match="zone"):
        clock.seoul_date(datetime(2026, 11, 22))
    with pytest.raises(ValueError, match="zone"):
        clock.korean_datetime(datetime(2026, 11, 22))
    with pytest.raises(TypeError):
        clock.korean_date(datetime(2026, 11, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    ("at", "months", "day"),
    [
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), 3, date(2026, 8, 23)),
        (datetime(2026, 2, 10, 1, 0, tzinfo=UTC), 3, date(2025, 11, 10)),
        (datetime(2026, 5, 31, 1, 0, tzinfo=UTC), 3, date(2026, 2, 28)),
        (datetime(2028, 5, 30, 16, 0, tzinfo=UTC), 3, date(2028, 2, 29)),  # the 31st in Seoul
        (datetime(2026, 12, 31, 1, 0, tzinfo=UTC), 12, date(2025, 12, 31)),
        (datetime(2026, 12, 31, 1, 0, tzinfo=UTC), 0, date(2026, 12, 31)),
    ],
)
def test_months_ago_is_the_same_day_at_its_beginning_in_seoul(at: datetime, months: int, day: date) -> None:
    found = clock.months_before(at, months)
    assert (clock.seoul_date(found), found.hour, found.minute) == (day, 0, 0)
    assert found.utcoffset() == timedelta(hours=9)


def test_a_running_clock_goes_on_from_its_moment():
    at = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    now = clock.running(at)
    first = now()
    assert at <= first <= now() < at + timedelta(minutes=1)
