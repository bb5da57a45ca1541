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
