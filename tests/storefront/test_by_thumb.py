"""X4, O1, O4, O5, S6, O12: what the order page offers beside the list, done with a thumb at 360 px: no form is posted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, expect, sync_playwright

from seonmul.dispatch.ports import Result
from seonmul.kit import clock
from seonmul.orders.models import Draft
from tests import chromium, given
from tests.looking import complaints, faults, saved
from tests.orders.test_checking import ended
from tests.threads import at_once

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
#: --target of the phone in ui/tokens.css.
TARGET_PX = 44
GONE, WELL, LEAVER, NEW = given.numbers(4, start=31_000_000)


@dataclass(frozen=True)
class Desk:
    """A draft whose list has somebody unreachable and somebody who left; one person in the address book."""

    base: str
    session: str
    draft: Draft


@pytest.fixture
def desk(live_server: Any) -> Desk:
    firm, at = given.company(), clock.now()
    ended(GONE, Result.INVALID_NUMBER, at=at - timedelta(days=2))
    made = given.draft(firm, [GONE, WELL, LEAVER], at=at)
    client = Client()
    client.force_login(firm.owner)
    client.post("/my/people/", {"name": "김서연", "phone": "010-2000-0001", "groups": "본사"})
    return Desk(live_server.url, client.cookies["sessionid"].value, made)


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        context = opened.new_context(
            base_url=desk.base, locale="ko-KR", viewport={"width": 360, "height": 740}, has_touch=True
        )
        context.add_cookies([{"name": "sessionid", "value": desk.session, "url": desk.base}])
        yield context.new_page()
        opened.close()


def tap(target: Locator) -> None:
    """Press what a thumb can hit: as high as the phone's targets are, and as wide."""
    target.tap(trial=True)  # scrolls to it, and looks again where a save has just drawn it anew
    box = target.bounding_box()
    assert box is not None and box["height"] >= TARGET_PX and box["width"] >= TARGET_PX, (target, box)
    target.tap()


def kept(desk: Desk) -> Draft:
    """The draft as the server has it; beside Playwright's loop only another thread asks the database."""
    (found,) = at_once([lambda: Draft.objects.get(id=desk.draft.id)])
    assert isinstance(found, Draft)
    return found


def test_every_step_beside_the_list_works_with_a_thumb(desk: Desk, page: Page, tmp_path: Path) -> None:
    """A planned time that sleeps, a remedy, the staff list and the address book."""
    said = complaints(page)
    here = f"{desk.base}/orders/drafts/{desk.draft.public_id}/"
    page.goto(here)
    rows = page.locator("#rows tbody tr")

    tap(page.locator("#look").get_by_role("button", name="1명 빼기"))
    page.wait_for_url("**/#look")
    expect(rows).to_have_count(2)

    tomorrow = clock.now().astimezone(clock.SEOUL).replace(hour=23, minute=0) + timedelta(days=1)
    tap(page.locator("#pay label", has_text="예약"))
    with page.expect_response(saved(f"{tomorrow:%Y-%m-%dT%H:%M}")):
        page.get_by_label("보낼 날짜와 시각").fill(f"{tomorrow:%Y-%m-%dT%H:%M}")
    with page.expect_response(saved("asleep_minutes=30")):
        tap(page.get_by_label("쿠폰 재워 보내기"))
        page.get_by_label("쿠폰 재워 보내기").select_option("30")
    page.goto(here)  # what was chosen is saved once more a second later, and could come after the remedy
    tap(page.locator("#look button[value=morning]"))
    page.wait_for_url("**/#look")
    morning = (tomorrow + timedelta(days=1)).replace(hour=8)
    expect(page.get_by_label("보낼 날짜와 시각")).to_have_value(f"{morning:%Y-%m-%dT%H:%M}")
    expect(page.get_by_label("쿠폰 재워 보내기")).to_have_value("30")
    found = faults(page, said, "planned")

    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("link", name="직원 명단 대조").tap()
    file = tmp_path / "staff.csv"
    file.write_text(f"휴대폰,이름\n{WELL},박하은\n{NEW},이하늘\n", encoding="utf-8")
    page.get_by_label("지금 직원 명단").set_input_files(file)
    tap(page.get_by_role("button", name="대조하기"))
    expect(page.get_by_text("명단 2명")).to_be_visible()
    found += faults(page, said, "compared")
    page.set_viewport_size({"width": 360, "height": 740})
    tap(page.get_by_role("button", name="이 행 빼기").first)
    tap(page.get_by_role("button", name="모두 담기"))
    tap(page.get_by_role("button", name="대조 끝내고 주문으로 가기"))
    page.wait_for_url(f"{here}**")
    expect(rows).to_have_count(2)
    assert NEW in page.locator("#rows").inner_html().replace("-", "")

    page.get_by_role("link", name="주소록에서 담기").tap()
    tap(page.get_by_role("row", name="김서연").locator("label"))
    found += faults(page, said, "chosen")
    page.set_viewport_size({"width": 360, "height": 740})
    tap(page.get_by_role("button", name="고른 사람 담기"))
    page.wait_for_url(f"{here}**")
    expect(rows).to_have_count(3)
    expect(page.locator("#paybar")).to_contain_text("3명 · 3건")
    assert not found, "\n".join(found)
    draft = kept(desk)
    assert draft.is_later and draft.asleep_minutes == 30 and draft.send_at is not None
