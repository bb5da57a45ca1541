"""O1, O7: people, copies, amount, limit and balances stay in view while the list is written, at the desk and on the phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, expect, sync_playwright

from seonmul.kit import clock
from seonmul.orders.models import Draft
from tests import chromium, given
from tests.looking import complaints, faults
from tests.orders import certificates

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = 360


@pytest.fixture
def draft(live_server: Any) -> tuple[Draft, str]:
    """Two certificates of 100,000 won on the list, and three that wait for the operator. Before the browser."""
    firm, at = given.company(), clock.now()
    certificates.bought(firm, 3, at)
    made = certificates.draft(firm, 2, at=at)
    client = Client()
    client.force_login(firm.owner)
    return made, client.cookies["sessionid"].value


@pytest.fixture
def page(draft: tuple[Draft, str], live_server: Any) -> Iterator[Page]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        made = opened.new_context(base_url=live_server.url, locale="ko-KR").new_page()
        made.context.add_cookies([{"name": "sessionid", "value": draft[1], "url": live_server.url}])
        yield made
        opened.close()


def sums_in_view(page: Page, width: int, *said: str) -> None:
    """Every one of these stands in the window, whatever has been scrolled."""
    place = page.locator("#paybar" if width == PHONE else "#summary")
    for one in said:
        expect(place.get_by_text(one, exact=True).first, f"{one} at {width}").to_be_in_viewport(ratio=1)
    expect(place.locator("svg.meter").first).to_be_in_viewport(ratio=1)


def is_above(field: Locator, bar: Locator) -> bool:
    upper, lower = field.bounding_box(), bar.bounding_box()
    return bool(upper and lower and upper["y"] >= 0 and upper["y"] + upper["height"] <= lower["y"])


@pytest.mark.parametrize("width", [1280, PHONE])
def test_they_stand_in_view_while_somebody_types(draft: tuple[Draft, str], page: Page, width: int) -> None:
    """O1, O7: what is available and held, and what is left of the limit; the field that is typed in is not covered."""
    page.set_viewport_size({"width": width, "height": 740})
    said = complaints(page)
    page.goto(f"/orders/drafts/{draft[0].public_id}/")
    counts = ["2명 · 2건", "200,000원"] if width == PHONE else ["2명", "2건"]
    sums = [*counts, "49,700,000원", "300,000원", "700,000원"]
    for name in ("휴대폰 번호", "붙여 넣기"):
        field = page.get_by_label(name, exact=True)
        field.click()
        field.press_sequentially("010-2001-00")
        sums_in_view(page, width, *sums)
        assert width > PHONE or is_above(field, page.locator("#paybar")), "what is typed is not covered"
        field.fill("")
    page.get_by_label("휴대폰 번호", exact=True).fill("010-2001-0001")
    page.get_by_role("button", name="추가", exact=True).click()
    expect(page.locator("#rows tbody tr")).to_have_count(3)
    page.get_by_label("휴대폰 번호", exact=True).click()
    sums_in_view(page, width, "3명 · 3건" if width == PHONE else "3명", "49,700,000원", "700,000원")
    assert not (found := faults(page, said, "draft")), "\n".join(found)


def test_the_last_line_of_the_page_can_be_read_below_nothing(draft: tuple[Draft, str], page: Page) -> None:
    """X4: at its end the bar stands behind the content, not on it; and it says by how much the limit is passed."""
    page.set_viewport_size({"width": PHONE, "height": 740})
    page.goto(f"/orders/drafts/{draft[0].public_id}/")
    page.get_by_label("붙여 넣기").fill("\n".join(certificates.numbers(6)))
    page.get_by_role("button", name="불러오기").click()
    expect(page.locator("#rows tbody tr")).to_have_count(8)
    expect(page.locator("#paybar .is-over")).to_have_text("한도 부족100,000원")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    ends = page.evaluate(
        "['#summary', '#paybar'].map(one => document.querySelector(one).getBoundingClientRect())"
    )
    assert ends[0]["bottom"] <= ends[1]["top"]
