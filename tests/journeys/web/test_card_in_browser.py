"""A buyer pays by card in a real browser, through the provider's window: what goes well and what does not. O6, P3"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.platform import Platform, delivered_numbers, until
from tests.journeys.web.screen import Screen, known_texts, new_code

pytestmark = [pytest.mark.journey, pytest.mark.browser]


def to_the_pay_page(screen: Screen, first: int) -> Page:
    """A draft to three people, up to the page of paying."""
    page, base = screen.page, f"{screen.platform.web}/products/corporate/AMERICANO-ICE/"
    screen.sign_in()
    page.goto(base)
    page.get_by_role("button", name="주문하기").click()
    page.get_by_label("붙여 넣기").fill("\n".join(delivered_numbers(first + 3)[first:]))
    page.get_by_role("button", name="불러오기").click()
    expect(page.locator("#chips")).to_contain_text("전체 3")
    page.locator("#title").fill("연말 감사 선물")
    page.locator("#text").fill("#{이름} 님, 올 한 해 고맙습니다.")
    page.get_by_label(re.compile("적법하게 수집")).check()
    known = known_texts(screen.platform)
    page.get_by_role("button", name="3건 발송하기").locator("visible=true").first.click()
    page.get_by_role("heading", name="결제수단", exact=True, level=2).wait_for()
    page.wait_for_load_state()  # a change before its scripts run is heard by nobody
    until(lambda: new_code(screen.platform, known), seconds=60, what="the first code on the phone")
    return page


def to_the_card_page(page: Page) -> None:
    page.get_by_role("button", name=re.compile("결제하러 가기")).click()
    page.get_by_label("카드사").wait_for(timeout=60_000)
    page.wait_for_load_state()


def choose(page: Page, kind: str, issuer: str) -> None:
    page.wait_for_load_state()
    page.get_by_text(kind, exact=True).click()
    expect(page.get_by_label(kind, exact=True)).to_be_checked()
    page.get_by_label("카드사").select_option(issuer)
    expect(page.locator("#card-choice .notice")).to_contain_text("갑자기 변동될 수 있습니다")


def decide(screen: Screen, choice: str, **fields: str) -> None:
    """Open the window (a pop-up on large screens, the page itself on phones) and press one of its buttons."""
    page = screen.page
    button = page.get_by_role("button", name=re.compile("카드로 .*원 결제하기"))
    if screen.width > 600:
        with page.expect_popup() as waited:
            button.click()
        window = waited.value
    else:
        button.click()
        window = page
    window.get_by_role("heading", name="결제 (샌드박스)").wait_for()
    for label, value in fields.items():
        window.get_by_label(label).fill(value)
    window.get_by_role("button", name=choice).click()


def test_cash_and_card_pay_after_a_refusal_and_a_closed_window(screen: Screen, platform: Platform) -> None:
    """O6, P3, M4: nothing is typed twice, and there is one order."""
    page = to_the_pay_page(screen, 300 if screen.width > 600 else 310)
    screen.look("pay-split")
    before = known_texts(platform)
    page.get_by_label("캐쉬", exact=True).fill("1,500")
    expect(page.locator("#card-rest")).to_contain_text("11,400원")
    page.get_by_label("캐쉬", exact=True).press("Tab")
    page.get_by_role("button", name=re.compile("11,400원 결제하러 가기")).wait_for()
    page.get_by_role("button", name="인증번호 다시 받기").click()
    code = until(lambda: new_code(platform, before), seconds=60, what="the code on the phone")
    page.get_by_label("인증번호 6자리").fill(code)
    screen.look("pay-cash-and-card")
    to_the_card_page(page)
    screen.look("card-new")

    choose(page, "법인 공용(무기명) 카드", "HYUNDAI_CARD")
    expect(page.get_by_text("이 카드로는 지금 결제할 수 없어요.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("원 결제하기"))).to_have_count(0)
    screen.look("card-no-way")
    choose(page, "법인 개별(기명) 카드", "WOORI_CARD")
    screen.look("card-advice")
    decide(screen, "거절: 한도 초과/결제 불가 카드")
    expect(page.get_by_text("카드사가 이 카드의 결제를 거절했어요")).to_be_visible(timeout=60_000)
    expect(page.get_by_label("카드사")).to_have_value("WOORI_CARD")
    screen.look("card-refused")
    decide(screen, "창 닫기")
    expect(page.get_by_text("결제 창이 닫혔어요")).to_be_visible(timeout=60_000)
    screen.look("card-closed")
    choose(page, "개인 카드", "NH_CARD")
    decide(screen, "개인 카드로 승인")
    page.wait_for_url(re.compile(r"/orders/[a-z0-9]+/$"), timeout=60_000)
    expect(page.locator("#order-money")).to_contain_text("12,900원")
    expect(page.get_by_text("발송완료").first).to_be_visible(timeout=60_000)
    screen.look("order-paid-by-card")
    assert platform.prove()["ok"]


def test_a_browser_that_goes_after_approving_leaves_an_order(screen: Screen, platform: Platform) -> None:
    """P3: recovered from the provider; whoever comes back finds the order."""
    page = to_the_pay_page(screen, 320 if screen.width > 600 else 330)
    page.get_by_label("캐쉬", exact=True).fill("0")
    page.get_by_label("캐쉬", exact=True).press("Tab")
    to_the_card_page(page)
    here = page.url
    page.goto(here.replace("card/", ""))
    expect(page.get_by_text("카드로 12,900원을 결제하던 중이에요")).to_be_visible()
    screen.look("draft-with-a-window")
    page.get_by_role("link", name="결제 이어서 하기").click()
    choose(page, "개인 카드", "WOORI_CARD")
    if screen.width > 600:
        with page.expect_popup() as waited:
            page.get_by_role("button", name=re.compile("카드로 .*원 결제하기")).click()
        window = waited.value
        page.close()
        window.get_by_role("button", name="승인하고 응답 없이 닫기").click()
        page = screen.page = screen.context.new_page()
    else:
        decide(screen, "승인하고 응답 없이 닫기")
    page.goto(here)
    page.wait_for_url(re.compile(r"/orders/[a-z0-9]+/$"), timeout=60_000)
    expect(page.locator("#order-money")).to_contain_text("12,900원")


def test_another_amount_is_not_paid_and_giving_up_keeps_the_draft(screen: Screen, platform: Platform) -> None:
    """P3: the sum is fixed at the provider; O6: what was held is free again."""
    page = to_the_pay_page(screen, 340 if screen.width > 600 else 350)
    page.get_by_label("캐쉬", exact=True).fill("0")
    page.get_by_label("캐쉬", exact=True).press("Tab")
    to_the_card_page(page)
    choose(page, "개인 카드", "WOORI_CARD")
    decide(screen, "금액 바꿔 결제하기", **{"다른 금액(원)": "1000"})
    expect(page.get_by_text("결제 금액이 주문과 달라 결제하지 않았어요")).to_be_visible(timeout=60_000)
    screen.look("card-tampered")
    page.get_by_role("button", name="카드 결제 취소").click()
    expect(page.get_by_text("카드 결제를 취소했습니다.")).to_be_visible()
    expect(page.locator("#text")).to_have_value("#{이름} 님, 올 한 해 고맙습니다.")
    assert platform.prove()["ok"]
