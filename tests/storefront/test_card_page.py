"""The page of a card window: advice before, cause and next step after, one result however it is heard. O6, P3"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.catalog.models import Offer
from seonmul.kit import clock
from seonmul.ledger import queries as books
from seonmul.orders import actions, queries
from seonmul.orders.models import Checkout, Draft, Order
from seonmul.orders.rules import CheckoutRefusal, OrderRefusal
from seonmul.payments import actions as payments
from seonmul.payments.models import Payment, PaymentRefund
from seonmul.payments.ports import Trouble
from seonmul.payments.rules import TROUBLES, CardRefusal
from tests import given
from tests.given import Company
from tests.orders import cards
from tests.sandbox.outside import Outside
from tests.storefront.conftest import HTMX

pytestmark = pytest.mark.django_db
WOORI = {"card": "named", "issuer": "WOORI_CARD"}


def url(name: str, draft: Draft | Order) -> str:
    return reverse(f"storefront:{name}", args=[draft.public_id])


@pytest.fixture
def company(db: None) -> Company:
    return given.company(cash_won=5_000, at=clock.now())


@pytest.fixture
def draft(carrier: Outside, company: Company) -> Draft:
    """Two copies: 9,000 won."""
    return given.draft(company, given.numbers(2), at=clock.now())


def pressed(browser: Client, draft: Draft, cash_won: int = 5_000) -> str:
    """Confirm the page of paying; returns where it leads."""
    quote = queries.quote(draft)
    form = {
        "seen_won": quote.amount_won, "seen_left_out": 0, "reward_won": "0", "cash_won": str(cash_won),
        "secret": cards.secret_for(draft.member, draft, clock.now()) if cash_won else "",
    }  # fmt: skip
    return browser.post(url("pay", draft), form)["Location"]


@pytest.fixture
def window(browser: Client, draft: Draft) -> Checkout:
    """A window whose sum the provider knows: 5,000 won in cash, 4,000 won by card."""
    assert pressed(browser, draft) == url("card", draft)
    given.worked(later=False)
    return Checkout.objects.get()


def look(browser: Client, draft: Draft, **choice: str) -> str:
    page = browser.get(url("card", draft), choice)
    assert page.status_code == 200
    return page.content.decode()


def request_in(page: str) -> dict[str, Any]:
    """What the button passes to the provider's script."""
    found = re.search(r'data-request="([^"]+)"', page)
    assert found is not None
    asked: dict[str, Any] = json.loads(found[1].replace("&quot;", '"').replace("&amp;", "&"))
    return asked


def opened(carrier: Outside, browser: Client, draft: Draft, **choice: str) -> dict[str, Any]:
    """The browser opens the window with exactly what the page holds."""
    return carrier.inside("POST", "portone/open", request_in(look(browser, draft, **choice)))  # type: ignore[no-any-return]


def decided(carrier: Outside, checkout: Checkout, choice: str, **more: object) -> dict[str, str]:
    body = {"paymentId": cards.payment_of(checkout).reference, "choice": choice} | more
    return carrier.inside("POST", "portone/decide", body)  # type: ignore[no-any-return]


def came_back(browser: Client, draft: Draft, told: dict[str, str]) -> str:
    """The page sends what the window said; returns where it leads."""
    said = {"code": told.get("code", ""), "message": told.get("message", "")}
    address = f"{url('card_return', draft)}?card=named&issuer=WOORI_CARD"
    return browser.post(address, said)["Location"]


def watch(browser: Client, page: str) -> Any:
    """What the waiting page asks again and again."""
    found = re.search(r'hx-get="([^"]+watch=[^"]+)"', page)
    assert found is not None
    return browser.get(found[1].replace("&amp;", "&"), headers=HTMX)


def test_cash_and_a_card_pay_and_the_page_leads_on_by_itself(
    browser: Client, carrier: Outside, company: Company, draft: Draft
) -> None:
    """O6, P3"""
    assert pressed(browser, draft) == url("card", draft)
    page = look(browser, draft)
    assert "결제 창을 준비하고 있어요" in page and "data-card-window" not in page
    assert watch(browser, page).status_code == 204
    given.worked(later=False)
    assert watch(browser, page)["HX-Redirect"].startswith(url("card", draft))
    page = look(browser, draft)
    assert "9,000원" in page and "보류 중인 캐쉬" in page and "4,000<small>원" in page
    assert "할부는 되지 않아요" in page and "카드 종류와 카드사를 고르면" in page and " disabled>" in page
    money = books.balances(company.buyer.id)
    assert (money.cash_won, money.held_won) == (0, 5_000)

    asked = request_in(look(browser, draft, **WOORI))
    assert asked["totalAmount"] == 4_000 and asked["card"]["availableCards"] == ["WOORI_CARD"]
    opened(carrier, browser, draft, **WOORI)
    told = decided(carrier, Checkout.objects.get(), "corporate", issuer="WOORI_CARD")
    back = came_back(browser, draft, told)
    assert back == f"{url('card', draft)}?card=named&issuer=WOORI_CARD&way=card"
    page = browser.get(back).content.decode()
    assert "결제되었는지 확인하고 있어요" in page and not Order.objects.exists()
    given.worked(later=False)
    order = Order.objects.get()
    assert watch(browser, page)["HX-Redirect"] == url("order", order) == browser.get(back)["Location"]
    assert (order.cash_won, order.card_won) == (5_000, 4_000)
    said = browser.get(url("order", order)).content.decode()
    assert "캐쉬 5,000원" in said and "카드(우리카드) 4,000원" in said and "결제한 금액과 같아요" in said


@pytest.mark.parametrize("choice", ["limit", "restricted"])
def test_a_refused_card_is_told_why_and_tries_again_without_typing(
    browser: Client, carrier: Outside, draft: Draft, window: Checkout, choice: str
) -> None:
    """P3: cause, next step, another way; the same window, the same choice, one order."""
    opened(carrier, browser, draft, **WOORI)
    back = came_back(browser, draft, decided(carrier, window, choice))
    given.worked(later=False)
    page = browser.get(back).content.decode()
    words = TROUBLES[Trouble.RESTRICTED]
    assert words.title in page and "카드의 전체 한도와는 따로" in page and "환금성 업종 이용 제한" in page
    assert "보통 바로 적용돼요" in page and "다른 카드나 결제 방법을" in page and "인터넷 사용 기록" in page
    assert cards.payment_of(window).vendor_text in page, "the vendor's own words"
    assert 'value="WOORI_CARD" selected' in page and "data-card-window" in page
    reference = cards.payment_of(window).reference
    assert opened(carrier, browser, draft, card="personal", issuer="NH_CARD")["paymentId"] == reference
    came_back(browser, draft, decided(carrier, window, "personal"))
    given.worked(later=False)
    assert Order.objects.get().card_won == 4_000 and Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("choice", "trouble"),
    [("close", Trouble.CLOSED), ("invalid", Trouble.OTHER), ("tamper", Trouble.CHANGED)],
)
def test_every_other_no_has_its_words(
    browser: Client, carrier: Outside, draft: Draft, window: Checkout, choice: str, trouble: Trouble
) -> None:
    """P3: a window that was closed, a wrong card, another amount than ours; nothing was paid."""
    opened(carrier, browser, draft, **WOORI)
    told = decided(carrier, window, choice, **({"won": 100} if choice == "tamper" else {}))
    back = came_back(browser, draft, told)
    given.worked(later=False)
    page = browser.get(back).content.decode()
    assert TROUBLES[trouble].title in page and TROUBLES[trouble].next_step in page
    assert "data-card-window" in page and not Order.objects.exists()
    assert ("다른 방법도 있어요" in page) == (choice != "close")


def test_words_of_a_strangers_browser_are_shown_as_words(
    browser: Client, draft: Draft, window: Checkout
) -> None:
    address = url("card_return", draft)
    browser.get(address, {"code": "X<b>", "message": "<script>alert(1)</script>" * 50})
    given.worked(later=False)
    page = look(browser, draft)
    assert "확인하고 있어요" not in page, "the provider was asked"
    assert TROUBLES[Trouble.OTHER].title in page and "&lt;script&gt;" in page and "<script>alert" not in page


def test_trouble_of_the_provider_itself_is_said(browser: Client, draft: Draft, window: Checkout) -> None:
    came_back(browser, draft, {"code": "PGProviderError", "message": "점검 중입니다."})
    given.worked(later=False)
    page = look(browser, draft)
    assert TROUBLES[Trouble.PROVIDER].title in page and "“점검 중입니다.” (PGProviderError)" in page


def test_a_browser_that_is_gone_after_approving_finds_its_order(
    browser: Client, carrier: Outside, draft: Draft, window: Checkout
) -> None:
    """P3: recovered from the provider, with nobody at the page; however often it is heard, one order."""
    opened(carrier, browser, draft, **WOORI)
    decided(carrier, window, "silent")
    page = look(browser, draft)
    payments.sweep(at=clock.now() + timedelta(minutes=1))
    given.worked(later=False)
    order = Order.objects.get()
    for _ in range(2):
        answer = came_back(browser, draft, {"code": "WINDOW_CLOSED", "message": ""})
        assert answer == url("order", order)
    assert watch(browser, page)["HX-Redirect"] == url("order", order)
    given.worked(later=False)
    assert Order.objects.count() == 1 and not PaymentRefund.objects.exists()


def test_what_the_browser_claims_is_not_believed(
    browser: Client, carrier: Outside, draft: Draft, window: Checkout
) -> None:
    """P3: back without a payment, as if it had been made."""
    back = came_back(browser, draft, {})
    given.worked(later=False)
    page = browser.get(back).content.decode()
    assert (
        "승인을 기다리고 있어요" in page and "두 번 결제되지는 않아요" in page and not Order.objects.exists()
    )


def test_the_table_advises_before_the_window_opens(browser: Client, draft: Draft, window: Checkout) -> None:
    """P3: which way works, the note, the day of the last check; no way is said before the person fails."""
    changes = "카드사 정책에 따라 갑자기 변동될 수 있습니다."
    page = look(browser, draft, **WOORI)
    assert "일반 결제로 카드 번호를" in page and changes in page and "에 확인했어요" in page
    ways = re.findall(r'name="way" value="(\w+)"', page)
    assert ways == ["card", "app", "easy"]
    app = request_in(look(browser, draft, way="app", **WOORI))
    assert app["card"]["useAppCardOnly"] is True and app["payMethod"] == "CARD"
    shared = look(browser, draft, card="shared", issuer="BC_CARD")
    assert "카드사 문의 필수" in shared and "간편결제에 등록한" in shared
    assert request_in(shared)["payMethod"] == "EASY_PAY"
    none = look(browser, draft, card="shared", issuer="HYUNDAI_CARD")
    assert "이 카드로는 지금 결제할 수 없어요" in none and "data-card-window" not in none
    assert changes in none and "다른 카드를 고르거나, 캐쉬를 충전해" in none
    unknown = look(browser, draft, card="personal", issuer="TOSS_BANK")
    assert "아직 확인하지 못한 카드예요" in unknown and "data-card-window" in unknown
    part = browser.get(url("card", draft), WOORI, headers=HTMX).content.decode()
    assert "<html" not in part and 'id="card-choice"' in part
    assert "카드사를 고르면" in look(browser, draft, card="golden", issuer="NOBODY")


def test_giving_up_keeps_the_draft_and_frees_the_cash(
    browser: Client, company: Company, draft: Draft, window: Checkout
) -> None:
    """O6: the draft says that a window is open, on whatever device, and leads back to it or out of it."""
    for name in ("draft", "pay"):
        page = browser.get(url(name, draft)).content.decode()
        assert "카드로 4,000원을 결제하던 중이에요" in page and "결제 이어서 하기" in page
        assert "사용 가능 캐쉬 5,000원" in page or "5,000원" in page
    assert browser.post(url("card_cancel", draft))["Location"] == url("draft", draft)
    money = books.balances(company.buyer.id)
    assert (money.cash_won, money.held_won) == (5_000, 0) and queries.quote(draft).people == 2
    page = look(browser, draft)
    assert CheckoutRefusal.CANCELLED.sentence in page and "data-card-window" not in page
    assert "결제하던 중" not in browser.get(url("draft", draft)).content.decode()


def test_the_same_form_twice_is_one_window_and_another_split_another(
    browser: Client, draft: Draft, window: Checkout
) -> None:
    """O6"""
    assert pressed(browser, draft) == url("card", draft) and Checkout.objects.count() == 1
    assert pressed(browser, draft, cash_won=0) == url("card", draft)
    assert Checkout.objects.count() == 2
    assert queries.last_checkout(draft.id).card_won == 9_000  # type: ignore[union-attr]
    window.refresh_from_db()
    assert window.why == "again" and CheckoutRefusal.AGAIN.code == "checkout_again"


def test_a_draft_that_changed_meanwhile_gets_its_card_money_back(
    browser: Client, carrier: Outside, company: Company, draft: Draft, window: Checkout
) -> None:
    """O6, P5: stopped and shown, and the way of the money too."""
    opened(carrier, browser, draft, **WOORI)
    actions.save(draft.id, at=clock.now(), text="다른 말")
    back = came_back(browser, draft, decided(carrier, window, "corporate"))
    payments.ask(window.payment_id, at=clock.now())
    actions.complete_card(window.payment_id, at=clock.now())
    page = browser.get(back).content.decode()
    assert OrderRefusal.CHANGED_MEANWHILE.sentence in page and not Order.objects.exists()
    assert "카드로 돌려드리는 금액" in page and "카드사·은행 처리 중 (며칠 걸릴 수 있어요)" in page
    given.worked(later=False)
    assert watch(browser, page)["HX-Redirect"].startswith(url("card", draft))
    assert "환불 완료" in browser.get(back).content.decode()
    assert books.balances(company.buyer.id).cash_won == 5_000 and books.faults() == []


def test_a_price_that_changed_meanwhile_stops_and_is_shown(
    browser: Client, carrier: Outside, draft: Draft, window: Checkout
) -> None:
    """O6"""
    opened(carrier, browser, draft, **WOORI)
    Offer.objects.update(price_won=5_000)
    back = came_back(browser, draft, decided(carrier, window, "corporate"))
    given.worked(later=False)
    said = OrderRefusal.PRICE_CHANGED.sentence.format(seen_won=9_000, now_won=10_000)
    assert said in browser.get(back).content.decode() and not Order.objects.exists()


def test_a_window_that_ran_out_says_so(
    browser: Client, company: Company, draft: Draft, window: Checkout
) -> None:
    """P3: asked a last time, then everything is free again."""
    Payment.objects.update(ends_at=clock.now() - timedelta(seconds=1))
    page = look(browser, draft)
    assert "마지막으로 확인하고 있어요" in page and "data-card-window" not in page
    payments.sweep(at=clock.now() + timedelta(minutes=1))
    given.worked(later=False)
    ended = look(browser, draft)
    assert CardRefusal.ENDED.sentence in ended and "카드로 결제된 금액은 없어요" in ended
    assert watch(browser, page)["HX-Redirect"].startswith(url("card", draft))
    assert books.balances(company.buyer.id).cash_won == 5_000


def test_an_order_that_may_not_be_any_more_is_said_in_general(
    browser: Client, carrier: Outside, draft: Draft, window: Checkout
) -> None:
    opened(carrier, browser, draft, **WOORI)
    Offer.objects.update(is_shown=False)
    back = came_back(browser, draft, decided(carrier, window, "corporate"))
    given.worked(later=False)
    assert CheckoutRefusal.CHANGED.sentence in browser.get(back).content.decode()


def test_only_this_page_lets_the_vendors_window_open_and_nothing_is_kept_of_it(
    browser: Client, carrier: Outside, draft: Draft, window: Checkout, settings: Any
) -> None:
    """P3: never cached; the strict policy of all other pages stays."""
    settings.WINDOW_POLICY = {"script-src": [carrier.url]}
    answer = browser.get(url("card", draft))
    assert carrier.url in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    other = browser.get(url("pay", draft))
    assert carrier.url not in other["Content-Security-Policy"] and "no-store" in other["Cache-Control"]
    assert "no-store" in browser.get(url("card_return", draft))["Cache-Control"]


def test_without_a_window_the_page_leads_to_paying(browser: Client, draft: Draft) -> None:
    assert browser.get(url("card", draft))["Location"] == url("pay", draft)
    assert browser.post(url("card_return", draft))["Location"].startswith(url("card", draft))
    assert browser.post(url("card_cancel", draft))["Location"] == url("draft", draft)


def test_a_sum_that_the_provider_does_not_take_is_said(browser: Client, draft: Draft) -> None:
    """P3: the window cannot be prepared; nothing was paid and cash is the other way."""
    pressed(browser, draft)
    Payment.objects.update(vendor_code="ALREADY_PAID")
    page = look(browser, draft)
    assert "결제 창을 준비하지 못했어요" in page and "ALREADY_PAID" in page and "카드 결제 취소" in page
