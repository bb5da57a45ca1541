"""V1, V4: what a code looks like and how long it holds, without a database."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seonmul.kit.clock import SEOUL
from seonmul.vouchers import rules
from seonmul.vouchers.rules import codes_from, is_code

SPACE = 10**15
#: Above it some codes would be likelier than others.
LAST_FAIR = (2**64 - 1) // SPACE * SPACE - 1


def words(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(8, "little") for number in numbers)


CODES = st.integers(0, LAST_FAIR).map(lambda number: codes_from(words(number))[0])


@given(st.lists(st.integers(0, 2**64 - 1), max_size=50))
def test_every_code_passes_its_own_check(numbers: list[int]) -> None:
    """V1"""
    codes = codes_from(words(*numbers))
    assert [int(code[:15]) for code in codes] == [n % SPACE for n in numbers if n <= LAST_FAIR]
    assert all(len(code) == 16 and is_code(code) for code in codes)


@given(CODES, st.integers(0, 15), st.integers(1, 9))
def test_every_single_wrong_digit_is_caught(code: str, place: int, by: int) -> None:
    """V1"""
    wrong = str((int(code[place]) + by) % 10)
    assert not is_code(code[:place] + wrong + code[place + 1 :])


@given(CODES)
def test_every_swap_of_neighbours_is_caught(code: str) -> None:
    """V1"""
    for place in range(15):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or not is_code(swapped)


def test_exactly_one_check_digit_fits() -> None:
    """V1"""
    for code in codes_from(os.urandom(8 * 200)):
        assert [digit for digit in "0123456789" if is_code(code[:15] + digit)] == [code[15]]


def test_there_are_at_least_ten_to_the_fifteenth_codes() -> None:
    """V1: the lowest and the highest are reached, and 15 digits are free."""
    assert codes_from(words(0)) == ["0000000000000000"]
    assert codes_from(words(SPACE - 1))[0][:15] == "9" * 15
    assert codes_from(words(SPACE))[0][:15] == "0" * 15
    assert rules.RANDOM_DIGITS == 15


def test_what_would_make_some_codes_likelier_is_left_out() -> None:
    """V1: at the edge of the last whole round, to the number."""
    assert (LAST_FAIR + 1) % SPACE == 0 and LAST_FAIR + SPACE > 2**64 - 1
    assert codes_from(words(LAST_FAIR))[0][:15] == "9" * 15
    assert codes_from(words(LAST_FAIR + 1, 2**64 - 1)) == []
    assert [code[:15] for code in codes_from(words(LAST_FAIR + 1, 7, 2**64 - 1, 8))] == [
        f"{7:015d}", f"{8:015d}",
    ]  # fmt: skip
    assert codes_from(b"") == []


def test_every_digit_is_as_likely_as_any_other() -> None:
    """V1: in every place, over 20,000 codes; six standard deviations."""
    codes = codes_from(os.urandom(8 * 20_000))
    assert len(set(codes)) == len(codes) > 19_900
    for place in range(16):
        column = [code[place] for code in codes]
        for digit in "0123456789":
            assert abs(column.count(digit) - len(codes) / 10) < 6 * (len(codes) * 0.09) ** 0.5


@pytest.mark.parametrize(
    "text",
    ["", "0", "000000000000000", "00000000000000000", "000000000000000a", "０" * 16, "0000 0000 0000 0000", "-000000000000000",
     "²" * 16, "٠" * 16],
)  # fmt: skip
def test_what_is_no_code(text: str) -> None:
    assert not is_code(text)


@given(st.text(max_size=20))
def test_no_text_whatever_breaks_the_check(text: str) -> None:
    assert is_code(text) in (True, False)


def test_people_read_it_four_by_four() -> None:
    assert rules.grouped("1234567890123456") == "1234 5678 9012 3456"


@pytest.mark.parametrize(
    ("dispatched", "days", "until"),
    [
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), 93, datetime(2027, 2, 24, 23, 59, 59, tzinfo=SEOUL)),
        (datetime(2026, 11, 23, 14, 59, 59, tzinfo=UTC), 0, datetime(2026, 11, 23, 23, 59, 59, tzinfo=SEOUL)),
        (datetime(2026, 11, 23, 15, 0, 0, tzinfo=UTC), 0, datetime(2026, 11, 24, 23, 59, 59, tzinfo=SEOUL)),
        (datetime(2028, 2, 28, 3, 0, tzinfo=UTC), 366, datetime(2029, 2, 28, 23, 59, 59, tzinfo=SEOUL)),
    ],
)
def test_a_voucher_holds_until_the_last_second_of_its_last_day_in_seoul(
    dispatched: datetime, days: int, until: datetime
) -> None:
    """V4"""
    assert rules.valid_until(dispatched, days) == until
    assert rules.valid_until(dispatched, days).utcoffset() == timedelta(hours=9)
