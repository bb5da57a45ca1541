"""C1, C2, M3: who may buy what, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seonmul.catalog import rules
from seonmul.catalog.models import every_channel
from seonmul.catalog.rules import OfferFacts, ProductRefusal
from seonmul.dispatch.models import Channel
from seonmul.kit import clock
from seonmul.kit.refusals import No
from tests.given import MONDAY

COFFEE = OfferFacts(is_shown=True, is_sold_out=False, is_gift_certificate=False, is_corporate_list=False)
CORPORATE = replace(COFFEE, is_corporate_list=True)


@pytest.mark.parametrize(
    ("offer", "is_company", "why"),
    [
        (COFFEE, False, None),
        (COFFEE, True, None),
        (CORPORATE, True, None),
        (CORPORATE, False, ProductRefusal.CORPORATE_ONLY),
        (None, True, ProductRefusal.NOT_ON_LIST),
        (replace(COFFEE, is_shown=False), True, ProductRefusal.NOT_ON_LIST),
        (replace(COFFEE, is_sold_out=True), True, ProductRefusal.SOLD_OUT),
        (replace(COFFEE, is_gift_certificate=True), True, None),
        (replace(CORPORATE, is_sold_out=True), False, ProductRefusal.CORPORATE_ONLY),
        (replace(COFFEE, is_sold_out=True, is_gift_certificate=True), True, ProductRefusal.SOLD_OUT),
    ],
)
def test_who_may_buy_what(offer: OfferFacts | None, is_company: bool, why: ProductRefusal | None) -> None:
    """C1, M3, O7: the first reason wins."""
    assert rules.why_not_buy(offer, is_company=is_company, at=MONDAY) == (No(why) if why else None)


DAY = clock.seoul_date(MONDAY)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (None, None, None),
        (DAY, DAY, None),
        (DAY - timedelta(days=1), None, None),
        (DAY + timedelta(days=1), None, ProductRefusal.NOT_YET),
        (None, DAY - timedelta(days=1), ProductRefusal.NO_LONGER),
        (None, DAY + timedelta(days=1), None),
    ],
)
def test_a_product_is_sold_from_its_first_day_to_its_last(
    first: date | None, last: date | None, why: ProductRefusal | None
) -> None:
    """C1: whole days in Seoul."""
    no = rules.why_not_buy(replace(COFFEE, on_sale_from=first, on_sale_to=last), is_company=False, at=MONDAY)
    assert (no.why if no else None) is why
    assert no is None or "{" not in no.say()


def test_the_first_and_the_last_minute_of_a_sale() -> None:
    """C1"""
    sale = replace(COFFEE, on_sale_from=DAY, on_sale_to=DAY)
    before, last, second = (
        clock.end_of_day(DAY - timedelta(days=1)),
        clock.end_of_day(DAY),
        timedelta(seconds=1),
    )
    moments = (before, before + second, last, last + second)
    said = [rules.why_not_buy(sale, is_company=False, at=at) for at in moments]
    assert [no.why if no else None for no in said] == [
        ProductRefusal.NOT_YET, None, None, ProductRefusal.NO_LONGER,
    ]  # fmt: skip


def test_a_voucher_goes_only_by_the_channels_of_its_product() -> None:
    """C1"""
    by_lms = replace(COFFEE, channels=("lms",))
    assert rules.why_not_send_by(by_lms, "lms") is None and rules.why_not_send_by(None, "sms") is None
    no = rules.why_not_send_by(by_lms, "sms")
    assert no is not None and no.why is ProductRefusal.CHANNEL and "SMS" in no.say()


def test_the_channels_are_those_that_messages_go_by() -> None:
    """C1, S1: the catalogue does not know dispatch, so the names stand twice."""
    assert set(rules.CHANNELS) == set(Channel.values) == set(every_channel())


@given(ways=st.sets(st.sampled_from(rules.CHANNELS)), kind=st.sampled_from([rules.TEXT, rules.MAIL]))
def test_each_channel_belongs_to_one_kind_of_order(ways: set[str], kind: str) -> None:
    """O1, C1: what a product allows is parted between the two kinds; the refusal says which of them it cannot be."""
    found = rules.channels_of(kind, ways)
    assert set(rules.channels_of(rules.TEXT, ways)) | set(rules.channels_of(rules.MAIL, ways)) == ways
    assert all((one == rules.MAIL) == (kind == rules.MAIL) for one in found)
    no = rules.why_not_order_by(replace(COFFEE, channels=tuple(ways)), kind)
    assert (no is None) == bool(found)
    if no:
        wanted = {rules.TEXT: ProductRefusal.NOT_BY_TEXT, rules.MAIL: ProductRefusal.NOT_BY_MAIL}
        assert no.why is wanted[kind]


@pytest.mark.parametrize(
    ("ways", "channel", "why"),
    [
        (("sms",), "mail", ProductRefusal.NOT_BY_MAIL),
        (("mail",), "lms", ProductRefusal.NOT_BY_TEXT),
        (("sms", "mail"), "lms", ProductRefusal.CHANNEL),
    ],
)
def test_a_product_that_goes_another_way_says_which(
    ways: tuple[str, ...], channel: str, why: ProductRefusal
) -> None:
    """C1: mail and text are told apart from the kinds of text."""
    no = rules.why_not_send_by(replace(COFFEE, channels=ways), channel)
    assert no is not None and no.why is why


@pytest.mark.parametrize(
    ("brand", "name", "found_in"),
    [
        ("달무리 커피", "아이스 아메리카노", "달무리커피아이스아메리카노"),
        ("Daon\tBakery", " 소금빵 2개 ", "daonbakery소금빵2개"),
        ("", "", ""),
    ],
)
def test_a_search_text_knows_no_blanks_and_no_capitals(brand: str, name: str, found_in: str) -> None:
    """C1: Korean words are joined as one likes."""
    assert rules.search_text(brand, name) == found_in
