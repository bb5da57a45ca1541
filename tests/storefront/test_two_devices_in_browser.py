"""O1, O12, X4: one draft in two browsers of the same member: begun at the desk, gone on with and paid on the phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from seonmul.kit import crypto
from seonmul.members.models import SpendCode
from seonmul.orders.models import Draft, Order
from tests import chromium, given
from tests.looking import complaints, saved
from tests.threads import at_once

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Site:
    """The site, a product, and two sessions of one member. Before the browser: beside its loop Django asks nothing."""

    base: str
    code: str
    desk: str
    phone: str
    stranger: str


@pytest.fixture
def site(live_server: Any) -> Site:
    def session(member: Any) -> str:
        client = Client()
        client.force_login(member)
        return client.cookies["sessionid"].value

    firm, product = given.company(), given.product("LATTE", price_won=4_900)
    sessions = [session(one) for one in (firm.owner, firm.owner, given.company().owner)]
    assert len(set(sessions)) == 3
    return Site(live_server.url, product.code, *sessions)


@pytest.fixture
def browser(site: Site) -> Iterator[Browser]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        yield opened
        opened.close()


def opened(browser: Browser, site: Site, session: str, width: int) -> Page:
    context = browser.new_context(
        base_url=site.base, locale="ko-KR", viewport={"width": width, "height": 740}, has_touch=width < 600
    )
    context.add_cookies([{"name": "sessionid", "value": session, "url": site.base}])
    return context.new_page()


def code_on_the_phone() -> str:
    row = SpendCode.objects.latest("asked_at")
    return crypto.ring().open(SpendCode.CODE, row.code_sealed)


def test_the_phone_goes_on_where_the_desk_stopped(browser: Browser, site: Site) -> None:
    """O1, O6, O12: list, title and text are there without a click of "save"; one order; the desk is led to it."""
    desk, phone = opened(browser, site, site.desk, 1280), opened(browser, site, site.phone, 360)
    said = [complaints(desk), complaints(phone)]
    desk.goto(f"/products/corporate/{site.code}/")
    desk.get_by_role("button", name="주문하기").click()
    desk.wait_for_url("**/orders/drafts/*/")
    draft = desk.url
    desk.locator("#paste").fill("\n".join(given.numbers(2)))
    desk.get_by_role("button", name="불러오기").click()
    expect(desk.locator("#chips")).to_contain_text("전체 2")
    with desk.expect_response(saved("올 한 해 고맙습니다.")):
        desk.locator("#title").fill("연말 감사 선물")
        desk.locator("#text").fill("올 한 해 고맙습니다.")

    phone.goto("/orders/")
    phone.get_by_role("link", name="이어서 쓰기").tap()
    phone.wait_for_url(draft)
    expect(phone.locator("#title")).to_have_value("연말 감사 선물")
    expect(phone.locator("#text")).to_have_value("올 한 해 고맙습니다.")
    expect(phone.locator("#rows tbody tr")).to_have_count(2)
    phone.get_by_label("휴대폰 번호", exact=True).fill(given.numbers(1, 30_000_000)[0])
    phone.get_by_role("button", name="추가", exact=True).tap()
    expect(phone.locator("#paybar")).to_contain_text("14,700")
    phone.get_by_label("적법하게 수집").check()
    phone.locator("#paybar").get_by_role("button", name="3건 발송하기").tap()
    phone.get_by_label("인증번호 6자리").wait_for()
    (code,) = at_once([code_on_the_phone])
    phone.get_by_label("인증번호 6자리").fill(code)
    phone.get_by_role("button", name="결제하고 3건 발송하기").tap()
    phone.wait_for_url(lambda url: "/orders/" in url and "/drafts/" not in url)

    desk.locator("#title").fill("다른 제목")  # the page at the desk is of before
    desk.wait_for_url(phone.url.partition("#")[0])
    assert desk.locator("h1").count() == 1, "the whole page went there, not a part of it"
    kept = at_once([lambda: (Order.objects.count(), Draft.objects.count(), Order.objects.get().people)])
    assert kept == [(1, 0, 3)]
    assert said == [[], []]

    stranger = opened(browser, site, site.stranger, 1280)
    for address in (draft, phone.url):
        answer = stranger.goto(address)
        assert answer is not None and answer.status == 404
