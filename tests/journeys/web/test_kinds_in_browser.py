"""O1: two products to the same people by text, and one by mail from a sheet with faults. Desktop and phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from seonmul.kit import sheets
from tests.journeys.platform import Platform, until
from tests.journeys.web.screen import Screen, known_texts, new_code

pytestmark = [pytest.mark.journey, pytest.mark.browser]


def paid(screen: Screen, platform: Platform, copies: str) -> None:
    """Go from the order page through the code on the phone to the order that is being sent."""
    page = screen.page
    page.get_by_label(re.compile("적법하게 수집")).check()
    before = known_texts(platform)
    page.get_by_role("button", name=f"{copies}건 발송하기").locator("visible=true").first.click()
    page.get_by_label("인증번호 6자리").wait_for()
    code = until(lambda: new_code(platform, before), seconds=60, what="the code on the phone")
    page.get_by_label("인증번호 6자리").fill(code)
    page.get_by_role("button", name=f"결제하고 {copies}건 발송하기").click()
    page.wait_for_url(re.compile(r"/orders/[a-z0-9]+/$"))
    expect(page.get_by_text("발송완료").first).to_be_visible(timeout=60_000)


def test_two_products_in_one_basket_by_text(screen: Screen, platform: Platform) -> None:
    """O1, O6: everybody gets both; each has a message of its own."""
    page, number = screen.page, f"0107{screen.width:04d}001"
    screen.sign_in()
    page.goto(f"{platform.web}/products/corporate/AMERICANO-ICE/")
    page.get_by_role("button", name="주문하기").click()
    page.get_by_role("link", name="상품 더 담기").click()
    page.get_by_role("searchbox").first.fill("소금빵")
    page.get_by_role("searchbox").first.press("Enter")
    page.get_by_role("link", name=re.compile("소금빵")).first.click()
    page.get_by_role("button", name="이 주문에 담기").click()
    page.get_by_label("붙여 넣기", exact=True).fill(f"{number}\n{number[:-4]}1001")
    page.get_by_role("button", name="불러오기").click()
    expect(page.locator("#chips")).to_contain_text("정상 2")
    screen.look("basket-by-text")
    page.locator("#title").fill("봄 선물")
    page.locator("#text").fill("#{이름} 님, 커피와 빵을 보내요.")
    paid(screen, platform, "4")
    page.reload()
    screen.look("basket-sent")
    assert len(platform.inside(f"messages?to={number}")) == 2


def test_an_order_by_mail_from_a_sheet_with_faults(
    screen: Screen, platform: Platform, tmp_path: Path
) -> None:
    """O1, O2, O3, S1: chosen on the product's page, mended in place, paid, and really in the mailbox."""
    page, tag = screen.page, f"w{screen.width}"
    kim, park = f"kim.{tag}@gaon.example", f"park.{tag}@naver.com"
    book = tmp_path / "people.xlsx"
    rows = [
        ("010-2041-7735", kim, "김서연", "", "1", "디자인🎨"),
        ("", "lee.gaon.example", "이도윤", "", "1", "총무"),
        ("", f"park.{tag}@navercom", "박하은", "", "1", "영업"),
        ("", f"jung.{tag}@gaon.example", "정유진", "", "9", "영업"),
    ]
    sheets.write_xlsx(
        book, ["휴대폰 번호", "이메일", "이름", "상품", "수량", "부서"], rows, text_columns=range(6)
    )
    screen.sign_in()
    page.goto(f"{platform.web}/products/corporate/AMERICANO-ICE/")
    page.get_by_text("이메일발송", exact=True).click()
    screen.look("product-by-mail")
    page.get_by_role("button", name="주문하기").click()
    page.wait_for_url("**/orders/drafts/*/")  # a file that is given before its scripts run is sent by nobody
    page.locator("#file").set_input_files(book)
    expect(page.locator("#chips")).to_contain_text("고쳐 주세요 3")
    expect(page.locator(".intake-notes")).to_contain_text("A열의 휴대폰 번호는 담아 두었지만")
    screen.look("order-mail-faults")
    page.get_by_label("3행 이도윤 이메일").fill(f"lee.{tag}@gaon.example")
    page.locator("tr.is-fix", has_text="이도윤").get_by_role("button", name="고치기").click()
    expect(page.locator("#chips")).to_contain_text("고쳐 주세요 2")
    page.get_by_role("button", name="이 주소로 고치기").click()
    expect(page.locator("#chips")).to_contain_text("고쳐 주세요 1")
    page.get_by_role("button", name="1건으로 고치기").click()
    expect(page.locator("#chips")).not_to_contain_text("고쳐 주세요")
    page.reload()  # the message learns of the sheet's further columns
    page.locator("#title").fill("연말 감사 선물 🎁")
    page.locator("#text").fill("#{부서} #{이름} 님, 올 한 해 고맙습니다.")
    expect(page.locator(".mail-shown")).to_contain_text("디자인🎨")
    screen.look("order-mail-ready")
    page.get_by_label("붙여 넣기", exact=True).fill("010-2041-9999")
    page.get_by_role("button", name="문자발송").click()
    expect(page.locator("#chips")).to_contain_text("고쳐 주세요 3")
    expect(page.locator("#title")).to_have_value("연말 감사 선물 🎁")
    expect(page.get_by_label("붙여 넣기", exact=True)).to_have_value("010-2041-9999")
    page.get_by_label("붙여 넣기", exact=True).fill("")
    page.get_by_role("button", name="이메일발송").click()
    expect(page.locator("#chips")).to_contain_text("정상 4")
    paid(screen, platform, "4")
    page.reload()
    screen.look("mail-sent")
    expect(page.locator("body")).not_to_contain_text(kim)
    (mail,) = until(
        lambda: platform.inside(f"messages?type=MAIL&to={kim}"), seconds=60, what="the mail in the mailbox"
    )
    assert mail["subject"] == "연말 감사 선물 🎁" and "디자인🎨 김서연 님" in mail["text"]
    assert platform.inside(f"messages?type=MAIL&to={park}")
    link = re.search(r"http://\S+/g/[\w-]+", mail["text"])
    assert link is not None
    page.goto(link[0])
    screen.look("mail-gift")
    expect(page.get_by_text("주식회사 한빛테크").first).to_be_visible()
