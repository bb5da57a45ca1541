"""C1, C2, M3: who may buy what, without a database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from seonmul.catalog import rules
from seonmul.catalog.rules import OfferFacts, ProductRefusal
from seonmul.kit.refusals import No

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
        (replace(COFFEE, is_gift_certificate=True), True, ProductRefusal.NEEDS_APPROVAL),
        (replace(CORPORATE, is_sold_out=True), False, ProductRefusal.CORPORATE_ONLY),
        (replace(COFFEE, is_sold_out=True, is_gift_certificate=True), True, ProductRefusal.SOLD_OUT),
    ],
)
def test_who_may_buy_what(offer: OfferFacts | None, is_company: bool, why: ProductRefusal | None) -> None:
    """C1, M3, O7: the first reason wins."""
    assert rules.why_not_buy(offer, is_company=is_company) == (No(why) if why else None)


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
