"""The second factor, one order however often the form is sent, and nobody else's pages. M4, O6, S5, O11"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from seonmul.figures import actions as figures
from seonmul.kit import clock, crypto
from seonmul.ledger import actions as ledger
from seonmul.ledger import queries as books
from seonmul.ledger.models import Kind
from seonmul.ledger.rules import LedgerRefusal
from seonmul.members import actions as members
from seonmul.members.models import Member, SpendCode, SpendMethod
from seonmul.members.rules import SpendRefusal
from seonmul.orders import actions, queries
from seonmul.orders.models import Draft, Order
from seonmul.orders.rules import SplitRefusal
from seonmul.payments.rules import CardRefusal
from tests import given
from tests.given import Company
from tests.storefront.conftest import HTMX

pytestmark = pytest.mark.django_db
GOOD = ["01020010001", "01020020001"]


@pytest.fixture
def draft(company: Company) -> Draft:
    return given.draft(company, GOOD, at=clock.now())


def url(name: str, draft: Draft | Order, *more: object) -> str:
    return reverse(f"storefront:{name}", args=[draft.public_id, *more])


def checked(browser: Client, draft: Draft, **changed: str) -> dict[str, str]:
    """Press the order page's button; returns the form of the page that follows, without the secret."""
    quote = queries.quote(draft)
    seen = {"seen_won": str(quote.amount_won), "seen_left_out": str(quote.rows_at_fault)} | changed
    typed = {
        "sender": draft.sender, "channel": draft.channel, "title": "", "text": "고맙습니다", "purpose": "clients",
        "is_lawful": "on", **seen,
    }  # fmt: skip
    assert browser.post(url("check", draft), typed)["Location"] == url("pay", draft)
    return seen


def texted() -> str:
    """The code that went to the member's phone."""
    code = SpendCode.objects.latest("asked_at")
    return crypto.ring().open(SpendCode.CODE, code.code_sealed)


def test_a_texted_code_pays_and_the_page_names_what_for(browser: Client, draft: Draft) -> None:
    seen = checked(browser, draft)
    page = browser.get(url("pay", draft)).content.decode()
    assert "9,000" in page and "2명" in page and 'autocomplete="one-time-code"' in page
    assert "까지 입력해 주세요" in page and draft.sender[-4:] in page
    paid = browser.post(url("pay", draft), {**seen, "secret": texted()})
    order = Order.objects.get()
    assert paid["Location"] == url("order", order) and order.amount_won == 9_000


def test_the_same_form_sent_again_ends_on_the_same_order(browser: Client, draft: Draft) -> None:
    form = {**checked(browser, draft), "secret": texted()}
    first, again = (browser.post(url("pay", draft), form)["Location"] for _ in range(2))
    assert first == again and Order.objects.count() == 1
    assert books.balances(draft.buyer_id).held_won == 9_000
    for name in ("draft", "pay", "rows"):
        assert browser.get(url(name, draft))["Location"] == first
    for name in ("check", "save", "paste", "code", "find", "drop"):
        assert browser.post(url(name, draft))["Location"] == first


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_is_one_order(company: Company, browser: Client) -> None:
    draft = given.draft(company, GOOD, at=clock.now())
    checked(browser, draft)
    code, ended = texted(), []

    def send() -> None:
        order = actions.pay(
            draft.id,
            by=company.owner,
            secret=code,
            device="",
            seen_won=9_000,
            seen_left_out=0,
            at=clock.now(),
        )
        ended.append(order.id)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(ended) == 4 and len(set(ended)) == 1 and Order.objects.count() == 1


def test_a_wrong_code_is_counted_and_the_draft_stays(browser: Client, draft: Draft) -> None:
    form = {**checked(browser, draft), "secret": "x"}
    for left in (4, 3):
        page = browser.post(url("pay", draft), form)
        assert page.status_code == 422
        assert SpendRefusal.CODE_WRONG.sentence.format(left=left) in page.content.decode()
    assert not Order.objects.exists() and queries.quote(draft).people == 2


def test_pressing_the_button_again_does_not_text_a_second_code(browser: Client, draft: Draft) -> None:
    checked(browser, draft)
    checked(browser, draft)
    assert SpendCode.objects.count() == 1
    assert browser.post(url("code", draft))["Location"] == url("pay", draft)
    assert SpendCode.objects.count() == 2


def test_too_many_codes_are_refused_in_words(browser: Client, draft: Draft) -> None:
    checked(browser, draft)
    answers = [browser.post(url("code", draft)) for _ in range(5)]
    assert SpendRefusal.TOO_MANY_CODES.sentence.format(minutes=10) in answers[-1].content.decode()
    assert SpendCode.objects.count() == 5


def test_a_code_that_ran_out_says_so_and_offers_another(browser: Client, draft: Draft) -> None:
    form = {**checked(browser, draft), "secret": texted()}
    SpendCode.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    page = browser.post(url("pay", draft), form).content.decode()
    assert SpendRefusal.CODE_EXPIRED.sentence in page and "인증번호 다시 받기" in page


def at_device(browser: Client, member: Member, hours_ago: int = 25, key: str = "") -> None:
    """This browser is one in which the member logged in some hours ago."""
    from django.core.signing import get_cookie_signer

    key = given.device(member, clock.now() - timedelta(hours=hours_ago), key)
    browser.cookies["device"] = get_cookie_signer(salt="deviceseonmul.device").sign(key)


def test_a_payment_password_pays(browser: Client, company: Company, draft: Draft) -> None:
    members.set_payment_password(company.owner.id, "pay-password-1", at=clock.now())
    Member.objects.filter(id=company.owner.id).update(spend_method=SpendMethod.PAYMENT_PASSWORD)
    at_device(browser, company.owner)
    form = checked(browser, draft)
    assert 'type="password"' in browser.get(url("pay", draft)).content.decode()
    wrong = browser.post(url("pay", draft), {**form, "secret": "pay-password-2"}).content.decode()
    assert SpendRefusal.PASSWORD_WRONG.sentence.format(left=4) in wrong and "pay-password" not in wrong
    browser.post(url("pay", draft), {**form, "secret": "pay-password-1"})
    assert Order.objects.count() == 1 and not SpendCode.objects.exists()


def test_money_that_went_elsewhere_meanwhile_is_said_and_a_card_is_offered_for_it(
    browser: Client, company: Company, draft: Draft
) -> None:
    """O6: the page stays, with what there is now."""
    form = {**checked(browser, draft), "cash_won": "9000", "secret": texted()}
    ledger.hold(company.buyer.id, [(Kind.CASH, 49_995_000)], cause="elsewhere", at=clock.now())
    answer = browser.post(url("pay", draft), form)
    page = answer.content.decode()
    assert answer.status_code == 422 and queries.quote(draft).people == 2
    assert SplitRefusal.CASH_SHORT.sentence.format(has_won=5_000) in page and "결제하고" not in page
    browser_page = browser.get(url("pay", draft)).content.decode()
    assert 'id="card-rest">4,000원' in browser_page and "인증번호 받기" in browser_page
    assert not Order.objects.exists()
    browser.post(url("code", draft), {"reward_won": "0", "cash_won": "5000"})
    old = browser.post(url("pay", draft), {**form, "cash_won": "", "secret": texted()})
    assert LedgerRefusal.NOT_ENOUGH.sentence.format(missing_won=4_000) in old.content.decode()


def test_the_page_splits_between_reward_cash_and_card(
    browser: Client, company: Company, draft: Draft
) -> None:
    """O6: reward first, then cash, a card for the rest; available and held stand there. P6 for clients."""
    at = clock.now()
    ledger.give(company.buyer.id, 3_000, expires_at=at + timedelta(days=40), cause="gift", at=at)
    ledger.hold(company.buyer.id, [(Kind.CASH, 49_996_000)], cause="elsewhere", at=at)
    checked(browser, draft)
    page = browser.get(url("pay", draft)).content.decode()
    assert "쓸 수 있는 리워드 3,000원" in page and "사용 가능 캐쉬 4,000원 · 보류 중 49,996,000원" in page
    assert "카드로 5,000원 결제하러 가기" in page and "기업업무추진비로 인정되지 않을 수" in page
    assert (
        "돌려드릴 때는 카드, 캐쉬, 리워드 순서로" in page
        and clock.korean_date(clock.seoul_date(at)) not in page
    )
    page = browser.get(url("pay", draft), {"all": "reward"}, headers=HTMX).content.decode()
    assert "카드로 2,000원 결제하러 가기" in page and "<html" not in page
    page = browser.get(url("pay", draft), {"reward_won": "3,000", "cash_won": "0"}).content.decode()
    assert "카드로 6,000원 결제하러 가기" in page
    page = browser.get(url("pay", draft), {"reward_won": "3,001"}).content.decode()
    assert SplitRefusal.REWARD_SHORT.sentence.format(has_won=3_000) in page and "결제하러 가기" not in page
    page = browser.get(url("pay", draft), {"reward_won": "9,001"}).content.decode()
    assert SplitRefusal.TOO_MUCH.sentence.format(total_won=9_000) in page
    page = browser.get(url("pay", draft), {"cash_won": "0"}).content.decode()
    assert "기업업무추진비" not in page and 'name="secret"' not in page


def test_reward_and_cash_pay_an_order(browser: Client, company: Company, draft: Draft) -> None:
    at = clock.now()
    ledger.give(company.buyer.id, 3_000, expires_at=at + timedelta(days=40), cause="gift", at=at)
    shares = {"reward_won": "3000", "cash_won": "6000"}
    form = {**checked(browser, draft), **shares, "secret": texted()}
    order_page = browser.get(browser.post(url("pay", draft), form)["Location"]).content.decode()
    order = Order.objects.get()
    assert (order.reward_won, order.card_won, order.amount_won) == (3_000, 0, 9_000)
    assert (
        "리워드 3,000원" in order_page
        and "캐쉬 6,000원" in order_page
        and "결제한 금액과 같아요" in order_page
    )
    assert books.balances(company.buyer.id).reward_won == 0


def test_the_code_is_asked_for_only_where_cash_or_reward_is_spent(
    browser: Client, company: Company, draft: Draft
) -> None:
    """M4: a card brings its own; whoever turns to cash afterwards has a code sent then, and the shares stay."""
    ledger.hold(company.buyer.id, [(Kind.CASH, 50_000_000)], cause="elsewhere", at=clock.now())
    checked(browser, draft)
    assert not SpendCode.objects.exists()
    ledger.charge(company.buyer.id, 1_000, cause="some", at=clock.now())
    page = browser.get(url("pay", draft), {"cash_won": "1000"}).content.decode()
    assert "인증번호 받기" in page and 'name="secret"' not in page
    sent = browser.post(url("code", draft), {"reward_won": "0", "cash_won": "1000"})
    assert sent["Location"] == f"{url('pay', draft)}?reward_won=0&cash_won=1000"
    page = browser.get(sent["Location"]).content.decode()
    assert 'name="secret"' in page and "카드로 8,000원 결제하러 가기" in page


def test_a_limit_of_our_channel_is_said_before(browser: Client, company: Company, draft: Draft) -> None:
    """P3"""
    figures.change("card_once_most_won", 1_000, by="test", at=clock.now())
    page = browser.get(url("pay", draft), {"cash_won": "0"}).content.decode()
    assert CardRefusal.ONCE.sentence.format(most=1_000) in page and "결제하러 가기" not in page
    form = {**checked(browser, draft), "cash_won": "0", "reward_won": "0"}
    assert (
        CardRefusal.ONCE.sentence.format(most=1_000) in browser.post(url("pay", draft), form).content.decode()
    )


def test_a_list_that_changed_after_the_code_is_not_paid_with_it(browser: Client, draft: Draft) -> None:
    form = {**checked(browser, draft), "secret": texted()}
    browser.post(url("paste", draft), {"paste": "010-2003-0001"})
    assert SpendRefusal.NO_CODE.sentence in browser.post(url("pay", draft), form).content.decode()
    assert not Order.objects.exists()


def test_pages_with_payment_state_are_never_cached(browser: Client, company: Company, draft: Draft) -> None:
    order = given.placed(company, GOOD, at=clock.now())
    for address in (url("draft", draft), url("pay", draft), url("order", order), reverse("storefront:cash")):
        assert "no-store" in browser.get(address)["Cache-Control"]


STRANGE = [
    ("get", "draft"), ("get", "rows"), ("get", "to_mend"), ("get", "pay"), ("post", "save"), ("post", "add"),
    ("post", "paste"), ("post", "upload"), ("post", "find"), ("post", "drop"), ("post", "one_each"),
    ("post", "check"), ("post", "pay"), ("post", "code"), ("get", "card"), ("get", "card_return"),
    ("post", "card_return"), ("post", "card_cancel"),
]  # fmt: skip


@pytest.mark.parametrize("method,name", STRANGE)
def test_a_stranger_finds_no_draft(
    signed_in: Callable[[Member], Client], draft: Draft, method: str, name: str
) -> None:
    stranger = signed_in(given.company().owner)
    assert getattr(stranger, method)(url(name, draft)).status_code == 404
    assert stranger.post(url("mend", draft, 1), {"phone": "01020090001"}).status_code == 404
    assert queries.row(draft, 1).phone == GOOD[0]  # type: ignore[union-attr]
    assert getattr(Client(), method)(url(name, draft))["Location"].startswith("/login/")


def test_an_approver_does_not_see_the_numbers_of_a_draft(
    signed_in: Callable[[Member], Client], company: Company, draft: Draft
) -> None:
    """M7: whole numbers are for those who buy."""
    assert signed_in(company.approver).get(url("draft", draft)).status_code == 403
