"""Coming in with a real browser: a passkey under the strict policy, and every page at both widths. M1"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests import chromium, given
from tests.looking import complaints, faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "long-enough-1"


@pytest.fixture
def login(live_server: Any) -> str:
    """Named before the browser: Playwright runs a loop, beside which Django will not ask the database."""
    return given.company(cash_won=0).owner.login


@pytest.fixture
def elsewhere(live_server: Any) -> str:
    """The login id of somebody who has logged in before, on a device of their own."""
    who = given.company(cash_won=0).owner
    given.device(who)
    return who.login


@pytest.fixture
def page(live_server: Any) -> Iterator[Page]:
    """A window with a device that makes passkeys and always says yes. Passkeys need a name, not an address."""
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        base = live_server.url.replace("127.0.0.1", "localhost")
        context = opened.new_context(base_url=base, locale="ko-KR")
        made = context.new_page()
        device = context.new_cdp_session(made)
        device.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield made
        opened.close()


def look(page: Page, said: list[str]) -> None:
    """At both widths: nothing is wrong with the page."""
    assert faults(page, said) == []


def log_in(page: Page, login: str) -> None:
    page.goto("/login/")
    page.get_by_label("아이디").fill(login)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인", exact=True).click()


def test_a_passkey_is_made_and_then_logs_in_alone(login: str, page: Page) -> None:
    """M1"""
    said = complaints(page)
    log_in(page, login)
    page.goto("/account/second-factor/")
    page.get_by_role("link", name="등록").click()
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="확인하기").click()
    page.get_by_role("button", name="등록하기").click()
    expect(page.get_by_role("heading", name="복구 코드")).to_be_visible()
    look(page, said)
    for opens in ("", "이름", "지우기"):
        page.goto("/account/second-factor/webauthn/")
        if opens:
            page.get_by_role("link", name=opens, exact=True).click()
            expect(page.get_by_role("heading", name="패스키")).to_be_visible()
        look(page, said)
    page.goto("/account/second-factor/webauthn/reauthenticate/")
    expect(page.get_by_role("button", name="패스키로 확인")).to_be_visible()
    look(page, said)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/account/second-factor/recovery-codes/")
    page.get_by_role("link", name="로그인과 보안").click()
    expect(page.get_by_text("1개 등록했어요")).to_be_visible()
    page.get_by_role("button", name="로그아웃").click()
    page.goto("/login/")
    page.get_by_role("button", name="패스키로 로그인").click()
    expect(page.get_by_role("button", name="로그아웃")).to_be_visible()
    assert said == []


def test_every_page_of_coming_in(login: str, page: Page) -> None:
    """M1, X4"""
    said = complaints(page)
    for address in ("/login/", "/sign-up/", "/recover/"):
        page.goto(address)
        look(page, said)
    page.goto("/sign-up/")
    page.set_viewport_size({"width": 360, "height": 800})
    expect(page.get_by_label("사업자등록번호")).to_be_hidden()
    page.get_by_text("기업회원", exact=True).click()
    expect(page.get_by_label("사업자등록번호")).to_be_visible()
    page.get_by_role("button", name="동의하고 인증번호 받기").click()
    expect(page.get_by_text("빠뜨린 칸입니다. 적어 주세요.").first).to_be_visible()
    look(page, said)
    page.goto("/recover/")
    page.get_by_label("가입한 이메일이나 휴대폰 번호").fill("nobody@home.example")
    page.get_by_role("button", name="인증번호 받기").click()
    expect(page.get_by_label("메일로 온 번호")).to_be_focused()
    look(page, said)


def test_every_page_of_settings(login: str, page: Page) -> None:
    """M1, M8, X4"""
    said = complaints(page)
    log_in(page, login)
    page.goto("/account/second-factor/totp/activate/")
    look(page, said)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="확인하기").click()
    expect(page.get_by_role("img", name="QR")).to_be_visible()
    look(page, said)
    for address in ("", "webauthn/", "webauthn/add/", "../devices/", "../password/"):
        page.goto(f"/account/second-factor/{address}")
        look(page, said)


def test_the_page_that_asks_a_new_device_for_a_verification(elsewhere: str, page: Page) -> None:
    """M8, X4"""
    said = complaints(page)
    log_in(page, elsewhere)
    page.goto("/account/second-factor/totp/activate/")
    expect(page.get_by_role("button", name="본인인증하기")).to_be_visible()
    look(page, said)
