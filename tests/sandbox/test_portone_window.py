"""PortOne's script and window in a real browser, from a page of another origin under our own strict policy."""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, sync_playwright

from seonmul.kit.windows import opens_window
from seonmul.providers.portone.identity import PortOne
from tests import chromium
from tests.sandbox.outside import PORTONE_SECRET, Outside

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="ko"><title>shop</title><script src="{script}"></script>
<button data-request="{request}">인증</button><output></output><script src="/page.js"></script></html>"""
SCRIPT = """
const button = document.querySelector("button"), output = document.querySelector("output");
button.onclick = async () => {
  output.textContent = "";
  output.textContent = JSON.stringify(await PortOne.requestIdentityVerification(JSON.parse(button.dataset.request)));
};
"""


class Shop:
    """A product's page that opens the window, with exactly the headers that our pages have."""

    def __init__(self) -> None:
        self.window: dict[str, Any] = {}
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer = shop.answer(self.path)
                self.send_response(200)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("localhost", 0), Handler)
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server.server_port}"

    def answer(self, path: str) -> HttpResponse:
        @opens_window
        def view(request: HttpRequest) -> HttpResponse:
            if path == "/page.js":
                return HttpResponse(SCRIPT, content_type="text/javascript")
            wish = html.escape(json.dumps(self.window["request"]))
            return HttpResponse(PAGE.format(script=self.window["script"], request=wish))

        made: HttpResponse = SecurityMiddleware(CSPMiddleware(view))(RequestFactory().get("/"))
        return made

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def shop(outside: Outside, settings: Any) -> Iterator[Shop]:
    settings.PORTONE_JS_URL = f"{outside.url}/portone/sdk.js"
    settings.PORTONE_BASE_URL, settings.PORTONE_API_SECRET = f"{outside.url}/portone", PORTONE_SECRET
    settings.WINDOW_POLICY = {"script-src": [outside.url], "form-action": [outside.url]}
    shop = Shop()
    shop.window = dict(PortOne().window("iv1", "sign-up", return_to=f"{shop.url}/back"))
    yield shop
    shop.close()


@pytest.fixture
def said() -> list[str]:
    """What browsers complained about."""
    return []


def page_of(browser: Browser, said: list[str], width: int) -> Page:
    context = browser.new_context(locale="ko-KR", viewport={"width": width, "height": 800})

    def listen(page: Page) -> None:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))

    context.on("page", listen)
    page = context.new_page()
    # a browser asks for an icon that neither side has
    page.context.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    return page


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
    shop: Shop,
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
    page.locator("output:not(:empty)").wait_for(timeout=5000)
    told = json.loads(page.locator("output").inner_text())
    assert (told["identityVerificationId"], told.get("code")) == ("iv1", code)
    assert result(outside)["status"] == status
    assert window.is_closed() and said == []
    page.context.close()


def test_a_phone_goes_there_and_comes_back(
    shop: Shop, outside: Outside, browser: Browser, said: list[str]
) -> None:
    page = page_of(browser, said, 360)
    page.goto(shop.url)
    page.get_by_role("button").click()
    page.get_by_role("heading", name="본인인증").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    heights = [box["height"] for one in page.get_by_role("button").all() if (box := one.bounding_box())]
    assert len(heights) == 14 and min(heights) >= 44
    page.get_by_role("button", name="정다은").click()
    page.wait_for_url(f"{shop.url}/back?*")
    assert "identityVerificationId=iv1" in page.url and "code=" not in page.url
    assert result(outside)["verifiedCustomer"]["name"] == "정다은"
    assert said == []
    page.context.close()


def test_a_used_id_opens_no_choice(shop: Shop, outside: Outside, browser: Browser, said: list[str]) -> None:
    page = page_of(browser, said, 360)
    for visit in range(2):
        page.goto(shop.url)
        page.get_by_role("button").click()
        if visit == 0:
            page.get_by_role("button", name="한지원").click()
        page.wait_for_url(f"{shop.url}/back?*")
    assert "code=IDENTITY_VERIFICATION_ALREADY_VERIFIED" in page.url
    page.context.close()
