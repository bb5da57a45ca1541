"""Signing in, the list with its two faces, one product. C1, C2, M3"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.catalog.models import List, Offer
from seonmul.catalog.rules import ProductRefusal
from seonmul.kit import clock
from seonmul.members import actions as members
from seonmul.members.models import Member
from seonmul.orders.models import Draft
from seonmul.orders.rules import OrderRefusal
from tests import given
from tests.given import MONDAY, Company

pytestmark = pytest.mark.django_db
PRODUCTS = reverse("storefront:products")


def product_url(code: str, list_name: str = "corporate") -> str:
    return reverse("storefront:product", args=[list_name, code])


def test_signing_in_leads_to_the_products_and_says_nothing_about_which_logins_exist(company: Company) -> None:
    client = Client()
    known = client.post(reverse("account_login"), {"login": company.owner.login, "password": "wrong-one"})
    unknown = client.post(reverse("account_login"), {"login": "nobody", "password": "wrong-one"})
    sentence = "아이디 또는 비밀번호가 다릅니다."
    assert sentence in known.content.decode() and sentence in unknown.content.decode()
    assert f'value="{company.owner.login}"' in known.content.decode()
    inside = client.post(
        reverse("account_login"), {"login": company.owner.login, "password": "long-enough-1"}
    )
    assert inside["Location"] == PRODUCTS
    assert client.get(reverse("storefront:orders")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("storefront:orders"))["Location"].startswith(reverse("account_login"))


def test_a_visitor_sees_the_general_list_and_a_company_its_own(company: Company, browser: Client) -> None:
    product = given.product()
    Offer.objects.filter(product=product, list=List.CORPORATE).update(price_won=4_100)
    assert "4,500원" in Client().get(PRODUCTS).content.decode()
    assert "4,100원" in browser.get(PRODUCTS).content.decode()
    assert "4,500원" in browser.get(PRODUCTS, {"list": "general"}).content.decode()


def test_a_list_is_narrowed_by_the_address_and_an_empty_one_leads_on() -> None:
    given.product("CHEAP", 1_000)
    given.product("DEAR", 9_000)
    found = Client().get(PRODUCTS, {"price_to": "5,000", "q": "아메리카노"}).content.decode()
    assert product_url("CHEAP", "general") in found and product_url("DEAR", "general") not in found
    none = Client().get(PRODUCTS, {"q": "없는상품"}).content.decode()
    assert "조건에 맞는 상품이 없어요" in none and "조건 모두 지우기" in none
    assert Client().get(PRODUCTS, {"price_from": "x", "sort": "?", "after": "!"}).status_code == 200


def test_more_products_come_page_by_page() -> None:
    for price in range(1_000, 1_030):
        given.product(price_won=price)
    first = Client().get(PRODUCTS, {"sort": "cheap"}).context["page"]
    second = Client().get(PRODUCTS, {"sort": "cheap", "after": first.after}, headers={"HX-Request": "true"})
    prices = [offer.price_won for page in (first, second.context["page"]) for offer in page.rows]
    assert prices == list(range(1_000, 1_030))
    assert b"<html" not in second.content


def test_a_product_page_says_what_happens_at_the_end_of_its_validity() -> None:
    given.product("ONE", copies_most=1)
    corporate = Client().get(product_url("ONE")).content.decode()
    assert "기업회원만 이 가격으로" in corporate and "연장이나 환불이 되지 않아요" in corporate
    assert "중복 발송 불가" in corporate and "로그인하고 주문하기" in corporate
    general = Client().get(product_url("ONE", "general")).content.decode()
    assert "90%" in general and "95%" in general and "환불받을 수 있어요" in general


def test_a_product_page_says_whether_a_sent_voucher_can_be_cancelled(browser: Client) -> None:
    """C2, O10: for this list, before buying."""
    product = given.product()
    general, corporate = (
        reverse("storefront:product", args=[name, product.code]) for name in ("general", "corporate")
    )
    assert "결제하고 7일 안에 취소하고" in browser.get(general).content.decode()
    assert "보낸 쿠폰은 취소할 수 없어요." in browser.get(corporate).content.decode()
    Offer.objects.filter(product=product, list="corporate").update(cancel_days=30)
    assert "결제하고 30일 안에 취소하고" in browser.get(corporate).content.decode()


def test_a_product_page_says_how_and_when_and_what_to_buy_instead(browser: Client) -> None:
    """C1, C2"""
    today, tea = clock.seoul_date(clock.now()), given.product("TEA")
    given.product("SOON", channels=["lms"], on_sale_from=today + timedelta(days=3))
    given.product("GONE", on_sale_to=today - timedelta(days=1), substitute=tea)
    given.product("OUT", is_sold_out=True, substitute=tea)
    soon = browser.get(product_url("SOON")).content.decode()
    assert "문자(LMS)로만 보낼 수 있어요." in soon and "부터 판매하는 상품입니다" in soon
    assert (
        "문자(LMS, MMS, SMS)나 이메일로 보낼 수 있어요." in browser.get(product_url("TEA")).content.decode()
    )
    for code, why in (("GONE", ProductRefusal.NO_LONGER), ("OUT", ProductRefusal.SOLD_OUT)):
        page = browser.get(product_url(code)).content.decode()
        assert why.sentence in page and product_url("TEA") in page
        declined = browser.post(reverse("storefront:begin", args=["corporate", code]))
        assert declined.status_code == 422 and not Draft.objects.exists()
    listed = browser.get(PRODUCTS).content.decode()
    assert "판매 예정" in listed and "판매 종료" in listed


def test_a_gift_certificate_says_that_it_needs_approval_and_shows_the_limit(browser: Client) -> None:
    """C2, O7: limit, used, left and the day it starts anew stand on the product's page."""
    given.product("CERTIFICATE", is_gift_certificate=True)
    page = browser.get(product_url("CERTIFICATE")).content.decode()
    assert "상품권류라 결제한 뒤 담당자가 확인하고 보내요." in page
    assert "이번 달 상품권 한도" in page and "1,000,000원" in page and "에 새로 시작해요." in page
    assert browser.post(reverse("storefront:begin", args=["corporate", "CERTIFICATE"])).status_code == 302
    goods = given.product("COFFEE-OF-THE-DAY")
    assert "이번 달 상품권 한도" not in browser.get(product_url(goods.code)).content.decode()


def test_a_person_cannot_order_from_the_corporate_list(signed_in: Callable[[Member], Client]) -> None:
    given.product("COFFEE")
    buyer = members.make_buyer("person", "김민수", at=MONDAY)
    person = members.make_member(
        "minsu-1",
        "long-enough-1",
        "김민수",
        phone="01020020002",
        mail="m@home.example",
        at=MONDAY,
        buyer=buyer,
    )
    client = signed_in(person)
    sentence = ProductRefusal.CORPORATE_ONLY.sentence
    assert sentence in client.get(product_url("COFFEE")).content.decode()
    assert client.post(reverse("storefront:begin", args=["corporate", "COFFEE"])).status_code == 422
    begun = client.post(reverse("storefront:begin", args=["general", "COFFEE"]))
    assert begun["Location"] == reverse("storefront:draft", args=[Draft.objects.get().public_id])


def test_an_approver_may_not_begin_an_order(company: Company, signed_in: Callable[[Member], Client]) -> None:
    given.product("COFFEE")
    declined = signed_in(company.approver).post(reverse("storefront:begin", args=["corporate", "COFFEE"]))
    assert OrderRefusal.NOT_A_BUYER.sentence in declined.content.decode()


@pytest.mark.parametrize("list_name,code", [("corporate", "NONE"), ("secret", "COFFEE")])
def test_what_is_on_no_list_is_not_found(list_name: str, code: str) -> None:
    given.product("COFFEE")
    assert Client().get(f"/products/{list_name}/{code}/").status_code == 404


def test_the_switch_says_to_which_list_it_leads(browser: Client) -> None:
    """M3: once, in the words of the rule; the address that stays holds the list alone."""
    page = browser.get(PRODUCTS, {"q": "커피"}).content.decode()
    assert 'href="?q=%EC%BB%A4%ED%94%BC&amp;list=general&amp;switch=1"' in page
    for who in (browser, Client()):
        for list_, said in (("general", "일반회원"), ("corporate", "기업회원")):
            switched = who.get(PRODUCTS, {"list": list_, "switch": "1", "q": "커피"}, follow=True)
            (end, status) = switched.redirect_chain[-1]
            assert (end, status) == (f"{PRODUCTS}?list={list_}&q=%EC%BB%A4%ED%94%BC", 302)
            sentence = f"{said} 상품리스트로 전환합니다."
            assert switched.content.decode().count(sentence) == 1
            assert sentence not in who.get(end).content.decode(), "said once"


def test_the_menu_leads_a_general_member_to_the_conversion(
    browser: Client, signed_in: Callable[[Member], Client]
) -> None:
    """M2: 三 → 기업회원전환, on every page; nobody else has something to convert."""
    link = f'<div class="topnav-extra"><a href="{reverse("storefront:convert")}"'
    person = signed_in(given.person())
    assert link in person.get(PRODUCTS).content.decode() and link in person.get("/my/").content.decode()
    assert link not in browser.get(PRODUCTS).content.decode()
    assert link not in Client().get(PRODUCTS).content.decode()
