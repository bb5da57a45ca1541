"""PortOne's script and window in a real browser, from a page of another origin under our own strict policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from seonmul.providers.portone.identity import PortOne
from tests.sandbox.opening import OpeningPage, page_of
from tests.sandbox.outside import PORTONE_SECRET, Outside

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(outside: Outside, settings: Any) -> Iterator[OpeningPage]:
    settings.PORTONE_JS_URL = f"{outside.url}/portone/sdk.js"
    settings.PORTONE_BASE_URL, settings.PORTONE_API_SECRET = f"{outside.url}/portone", PORTONE_SECRET
    settings.WINDOW_POLICY = {"script-src": [outside.url], "form-action": [outside.url]}
    shop = OpeningPage("requestIdentityVerification")
    shop.window = dict(PortOne().window("iv1", "sign-up", return_to=f"{shop.url}/back"))
    yield shop
    shop.close()


def result(outside: Outside) -> Any:
    headers = {"Authorization": f"PortOne {PORTONE_SECRET}"}
    return outside.ask("GET", "/portone/identity-verifications/iv1", headers=headers).json


@pytest.mark.parametrize(
    ("choice", "status", "code"),
    [
        ("한지원", "VERIFIED", None),
        ("실패", "FAILED", "IDENTITY_VERIFICATION_FAILED"),
        ("창 닫기", "READY", "WINDOW_CLOSED"),
        ("", "READY", "WINDOW_CLOSED"),
    ],
)
def test_a_pop_up_answers_the_page_that_opened_it(
    shop: OpeningPage,
    outside: Outside,
    browser: Browser,
    said: list[str],
    choice: str,
    status: str,
    code: str | None,
) -> None:
    page = page_of(browser, said, 1280)
    page.goto(shop.url)
    with page.expect_popup() as opened:
        page.get_by_role("button").click()
    window = opened.value
    if choice:
        window.get_by_role("button", name=choice).click()
    else:
        window.get_by_role("heading").wait_for()
        window.close()
    page.locator("output:not(:empty)").wait_for()
    told = json.loads(page.locator("output").inner_text())
    assert (told["identityVerificationId"], told.get("code")) == ("iv1", code)
    assert result(outside)["status"] == status
    if not window.is_closed():  # the answer may be there before the window is gone
        window.wait_for_event("close")
    assert said == []
    page.context.close()


def test_a_phone_goes_there_and_comes_back(
    shop: OpeningPage, outside: Outside, browser: Browser, said: list[str]
) -> None:
    page = page_of(browser, said, 360)
    page.goto(shop.url)
    page.get_by_role("button").click()
    page.get_by_role("heading", name="본인인증").wait_for()
    page.wait_for_load_state()  # without its sheet a button has another height
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    heights = [box["height"] for one in page.get_by_role("button").all() if (box := one.bounding_box())]
    assert len(heights) == 14 and min(heights) >= 44
    page.get_by_role("button", name="정다은").click()
    page.wait_for_url(f"{shop.url}/back?*")
    assert "identityVerificationId=iv1" in page.url and "code=" not in page.url
    assert result(outside)["verifiedCustomer"]["name"] == "정다은"
    assert said == []
    page.context.close()


def test_a_used_id_opens_no_choice(
    shop: OpeningPage, outside: Outside, browser: Browser, said: list[str]
) -> None:
    page = page_of(browser, said, 360)
    for visit in range(2):
        page.goto(shop.url)
        page.get_by_role("button").click()
        if visit == 0:
            page.get_by_role("button", name="한지원").click()
        page.wait_for_url(f"{shop.url}/back?*")
    assert "code=IDENTITY_VERIFICATION_ALREADY_VERIFIED" in page.url
    page.context.close()
