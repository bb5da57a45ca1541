"""P2, P4, P5, P7: decisions on money from outside, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seonmul.figures.rules import TEXTS, Figures
from seonmul.kit import clock
from seonmul.kit.refusals import No
from seonmul.payments import rules
from seonmul.payments.ports import Bank, Method, Payment, Told
from seonmul.payments.rules import AskedFacts, CardRefusal, ChargeRefusal, Verdict, WatchRefusal

FIGURES = Figures()
CAP = FIGURES.cash_most_won
NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
WON = st.integers(0, 2 * CAP)


def why(
    won: int, *, bank: Bank | None = Bank.SHINHAN, may_buy: bool = True, has: int = 0, open_: int = 0
) -> No | None:
    return rules.why_not_charge(won, bank, may_buy=may_buy, has_won=has, open_won=open_, figures=FIGURES)


def test_the_figures_are_those_of_the_product() -> None:
    """P2: from 10,000 won, in steps of 10, to 100,000,000 in all; fourteen days."""
    assert (rules.CHARGE_LEAST_WON, rules.CHARGE_STEP_WON) == (10_000, 10)
    assert (FIGURES.cash_most_won, FIGURES.account_days) == (100_000_000, 14)


@pytest.mark.parametrize(
    ("won", "no"),
    [
        (9_990, ChargeRefusal.TOO_LITTLE),
        (0, ChargeRefusal.TOO_LITTLE),
        (-10_000, ChargeRefusal.TOO_LITTLE),
        (10_005, ChargeRefusal.STEP),
        (100_000_010, ChargeRefusal.OVER_CAP),
        (10_000, None),
        (100_000_000, None),
    ],
)
def test_what_may_be_charged(won: int, no: ChargeRefusal | None) -> None:
    """P2"""
    found = why(won)
    assert (found.why if found else None) is no


def test_who_may_not_buy_may_not_charge_and_a_bank_must_take_deposits() -> None:
    """P2, M7"""
    assert why(10_000, may_buy=False) == No(ChargeRefusal.NOT_A_BUYER)
    assert why(10_000, bank=None) == why(10_000, bank=Bank.TOSS) == No(ChargeRefusal.NO_BANK)


def test_the_sentence_at_the_cap_names_the_room_that_is_left() -> None:
    """P2"""
    no = why(10_000, has=99_000_000, open_=995_000)
    assert no is not None and no.numbers == {"most": CAP, "room": 5_000}
    assert "지금은 5,000원까지 가능합니다." in no.say()


@given(won=WON, has=WON, open_=WON)
def test_what_is_accepted_never_passes_the_cap_and_nothing_else_is_refused(
    won: int, has: int, open_: int
) -> None:
    """P2: available, held and open requests together."""
    fits = 10_000 <= won and won % 10 == 0 and has + open_ + won <= CAP
    assert (why(won, has=has, open_=open_) is None) is fits


@given(has=WON, open_=WON)
def test_the_room_that_is_named_can_really_be_charged(has: int, open_: int) -> None:
    """P2: rounded down to the step; below the least amount there is none."""
    no = why(CAP + 10, has=has, open_=open_)
    assert no is not None
    room = int(str(no.numbers["room"]))
    assert room >= 0
    room -= room % rules.CHARGE_STEP_WON
    if room >= rules.CHARGE_LEAST_WON:
        assert why(room, has=has, open_=open_) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_an_account_lives_to_the_last_second_of_the_fourteenth_day(at: datetime) -> None:
    """P2: of the day of issue in Seoul, whatever the day is elsewhere."""
    until = rules.account_until(at, figures=FIGURES).astimezone(clock.SEOUL)
    assert (until.hour, until.minute, until.second, until.microsecond) == (23, 59, 59, 0)
    assert until.date() - clock.seoul_date(at) == timedelta(days=14)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-22T14:59:59+00:00", "2026-12-06T23:59:59+09:00"),  # one second before midnight in Seoul
        ("2026-11-22T15:00:00+00:00", "2026-12-07T23:59:59+09:00"),
    ],
)
def test_the_day_of_issue_is_that_of_seoul(at: str, until: str) -> None:
    """P2"""
    found = rules.account_until(datetime.fromisoformat(at), figures=FIGURES)
    assert found == datetime.fromisoformat(until)


ASKED = AskedFacts("REF1", 100_000, "subject", is_card=False, ends_at=NOON)
PAID = Payment("REF1", Told.PAID, won=100_000, paid_won=100_000, subject="subject", at=NOON)


def test_exactly_what_was_asked_is_booked() -> None:
    """P2, P3"""
    assert rules.verdict(PAID, ASKED) == Verdict.PAID


@pytest.mark.parametrize(
    "told",
    [
        replace(PAID, is_ours=False),
        replace(PAID, reference="REF2"),
        replace(PAID, subject="another"),
        replace(PAID, at=None),
        replace(PAID, paid_won=0),
    ],
)
def test_nothing_is_believed_of_what_is_not_ours(told: Payment) -> None:
    """P2, P3: another store, channel, order, or a payment without a time or a sum."""
    assert rules.verdict(told, ASKED) == Verdict.FOREIGN


@pytest.mark.parametrize("state", [state for state in Told if state not in (Told.PAID, Told.CANCELLED)])
def test_only_a_payment_is_money(state: Told) -> None:
    """P2"""
    assert rules.verdict(replace(PAID, state=state), ASKED) == Verdict.NOTHING


@pytest.mark.parametrize("state", [Told.PAID, Told.CANCELLED])
def test_where_no_sum_is_told_nothing_came(state: Told) -> None:
    """P2: an account that was closed over there."""
    assert rules.verdict(replace(PAID, state=state, paid_won=None), ASKED) == Verdict.NOTHING


@given(asked=WON.filter(bool), won=WON, came=WON.filter(bool), back=WON)
def test_money_is_booked_or_parked_but_never_passed_over(asked: int, won: int, came: int, back: int) -> None:
    """P2: only the exact sum, of which nothing has gone back, is credited by itself."""
    told = replace(PAID, won=won, paid_won=came, cancelled_won=back)
    exact = won == came == asked and back == 0
    found = rules.verdict(told, replace(ASKED, won=asked))
    assert found == (Verdict.PAID if exact else Verdict.OTHER)


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, False), (1, True)])
def test_late_is_what_the_provider_s_clock_says(seconds: int, late: bool) -> None:
    """P2"""
    assert rules.is_late(replace(PAID, at=NOON + timedelta(seconds=seconds)), ASKED) is late


@given(asks=st.integers(0, 10_000), before=st.integers(0, 14 * 86_400), is_card=st.booleans())
def test_an_open_payment_is_asked_about_until_just_behind_its_end(
    asks: int, before: int, is_card: bool
) -> None:
    """P2: the last question comes one second after the end, and then no more."""
    at = NOON - timedelta(seconds=before)
    then = rules.next_ask(asks, is_card=is_card, ends_at=NOON, at=at)
    assert then is not None and at < then <= NOON + timedelta(seconds=1)
    assert rules.next_ask(asks, is_card=is_card, ends_at=NOON, at=NOON + timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    ("below", "may", "no"),
    [
        (500_000, True, None),
        (None, True, None),
        (0, True, WatchRefusal.LEVEL),
        (CAP + 1, True, WatchRefusal.LEVEL),
        (500_000, False, WatchRefusal.NOT_YOURS),
        (None, False, WatchRefusal.NOT_YOURS),
    ],
)
def test_who_may_be_told_of_which_level(below: int | None, may: bool, no: WatchRefusal | None) -> None:
    """P7"""
    found = rules.why_not_watch(below, may_set=may, figures=FIGURES)
    assert (found.why if found else None) is no


def test_low_is_below_the_level_and_not_at_it() -> None:
    """P7"""
    assert rules.is_low(499_999, 500_000) and not rules.is_low(500_000, 500_000)
    assert not rules.is_low(0, None)


@given(missing=WON)
def test_what_is_offered_to_charge_is_enough_and_may_be_charged(missing: int) -> None:
    """P2: never a step more than needed above the least amount."""
    won = rules.charge_for(missing)
    assert missing <= won < max(missing + 10, 10_001)
    assert won > CAP or why(won) is None


@pytest.mark.parametrize(
    ("ends_at", "given_up"), [("2026-12-07T23:59:59+09:00", False), ("2026-12-07T23:59:59.5+09:00", True),
                              ("2026-11-23T10:00:00+09:00", True)],
)  # fmt: skip
def test_an_account_that_ended_before_the_end_of_a_day_was_given_up(ends_at: str, given_up: bool) -> None:
    """P2"""
    assert rules.is_given_up(datetime.fromisoformat(ends_at)) is given_up


def test_the_sentence_about_tax_papers_names_both_and_the_reason() -> None:
    """P6"""
    for word in ("비과세 유가증권", "세금계산서", "현금영수증"):
        assert word in TEXTS[0].text


def test_a_card_window_that_ended_says_that_nothing_was_paid() -> None:
    """P3: orders says it."""
    assert "결제되지 않았으니" in CardRefusal.ENDED.sentence


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("is_card", [True, False])
def test_a_payment_comes_by_the_way_it_was_asked_for(method: Method, is_card: bool) -> None:
    """P3, P2: a card's reference that was paid into an account is not that payment, and the other way round."""
    found = rules.verdict(replace(PAID, method=method), replace(ASKED, is_card=is_card))
    assert found == (Verdict.PAID if (method is Method.ACCOUNT) is not is_card else Verdict.OTHER)
