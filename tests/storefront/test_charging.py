"""Charging at the desk: amount and bank, the charge's page in every state, the notice of low cash. P2, P6, P7"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.figures.rules import TEXTS
from seonmul.kit import clock
from seonmul.ledger import queries as ledger
from seonmul.members import actions as members
from seonmul.members.models import Member, Role
from seonmul.payments import actions, queries
from seonmul.payments.models import Payment, PaymentState
from tests import given
from tests.given import Company
from tests.payments.bank import deposited
from tests.sandbox.outside import Outside
from tests.storefront.conftest import HTMX, asked

pytestmark = pytest.mark.django_db
NEW = "/cash/charges/new/"


def said(answer: Any) -> str:
    return str(answer.content.decode())


def begun(browser: Client, won: str = "100,000", bank: str = "shinhan") -> Payment:
    answer = browser.post(NEW, {"won": won, "bank": bank})
    assert answer.status_code == 302, said(answer)
    payment = Payment.objects.latest("asked_at")
    assert answer["Location"] == reverse("storefront:charge", args=[payment.public_id])
    return payment


def url(payment: Payment, what: str = "") -> str:
    return f"/cash/charges/{payment.public_id}/{what}"


def test_the_form_says_the_room_the_end_and_why_there_are_no_tax_papers(browser: Client) -> None:
    """P2, P6"""
    page = said(browser.get(NEW))
    assert "50,000,000원까지 충전" in page and "세금계산서·현금영수증" in page and TEXTS[0].text in page
    assert "23:59까지 입금" in page
    assert 'value="12,350"' in said(browser.get(f"{NEW}?won=12345"))
    assert 'value="10,000"' in said(browser.get(f"{NEW}?won=1"))
    for odd in ("-5", "x", "9" * 40, "１２"):
        assert browser.get(NEW, {"won": odd}).status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"won": "9,990", "bank": "shinhan"}, "10,000원부터 충전할 수 있습니다."),
        ({"won": "10,005", "bank": "shinhan"}, "10원 단위로"),
        ({"won": "50,000,010", "bank": "shinhan"}, "지금은 50,000,000원까지 가능합니다."),
        ({"won": "100000", "bank": ""}, "은행을 골라 주세요"),
        ({"won": "100000", "bank": "toss"}, "올바르게 선택해 주세요"),
        ({"won": "", "bank": "shinhan"}, "충전할 금액을 적어 주세요."),
        ({"won": "많이", "bank": "shinhan"}, "금액은 숫자로 적어 주세요."),
        ({"won": "-10000", "bank": "shinhan"}, ""),
        ({"won": "9" * 30, "bank": "shinhan"}, ""),
    ],
)
def test_what_may_not_be_charged_stays_on_the_form(
    browser: Client, typed: dict[str, str], sentence: str
) -> None:
    """P2: and keeps what was typed."""
    answer = browser.post(NEW, typed)
    assert answer.status_code == 422 and not Payment.objects.exists()
    assert sentence in said(answer) and f'value="{typed["won"]}"' in said(answer)


def test_no_page_calls_the_bank(browser: Client) -> None:
    """P2: the account is issued by a job; the page asks again every second."""
    payment = begun(browser)
    assert ProcrastinateJob.objects.filter(task_name="payments.issue").count() == 1
    page = said(browser.get(url(payment)))
    assert "가상계좌를 받고 있어요" in page and 'hx-trigger="every 1s"' in page
    fragment = said(browser.get(url(payment), headers=HTMX))
    assert fragment.lstrip().startswith('<section class="panel stack" id="charge"')
    Payment.objects.filter(id=payment.id).update(asked_at=clock.now() - timedelta(minutes=1))
    assert "은행의 응답이 늦어지고" in said(browser.get(url(payment)))


def test_the_account_and_then_the_deposit_appear(browser: Client, company: Company, carrier: Outside) -> None:
    """P2"""
    payment = begun(browser)
    actions.issue(payment.id, at=clock.now())
    payment.refresh_from_db()
    account = queries.account_of(payment)
    assert account
    page = said(browser.get(url(payment)))
    for part in (
        account.number,
        "신한은행",
        account.holder,
        "100,000원",
        "입금대기",
        "충전 취소하기",
        TEXTS[0].text,
    ):
        assert part in page, part
    assert 'hx-trigger="every 5s"' in page
    deposited(carrier, payment, at=clock.now())
    actions.ask(payment.id, at=clock.now())
    page = said(browser.get(url(payment)))
    assert "100,000원을 충전했어요" in page and "hx-trigger" not in page and account.number not in page
    assert "완료" in said(browser.get("/cash/charges/"))


@pytest.mark.parametrize(
    ("state", "changes", "sentence"),
    [
        ("parked", {"paid_won": 90_000}, "100,000원을 요청했는데 90,000원이 입금되었어요."),
        ("returned", {"paid_won": 90_000}, "입금한 90,000원을 돌려드렸어요."),
        ("paid", {"paid_won": 90_000}, "요청한 금액(100,000원)과 달라"),
        ("paid", {"paid_won": 100_000, "is_late": True}, "입금 기한이 지난 뒤 들어왔지만"),
        ("ended", {}, "입금 기한이 지나 가상계좌를 닫았어요."),
        ("ended", {"ends_at": given.MONDAY}, "취소한 충전이에요."),
        ("failed", {}, "가상계좌를 받지 못했어요."),
    ],
)
def test_every_end_says_what_became_of_the_money(
    browser: Client, company: Company, state: str, changes: dict[str, Any], sentence: str
) -> None:
    """P2"""
    made = actions.ask_charge(company.owner, 100_000, "shinhan", at=given.MONDAY)
    Payment.objects.filter(id=made.id).delete()
    came = {"paid_at": given.MONDAY} if "paid_won" in changes else {}
    for name, value in {"state": PaymentState(state), **came, **changes}.items():
        setattr(made, name, value)
    made.save(force_insert=True)
    assert sentence in said(browser.get(url(made)))
    assert browser.get("/cash/charges/").status_code == 200


def test_a_charge_is_given_up_by_who_may_buy_and_only_while_it_is_open(
    browser: Client, company: Company, carrier: Outside, signed_in: Callable[[Member], Client]
) -> None:
    """P2, M7"""
    payment = begun(browser)
    looks = signed_in(company.approver)
    assert "충전 취소하기" not in said(looks.get(url(payment)))
    assert "권한이 없는" in said(looks.post(url(payment, "close/"), follow=True))
    answer = browser.post(url(payment, "close/"), follow=True)
    assert "충전을 취소했습니다." in said(answer)
    for _ in range(2):
        actions.ask(payment.id, at=clock.now() + timedelta(seconds=5))
    assert "이미 입금되었거나 끝난" in said(browser.post(url(payment, "close/"), follow=True))


def test_who_only_looks_sees_charges_and_asks_for_none(
    company: Company, signed_in: Callable[[Member], Client]
) -> None:
    """M7"""
    looks = signed_in(company.approver)
    assert "충전할 권한이 없는 계정" in said(looks.get(NEW))
    assert looks.post(NEW, {"won": "100000", "bank": "shinhan"}).status_code == 422
    assert looks.get("/cash/charges/").status_code == 200 and not Payment.objects.exists()


def test_the_list_asks_as_often_for_many_charges_as_for_one(browser: Client, company: Company) -> None:
    begun(browser, "10000")
    once = asked(browser, "/cash/charges/")
    for _ in range(8):
        actions.ask_charge(company.owner, 10_000, "woori", at=clock.now())
    assert asked(browser, "/cash/charges/") == once
    assert 'value="woori" selected' in said(browser.get(NEW)), "the bank of last time"


def test_the_level_is_set_changed_and_turned_off(browser: Client, company: Company) -> None:
    """P7"""
    level = "/cash/level/"
    assert "꺼짐" in said(browser.get(level))
    assert "잔액 알림을 정했습니다." in said(browser.post(level, {"below_won": "500,000"}, follow=True))
    assert 'value="500,000"' in said(browser.get(level)) and "500,000원 아래면 알림" in said(
        browser.get("/cash/")
    )
    assert browser.post(level, {"below_won": "0"}).status_code == 422
    assert browser.post(level, {"below_won": "조금"}).status_code == 422
    assert "잔액 알림을 껐습니다." in said(browser.post(level, {"below_won": ""}, follow=True))
    assert queries.low_balance(company.buyer.id) is None


def test_the_accountant_sets_the_level_and_the_approver_does_not(
    company: Company, signed_in: Callable[[Member], Client]
) -> None:
    """P7, M7"""
    looks = signed_in(company.approver)
    assert "대표와 회계 담당이" in said(looks.get("/cash/level/"))
    assert looks.post("/cash/level/", {"below_won": "5"}).status_code == 422
    members.set_place(
        company.owner, company.approver.id, role=Role.ACCOUNTANT, department_id=None, monthly_limit_won=None,
        sees_numbers=False, is_verified=True, at=given.MONDAY,
    )  # fmt: skip
    assert looks.post("/cash/level/", {"below_won": "5"}).status_code == 302


def test_where_money_is_short_the_way_to_charge_is_beside_it(
    company: Company, signed_in: Callable[[Member], Client]
) -> None:
    """P2, P6: the order's summary."""
    poor = given.company(cash_won=1_000)
    draft = given.draft(poor, given.numbers(3))
    page = said(signed_in(poor.owner).get(reverse("storefront:draft", args=[draft.public_id])))
    missing = 3 * 4_500 - 1_000
    assert f"/cash/charges/new/?won={missing}" in page and TEXTS[0].text in page
    assert ledger.balances(poor.buyer.id).cash_won == 1_000
