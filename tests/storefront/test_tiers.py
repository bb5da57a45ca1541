"""M3, C2: the pages say what a tier takes off, and what is missing to the next one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app

from seonmul.kit import clock
from seonmul.members import actions as members
from seonmul.members.models import Member
from tests import given
from tests.given import Company
from tests.storefront.conftest import HTMX, asked

pytestmark = pytest.mark.django_db
PRODUCTS = reverse("storefront:products")
BADGE = "회원등급 1% 할인가"


@pytest.fixture
def tiered(company: Company) -> Company:
    members.set_tiers({company.buyer.id: 1}, at=clock.now())
    return company


def page(browser: Client, address: str, **query: str) -> str:
    return browser.get(address, query).content.decode()


def test_without_a_tier_prices_stand_as_they_are(company: Company, browser: Client) -> None:
    """M3"""
    given.product("CUP", 4_300)
    for address in (PRODUCTS, reverse("storefront:product", args=["corporate", "CUP"])):
        said = page(browser, address)
        assert "4,300원" in said and "할인가" not in said and "price-before" not in said
    assert "3,000,000원 더 주문하면 다음 날부터 1% 할인돼요." in page(browser, PRODUCTS)


def test_a_tier_s_price_stands_beside_the_struck_one(tiered: Company, browser: Client) -> None:
    """M3, C2: on the list, the product's page, more of the list, and the order page."""
    given.product("CUP", 4_300)
    product = reverse("storefront:product", args=["corporate", "CUP"])
    order = browser.post(reverse("storefront:begin", args=["corporate", "CUP"]))["Location"]
    more = browser.get(PRODUCTS, {"sort": "cheap"}, headers=HTMX).content.decode()
    for said in (page(browser, PRODUCTS), page(browser, product), more, page(browser, order)):
        assert BADGE in said and "4,257원" in said
        assert '<s class="price-before"><span class="visually-hidden">등급 할인 전 </span>4,300원</s>' in said


def test_certificates_and_the_general_list_show_no_discount(tiered: Company, browser: Client) -> None:
    """M3"""
    given.product("CARD", 10_000, is_gift_certificate=True)
    for list_name in ("corporate", "general"):
        said = page(browser, reverse("storefront:product", args=[list_name, "CARD"]))
        assert "10,000원" in said and "할인가" not in said
    given.product("CUP", 4_300)
    general = page(browser, PRODUCTS, list="general")
    assert "4,300원" in general and "할인가" not in general and "더 주문하면" not in general


def test_nobody_else_sees_a_company_s_tier(tiered: Company, signed_in: Callable[[Member], Client]) -> None:
    """M3, M7"""
    given.product("CUP", 4_300)
    strangers = Client(), signed_in(given.person()), signed_in(given.company().owner)
    for browser in strangers:
        said = page(browser, PRODUCTS, list="corporate")
        assert "4,300원" in said and "할인가" not in said
    assert "더 주문하면" not in page(strangers[0], PRODUCTS, list="corporate")


def test_what_is_missing_to_the_next_tier_is_said(company: Company, browser: Client) -> None:
    """M3"""
    given.placed(company, given.numbers(1), given.product(price_won=3_100_000), clock.now())
    today = page(browser, PRODUCTS)
    assert "다음 날부터 회원등급 1%예요." in today and "할인가" not in today
    assert "6,900,000원 더 주문하면" in today
    app.tasks["orders.recompute_tiers"].func(0)
    said = page(browser, PRODUCTS)
    assert "회원등급 1%: 상품권류가 아닌 상품을 1% 할인해요." in said and "다음 날부터 회원등급" not in said
    assert "6,900,000원 더 주문하면 다음 날부터 2% 할인돼요." in said


def test_the_best_tier_has_nothing_missing(company: Company, browser: Client) -> None:
    """M3"""
    given.placed(company, given.numbers(1), given.product(price_won=50_000_000), clock.now())
    app.tasks["orders.recompute_tiers"].func(0)
    said = page(browser, PRODUCTS)
    assert "회원등급 3%" in said and "더 주문하면" not in said


def test_tiers_ask_the_database_no_more_for_more_products(tiered: Company, browser: Client) -> None:
    """C1"""
    given.product()
    before = asked(browser, PRODUCTS)
    for _ in range(5):
        given.product()
    assert asked(browser, PRODUCTS) == before
