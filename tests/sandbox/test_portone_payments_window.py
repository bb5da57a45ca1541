"""PortOne's payment window and the bank in a real browser, opened from a page under our own strict policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.sandbox.opening import OpeningPage, page_of
from tests.sandbox.outside import Outside
from tests.sandbox.payments import account, api, card, deposited, issued, opened, paid, told

pytestmark = pytest.mark.browser

WINDOW = {"pc": "POPUP", "mobile": "REDIRECTION"}


@pytest.fixture
def shop(outside: Outside, settings: Any) -> Iterator[OpeningPage]:
    settings.WINDOW_POLICY = {"script-src": [outside.url], "form-action": [outside.url]}
    shop = OpeningPage("requestPayment")
    request = card(redirectUrl=f"{shop.url}/back?order=1", windowType=WINDOW)
    shop.window = {"script": f"{outside.url}/portone/sdk.js", "request": request}
    yield shop
    shop.close()


@pytest.mark.parametrize(
    ("choice", "status", "code"),
    [
        ("개인 카드로 승인", "PAID", None),
        ("법인 카드로 승인", "PAID", None),
        ("간편결제로 승인", "PAID", None),
        ("거절: 한도 초과/결제 불가 카드", "FAILED", "PGProviderError"),
        ("거절: 환금성 업종 제한", "FAILED", "PGProviderError"),
        ("거절: 카드 정보 오류", "FAILED", "PGProviderError"),
        ("승인 대기로 남기기", "PAY_PENDING", None),
        ("승인하고 응답 없이 닫기", "PAID", "WINDOW_CLOSED"),
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
    with page.expect_popup() as waited:
        page.get_by_role("button").click()
    window = waited.value
    window.get_by_role("heading", name="결제 (샌드박스)").wait_for()
    assert "tx=" in window.url and "한지원" not in window.url
    if choice:
        window.get_by_role("button", name=choice).click()
    else:
        window.close()
    page.locator("output:not(:empty)").wait_for()
    result = json.loads(page.locator("output").inner_text())
    assert (result["transactionType"], result["paymentId"], result.get("code")) == ("PAYMENT", "card1", code)
    now = told(outside, "card1")
    assert now["status"] == status
    if choice.startswith("법인"):
        assert now["method"]["card"]["ownerType"] == "CORPORATE"
    if not window.is_closed():  # the answer may be there before the window is gone
        window.wait_for_event("close")
    assert said == []
    page.context.close()


def test_a_phone_goes_there_and_comes_back(
    shop: OpeningPage, outside: Outside, browser: Browser, said: list[str]
) -> None:
    shop.window["request"]["card"] = {
        "availableCards": ["WOORI_CARD", "NH_CARD", "CITI_CARD"],
        "installment": {"monthOption": {"fixedMonth": 0}},
    }
    page = page_of(browser, said, 360)
    page.goto(shop.url)
    page.get_by_role("button").click()
    page.get_by_role("heading", name="결제 (샌드박스)").wait_for()
    page.wait_for_load_state()  # without its sheet a button has another height
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    shown = page.locator("button:visible, select:visible, input:visible").all()
    assert all((box := one.bounding_box()) and box["height"] >= 44 for one in shown)
    assert page.get_by_label("카드사").locator("option").all_inner_texts() == [
        "우리카드", "NH농협카드", "씨티카드",
    ]  # fmt: skip
    assert page.get_by_label("할부").count() == 0
    page.get_by_label("카드사").select_option("NH농협카드")
    page.get_by_role("button", name="법인 카드로 승인").click()
    page.wait_for_url(f"{shop.url}/back?*")
    assert "order=1&transactionType=PAYMENT" in page.url and "code=" not in page.url
    assert told(outside, "card1")["method"]["card"]["issuer"] == "NH_CARD"
    page.goto(shop.url)
    page.get_by_role("button").click()
    page.wait_for_url(f"{shop.url}/back?*")
    assert "code=PaymentAlreadyPaid" in page.url
    assert said == []
    page.context.close()


@pytest.mark.parametrize("is_fixed", [False, True])
def test_tampering_with_the_amount(
    shop: OpeningPage, outside: Outside, browser: Browser, said: list[str], is_fixed: bool
) -> None:
    if is_fixed:
        body = {"totalAmount": 100_000, "taxFreeAmount": 100_000, "currency": "KRW"}
        assert api(outside, "POST", "/payments/card1/pre-register", body).status == 200
    page = page_of(browser, said, 360)
    page.goto(shop.url)
    page.get_by_role("button").click()
    page.get_by_label("다른 금액(원)").fill("1,000")
    page.get_by_role("button", name="금액 바꿔 결제하기").click()
    page.wait_for_url(f"{shop.url}/back?*")
    assert ("code=AmountNotEqualToPredefined" in page.url) == is_fixed
    now = told(outside, "card1")
    expected = ("READY", 100_000) if is_fixed else ("PAID", 1000)
    assert (now["status"], now["amount"]["total"]) == expected and said == []
    page.context.close()


def test_easy_pay_shows_no_card(
    shop: OpeningPage, outside: Outside, browser: Browser, said: list[str]
) -> None:
    shop.window["request"] |= {"payMethod": "EASY_PAY"}
    page = page_of(browser, said, 360)
    page.goto(shop.url)
    page.get_by_role("button").click()
    page.get_by_label("간편결제사").select_option("토스페이")
    assert page.get_by_role("button", name="카드로 승인").count() == 0
    page.get_by_role("button", name="간편결제로 승인").click()
    page.wait_for_url(f"{shop.url}/back?*")
    assert told(outside, "card1")["method"]["provider"] == "TOSSPAY"
    page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_bank_takes_right_and_wrong_sums(
    outside: Outside, browser: Browser, said: list[str], width: int
) -> None:
    for name in ("va1", "va2", "va3"):
        issued(outside, name)
    number = told(outside, "va1")["method"]["accountNumber"]
    page = page_of(browser, said, width)
    page.goto(outside.url)
    page.get_by_role("link", name="은행").click()
    expect(page.get_by_role("link", name="신한은행")).to_have_count(3)
    page.get_by_label("계좌번호").fill(number)
    page.get_by_role("button", name="찾기").click()
    page.get_by_role("link", name="신한은행").click()
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("button", name="정확한 금액 입금").click()
    page.get_by_text("100,000원을 입금했습니다.").wait_for()
    expect(page.get_by_role("button", name="한 번 더 입금")).to_be_visible()
    page.get_by_role("link", name="다른 계좌").click()
    page.get_by_role("link", name="신한은행").first.click()
    page.get_by_label("다른 금액(원)").fill("90000")
    page.get_by_label("입금 시각").fill("2026-11-30T10:00")
    page.get_by_role("button", name="이 금액 입금").click()
    page.get_by_text("90,000원을 입금했습니다.").wait_for()
    page.goto(f"{outside.url}/portone/bank/va2")
    page.get_by_role("button", name="같은 금액 두 번 입금").click()
    page.get_by_text("100,000원을 입금했습니다.").wait_for()
    amounts = {name: told(outside, name)["amount"]["paid"] for name in ("va1", "va2", "va3")}
    assert amounts == {"va1": 100_000, "va2": 100_000, "va3": 90_000}
    assert told(outside, "va3")["paidAt"] == "2026-11-30T01:00:00.000Z"
    assert outside.inside("GET", "stats")["deposits"] == 4
    assert said == []
    page.context.close()


def test_the_bank_takes_money_after_the_last_day_but_not_after_closing(
    outside: Outside, browser: Browser, said: list[str]
) -> None:
    method = account()["method"]
    method["virtualAccount"]["expiry"] = {"validHours": 1}
    for name in ("va1", "va2"):
        issued(outside, name, method=method)
    api(outside, "POST", "/payments/va2/virtual-account/close")
    outside.inside("POST", "portone/clock", {"at": "2099-01-01T00:00:00Z"})
    page = page_of(browser, said, 360)
    page.goto(f"{outside.url}/portone/bank")
    page.get_by_role("link", name="기한 지남").click()
    page.get_by_role("button", name="지난 계좌에 입금").click()
    page.get_by_text("100,000원을 입금했습니다.").wait_for()
    assert told(outside, "va1")["status"] == "PAID"
    page.goto(f"{outside.url}/portone/bank/va2")
    assert page.get_by_text("말소").is_visible() and page.get_by_role("button").count() == 0
    assert said == []
    page.context.close()


def test_pages_run_no_foreign_script_and_refuse_politely(outside: Outside) -> None:
    evil = '"><script>alert(1)</script>'
    result = opened(outside, orderName=evil)
    page = outside.ask("GET", f"/portone/pay?tx={result['txId']}").text
    assert "<script" not in page and "&lt;script&gt;" in page and "style=" not in page
    issued(outside, orderName=evil)
    for path in ("/portone/bank", "/portone/bank/va1"):
        page = outside.ask("GET", path).text
        assert "<script" not in page and "style=" not in page
    assert outside.ask("GET", "/portone/pay?tx=none").status == 404
    assert outside.ask("GET", "/portone/bank/none").status == 404
    assert outside.ask("POST", "/portone/pay/open").status == 400
    assert outside.ask("POST", "/portone/pay").status == 400
    assert outside.ask("POST", "/portone/bank/va1").status == 400


def test_what_tests_ask_for_wrongly_is_told(outside: Outside) -> None:
    paid(outside)
    assert deposited(outside, name="card1")["type"] == "NO_ACCOUNT"
    assert deposited(outside, name="none")["type"] == "PAYMENT_NOT_FOUND"
    for name, body in (
        ("deposit", {"paymentId": "card1", "won": 0}),
        ("deposit", {"paymentId": "card1", "won": 1, "times": 6}),
        ("decide", {"paymentId": "card1", "choice": "maybe"}),
        ("clock", {"at": "soon"}),
    ):
        assert outside.inside("POST", f"portone/{name}", body)["type"] == "INVALID_REQUEST"
