"""A buyer at a real browser: from sign-in to everybody's message, and the recipient who opens one. Desktop and phone."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.journeys.platform import Platform, delivered_numbers, until
from tests.journeys.web.screen import Screen, known_texts, new_code

pytestmark = [pytest.mark.journey, pytest.mark.browser]


def test_a_buyer_sends_to_a_pasted_column_and_sees_what_became_of_it(screen: Screen, platform: Platform):
    """O1, O2, O3, O6, M4, S4, S5"""
    page = screen.page
    screen.sign_in()
    screen.look("products")
    page.get_by_role("searchbox").first.fill("아이스 아메리카노")
    page.get_by_role("searchbox").first.press("Enter")
    page.get_by_role("link", name=re.compile("아이스 아메리카노")).first.click()
    screen.look("product")
    page.get_by_role("button", name="주문하기").click()
    expect(page.get_by_text("아직 받는 분이 없어요")).to_be_visible()
    screen.look("order-empty")

    start = 7_100_000 if screen.width > 600 else 7_200_000
    numbers = [f"010{start // 1000:04d}{5000 + n}" for n in range(3)]
    failing = f"010{start // 1000:04d}3043"
    page.get_by_label("붙여 넣기").fill("\n".join([*numbers, failing, "010-2O88-5000", f"{numbers[0]}"]))
    page.get_by_role("button", name="불러오기").click()
    expect(page.locator("#chips")).to_contain_text("고쳐 주세요 1")
    screen.look("order-faults")
    page.get_by_role("button", name="이 번호로 고치기").click()
    expect(page.locator("#chips")).not_to_contain_text("고쳐 주세요")
    page.locator("#chips").get_by_text("중복").click()
    page.get_by_role("button", name="한 건만 보내기").click()
    go = page.get_by_role("button", name="5건 발송하기").locator("visible=true").first
    expect(go).to_be_visible()

    page.locator("#title").fill("연말 감사 선물")
    page.locator("#text").fill("#{이름} 님, 올 한 해 고맙습니다.")
    go.click()
    expect(page.get_by_text("적법하게 수집했습니다’에 표시해 주세요")).to_be_visible()
    expect(page.locator("#text")).to_have_value("#{이름} 님, 올 한 해 고맙습니다.")
    page.get_by_label(re.compile("적법하게 수집")).check()
    screen.look("order-ready")
    before = known_texts(platform)
    page.get_by_role("button", name="5건 발송하기").locator("visible=true").first.click()
    page.get_by_label("인증번호 6자리").wait_for()
    screen.look("pay")
    code = until(lambda: new_code(platform, before), seconds=60, what="the code on the phone")
    page.get_by_label("인증번호 6자리").fill(code)
    page.get_by_role("button", name="결제하고 5건 발송하기").click()
    page.wait_for_url(re.compile(r"/orders/[a-z0-9]+/$"))
    screen.look("sending")
    expect(page.get_by_text("발송완료").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("전원 꺼짐").first).to_be_visible()
    page.reload()
    screen.look("finished")
    expect(page.locator("body")).not_to_contain_text(failing)
    page.goto(f"{platform.web}/orders/")
    screen.look("orders")
    page.goto(f"{platform.web}/cash/")
    screen.look("cash")

    text = platform.inside(f"messages?to={numbers[0]}")[0]["text"]
    link = re.search(r"http://\S+/g/\S+", text)
    assert link is not None
    page.goto(link[0])
    screen.look("gift")
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    assert any(one.format == zxingcpp.BarcodeFormat.Code128 and len(one.text) == 16 for one in read)


def test_a_hundred_thousand_rows_never_stand_in_the_page(browser: Browser, platform: Platform, tmp_path):
    """O1: the server owns the draft; a paste and a file of 100,000 rows leave the page light and in use."""
    screen = Screen(browser, platform, 1280)
    page = screen.page
    screen.sign_in()
    page.goto(f"{platform.web}/products/corporate/AMERICANO-ICE/")
    page.get_by_role("button", name="주문하기").click()
    file = tmp_path / "everybody.csv"
    file.write_text("\n".join(delivered_numbers(100_000)), encoding="utf-8")
    page.wait_for_url("**/orders/drafts/*/")  # a file that is given before its scripts run is sent by nobody
    page.locator("#file").set_input_files(file)
    expect(page.locator("#chips")).to_contain_text("전체 100,000", timeout=60_000)
    assert page.locator("#rows tbody tr").count() <= 50
    expect(page.locator(".listfoot")).to_contain_text("100,000행 가운데")
    page.get_by_role("link", name="다음").click()
    expect(page.locator(".listfoot")).to_contain_text("51–100행")
    screen.look("order-100000")
    screen.context.close()
