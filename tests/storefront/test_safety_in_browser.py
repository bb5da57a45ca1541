"""Takeover and leaving in a real browser, at both widths. M5, M8, M9, X4"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from seonmul.kit import clock
from seonmul.members import actions as members
from seonmul.members.models import Member, SpendMethod
from tests import chromium, given
from tests.storefront.test_account_in_browser import complaints, log_in, look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner(live_server: Any) -> Member:
    """Somebody with a past: logins, wrong tries, a payment, a draft. Named before the browser, as elsewhere."""
    firm, at = given.company(at=clock.now()), clock.now()
    given.device(firm.owner, at - timedelta(days=40))
    given.device(firm.owner, at - timedelta(days=2), "another")
    for hours in (5, 5, 30):
        members.note_wrong_login(firm.owner.login, at=at - timedelta(hours=hours))
    given.placed(firm, given.numbers(2), at=at - timedelta(hours=1))
    given.draft(firm, given.numbers(3), at=at)
    members.set_payment_password(firm.owner.id, "pay-password-1", at=at)
    Member.objects.filter(id=firm.owner.id).update(
        spend_method=SpendMethod.PAYMENT_PASSWORD, last_login=at - timedelta(days=2)
    )
    return firm.owner


@pytest.fixture
def person(live_server: Any) -> Member:
    made = given.person(at=clock.now())
    given.device(made, clock.now())
    return made


@pytest.fixture
def page(live_server: Any) -> Iterator[Page]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        yield opened.new_context(base_url=live_server.url, locale="ko-KR").new_page()
        opened.close()


def test_a_new_device_sees_why_and_is_offered_a_code(owner: Member, page: Page) -> None:
    """M8"""
    said = complaints(page)
    log_in(page, owner.login)
    page.goto("/orders/")
    page.get_by_role("link", name="이어서 쓰기").click()
    page.get_by_role("button", name="건 발송하기").first.click()
    expect(page.get_by_text("결제 비밀번호만으로 결제할 수 없습니다")).to_be_visible()
    expect(page.get_by_label("인증번호 6자리")).to_be_focused()
    look(page, said)


def test_the_list_and_what_hinders_leaving(owner: Member, page: Page) -> None:
    """M8, M9"""
    said = complaints(page)
    log_in(page, owner.login)
    for address, heading in (("/my/access/", "로그인과 결제 기록"), ("/my/close/", "회원 탈퇴")):
        page.goto(address)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        look(page, said)


def test_leaving(person: Member, page: Page) -> None:
    """M9"""
    said = complaints(page)
    log_in(page, person.login)
    page.goto("/my/close/")
    page.get_by_text("법에 따라 따로 보관하는 것").click()
    look(page, said)
    page.get_by_role("button", name="탈퇴하기").click()
    expect(page.get_by_text("본인인지 확인하지 못해")).to_be_visible()
    page.get_by_label("로그인 비밀번호").fill("long-enough-1")
    page.get_by_role("button", name="탈퇴하기").click()
    expect(page.get_by_text("탈퇴했습니다")).to_be_visible()
    look(page, said)
