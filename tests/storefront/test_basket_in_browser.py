"""O1, X4: a basket in a real browser: put in from the catalogue, an unknown product mended in place, and its order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from seonmul.catalog.models import Product
from seonmul.kit import clock
from seonmul.orders import actions
from seonmul.orders.lists import RawRow
from tests import chromium, given, looking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(live_server: Any) -> Iterator[Page]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        yield opened.new_context(base_url=live_server.url, locale="ko-KR").new_page()
        opened.close()


@pytest.fixture
def basket(live_server: Any) -> tuple[str, str, str]:
    """The site, a draft and a session. Before the browser: beside Playwright's loop Django will not ask the database."""
    firm, at = given.company(), clock.now()
    given.product("LATTE", price_won=4_900)
    cake = given.product("CAKE", price_won=31_000, is_gift_certificate=True)
    Product.objects.filter(id=cake.id).update(name="모바일 상품권 30,000원권", picture="voucher")
    draft = given.draft(firm, [], Product.objects.get(code="LATTE"), at=at)
    good = [RawRow(n, number, "김서연", product="LATTE") for n, number in enumerate(given.numbers(4), 1)]
    actions.add_rows(draft.id, [*good, RawRow(5, "01020417735", "이도윤", product="소금빵")], at=at)
    client = Client()
    client.force_login(firm.owner)
    return live_server.url, draft.public_id, client.cookies["sessionid"].value


def test_a_basket_is_filled_and_mended_at_every_width(basket: tuple[str, str, str], page: Page) -> None:
    """O1, X4: put in from the catalogue; a product that the sheet calls otherwise is chosen in its row."""
    base, public_id, session = basket
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
    said = looking.complaints(page)
    page.goto(f"{base}/products/corporate/CAKE/?draft={public_id}")
    found = looking.faults(page, said, "put")
    page.get_by_role("button", name="이 주문에 담기").click()
    page.wait_for_url(f"**/orders/drafts/{public_id}/")
    found += looking.faults(page, said, "basket")
    page.locator("td select[name=product]").first.select_option("CAKE")
    page.locator("tr.is-fix").get_by_role("button", name="고치기").click()
    page.locator("tr.is-fix").wait_for(state="detached")
    found += looking.faults(page, said, "mended")
    assert not found, "\n".join(found)
    assert page.locator("#product").inner_text().count("1건") == 1
