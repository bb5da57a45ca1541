"""Alarms and reports of erasure in a real browser, at both widths. M8, M9, X4"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from seonmul.kit import clock
from seonmul.members import actions as members
from seonmul.orders import actions as orders
from tests import chromium, given
from tests.backoffice.conftest import at_console, staff_member
from tests.looking import complaints, faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seat(live_server: Any) -> str:
    """The session of a super, a burst that nobody has seen, and somebody who left. Named before the browser."""
    at, who = clock.now(), given.person()
    given.device(who)
    given.verified(who, "session")
    orders.close_account(who, is_proved=True, gives_up_reward=False, at=at)
    members.erase(who.id, at=at)
    for n in range(25):
        members.note_wrong_login("somebody", at=at - timedelta(seconds=n))
    return str(at_console(staff_member("super")).cookies["sessionid"].value)


@pytest.fixture
def page(live_server: Any) -> Iterator[Page]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        yield opened.new_context(base_url=live_server.url, locale="ko-KR").new_page()
        opened.close()


def test_the_banner_the_list_and_the_reports(seat: str, page: Page, live_server: Any) -> None:
    """M8, M9"""
    page.context.add_cookies([{"name": "sessionid", "value": seat, "url": live_server.url}])
    said = complaints(page)
    for address in ("", "members/", "audit/erasures/", "alarms/"):
        page.goto(f"/console/{address}")
        expect(page.get_by_text("로그인 실패가 몰렸어요")).to_be_visible()
        assert faults(page, said) == []
    page.get_by_role("button", name="확인했어요").click()
    expect(page.get_by_text("로그인 실패가 몰렸어요")).to_be_hidden()
